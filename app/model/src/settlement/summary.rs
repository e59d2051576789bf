//! The figures of reconciliation: what is open, how old it is, and the proof to the cent.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::PayoutView;
use crate::money::Money;
use crate::time::Stamp;

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
