//! The way of one payment's money to the bank.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::PayoutView;
use crate::ids::ItemId;
use crate::money::Money;

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
