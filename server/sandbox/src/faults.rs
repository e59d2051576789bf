//! Faults on demand: what a provider does on its worst days, so many times, then no more.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Sandbox;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// API: waits `ms`, then does it and answers, whether or not the caller still listens.
    Latency,
    /// API: does nothing and never answers; the connection closes after `ms` (60 s).
    TimeoutBefore,
    /// API: does it and never answers; the connection closes after `ms` (60 s).
    TimeoutAfter,
    /// API: answers 500 and does nothing; no answer is kept for the idempotency key.
    #[serde(alias = "error_500_before")]
    ErrorBefore,
    /// API: does it and answers 500, which is kept for the idempotency key.
    #[serde(alias = "error_500_after")]
    ErrorAfter,
    /// API: closes the connection and does nothing. Webhooks: the event is never sent.
    Drop,
    /// API: does it, then closes the connection.
    DropAfter,
    /// API: answers 429 before anything else is looked at.
    RateLimit,
    /// Webhooks: sends the event twice.
    Duplicate,
    /// Webhooks: the next `times` events go out in reverse, `ms` (250) apart.
    Reorder,
    /// Webhooks: sends the event `ms` later.
    Delay,
    /// Cycle: one line of the provider's report is a minor unit off.
    WrongTotals,
    /// Cycle: the bank's statement is drawn up but no file of it appears.
    MissingFile,
}

/// Who asks whether something goes wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before the key is looked at.
    Gate,
    /// Where an operation begins; a replayed answer does not come here.
    Api,
    Webhooks,
    Cycle,
}

impl Kind {
    fn happens_at(self, place: Place) -> bool {
        match self {
            Kind::Duplicate | Kind::Reorder | Kind::Delay => place == Place::Webhooks,
            Kind::WrongTotals | Kind::MissingFile => place == Place::Cycle,
            Kind::Drop => matches!(place, Place::Api | Place::Webhooks),
            Kind::RateLimit => place == Place::Gate,
            _ => place == Place::Api,
        }
    }
}

/// A fault that waits for its operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Such as `payment_intents.capture`, `payment_intents.*`, `*` for every API call, or
    /// `webhooks` and `cycle`. A webhook fault may name the event type instead.
    pub(crate) operation: String,
    pub(crate) kind: Kind,
    /// How often; -1 until cleared.
    #[serde(default = "once")]
    pub(crate) times: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<u64>,
}

fn once() -> i64 {
    1
}

impl Fault {
    /// The fault's time, or what is usual for its kind.
    pub(crate) fn wait(&self, usual_ms: u64) -> Duration {
        Duration::from_millis(self.ms.unwrap_or(usual_ms))
    }

    fn concerns(&self, operation: &str) -> bool {
        self.operation == operation
            || self.operation == "*"
            || self
                .operation
                .strip_suffix('*')
                .is_some_and(|start| operation.starts_with(start))
    }
}

/// All faults that wait, oldest first.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Takes one occurrence of the first fault that concerns the operation. The fault comes back
    /// with `times` as it was before.
    fn take(&mut self, place: Place, operation: &str, only: Option<Kind>) -> Option<Fault> {
        let at = self.0.iter().position(|fault| {
            fault.kind.happens_at(place)
                && only.is_none_or(|kind| fault.kind == kind)
                && (fault.concerns(operation)
                    || (place == Place::Webhooks && fault.operation == "webhooks"))
        })?;
        let fault = self.0[at].clone();
        match fault.times {
            ..0 => {}
            0 | 1 => {
                self.0.remove(at);
            }
            _ => self.0[at].times -= 1,
        }
        Some(fault)
    }
}

impl Sandbox {
    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.inner
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong now, if anything.
    pub(crate) fn fault(&self, place: Place, operation: &str) -> Option<Fault> {
        self.faults().take(place, operation, None)
    }

    /// Whether this one thing goes wrong now.
    pub(crate) fn strikes(&self, place: Place, operation: &str, kind: Kind) -> bool {
        self.faults().take(place, operation, Some(kind)).is_some()
    }
}

pub(crate) fn router() -> Router<Sandbox> {
    Router::new().route("/sandbox/faults", get(list).post(add).delete(clear))
}

async fn add(Shared(sandbox): Shared<Sandbox>, Json(fault): Json<Fault>) -> Response {
    if fault.times == 0 {
        let text = "times is how often the fault strikes: 1 or more, or -1 until cleared";
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": text }))).into_response();
    }
    sandbox.faults().0.push(fault.clone());
    (StatusCode::CREATED, Json(fault)).into_response()
}

async fn list(Shared(sandbox): Shared<Sandbox>) -> Response {
    Json(json!({ "faults": sandbox.faults().0 })).into_response()
}

async fn clear(Shared(sandbox): Shared<Sandbox>) -> Response {
    sandbox.faults().0.clear();
    StatusCode::NO_CONTENT.into_response()
}
