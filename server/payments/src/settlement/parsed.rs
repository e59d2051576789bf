//! What the readers of settlement files hand out, piece by piece.
//!
//! A reader calls a [`Sink`] in this order: `file` once, then for each statement `statement`, any
//! number of `line`, and `end`; `warning` at any time. Nothing is held back for the end of the
//! file, so a sink may write to a database while the rest is still unread; when the reader fails,
//! the sink throws away what it got.
//!
//! Amounts are exact decimals in major units, signed from the account owner's side.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use model::Currency;
use model::settlement::{EntryStatus, FileFormat, LineKind};
use rust_decimal::Decimal;

/// Why a file is refused: where, and in one sentence what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FormatError {
    /// The line of the file, counted from one; 0 when the fault is in no line.
    pub line: u64,
    /// The element path or the column; empty when the fault is in none.
    pub field: String,
    /// One sentence for a person.
    pub message: String,
}

impl FormatError {
    /// A fault at a line and a field.
    pub fn new(line: u64, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            line,
            field: field.into(),
            message: message.into(),
        }
    }

    /// A fault of the whole file.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self::new(0, "", message)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.field.as_str()) {
            (0, "") => f.write_str(&self.message),
            (0, field) => write!(f, "{field}: {}", self.message),
            (line, "") => write!(f, "line {line}: {}", self.message),
            (line, field) => write!(f, "line {line}, {field}: {}", self.message),
        }
    }
}

impl From<FormatError> for model::Problem {
    fn from(error: FormatError) -> Self {
        model::Problem::new(422, "settlement_file_invalid", error.to_string())
    }
}

/// Something a person should know though the file is readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line of the file; 0 for the whole file.
    pub line: u64,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

/// What the head of the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHead {
    /// The layout.
    pub format: FileFormat,
    /// The kind of message within the layout.
    pub message: Message,
    /// The version in words, for example `camt.053.001.08`.
    pub version: String,
    /// The sender's id of the message.
    pub message_id: Option<String>,
}

/// What a message means for the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A closed statement: camt.053.
    Statement,
    /// A report within the day: camt.052. Its lines come again in the statement.
    Interim,
    /// A notice of single bookings: camt.054. Its lines come again in the statement, often as
    /// one sum.
    Notification,
    /// The movements of an account at a provider.
    ProviderReport,
}

/// A booked balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Negative when overdrawn.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// The day it stands for.
    pub date: Option<NaiveDate>,
}

/// What identifies a statement. At its start this is what stands before the first line; the
/// [`StatementEnd`] carries it complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementHead {
    /// IBAN, or the account's number or id.
    pub account: Option<String>,
    /// The account's owner by name.
    pub owner: Option<String>,
    /// The account's currency.
    pub currency: Option<Currency>,
    /// The statement's id. Banks use ids again in another year.
    pub statement_id: Option<String>,
    /// The running number of the bank's electronic statements.
    pub sequence: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// The booked balance before the first line.
    pub opening: Option<Balance>,
    /// The booked balance after the last line.
    pub closing: Option<Balance>,
}

/// A control total that does not hold. `punctual settlement parse` shows it; an import refuses
/// the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file; 0 for the whole statement.
    pub line: u64,
    /// Which total, what it says and what the lines make.
    pub message: String,
}

/// The close of a statement, with what its lines add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEnd {
    /// The head, complete.
    pub head: StatementHead,
    /// How many lines were handed out.
    pub lines: u64,
    /// How many of them are booked.
    pub booked: u64,
    /// The sum of booked credits in the statement's currency.
    pub credits: Decimal,
    /// The sum of booked debits, as a positive number.
    pub debits: Decimal,
    /// Whether opening, lines and closing fit; `None` where a balance is missing or lines are in
    /// another currency without a counter-value.
    pub balanced: Option<bool>,
    /// Control totals that do not hold; at most [`super::formats::MAX_FAULTS`].
    pub faults: Vec<Fault>,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the file on which it starts, counted from one.
    pub line: u64,
    /// Whether it is booked.
    pub status: EntryStatus,
    /// What it is about.
    pub kind: LineKind,
    /// The day it was booked.
    pub booking_date: Option<NaiveDate>,
    /// The day from which it counts.
    pub value_date: Option<NaiveDate>,
    /// What it does to the account, in `currency`. For a report: the net amount.
    pub amount: Decimal,
    /// The currency of `amount`, `fee`, `gross` and `net`.
    pub currency: Currency,
    /// The amount in the statement's currency, where `currency` is another and the file tells.
    pub account_amount: Option<Decimal>,
    /// Set when it takes an earlier line back. The direction is in `amount` already.
    pub reversal: bool,
    /// The reference that customer and seller share (the structured creditor reference, the order
    /// reference of the metadata), or else the entry's own.
    pub reference: Option<String>,
    /// The payer's end-to-end id, when the line has exactly one.
    pub end_to_end_id: Option<String>,
    /// The bank's reference; the provider's id of the payment.
    pub provider_id: Option<String>,
    /// The batch or the payout that it belongs to.
    pub batch_id: Option<String>,
    /// The name of the other side, when there is exactly one.
    pub counterparty: Option<String>,
    /// The account of the other side, when there is exactly one.
    pub counterparty_account: Option<String>,
    /// Words for people.
    pub text: Option<String>,
    /// What bank or provider kept; negative when given back. Gross less fee is net.
    pub fee: Option<Decimal>,
    /// The amount before the fee.
    pub gross: Option<Decimal>,
    /// The amount after the fee.
    pub net: Option<Decimal>,
    /// The entry's own reference (camt `NtryRef`); often the same on many lines.
    pub entry_reference: Option<String>,
    /// The bank's transaction code, for example `PMNT/RCDT/ESCT`.
    pub bank_code: Option<String>,
    /// The transactions within a bank's entry: none, one or many.
    pub details: Vec<Detail>,
    /// The provider's ids, for lines of a report.
    pub provider: Option<Box<ProviderRow>>,
}

impl Line {
    /// A booked line with an amount and nothing else.
    pub fn new(line: u64, kind: LineKind, amount: Decimal, currency: Currency) -> Self {
        Self {
            line,
            status: EntryStatus::Booked,
            kind,
            booking_date: None,
            value_date: None,
            amount,
            currency,
            account_amount: None,
            reversal: false,
            reference: None,
            end_to_end_id: None,
            provider_id: None,
            batch_id: None,
            counterparty: None,
            counterparty_account: None,
            text: None,
            fee: None,
            gross: None,
            net: None,
            entry_reference: None,
            bank_code: None,
            details: Vec::new(),
            provider: None,
        }
    }
}

/// One transaction within an entry of a bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Its own amount, signed. `None` when the file gives none and the entry has several.
    pub amount: Option<Decimal>,
    /// The currency of `amount`.
    pub currency: Option<Currency>,
    /// The payer's end-to-end id; the filler `NOTPROVIDED` is left out.
    pub end_to_end_id: Option<String>,
    /// The id of the clearing.
    pub transaction_id: Option<String>,
    /// The id of the instruction.
    pub instruction_id: Option<String>,
    /// The universal end-to-end id.
    pub uetr: Option<String>,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
    /// The payment order it came in (`PmtInfId`).
    pub batch_id: Option<String>,
    /// The mandate of a direct debit.
    pub mandate_id: Option<String>,
    /// Structured creditor references, as written.
    pub references: Vec<String>,
    /// The name of the other side.
    pub counterparty: Option<String>,
    /// The account of the other side.
    pub counterparty_account: Option<String>,
    /// The remittance text; several pieces are joined by a space.
    pub text: Option<String>,
    /// The bank's words on it.
    pub additional_text: Option<String>,
    /// What the bank kept, in `currency`.
    pub fee: Option<Decimal>,
    /// The amount and currency that were ordered, unsigned.
    pub instructed: Option<(Decimal, Currency)>,
    /// The rate of the conversion.
    pub exchange_rate: Option<Decimal>,
    /// Why it was returned: the code.
    pub return_code: Option<String>,
    /// Why it was returned: the bank's words.
    pub return_text: Option<String>,
}

/// The ids of a row in a provider's report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderRow {
    /// The movement of the balance (`txn_…`).
    pub balance_transaction: Option<String>,
    /// The object that caused it (`ch_…`, `re_…`, `du_…`, `po_…`).
    pub source: Option<String>,
    /// The charge.
    pub charge: Option<String>,
    /// The payment intent.
    pub payment_intent: Option<String>,
    /// The payout that carries it to the bank.
    pub payout: Option<String>,
    /// The day that payout takes effect.
    pub payout_date: Option<NaiveDate>,
    /// The bank's trace id of that payout.
    pub trace: Option<String>,
    /// The provider's own word for the kind.
    pub category: String,
    /// What the customer saw, unsigned or signed as the provider writes it.
    pub customer: Option<(Decimal, Currency)>,
    /// The row as it came.
    pub raw: RawRow,
}

/// A row of a report under its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The names of the columns, shared by all rows.
    pub header: Arc<[String]>,
    /// The values in the same order.
    pub values: csv::StringRecord,
}

impl RawRow {
    /// The value of a column by the name in the file; `None` when there is none or it is empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        let index = self.header.iter().position(|name| name == column)?;
        self.values
            .get(index)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    /// The filled columns by name.
    pub fn columns(&self) -> BTreeMap<String, String> {
        self.header
            .iter()
            .zip(self.values.iter())
            .map(|(name, value)| (name.clone(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// What takes the content of a file. An error that a sink returns ends the reading and becomes
/// the reader's result.
pub trait Sink {
    /// The file's head; called once, before anything but warnings.
    fn file(&mut self, head: &FileHead) -> Result<(), FormatError>;

    /// A statement begins.
    fn statement(&mut self, head: &StatementHead) -> Result<(), FormatError>;

    /// A line of the statement that began last.
    fn line(&mut self, line: Line) -> Result<(), FormatError>;

    /// The statement is complete.
    fn end(&mut self, end: StatementEnd) -> Result<(), FormatError>;

    /// Something to tell a person.
    fn warning(&mut self, warning: Warning) -> Result<(), FormatError>;
}
