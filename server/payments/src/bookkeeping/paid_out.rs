//! A gateway has sent the net of a batch to our bank: the money is on its way.

use chrono::{DateTime, Utc};
use ledger::Draft;
use model::Money;

/// Debit what is in transit; credit what the gateway held. `part` counts the entries of one payout
/// from 1: a report that tells of more lines of a payout later makes a second entry over the rest.
pub fn draft(gateway: &str, payout: &str, part: i32, net: Money, at: DateTime<Utc>) -> Draft {
    let source = match part {
        ..=1 => format!("{gateway}:{payout}:paid_out"),
        more => format!("{gateway}:{payout}:paid_out:{more}"),
    };
    Draft::new(
        source,
        "paid_out",
        format!("Payout {payout} from {gateway}"),
        at,
    )
    .debit(super::payout_in_transit(gateway), net)
    .credit(super::psp_pending(gateway), net)
}
