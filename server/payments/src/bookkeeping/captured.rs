//! A gateway has taken a customer's money: it holds the gross amount for us, and we owe the
//! customer what was ordered. Booked on the gateway's word, never on our request alone.

use chrono::{DateTime, Utc};
use ledger::Draft;
use model::{Money, PaymentId};

/// Debit what the gateway holds; credit what we owe.
pub fn draft(
    payment: PaymentId,
    reference: &str,
    gateway: &str,
    gross: Money,
    at: DateTime<Utc>,
) -> Draft {
    Draft::new(
        format!("payment:{payment}:captured"),
        "captured",
        format!("Payment of order {reference} captured by {gateway}"),
        at,
    )
    .debit(super::psp_pending(gateway), gross)
    .credit(super::ORDERS, gross)
}
