//! The REST API, version 1. Each file is one resource; what it takes and gives is described where
//! it is written, and the description is served at `/api/openapi.json` and as a page at `/api/docs`.

mod attendance;
mod availability;
mod documentation;
mod etag;
mod interval;
mod ledger;
mod mail;
mod meetings;
mod orders;
mod payments;
mod punches;
mod settlement;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::router::AppState;

pub use documentation::documentation;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(documentation::frame())
        .merge(orders::router())
        .merge(payments::router())
        .merge(settlement::router())
        .merge(ledger::router())
        .merge(availability::router())
        .merge(meetings::router())
        .merge(mail::router())
        .merge(attendance::router())
        .merge(punches::router())
}

/// The routes below `/api/v1`.
pub fn router() -> Router<AppState> {
    let (router, _) = routes().split_for_parts();
    router
        .fallback(async || super::HttpProblem(model::Problem::not_found("address")))
        .method_not_allowed_fallback(async || {
            super::HttpProblem(model::Problem::new(
                405,
                "method_not_allowed",
                "This address does not take that method; the header Allow names those that it takes.",
            ))
        })
}
