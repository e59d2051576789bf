//! `/availability`

use axum::extract::State;
use model::scheduling::views::AvailabilityView;
use model::{Permission, Problem};
use scheduling::availability::AvailabilityRequest;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::interval::interval;
use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Query};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find))
}

/// How long a meeting takes if nobody says, in minutes.
const MINUTES: u16 = 30;

/// All of it is text, so that what is wrong with it can be said by name.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct AvailabilityQuery {
    /// People: ids or e-mail addresses, separated by commas.
    users: Option<String>,
    /// An ISO 8601 interval whose times have offsets: `FROM/TO`, `FROM/PT8H` or `PT8H/TO`.
    range: Option<String>,
    /// How long the meeting takes, 5 to 1440; 30, if absent.
    duration_minutes: Option<String>,
    /// Rooms: ids or names, separated by commas. All of them are wanted.
    rooms: Option<String>,
    /// The IANA name of the zone in which the reasons tell times.
    zone: Option<String>,
}

/// Find out who is free
///
/// Busy times of each person and room, when all of them are free, and the times that suit best with
/// the reasons why. A source that could not be read says so; its times are neither free nor busy.
#[utoipa::path(
    get, path = "/availability", tag = "meetings", params(AvailabilityQuery),
    responses(
        (status = 200, description = "Who is free when", body = AvailabilityView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<AvailabilityQuery>,
) -> Result<axum::Json<AvailabilityView>, HttpProblem> {
    // Before the query is looked at: who may not ask learns nothing of its form.
    actor.require(Permission::MeetingsRead)?;
    let request = AvailabilityRequest {
        users: listed(query.users.as_deref()),
        rooms: listed(query.rooms.as_deref()),
        range: interval(query.range.as_deref().unwrap_or_default())?,
        duration_minutes: minutes(query.duration_minutes.as_deref())?,
        zone: query.zone.filter(|zone| !zone.trim().is_empty()),
    };
    let view = services.scheduling.availability(&actor, &request).await?;
    Ok(axum::Json(view))
}

/// The words between commas.
fn listed(text: Option<&str>) -> Vec<String> {
    let words = text.unwrap_or_default().split(',').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn minutes(text: Option<&str>) -> Result<u16, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(MINUTES),
        Some(text) => text.parse().map_err(|_| {
            let message = "Give the length as a whole number of minutes.";
            Problem::invalid_field("durationMinutes", message)
        }),
    }
}
