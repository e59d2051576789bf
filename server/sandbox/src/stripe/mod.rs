//! Stripe's API: one entry for all calls, then one function an operation, each beside its object.
//!
//! The order of the layers is Stripe's: rate limit and key before idempotency, idempotency before
//! validation, and only what had begun is kept for a repeated key.

use std::io;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::Utc;
use serde_json::Value;

pub(crate) mod auth;
pub(crate) mod balance;
pub(crate) mod capture;
pub(crate) mod cards;
pub(crate) mod charges;
pub(crate) mod confirm;
pub(crate) mod customers;
pub(crate) mod disputes;
pub(crate) mod endpoints;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod form;
pub(crate) mod idempotency;
pub(crate) mod intents;
pub(crate) mod list;
pub(crate) mod methods;
pub(crate) mod pages;
pub(crate) mod payouts;
pub(crate) mod refunds;
mod routes;

use auth::Caller;
use errors::ApiError;
use form::Params;
use idempotency::{Claim, StoredAnswer};

use crate::faults::{Fault, Kind, Place};
use crate::state::State;
use crate::{Config, Sandbox};

/// The version of the API whose shapes the objects have.
pub(crate) const API_VERSION: &str = "2025-03-31.basil";

/// A call as its operation sees it.
pub(crate) struct Call<'a> {
    /// The id in the path; empty where there is none.
    pub(crate) id: &'a str,
    pub(crate) params: &'a Params,
    pub(crate) caller: Caller,
    pub(crate) config: &'a Config,
}

/// One operation of the API: changes the state and gives the object to answer with.
pub(crate) type Operation = fn(&mut State, &Call<'_>) -> Result<Value, ApiError>;

/// The routes of the API, at the root and below `/stripe`.
pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v1/{*path}", any(entry))
        .route("/stripe/v1/{*path}", any(entry))
}

/// A request, owned, so that it can be carried out although its caller has gone.
struct Request {
    sandbox: Sandbox,
    method: Method,
    path: String,
    headers: HeaderMap,
    /// Query and body.
    raw: Bytes,
    id: String,
}

async fn entry(
    Shared(sandbox): Shared<Sandbox>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let id = sandbox.write(|state| format!("req_{}", state.letters(14)));
    let raw = match query {
        Some(query) if body.is_empty() => Bytes::from(query),
        Some(query) => [query.as_bytes(), b"&", &body].concat().into(),
        None => body,
    };
    let request = Request {
        sandbox,
        method,
        path,
        headers,
        raw,
        id,
    };
    // A provider does not stop half way because the caller hung up, so neither does the task.
    match tokio::spawn(answer(request)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a sandbox operation panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn answer(request: Request) -> Response {
    let key = request.key();
    let (status, body, replayed) = match request.carry_out(key.as_deref()).await {
        Ok(Outcome::Answer { status, body }) => (status, body, false),
        Ok(Outcome::Replay(stored)) => (stored.status, stored.body, true),
        Ok(Outcome::Cut) => return cut(),
        Err(error) => (error.status, error.body(), false),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("request-id", &request.id);
    set("stripe-version", API_VERSION);
    if let Some(key) = &key {
        set("idempotency-key", key);
    }
    if replayed {
        set("idempotent-replayed", "true");
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An answer that breaks off before its first byte: the server drops the connection.
fn cut() -> Response {
    let broken = io::Error::new(io::ErrorKind::ConnectionReset, "cut on demand");
    let body = Body::from_stream(tokio_stream::once(Err::<Bytes, _>(broken)));
    Response::new(body)
}

enum Outcome {
    Answer {
        status: u16,
        body: Value,
    },
    Replay(Box<StoredAnswer>),
    /// Close the connection without a word.
    Cut,
}

impl Request {
    /// The idempotency key; only writes have one.
    fn key(&self) -> Option<String> {
        let value = self
            .headers
            .get("idempotency-key")
            .filter(|_| self.method == Method::POST)?;
        value
            .to_str()
            .ok()
            .filter(|key| !key.is_empty())
            .map(str::to_owned)
    }

    async fn carry_out(&self, key: Option<&str>) -> Result<Outcome, ApiError> {
        let segments: Vec<&str> = self.path.trim_end_matches('/').split('/').collect();
        let (operation, id, run) = routes::find(&self.method, &segments)
            .ok_or_else(|| ApiError::no_route(self.method.as_str(), &self.path))?;
        if self.sandbox.fault(Place::Gate, operation).is_some() {
            return Err(ApiError::rate_limit());
        }
        let params = Params::parse(&self.raw)?;
        let caller = auth::caller(&self.headers, &params, self.sandbox.config())?;
        if caller == Caller::Browser && !routes::OPEN_TO_BROWSERS.contains(&operation) {
            let text = "This API call cannot be made with a publishable API key. Use a secret key.";
            return Err(ApiError::auth(403, text).code("secret_key_required"));
        }

        let print = idempotency::fingerprint(self.method.as_str(), &self.path, &self.raw);
        let guard = match key.map(|key| idempotency::claim(&self.sandbox, key, &print)) {
            Some(Ok(Claim::Replay(stored))) => return Ok(Outcome::Replay(stored)),
            Some(Ok(Claim::Fresh(guard))) => Some(guard),
            Some(Err(refused)) => return Err(refused),
            None => None,
        };
        let fault = self.sandbox.fault(Place::Api, operation);
        let kind = fault.as_ref().map(|fault| fault.kind);
        match (&fault, kind) {
            (Some(fault), Some(Kind::Latency)) => tokio::time::sleep(fault.wait(1_000)).await,
            (Some(fault), Some(Kind::TimeoutBefore)) => return Ok(self.hold(fault).await),
            (_, Some(Kind::ErrorBefore)) => return Err(ApiError::broken()),
            (_, Some(Kind::Drop)) => return Ok(Outcome::Cut),
            _ => {}
        }

        let fails_after = kind == Some(Kind::ErrorAfter);
        let (status, body) = self.sandbox.write(|state| {
            state.request = Some((self.id.clone(), key.map(str::to_owned)));
            let call = Call {
                id,
                params: &params,
                caller,
                config: self.sandbox.config(),
            };
            let outcome = run(state, &call).map(|object| list::expand(state, object, &params));
            state.request = None;
            let (status, body, kept) = match outcome {
                _ if fails_after => (500, ApiError::broken().body(), true),
                Ok(object) => (200, object, true),
                Err(error) => (error.status, error.body(), error.kept),
            };
            if let Some(key) = key.filter(|_| kept) {
                state.put(StoredAnswer {
                    id: key.to_owned(),
                    fingerprint: print,
                    status,
                    body: body.clone(),
                    request: self.id.clone(),
                    at: Utc::now().timestamp(),
                });
            }
            (status, body)
        });
        // The answer is stored; a twin may have it from here on, even while this caller waits.
        drop(guard);
        match (&fault, kind) {
            (Some(fault), Some(Kind::TimeoutAfter)) => Ok(self.hold(fault).await),
            (_, Some(Kind::DropAfter)) => Ok(Outcome::Cut),
            _ => Ok(Outcome::Answer { status, body }),
        }
    }

    /// Says nothing for a long time, then hangs up.
    async fn hold(&self, fault: &Fault) -> Outcome {
        tokio::select! {
            () = tokio::time::sleep(fault.wait(60_000)) => {}
            () = self.sandbox.stopped() => {}
        }
        Outcome::Cut
    }
}
