//! The sandbox's idea of now, so that months of history can be made in a minute.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::Sandbox;
use crate::state::Setting;
use crate::stripe::capture;

pub(crate) fn router() -> Router<Sandbox> {
    Router::new().route("/sandbox/clock", post(set).delete(reset).get(show))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Now {
    now: DateTime<Utc>,
}

/// The clock stands at the given instant until it is set again. What expires by then, expires.
async fn set(Shared(sandbox): Shared<Sandbox>, Json(body): Json<Now>) -> Response {
    sandbox.write(|state| {
        state.put(Setting {
            id: "clock".to_owned(),
            value: json!(body.now),
        });
        capture::expire_authorisations(state);
    });
    Json(json!({ "now": body.now, "standing": true })).into_response()
}

async fn reset(Shared(sandbox): Shared<Sandbox>) -> Response {
    sandbox.write(|state| state.remove::<Setting>("clock"));
    StatusCode::NO_CONTENT.into_response()
}

async fn show(Shared(sandbox): Shared<Sandbox>) -> Response {
    let (now, standing) =
        sandbox.read(|state| (state.now(), state.find::<Setting>("clock").is_some()));
    Json(json!({ "now": now, "standing": standing })).into_response()
}
