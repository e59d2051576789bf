//! The contract of `Idempotency-Key` for every POST of the API: the same key and the same body get
//! the first answer again; another body is refused; a twin that is still running gets 409.

use app::ssr::Principal;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use model::Problem;
use platform::idempotency::{self, Claim};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::problem::HttpProblem;
use crate::wiring::Services;

/// The largest body that is kept in memory for it, in bytes. Raw uploads, which may be larger, have
/// their own way to be recognised: a file by its bytes, a mail by what it answers.
const LARGEST_BODY: usize = 2 << 20;

/// Where raw bytes are uploaded.
const UPLOADS: &[&str] = &["/settlements", "/mail"];

/// What is told here is known when it is told again, with or without a key: a lost claim costs nothing.
const KNOWN_AGAIN: &[&str] = &["/punches"];

/// Answers a repeated POST from the first one's answer.
pub async fn layer(State(services): State<Services>, request: Request, next: Next) -> Response {
    match handle(services, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn handle(services: Services, request: Request, next: Next) -> Result<Response, HttpProblem> {
    let path = request.uri().path();
    let upload = UPLOADS.iter().any(|upload| path.ends_with(upload));
    if request.method() != Method::POST || upload {
        return Ok(next.run(request).await);
    }
    let is_light = KNOWN_AGAIN.iter().any(|known| path.ends_with(known));
    let (parts, body) = request.into_parts();
    let too_large = |_| {
        HttpProblem(Problem::new(
            413,
            "too_large",
            "The body is larger than 1 MiB.",
        ))
    };
    let body = to_bytes(body, LARGEST_BODY).await.map_err(too_large)?;
    let Some(key) = key_of(&parts.headers, &body)? else {
        return Ok(next.run(Request::from_parts(parts, Body::from(body))).await);
    };
    let actor = parts
        .extensions
        .get::<Principal>()
        .and_then(|p| p.0.clone());
    let actor = actor.ok_or_else(|| HttpProblem(Problem::unauthenticated()))?;
    // A key belongs to whoever sent it, so that nobody can read another's answer with a guess.
    let scope = format!(
        "{} {} {}",
        actor.who.reference(),
        parts.method,
        parts.uri.path()
    );
    let hash: [u8; 32] = Sha256::digest(&body).into();
    let (db, now) = (&services.deps.db, services.deps.now());
    let claim = match is_light {
        true => services.keys.claim(db, &scope, &key, &hash, now).await,
        false => {
            let mut conn = db.read().await.map_err(down)?;
            idempotency::claim(&mut conn, &scope, &key, &hash, now).await
        }
    };
    let claim = claim.map_err(refused)?;
    match claim {
        Claim::Fresh => {}
        Claim::Replay { status, body } => return Ok(replay(status, &body)),
        Claim::InFlight | Claim::Reused => {
            return Err(HttpProblem(
                claim.problem().unwrap_or_else(Problem::internal),
            ));
        }
    }
    let mut parts = parts;
    // For handlers whose body may carry the key as well.
    if let Ok(value) = HeaderValue::from_str(&key) {
        parts.headers.insert("idempotency-key", value);
    }
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    remember(&services, &scope, &key, is_light, answer).await
}

/// Keeps an answer that will stay true. A failure of ours is none: the key is free again.
async fn remember(
    services: &Services,
    scope: &str,
    key: &str,
    is_light: bool,
    answer: Response,
) -> Result<Response, HttpProblem> {
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let db = &services.deps.db;
    match serde_json::from_slice::<Value>(&body) {
        Ok(json)
            if !parts.status.is_server_error() && parts.status != StatusCode::TOO_MANY_REQUESTS =>
        {
            let status = parts.status.as_u16();
            let finished = match is_light {
                true => services.keys.finish(db, scope, key, status, json).await,
                false => {
                    let mut conn = db.read().await.map_err(down)?;
                    idempotency::finish(&mut conn, scope, key, status, &json).await
                }
            };
            finished.map_err(down)?;
        }
        _ => {
            let mut conn = db.read().await.map_err(down)?;
            idempotency::release(&mut conn, scope, key)
                .await
                .map_err(down)?;
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, axum::Json(body)).into_response();
    response
        .headers_mut()
        .insert("idempotent-replayed", HeaderValue::from_static("true"));
    if status.is_client_error() {
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    } else if let Some(version) = body["version"].as_i64()
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
    {
        // What has a version has it as its ETag; headers are not kept with the answer.
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The key of the header, or of the body's `idempotencyKey`.
fn key_of(headers: &http::HeaderMap, body: &Bytes) -> Result<Option<String>, HttpProblem> {
    let wrong = || {
        HttpProblem(Problem::invalid_field(
            "idempotencyKey",
            "An idempotency key is 1 to 255 visible ASCII characters.",
        ))
    };
    let key = match headers.get("idempotency-key") {
        Some(value) => Some(value.to_str().map_err(|_| wrong())?.to_owned()),
        None => serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|body| body["idempotencyKey"].as_str().map(str::to_owned)),
    };
    match key {
        Some(key) if !idempotency::is_key(&key) => Err(wrong()),
        key => Ok(key),
    }
}

fn down(error: sqlx::Error) -> HttpProblem {
    if matches!(error, sqlx::Error::PoolTimedOut) {
        return HttpProblem(Problem::busy());
    }
    tracing::error!(%error, "the database did not answer");
    HttpProblem(Problem::internal())
}

fn refused(error: idempotency::Error) -> HttpProblem {
    match error {
        idempotency::Error::Database(error) => down(error),
        idempotency::Error::BadKey => HttpProblem(error.into()),
    }
}
