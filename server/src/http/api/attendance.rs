//! `/attendance`

use attendance::days::DaysQuery;
use axum::extract::State;
use chrono::NaiveDate;
use model::attendance::views::DayView;
use model::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Query};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(days))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Whose days: id, e-mail address or employee number; one's own, if absent.
    employee: Option<String>,
    /// The first day.
    from: NaiveDate,
    /// The last day, at most 366 in all.
    to: NaiveDate,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many days a page has at most, 1 to 200.
    limit: Option<u32>,
}

/// List the days of somebody, in order
///
/// Each with what explains its numbers. A date on which nothing was planned and nobody came is absent,
/// and so are dates to come. Days of others are for those who manage them and for HR, and each such
/// look is noted in the audit log.
#[utoipa::path(
    get, path = "/attendance/days", tag = "attendance", params(ListQuery),
    responses(
        (status = 200, description = "The days", body = inline(Page<DayView>)),
        (status = 404, description = "There is no such person that the caller may know of", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn days(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<DayView>>, HttpProblem> {
    let query = DaysQuery {
        employee: query.employee,
        from: query.from,
        to: query.to,
        cursor: query.cursor,
        limit: query.limit.map_or(Page::<()>::MAX, i64::from),
    };
    Ok(axum::Json(services.attendance.days(&actor, &query).await?))
}
