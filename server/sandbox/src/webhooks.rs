//! Webhooks out: signed, repeated until somebody says 2xx or patience ends, in no order.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::{Notify, Semaphore};

use crate::faults::{Kind, Place};
use crate::state::State;
use crate::stripe::endpoints::Endpoint;
use crate::stripe::events::Event;
use crate::stripe::list::Resource;
use crate::stripe::{capture, idempotency};
use crate::{Inner, Sandbox};

/// Seconds until the next try after the first, second, … failure.
const PATIENCE_SECONDS: [i64; 6] = [1, 5, 30, 120, 600, 3_600];
/// Deliveries at the same time.
const ABREAST: usize = 16;

/// One event on its way to one endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    event: String,
    endpoint: String,
    /// Milliseconds of real time.
    due_ms: i64,
    /// Whether faults have had their say.
    #[serde(default)]
    prepared: bool,
    /// `pending`, `delivered`, `failed`, `dropped`.
    status: String,
    attempts: Vec<Attempt>,
}

/// One try.
#[derive(Clone, Serialize, Deserialize)]
struct Attempt {
    at_ms: i64,
    /// The HTTP status, where there was an answer.
    status: Option<u16>,
    error: Option<String>,
}

/// The value of `Stripe-Signature` for a body sent at a moment (seconds of real time).
pub fn signature_header(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("a keyed hash takes keys of any length");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let digest: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={timestamp},v1={digest}")
}

fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// Queues an event for an endpoint.
pub(crate) fn queue(state: &mut State, event: &str, endpoint: &str) {
    let delivery = Delivery {
        id: state.new_id("wd"),
        event: event.to_owned(),
        endpoint: endpoint.to_owned(),
        due_ms: now_ms(),
        prepared: false,
        status: "pending".to_owned(),
        attempts: Vec::new(),
    };
    schedule(state, delivery);
}

fn schedule(state: &mut State, delivery: Delivery) {
    state
        .outgoing
        .insert((delivery.due_ms, delivery.id.clone()));
    state.put(delivery);
}

/// Queues again what was pending before a restart.
pub(crate) fn requeue(state: &mut State) {
    state.outgoing = state
        .all::<Delivery>()
        .filter(|delivery| delivery.status == "pending")
        .map(|delivery| (delivery.due_ms, delivery.id.clone()))
        .collect();
}

/// Carries what is due, for as long as the sandbox lives.
pub(crate) async fn courier(inner: Weak<Inner>, bell: Arc<Notify>) {
    let lanes = Arc::new(Semaphore::new(ABREAST));
    let mut swept: Option<Instant> = None;
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let sandbox = Sandbox { inner };
        if swept.is_none_or(|at| at.elapsed() > Duration::from_secs(60)) {
            swept = Some(Instant::now());
            sandbox.write(|state| {
                capture::expire_authorisations(state);
                idempotency::prune(state);
            });
        }
        for delivery in take_due(&sandbox) {
            let Some(delivery) = prepare(&sandbox, delivery) else {
                continue;
            };
            let (sandbox, lanes) = (sandbox.clone(), Arc::clone(&lanes));
            tokio::spawn(async move {
                let _lane = lanes.acquire().await;
                carry(&sandbox, delivery).await;
            });
        }
        let next = sandbox.read(|state| state.outgoing.first().map(|(due, _)| *due - now_ms()));
        let wait = next.unwrap_or(5_000).clamp(1, 5_000).unsigned_abs();
        // Nothing of the sandbox is held while waiting, so that it can end.
        drop(sandbox);
        tokio::select! {
            () = bell.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait)) => {}
        }
    }
}

fn take_due(sandbox: &Sandbox) -> Vec<Delivery> {
    let now = now_ms();
    if sandbox.read(|state| state.outgoing.first().is_none_or(|(due, _)| *due > now)) {
        return Vec::new();
    }
    let mut state = sandbox.lock();
    let mut taken = Vec::new();
    while let Some(first) = state.outgoing.pop_first() {
        if first.0 > now {
            state.outgoing.insert(first);
            break;
        }
        taken.extend(state.find::<Delivery>(&first.1).cloned());
    }
    taken
}

/// Lets a fault have its say once. Gives the delivery if it is to go out now.
fn prepare(sandbox: &Sandbox, mut delivery: Delivery) -> Option<Delivery> {
    if delivery.prepared {
        return Some(delivery);
    }
    delivery.prepared = true;
    let kind = sandbox.read(|state| state.find::<Event>(&delivery.event).map(|e| e.kind.clone()));
    let Some(fault) = sandbox.fault(Place::Webhooks, kind.as_deref().unwrap_or("webhooks")) else {
        return Some(delivery);
    };
    let later = |wait: Duration| now_ms() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2);
    match fault.kind {
        Kind::Drop => {
            delivery.status = "dropped".to_owned();
            sandbox.write(|state| state.put(delivery));
            None
        }
        Kind::Duplicate => {
            sandbox.write(|state| {
                let id = state.new_id("wd");
                let due_ms = later(fault.wait(0));
                schedule(
                    state,
                    Delivery {
                        id,
                        due_ms,
                        ..delivery.clone()
                    },
                );
            });
            Some(delivery)
        }
        Kind::Delay => {
            delivery.due_ms = later(fault.wait(2_000));
            sandbox.write(|state| schedule(state, delivery));
            None
        }
        _ => {
            // The first of a burst waits longest.
            let steps = u32::try_from(fault.times.unsigned_abs()).unwrap_or(1);
            delivery.due_ms = later(fault.wait(250) * steps);
            sandbox.write(|state| schedule(state, delivery));
            None
        }
    }
}

async fn carry(sandbox: &Sandbox, mut delivery: Delivery) {
    let found = sandbox.read(|state| {
        let event = state.find::<Event>(&delivery.event)?.render(state);
        Some((event, state.find::<Endpoint>(&delivery.endpoint)?.clone()))
    });
    let Some((event, endpoint)) = found else {
        delivery.status = "dropped".to_owned();
        return sandbox.write(|state| state.put(delivery));
    };
    let body = event.to_string().into_bytes();
    let signature = signature_header(&endpoint.secret, Utc::now().timestamp(), &body);
    let at_ms = now_ms();
    let sent = sandbox
        .inner
        .http
        .post(&endpoint.url)
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature)
        .body(body)
        .send()
        .await;
    let attempt = match sent {
        Ok(answer) => Attempt {
            at_ms,
            status: Some(answer.status().as_u16()),
            error: None,
        },
        Err(error) => Attempt {
            at_ms,
            status: None,
            error: Some(error.to_string()),
        },
    };
    let heard = attempt
        .status
        .is_some_and(|status| (200..300).contains(&status));
    delivery.attempts.push(attempt);
    sandbox.write(|state| {
        if heard {
            delivery.status = "delivered".to_owned();
            return state.put(delivery);
        }
        match PATIENCE_SECONDS.get(delivery.attempts.len() - 1) {
            Some(seconds) => {
                delivery.due_ms = now_ms() + seconds * 1_000;
                schedule(state, delivery);
            }
            None => {
                delivery.status = "failed".to_owned();
                state.put(delivery);
            }
        }
    });
}

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/deliveries", get(list))
        .route("/sandbox/events/{id}/resend", post(resend))
}

/// Newest first; `?event=evt_…`, `?status=pending`, `?limit=100` narrow it.
async fn list(
    Shared(sandbox): Shared<Sandbox>,
    Query(filter): Query<BTreeMap<String, String>>,
) -> Response {
    let limit = filter
        .get("limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(100);
    let wanted = |name: &str, value: &str| filter.get(name).is_none_or(|given| given == value);
    let deliveries: Vec<Value> = sandbox.read(|state| {
        state
            .all::<Delivery>()
            .rev()
            .filter(|d| wanted("event", &d.event) && wanted("status", &d.status))
            .take(limit)
            .map(|delivery| {
                let event = state.find::<Event>(&delivery.event);
                let url = state
                    .find::<Endpoint>(&delivery.endpoint)
                    .map(|e| e.url.as_str());
                json!({
                    "id": delivery.id,
                    "event": delivery.event,
                    "type": event.map(|event| event.kind.as_str()),
                    "url": url,
                    "status": delivery.status,
                    "dueMs": delivery.due_ms,
                    "attempts": delivery.attempts,
                })
            })
            .collect()
    });
    Json(json!({ "deliveries": deliveries })).into_response()
}

/// Sends an event to every endpoint once more.
async fn resend(Shared(sandbox): Shared<Sandbox>, Path(id): Path<String>) -> Response {
    let queued = sandbox.write(|state| {
        let kind = state.find::<Event>(&id)?.kind.clone();
        let targets: Vec<String> = state
            .all::<Endpoint>()
            .filter(|e| e.wants(&kind))
            .map(|e| e.id.clone())
            .collect();
        for endpoint in &targets {
            queue(state, &id, endpoint);
        }
        Some(targets.len())
    });
    match queued {
        Some(count) => (StatusCode::ACCEPTED, Json(json!({ "queued": count }))).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
