//! What a file says once it is read, in one form for all layouts.
//!
//! Amounts are decimal texts in major units, signed from the account owner's side: money that comes
//! in is positive.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::FileFormat;
use crate::money::Currency;

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
