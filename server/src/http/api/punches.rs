//! `/punches`

use axum::extract::State;
use model::attendance::views::{NewPunches, PunchesTaken};
use model::{Permission, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Json};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(take))
}

/// Hand in punches of anybody
///
/// Nothing that is handed in is lost. A punch is known by its `clientKey` and `source`, so a batch may be
/// sent again until it is answered: what was told before is counted under `duplicates`. What cannot
/// count yet is kept and listed under `quarantined` with a `code`: `unknown_employee`, `unknown_badge`
/// (it counts once somebody has the badge), `future_time` (more than five minutes ahead) and `old_time`
/// (more than 90 days). Punches come in any order; days are derived within seconds.
#[utoipa::path(
    post, path = "/punches", tag = "attendance",
    request_body = NewPunches,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body give the first answer again.")),
    responses(
        (status = 200, description = "What became of them", body = PunchesTaken),
        (status = 422, description = "What is wrong with which, such as `punches[3].zone`; none is kept", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn take(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    told: Result<Json<NewPunches>, HttpProblem>,
) -> Result<axum::Json<PunchesTaken>, HttpProblem> {
    // Before the body is looked at: who may not tell punches learns nothing of its form.
    actor.require(Permission::PunchesWrite)?;
    let Json(told) = told?;
    let taken = services.attendance.take_punches(&actor, &told).await?;
    Ok(axum::Json(taken))
}
