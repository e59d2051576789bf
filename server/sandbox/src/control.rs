//! Control and truth: what really happened, for tests to compare with; nothing here asks for a
//! key, since the port is this machine's.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::bank::BankLine;
use crate::state::State;
use crate::stripe::balance::BalanceTransaction;
use crate::stripe::charges::Charge;
use crate::stripe::payouts::Payout;
use crate::stripe::refunds::Refund;
use crate::stripe::{disputes, refunds};
use crate::{Sandbox, report};

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/", get(front))
        .route("/sandbox/health", get(health))
        .route("/sandbox/truth", get(truth))
        .route("/sandbox/refunds/settle", post(settle_refunds))
        .route("/sandbox/disputes/{id}/{outcome}", post(decide_dispute))
}

async fn front() -> Html<&'static str> {
    Html(include_str!("front.html"))
}

async fn health(Shared(sandbox): Shared<Sandbox>) -> Response {
    let now = sandbox.read(State::now);
    Json(json!({ "status": "ok", "now": now })).into_response()
}

/// Everything that moved money. `?payment_intent=pi_…` narrows it to one payment.
async fn truth(
    Shared(sandbox): Shared<Sandbox>,
    Query(filter): Query<BTreeMap<String, String>>,
) -> Response {
    let intent = filter.get("payment_intent").map(String::as_str);
    Json(sandbox.read(|state| told(state, intent))).into_response()
}

fn told(state: &State, intent: Option<&str>) -> Value {
    let concerns = |of: Option<&str>| intent.is_none_or(|id| of == Some(id));
    let mut by_source: HashMap<&str, Vec<&BalanceTransaction>> = HashMap::new();
    for row in state.all::<BalanceTransaction>() {
        by_source.entry(&row.source).or_default().push(row);
    }
    let charges: Vec<Value> = state
        .all::<Charge>()
        .filter(|charge| charge.captured && concerns(charge.intent.as_deref()))
        .map(|charge| {
            let rows = by_source
                .get(charge.id.as_str())
                .map_or(&[][..], Vec::as_slice);
            json!({
                "id": charge.id,
                "payment_intent": charge.intent,
                "currency": charge.currency,
                "authorised": charge.amount,
                "captured": charge.amount_captured,
                "refunded": charge.amount_refunded,
                "disputed": charge.disputed,
                "fee": rows.iter().map(|row| row.fee).sum::<i64>(),
                "net": rows.iter().map(|row| row.net()).sum::<i64>(),
                "payout": rows.first().and_then(|row| row.payout.as_deref()),
                "metadata": charge.metadata,
            })
        })
        .collect();
    let refunds: Vec<Value> = state
        .all::<Refund>()
        .filter(|refund| concerns(refund.intent.as_deref()))
        .map(|refund| {
            json!({
                "id": refund.id, "payment_intent": refund.intent, "charge": refund.charge,
                "amount": refund.amount, "currency": refund.currency, "status": refund.status,
            })
        })
        .collect();
    let carries = |payout: &str| charges.iter().any(|charge| charge["payout"] == payout);
    let payouts: Vec<&Payout> = state
        .all::<Payout>()
        .filter(|payout| intent.is_none() || carries(&payout.id))
        .collect();
    let shown: Vec<Value> = payouts
        .iter()
        .map(|payout| {
            json!({
                "id": payout.id,
                "currency": payout.currency,
                "amount": payout.amount,
                "status": payout.status,
                "trace_id": payout.trace,
                "transactions": report::members(state, &payout.id).map(|r| &r.id).collect::<Vec<_>>(),
            })
        })
        .collect();
    let lines: Vec<Value> = state
        .all::<BankLine>()
        .filter(|line| {
            intent.is_none()
                || payouts
                    .iter()
                    .any(|payout| line.payout.as_deref() == Some(&payout.id))
        })
        .map(BankLine::view)
        .collect();
    json!({ "charges": charges, "refunds": refunds, "payouts": shown, "bank_lines": lines })
}

/// Pending refunds succeed and doomed ones fail, now instead of after the next cycle.
async fn settle_refunds(Shared(sandbox): Shared<Sandbox>) -> Response {
    let settled = sandbox.write(refunds::settle_all);
    Json(json!({ "settled": settled })).into_response()
}

async fn decide_dispute(
    Shared(sandbox): Shared<Sandbox>,
    Path((id, outcome)): Path<(String, String)>,
) -> Response {
    let won = match outcome.as_str() {
        "win" => true,
        "lose" => false,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match sandbox.write(|state| disputes::decide(state, &id, won)) {
        Ok(dispute) => Json(dispute).into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, Json(error.body())).into_response()
        }
    }
}
