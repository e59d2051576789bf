//! How far a payment has come, as points from the order to the bank line.

use model::payments::{CaptureMode, PaymentStatus, PaymentView};
use model::settlement::PaymentSettlement;
use model::time::Stamp;

use super::words;
use crate::api::payments::OrderRow;
use crate::paths;
use crate::ui::{FlowPoint, PointState};

/// The points of a payment. One that ended early stops at its end: nothing more will come.
pub fn points(
    payment: &PaymentView,
    order: &OrderRow,
    settlement: Option<&PaymentSettlement>,
) -> Vec<FlowPoint> {
    let ordered = FlowPoint::new("Order", PointState::Done)
        .at(Some(order.created.clone()))
        .link(paths::order(order.order.id));
    let mut points = vec![ordered];
    points.extend(way(payment, order.order.capture, settlement));
    points
}

fn way(
    payment: &PaymentView,
    capture: CaptureMode,
    settlement: Option<&PaymentSettlement>,
) -> Vec<FlowPoint> {
    use PaymentStatus as S;
    let held = payment.authorised_at.clone();
    let ahead = |label: &str| FlowPoint::new(label, PointState::Ahead);
    let authorised = || {
        // Where the money is taken at once, the hold and the capture are one answer.
        let at = held.clone().or_else(|| payment.captured_at.clone());
        FlowPoint::new("Authorised", PointState::Done).at(at)
    };
    let taken = || FlowPoint::new("Captured", PointState::Done).at(payment.captured_at.clone());
    let now = |label: &str, note: &str| FlowPoint::new(label, PointState::Now).note(note);
    let later = || [ahead("Settled"), ahead("Bank line")];
    let before_hold = |first: FlowPoint| {
        let mut points = vec![first, ahead("Captured")];
        points.extend(later());
        points
    };
    match payment.status {
        S::Created => before_hold(now("Authorised", "Not sent to the gateway yet")),
        S::Processing => before_hold(now("Authorised", "The gateway has been asked")),
        S::RequiresAction => before_hold(now(
            "Authorised",
            "The customer has to confirm with the bank",
        )),
        S::Unknown if held.is_none() => before_hold(in_doubt("Authorised")),
        S::Unknown => [vec![authorised(), in_doubt("Captured")], later().into()].concat(),
        S::Authorised => {
            let waits = match capture {
                CaptureMode::Automatic => "On its way",
                CaptureMode::Manual => "Waits for somebody to capture it",
            };
            [vec![authorised(), now("Captured", waits)], later().into()].concat()
        }
        S::Captured => vec![
            authorised(),
            taken(),
            now("Settled", &waits_for(settlement)),
            ahead("Bank line"),
        ],
        S::Settled => {
            let settled =
                |label| FlowPoint::new(label, PointState::Done).at(payment.settled_at.clone());
            let bank = match settlement.and_then(|way| way.bank_line.as_ref()) {
                Some(line) => {
                    settled("Bank line").note(format!("Line {} of {}", line.position, line.file))
                }
                None => settled("Bank line"),
            };
            vec![authorised(), taken(), settled("Settled"), bank]
        }
        S::Declined | S::Voided | S::Expired => {
            let hold = held.is_some().then(authorised);
            hold.into_iter().chain([end(payment)]).collect()
        }
    }
}

/// What a captured payment waits for.
fn waits_for(settlement: Option<&PaymentSettlement>) -> String {
    let Some(way) = settlement else {
        return "Waits for the gateway's report".to_owned();
    };
    match way.payout.as_ref().map(|payout| payout.effective_on) {
        Some(Some(day)) => format!("Payout expected on {}", words::day(day)),
        Some(None) => "The payout is on its way".to_owned(),
        None => "Waits for the gateway's payout".to_owned(),
    }
}

fn in_doubt(label: &str) -> FlowPoint {
    FlowPoint::new(label, PointState::Unknown)
        .note("The gateway has not answered; it is asked again")
}

/// The last point of a payment that was not paid.
fn end(payment: &PaymentView) -> FlowPoint {
    let (label, state, note) = match payment.status {
        PaymentStatus::Declined => {
            let reason = payment.decline.map_or("The bank said no", words::decline);
            ("Declined", PointState::Failed, reason)
        }
        PaymentStatus::Expired => (
            "Expired",
            PointState::Failed,
            "The hold ran out before it was captured",
        ),
        _ => ("Voided", PointState::Done, "Nothing was taken"),
    };
    FlowPoint::new(label, state)
        .at(when(payment, payment.status.as_str()))
        .note(note)
}

/// When something last happened, by its word in the history.
fn when(payment: &PaymentView, kind: &str) -> Option<Stamp> {
    payment
        .events
        .iter()
        .find(|event| event.kind == kind)
        .map(|event| event.at.clone())
}

#[cfg(test)]
mod tests {
    use super::super::parts::tests::{order, payment, stamp};
    use super::*;

    fn states(payment: &PaymentView) -> Vec<(String, PointState)> {
        points(payment, &order(), None)
            .into_iter()
            .map(|point| (point.label, point.state))
            .collect()
    }

    #[test]
    fn every_state_begins_with_the_order_and_has_a_place_where_it_stands() {
        for status in PaymentStatus::ALL {
            let points = states(&payment(*status));
            assert_eq!(
                points[0],
                ("Order".to_owned(), PointState::Done),
                "{status}"
            );
            assert!(points.len() >= 2, "{status}");
            let waiting = points
                .iter()
                .filter(|(_, s)| matches!(s, PointState::Now | PointState::Unknown));
            let expected = usize::from(!status.is_final());
            assert_eq!(waiting.count(), expected, "{status}");
        }
    }

    #[test]
    fn a_payment_that_ended_early_promises_nothing_more() {
        let declined = states(&payment(PaymentStatus::Declined));
        assert_eq!(
            declined.last(),
            Some(&("Declined".to_owned(), PointState::Failed))
        );
        let mut voided = payment(PaymentStatus::Voided);
        voided.authorised_at = Some(stamp(10));
        let labels: Vec<String> = states(&voided)
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert_eq!(labels, ["Order", "Authorised", "Voided"]);
    }

    #[test]
    fn a_doubt_stands_where_the_answer_is_missing() {
        let mut unknown = payment(PaymentStatus::Unknown);
        assert_eq!(
            states(&unknown)[1],
            ("Authorised".to_owned(), PointState::Unknown)
        );
        unknown.authorised_at = Some(stamp(10));
        assert_eq!(
            states(&unknown)[2],
            ("Captured".to_owned(), PointState::Unknown)
        );
    }
}
