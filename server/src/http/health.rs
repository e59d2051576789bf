//! Is it alive, can it work, what does it measure.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use model::Permission;
use platform::telemetry::Telemetry;

use super::auth::Somebody;
use super::problem::HttpProblem;
use crate::wiring::Services;

/// `GET /healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database is reachable and has every migration.
pub async fn readyz(State(services): State<Services>) -> Response {
    if services.deps.db.is_ready().await {
        "ready\n".into_response()
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot be reached or is not migrated\n",
        )
            .into_response()
    }
}

/// `GET /metrics` on the public address: asks for a token or session with `metrics:read`.
pub async fn metrics(
    Somebody(actor): Somebody,
    axum::Extension(telemetry): axum::Extension<Telemetry>,
    State(services): State<Services>,
    _request: Request,
) -> Result<Response, HttpProblem> {
    actor.require(Permission::MetricsRead)?;
    Ok(render(&services, &telemetry).await)
}

/// `GET /metrics` on the private listener.
pub async fn metrics_private(
    axum::Extension(telemetry): axum::Extension<Telemetry>,
    State(services): State<Services>,
) -> Response {
    render(&services, &telemetry).await
}

async fn render(services: &Services, telemetry: &Telemetry) -> Response {
    if let Err(error) = platform::jobs::record_figures(&services.deps.db).await {
        tracing::warn!(%error, "the figures of the jobs could not be taken");
    }
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        telemetry.render(),
    )
        .into_response()
}
