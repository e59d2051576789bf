//! Small parts that several of these pages share.

use leptos::prelude::*;
use model::payments::{OrderStatus, PaymentStatus};
use model::{Currency, Money, Problem};

use super::words;
use crate::api::ApiError;
use crate::ui::{Amount, Chip};

/// What an action answered last, if it was asked.
pub type Answer<T> = Signal<Option<Result<T, ApiError>>>;

/// The problem of the last answer, if it was one.
pub fn problem_of<T: Send + Sync + 'static>(answer: Answer<T>) -> Signal<Option<Problem>> {
    Signal::derive(move || {
        answer.with(|answer| match answer {
            Some(Err(ApiError(problem))) => Some(problem.clone()),
            _ => None,
        })
    })
}

/// An order's state.
#[component]
pub fn OrderChip(
    /// The state.
    status: OrderStatus,
) -> impl IntoView {
    let (label, tone) = words::order_status(status);
    view! { <Chip tone label/> }
}

/// An amount that came as text in major units.
pub fn amount(text: &str, currency: Currency) -> AnyView {
    match Money::parse(text, currency) {
        Ok(money) => view! { <Amount money/> }.into_any(),
        // What we do not understand is shown as it came.
        Err(_) => view! { <span class="num">{format!("{text} {currency}")}</span> }.into_any(),
    }
}

/// A customer's address, to write to.
pub fn mail_link(email: &str) -> AnyView {
    let href = format!("mailto:{email}");
    view! { <a class="payment-account" href=href>{email.to_owned()}</a> }.into_any()
}

/// Whether an amount that came as text is nothing.
pub fn is_zero(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '0' | '.'))
}

/// What a list shows, in words: the number of all where this page has all of them.
pub fn shown(count: usize, all: bool, one: &str, many: &str) -> String {
    let number = i64::try_from(count).unwrap_or(i64::MAX);
    let counted = crate::format::counted(number, one, many);
    if all {
        counted
    } else {
        format!("{counted} on this page")
    }
}

/// The states that the list can be narrowed to, those that are looked for most often first.
pub const FILTERS: [PaymentStatus; 9] = [
    PaymentStatus::Captured,
    PaymentStatus::Settled,
    PaymentStatus::Authorised,
    PaymentStatus::RequiresAction,
    PaymentStatus::Processing,
    PaymentStatus::Unknown,
    PaymentStatus::Declined,
    PaymentStatus::Voided,
    PaymentStatus::Expired,
];

#[cfg(test)]
pub mod tests {
    use chrono::{DateTime, TimeZone, Utc};
    use model::payments::{CaptureMode, Customer, OrderView, PaymentView};
    use model::time::Stamp;
    use model::{OrderId, PaymentId};

    use super::*;
    use crate::api::payments::OrderRow;

    fn at(minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 23, 15, minute, 0)
            .single()
            .expect("a real instant")
    }

    pub fn stamp(minute: u32) -> Stamp {
        Stamp {
            at: at(minute),
            offset_minutes: 60,
        }
    }

    /// An open order over 49.90 EUR.
    pub fn order() -> OrderRow {
        let order = OrderView {
            id: OrderId::from_parts(at(0), &[1; 10]),
            reference: "INV-1042".into(),
            status: OrderStatus::Open,
            total: Money::new(4_990, Currency::EUR),
            description: String::new(),
            customer: Customer {
                email: "ana@example.org".into(),
                name: "Ana Kowalski".into(),
            },
            capture: CaptureMode::Manual,
            checkout_url: "http://localhost/pay/x".into(),
            created_at: at(0),
            expires_at: None,
        };
        OrderRow {
            order,
            created: stamp(0),
            expires: None,
        }
    }

    /// A payment of [`order`] in a state, with no times but that of its making.
    pub fn payment(status: PaymentStatus) -> PaymentView {
        PaymentView {
            id: PaymentId::from_parts(at(1), &[2; 10]),
            order_id: order().order.id,
            status,
            amount: "49.90".into(),
            currency: Currency::EUR,
            captured: "0.00".into(),
            refunded: "0.00".into(),
            disputed: "0.00".into(),
            gateway: "stripe".into(),
            gateway_reference: None,
            next_action: None,
            decline: None,
            attempts: Vec::new(),
            events: Vec::new(),
            created_at: stamp(1),
            authorised_at: None,
            captured_at: None,
            settled_at: None,
        }
    }

    #[test]
    fn nothing_is_nothing_in_every_currency() {
        assert!(is_zero("0.00") && is_zero("0") && !is_zero("0.01") && !is_zero("-1"));
    }

    #[test]
    fn a_part_of_a_list_does_not_claim_to_be_all() {
        assert_eq!(shown(3, true, "order", "orders"), "3 orders");
        assert_eq!(
            shown(50, false, "order", "orders"),
            "50 orders on this page"
        );
    }
}
