//! A gateway has kept its fee out of what it holds for us. It may tell so long after the capture.

use chrono::{DateTime, Utc};
use ledger::Draft;
use model::Money;

/// Debit the expense; credit what the gateway holds. `source` is the gateway's own id of the
/// balance transaction, so that a fee is booked once whichever file tells of it. A negative fee is
/// one that came back.
pub fn draft(gateway: &str, source: &str, text: &str, fee: Money, at: DateTime<Utc>) -> Draft {
    Draft::new(format!("{gateway}:{source}:fee"), "fee", text, at)
        .debit(super::psp_fees(gateway), fee)
        .credit(super::psp_pending(gateway), fee)
}
