//! What explains lines: the rules, and the payouts that carry money to the bank.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::PayoutId;
use crate::money::Money;

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
    /// Whether a payout has reached the bank.
    PayoutStatus {
        /// On its way.
        Expected = "expected",
        /// Its bank line is matched.
        Arrived = "arrived",
    }
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
