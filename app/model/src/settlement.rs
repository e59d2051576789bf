//! The settlement domain: what a bank statement or a provider's report says once it is read.
//!
//! [`ParsedFile`] is the normalised content of one file. It is what `punctual settlement parse`
//! prints and what the browser shows as a preview before an import. Amounts are decimal texts in
//! major units, signed from the account owner's side: money that comes in is positive.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{ImportId, ItemId, NoteId, OrderId, PaymentId, PayoutId};
use crate::money::{Currency, Money};
use crate::time::Stamp;

words! {
    /// The layouts of settlement files that have a name.
    FileFormat {
        /// ISO 20022 statements: camt.052, camt.053 and camt.054.
        Camt = "camt",
        /// SWIFT MT940 and MT942.
        Mt940 = "mt940",
        /// BAI2.
        Bai2 = "bai2",
        /// Stripe's itemised payout reconciliation report.
        Stripe = "stripe",
        /// PayPal's settlement report.
        Paypal = "paypal",
        /// Adyen's settlement details report.
        Adyen = "adyen",
    }
}

words! {
    /// How a reader is told the layout of a file.
    FormatChoice {
        /// Find it out from the first bytes.
        Auto = "auto",
        /// ISO 20022 statements.
        Camt = "camt",
        /// SWIFT MT940 and MT942.
        Mt940 = "mt940",
        /// BAI2.
        Bai2 = "bai2",
        /// Stripe's itemised report.
        Stripe = "stripe",
        /// PayPal's settlement report.
        Paypal = "paypal",
        /// Adyen's settlement details report.
        Adyen = "adyen",
    }
}

impl FormatChoice {
    /// The format that was asked for; `None` when it is to be found out.
    pub const fn format(self) -> Option<FileFormat> {
        match self {
            Self::Auto => None,
            Self::Camt => Some(FileFormat::Camt),
            Self::Mt940 => Some(FileFormat::Mt940),
            Self::Bai2 => Some(FileFormat::Bai2),
            Self::Stripe => Some(FileFormat::Stripe),
            Self::Paypal => Some(FileFormat::Paypal),
            Self::Adyen => Some(FileFormat::Adyen),
        }
    }
}

words! {
    /// What a line of a statement is about.
    LineKind {
        /// A booked line of a bank account.
        Entry = "entry",
        /// A customer's payment, or the part of one that was given back uncaptured.
        Capture = "capture",
        /// Money returned to a customer, or a return that failed and came back.
        Refund = "refund",
        /// What the provider charges or gives back.
        Fee = "fee",
        /// A dispute: money withdrawn or reinstated.
        Dispute = "dispute",
        /// Money that left for the bank account, or came back from a failed payout.
        Payout = "payout",
        /// A correction of any other sort.
        Adjustment = "adjustment",
        /// A conversion between currencies.
        Fx = "fx",
        /// Money set aside by the provider.
        Hold = "hold",
        /// Money that was set aside and is free again.
        Release = "release",
        /// Anything else, among it lines of a bank that are not booked.
        Other = "other",
    }
}

words! {
    /// Whether a bank has booked a line.
    EntryStatus {
        /// Booked: it counts in the balance.
        Booked = "booked",
        /// Announced or expected; it may never be booked.
        Pending = "pending",
        /// For information only.
        Information = "information",
        /// The file says something else.
        Unknown = "unknown",
    }
}

/// One file, read and normalised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedFile {
    /// The layout that was read.
    pub format: FileFormat,
    /// The statements in the order of the file.
    pub statements: Vec<ParsedStatement>,
    /// What a person should know, one sentence each, with the line where there is one.
    pub warnings: Vec<String>,
}

/// One statement of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedStatement {
    /// IBAN, or the account's number or id as the file has it.
    pub account: Option<String>,
    /// The account's currency; absent when lines have several and the file names none.
    pub currency: Option<Currency>,
    /// The statement's own id.
    pub statement_id: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Booked balance before the first line.
    pub opening_balance: Option<String>,
    /// Booked balance after the last line.
    pub closing_balance: Option<String>,
    /// Whether opening balance and booked lines make the closing balance; absent where one of
    /// the balances is.
    pub balanced: Option<bool>,
    /// The lines in the order of the file.
    pub lines: Vec<ParsedLine>,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedLine {
    /// The line of the file on which it starts, counted from one.
    pub line: u64,
    /// The day it was booked.
    pub booking_date: Option<NaiveDate>,
    /// The day from which it counts.
    pub value_date: Option<NaiveDate>,
    /// What the line does to the account.
    pub amount: String,
    /// The amount's currency.
    pub currency: Currency,
    /// What it is about.
    pub kind: LineKind,
    /// The reference that customer and seller share, or else the entry's own.
    pub reference: Option<String>,
    /// The payer's end-to-end id.
    pub end_to_end_id: Option<String>,
    /// The id that the bank or the provider knows it by.
    pub provider_id: Option<String>,
    /// The batch or the payout that it belongs to.
    pub batch_id: Option<String>,
    /// The name of the other side.
    pub counterparty: Option<String>,
    /// Words for people.
    pub text: Option<String>,
    /// What bank or provider kept; negative when given back. Gross less fee is net.
    pub fee: Option<String>,
    /// The amount before the fee.
    pub gross: Option<String>,
    /// The amount after the fee.
    pub net: Option<String>,
    /// The single transactions of a bank's entry, or the columns of a report's row.
    pub details: Vec<ParsedDetail>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParsedDetail {
    /// One transaction of a bank's entry.
    Transaction(Box<ParsedTransaction>),
    /// The filled columns of a report's row, by name.
    Columns(BTreeMap<String, String>),
}

/// One transaction within an entry of a bank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParsedTransaction {
    /// Its own amount, signed as the line is.
    pub amount: Option<String>,
    /// The amount's currency.
    pub currency: Option<Currency>,
    /// The structured creditor reference.
    pub reference: Option<String>,
    /// The payer's end-to-end id.
    pub end_to_end_id: Option<String>,
    /// The id of the clearing.
    pub transaction_id: Option<String>,
    /// The id of the instruction.
    pub instruction_id: Option<String>,
    /// The universal id of cross-border payments.
    pub uetr: Option<String>,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
    /// The payment order it came in.
    pub batch_id: Option<String>,
    /// The direct-debit mandate.
    pub mandate_id: Option<String>,
    /// The name of the other side.
    pub counterparty: Option<String>,
    /// The account of the other side.
    pub counterparty_account: Option<String>,
    /// The remittance text.
    pub text: Option<String>,
    /// The bank's words.
    pub additional_text: Option<String>,
    /// What the bank kept.
    pub fee: Option<String>,
    /// The amount that was ordered.
    pub instructed_amount: Option<String>,
    /// The currency that was ordered.
    pub instructed_currency: Option<Currency>,
    /// The rate of the conversion.
    pub exchange_rate: Option<String>,
    /// Why the money came back: a code of ISO 20022, with the bank's words.
    pub return_reason: Option<String>,
}

// ---- Imports and reconciliation: what is kept of a file, and what explains its lines. ----

words! {
    /// How far an imported file has come.
    ImportStatus {
        /// Stored; not read yet.
        Received = "received",
        /// Being read. Nothing of it counts yet.
        Parsing = "parsing",
        /// Its lines are in; they are being held against what is expected.
        Matching = "matching",
        /// Read and matched as far as that goes.
        Done = "done",
        /// Not taken: damaged, or a control total does not hold. Nothing of it counts.
        Refused = "refused",
    }
}

words! {
    /// Where a line comes from.
    ItemSource {
        /// The report of a gateway.
        Gateway = "gateway",
        /// The statement of a bank.
        Bank = "bank",
    }
}

words! {
    /// Whether a line is explained.
    ItemStatus {
        /// Nothing explains it yet.
        Open = "open",
        /// It is explained, and booked.
        Matched = "matched",
        /// Somebody decided that it needs no explanation.
        Ignored = "ignored",
    }
}

words! {
    /// By what a line was matched.
    MatchRule {
        /// The gateway's own id of the payment, with the amount that was taken.
        ProviderId = "provider_id",
        /// A charge of the gateway itself.
        Fee = "fee",
        /// The report's own line of a payout, equal to the sum of its lines.
        PayoutTotal = "payout_total",
        /// The bank's line names the payout, and the amount is the payout's.
        PayoutNamed = "payout_named",
        /// The one bank line and the one payout of this amount in these days.
        PayoutOnlyOne = "payout_only_one",
    }
}

impl MatchRule {
    /// The rule in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ProviderId => "same id at the gateway, same amount",
            Self::Fee => "a charge of the gateway",
            Self::PayoutTotal => "the sum of the payout’s lines",
            Self::PayoutNamed => "the bank line names the payout, same amount",
            Self::PayoutOnlyOne => "the only payout of this amount in these days",
        }
    }
}

words! {
    /// Why a line is open.
    OpenReason {
        /// No payment of ours has this id.
        UnknownPayment = "unknown_payment",
        /// The payment is known, but not as taken.
        NotCaptured = "not_captured",
        /// The amount is another than expected.
        AmountDiffers = "amount_differs",
        /// The currency is another than expected.
        CurrencyDiffers = "currency_differs",
        /// It names a payout, but comes outside of the days in which that is expected.
        DateDiffers = "date_differs",
        /// More than one thing would explain it.
        Ambiguous = "ambiguous",
        /// It names a payout that another bank line has brought already.
        Duplicate = "duplicate",
        /// Nothing that is expected explains it.
        Unidentified = "unidentified",
        /// There is no rule yet that books this kind of line.
        NotBookedYet = "not_booked_yet",
    }
}

impl OpenReason {
    /// The reason in words, for lists and filters.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnknownPayment => "no such payment",
            Self::NotCaptured => "payment not taken",
            Self::AmountDiffers => "amount differs",
            Self::CurrencyDiffers => "currency differs",
            Self::DateDiffers => "unexpected date",
            Self::Ambiguous => "more than one fits",
            Self::Duplicate => "arrived before",
            Self::Unidentified => "unidentified",
            Self::NotBookedYet => "not booked yet",
        }
    }
}

words! {
    /// Whether a payout has reached the bank.
    PayoutStatus {
        /// On its way.
        Expected = "expected",
        /// Its bank line is matched.
        Arrived = "arrived",
    }
}

/// An imported file and how far it has come.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The import.
    pub id: ImportId,
    /// The file's name as it was given.
    pub name: String,
    /// The layout, once it is known.
    pub format: Option<FileFormat>,
    /// The message and its version, for example `camt.053.001.08`.
    pub version: Option<String>,
    /// How far it has come.
    pub status: ImportStatus,
    /// Lines read so far, whether or not they are new.
    pub lines_seen: i64,
    /// Bytes read so far.
    pub bytes_done: i64,
    /// Bytes of the file.
    pub bytes_total: i64,
    /// Lines that were new.
    pub lines: i64,
    /// Lines that an earlier file had brought.
    pub repeated: i64,
    /// How many of the new lines are matched by now.
    pub matched: i64,
    /// How many of the new lines are open.
    pub open: i64,
    /// Why it was refused: one line that names the place.
    pub error: Option<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// How many statements the file has.
    pub statements: i32,
    /// When it came.
    pub received_at: Stamp,
    /// When it was done or refused.
    pub finished_at: Option<Stamp>,
    /// Who brought it, by name.
    pub by: String,
}

/// What an import did, or would do.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSummary {
    /// The import; absent on a dry run.
    pub import: Option<ImportId>,
    /// The file's name.
    pub name: String,
    /// Whether nothing was kept.
    pub dry_run: bool,
    /// Whether these bytes had been imported before; then this is what the first import did.
    pub known: bool,
    /// `done`, or `refused` with `error`.
    pub status: ImportStatus,
    /// The layout, if it was read.
    pub format: Option<FileFormat>,
    /// How many statements the file has.
    pub statements: i32,
    /// Lines that were new.
    pub lines: i64,
    /// Lines that an earlier file had brought.
    pub repeated: i64,
    /// New lines that are matched.
    pub matched: i64,
    /// New lines that are open.
    pub open: i64,
    /// Why it was refused.
    pub error: Option<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// A payout as a candidate or as a part of the way of a payment.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutView {
    /// The payout.
    pub id: PayoutId,
    /// The gateway.
    pub gateway: String,
    /// The gateway's id: `po_…`.
    pub reference: String,
    /// What the bank should get.
    pub money: Money,
    /// The id that the bank's line should carry.
    pub trace: Option<String>,
    /// The day on which it takes effect.
    pub effective_on: Option<NaiveDate>,
    /// Whether it has arrived.
    pub status: PayoutStatus,
}

/// The payment of an item.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemPayment {
    /// The payment.
    pub id: PaymentId,
    /// Its order.
    pub order_id: OrderId,
    /// The order's reference.
    pub reference: String,
    /// What was taken.
    pub captured: Money,
}

/// What somebody wrote on an item.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    /// The note.
    pub id: NoteId,
    /// When.
    pub at: Stamp,
    /// Who, by name.
    pub by: String,
    /// What.
    pub text: String,
}

/// A line of a statement or a report in the reconciliation workspace.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemRow {
    /// The item.
    pub id: ItemId,
    /// Bank or gateway.
    pub source: ItemSource,
    /// The bank account or the gateway.
    pub party: String,
    /// Whether it is explained.
    pub status: ItemStatus,
    /// What it is about.
    pub kind: LineKind,
    /// The file it came in.
    pub import_id: ImportId,
    /// That file's name.
    pub file: String,
    /// The line of the file.
    pub line: i64,
    /// The statement's number or id, where the bank gives one.
    pub statement: Option<String>,
    /// Which line of the statement it is, counted from one.
    pub position: i64,
    /// The day it was booked.
    pub booking_date: Option<NaiveDate>,
    /// The day from which it counts.
    pub value_date: Option<NaiveDate>,
    /// How old it is in days, from the day it counts.
    pub age_days: i64,
    /// What it does to the account; of a gateway's line the net.
    pub money: Money,
    /// Before the fee, on a gateway's line.
    pub gross: Option<Money>,
    /// The fee, on a gateway's line.
    pub fee: Option<Money>,
    /// The name of the other side.
    pub counterparty: Option<String>,
    /// Words for people.
    pub text: Option<String>,
    /// The id by which bank or gateway knows it.
    pub reference: Option<String>,
    /// The payer's end-to-end id.
    pub end_to_end_id: Option<String>,
    /// The gateway's payout that carries it.
    pub payout: Option<String>,
    /// Why it is open.
    pub reason: Option<OpenReason>,
    /// The same in a sentence, with the figures that do not agree.
    pub explanation: Option<String>,
    /// The payouts it might be.
    pub candidates: Vec<PayoutView>,
    /// The payment that it is of, or seems to be of.
    pub payment: Option<ItemPayment>,
    /// By what it was matched.
    pub rule: Option<MatchRule>,
    /// When it was matched.
    pub matched_at: Option<Stamp>,
    /// What people wrote on it, oldest first.
    pub notes: Vec<NoteView>,
}

/// What a list of items is narrowed to.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemFilter {
    /// Only these; open ones when left out.
    pub status: Option<ItemStatus>,
    /// Only from here.
    pub source: Option<ItemSource>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many; 50 when left out.
    pub limit: Option<u32>,
}

words! {
    /// How long something has been open, counted in days from the day it counts.
    AgeBand {
        /// Today's.
        Fresh = "under_1_day",
        /// One or two days.
        Days1To3 = "1_to_3_days",
        /// Three to seven days.
        Days3To7 = "3_to_7_days",
        /// More than seven days.
        Older = "over_7_days",
    }
}

impl AgeBand {
    /// The band of an age.
    pub const fn of_days(days: i64) -> Self {
        match days {
            i64::MIN..=0 => Self::Fresh,
            1..=2 => Self::Days1To3,
            3..=7 => Self::Days3To7,
            _ => Self::Older,
        }
    }

    /// The band in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fresh => "< 1 day",
            Self::Days1To3 => "1–3 days",
            Self::Days3To7 => "3–7 days",
            Self::Older => "> 7 days",
        }
    }
}

/// Open items of one age.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ageing {
    /// The age.
    pub band: AgeBand,
    /// How many.
    pub count: i64,
    /// Their amounts without sign, one sum a currency.
    pub value: Vec<Money>,
}

/// The proof of one bank account: what stood there before the first statement, what the books have,
/// and what is unmatched must make what the bank says.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankProof {
    /// The account.
    pub account: String,
    /// What stood there before the first statement that was imported.
    pub brought_forward: Money,
    /// The balance of its account in the books.
    pub ledger: Money,
    /// The sum of its lines that nothing explains yet.
    pub unmatched: Money,
    /// The closing balance of its last statement.
    pub bank: Money,
    /// The day of that balance.
    pub as_of: Option<NaiveDate>,
    /// What is left over. Not zero: a statement is missing, or something was booked by hand.
    pub difference: Money,
}

/// The figures above the reconciliation workspace.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReconciliationSummary {
    /// Matched lines out of all that want an explanation, 0 to 1; absent while there are none.
    pub match_rate: Option<f64>,
    /// Lines that are matched.
    pub matched_count: i64,
    /// Lines that are open.
    pub open_count: i64,
    /// Their amounts without sign, one sum a currency.
    pub open_value: Vec<Money>,
    /// Payouts on their way, the oldest first; at most 100.
    pub in_transit: Vec<PayoutView>,
    /// Open lines by age; every band is there.
    pub ageing: Vec<Ageing>,
    /// When a file was last taken in.
    pub last_import_at: Option<Stamp>,
    /// Median seconds from the bank's booking day to the match, over the last 30 days.
    pub lag_p50_s: Option<i64>,
    /// The 95th percentile of the same.
    pub lag_p95_s: Option<i64>,
    /// One proof for each bank account.
    pub proof: Vec<BankProof>,
}

/// The gateway's line of a payment.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettledGatewayLine {
    /// The item; the first where the gateway wrote several.
    pub item: ItemId,
    /// The file it came in.
    pub file: String,
    /// The line of that file.
    pub line: i64,
    /// The day it was booked there.
    pub booking_date: Option<NaiveDate>,
    /// What the customer paid.
    pub gross: Money,
    /// What the gateway kept.
    pub fee: Money,
    /// What is left.
    pub net: Money,
}

/// The bank's line of a payment.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettledBankLine {
    /// The item.
    pub item: ItemId,
    /// The bank account.
    pub account: String,
    /// The file it came in.
    pub file: String,
    /// The statement's number or id.
    pub statement: Option<String>,
    /// Which line of the statement it is.
    pub position: i64,
    /// The day it was booked.
    pub booking_date: Option<NaiveDate>,
    /// What came in: the whole payout.
    pub money: Money,
}

/// The way of a payment's money to the bank, as far as it is known.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentSettlement {
    /// What the gateway reports.
    pub gateway_line: SettledGatewayLine,
    /// The payout that carries it.
    pub payout: Option<PayoutView>,
    /// The bank line by which it arrived.
    pub bank_line: Option<SettledBankLine>,
}

#[cfg(test)]
mod tests {
    use super::AgeBand;

    #[test]
    fn every_age_has_its_band() {
        let bands: Vec<AgeBand> = [-3, 0, 1, 2, 3, 7, 8].map(AgeBand::of_days).into();
        use AgeBand::{Days1To3, Days3To7, Fresh, Older};
        assert_eq!(
            bands,
            [Fresh, Fresh, Days1To3, Days1To3, Days3To7, Days3To7, Older]
        );
    }
}
