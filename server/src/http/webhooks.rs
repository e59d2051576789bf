//! `POST /webhooks/{gateway}`: raw bytes in, stored with the verdict on their signature, answered
//! at once. What they mean is a job's business.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use model::Problem;
use payments::webhook::Receipt;

use super::problem::{HttpProblem, Path};
use crate::wiring::Services;

/// Takes a delivery.
pub async fn receive(
    State(services): State<Services>,
    Path(gateway): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok());
    match services
        .payments
        .receive_webhook(&gateway, signature, &body)
        .await?
    {
        Receipt::Taken => Ok(StatusCode::OK.into_response()),
        Receipt::Refused => Err(HttpProblem(Problem::new(
            400,
            "signature",
            "The signature does not hold.",
        ))),
        Receipt::NoSuchGateway => Err(HttpProblem(Problem::not_found("gateway"))),
    }
}
