//! A payout has arrived: its bank line is matched, and nothing of it is in transit any more.

use chrono::{DateTime, Utc};
use ledger::Draft;
use model::Money;

/// Debit the bank account; credit what was in transit.
pub fn draft(
    gateway: &str,
    payout: &str,
    account: &str,
    amount: Money,
    at: DateTime<Utc>,
) -> Draft {
    Draft::new(
        format!("{gateway}:{payout}:bank_credited"),
        "bank_credited",
        format!("Payout {payout} from {gateway} arrived at the bank"),
        at,
    )
    .debit(super::bank(account), amount)
    .credit(super::payout_in_transit(gateway), amount)
}
