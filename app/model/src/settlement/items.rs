//! The lines that want an explanation, and how they are listed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{LineKind, MatchRule, PayoutView};
use crate::ids::{ImportId, ItemId, NoteId, OrderId, PaymentId};
use crate::money::Money;
use crate::time::Stamp;

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
