//! `/meetings`

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::scheduling::meeting::{
    ChangeMeeting, CreateMeeting, MeetingState, MeetingView, Response as Answer, Scope,
};
use model::scheduling::views::{OwnMeeting, SlotTaken};
use model::{Actor, MeetingId, Page, Permission, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::etag::{seen, versioned};
use crate::http::auth::Somebody;
use crate::http::problem::{HttpProblem, Json, Path, Query};
use crate::http::router::AppState;
use crate::wiring::Services;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(find, change, cancel))
        .routes(routes!(answer))
}

/// Book a meeting
///
/// Takes the time of everybody it needs and of its rooms, all of it or nothing. Whoever comes too
/// late is told who is taken and what to take instead.
#[utoipa::path(
    post, path = "/meetings", tag = "meetings",
    request_body = CreateMeeting,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body give the first answer again.")),
    responses(
        (status = 201, description = "The meeting; its version is the ETag", body = MeetingView),
        (status = 409, description = "`slot_taken`: these members beside those of a problem", body = SlotTaken, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    headers: HeaderMap,
    Json(request): Json<CreateMeeting>,
) -> Result<Response, HttpProblem> {
    let key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    // Without a key each call is a booking of its own.
    let key = key.map_or_else(|| services.deps.secret_hex::<16>(), str::to_owned);
    let (meeting, replayed) = services.scheduling.book(&actor, &request, &key).await?;
    let mut response = versioned(StatusCode::CREATED, &meeting);
    if replayed {
        let name = HeaderName::from_static("idempotent-replayed");
        let yes = HeaderValue::from_static("true");
        response.headers_mut().insert(name, yes);
    }
    Ok(response)
}

/// One time of a meeting of one's own.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnTime {
    /// The meeting.
    id: MeetingId,
    /// Its original local start, by which one time of a series is known for ever.
    original: NaiveDateTime,
    /// What it is about.
    title: String,
    /// When it begins.
    from: DateTime<Utc>,
    /// When it ends.
    to: DateTime<Utc>,
    /// Where: rooms and place.
    place: String,
    /// How far it is.
    state: MeetingState,
    /// One's own answer; null for the organizer.
    response: Option<Answer>,
    /// Whether it repeats.
    repeats: bool,
}

impl From<OwnMeeting> for OwnTime {
    fn from(own: OwnMeeting) -> Self {
        Self {
            id: own.id,
            original: own.original,
            title: own.title,
            from: own.from.at,
            to: own.to.at,
            place: own.place,
            state: own.state,
            response: own.response,
            repeats: own.repeats,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// The first day, in one's own zone; today, if absent.
    from: Option<NaiveDate>,
    /// The last day, at most 62 days in all; a week in all, if absent.
    to: Option<NaiveDate>,
}

/// List one's own meetings, in order
///
/// Each time of a series is a row of its own.
#[utoipa::path(
    get, path = "/meetings", tag = "meetings", params(ListQuery),
    responses(
        (status = 200, description = "The meetings of these days", body = inline(Page<OwnTime>)),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<OwnTime>>, HttpProblem> {
    actor.require(Permission::MeetingsRead)?;
    let from = query.from.unwrap_or_else(|| today(&services, &actor));
    let to = query.to.or_else(|| from.checked_add_days(Days::new(6)));
    let days = to.map_or(0, |to| (to - from).num_days() + 1);
    let days = u16::try_from(days)
        .ok()
        .filter(|days| (1..=62).contains(days));
    let days = days.ok_or_else(|| {
        Problem::invalid_field("to", "The last day is one of the 62 from the first on.")
    })?;
    let page = services.scheduling.agenda(&actor, Some(from), days).await?;
    let items = page.meetings.into_iter().map(|(_, own)| own.into());
    Ok(axum::Json(Page {
        items: items.collect(),
        next: None,
    }))
}

fn today(services: &Services, actor: &Actor) -> NaiveDate {
    app::ssr::zone_of(actor).day_of(services.deps.now())
}

/// Get a meeting
#[utoipa::path(
    get, path = "/meetings/{id}", tag = "meetings",
    params(("id" = MeetingId, Path, description = "The meeting")),
    responses(
        (status = 200, description = "The meeting; its version is the ETag", body = MeetingView),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<MeetingId>,
) -> Result<Response, HttpProblem> {
    let meeting = services.scheduling.meeting(&actor, id).await?;
    Ok(versioned(StatusCode::OK, &meeting))
}

/// Change a meeting
///
/// What is absent stays. A change of `following` ends the series and answers with the new one, and
/// so does a new time for a whole series that has begun.
#[utoipa::path(
    patch, path = "/meetings/{id}", tag = "meetings",
    request_body = ChangeMeeting,
    params(
        ("id" = MeetingId, Path, description = "The meeting"),
        ("If-Match" = String, Header, description = "The ETag of what was seen."),
    ),
    responses(
        (status = 200, description = "The meeting as it is now; its version is the ETag", body = MeetingView),
        (status = 409, description = "`slot_taken`: these members beside those of a problem", body = SlotTaken, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<MeetingId>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, HttpProblem> {
    // Before the body is looked at, which may hold only what is known.
    actor.require(Permission::MeetingsWrite)?;
    let change: ChangeMeeting = crate::http::problem::read(body)?;
    let version = seen(&services, &actor, id, &headers).await?;
    let meeting = services
        .scheduling
        .change(&actor, id, version, &change)
        .await?;
    Ok(versioned(StatusCode::OK, &meeting))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CancelQuery {
    /// Which times of a series: `all`, `this` or `following`; all, if absent.
    #[serde(default)]
    #[param(inline)]
    scope: Scope,
    /// The original local start of the time that is meant, for `this` and `following`.
    occurrence: Option<NaiveDateTime>,
}

/// Cancel a meeting, or times of a series
///
/// The time is free at once, and everybody who was asked is told. Done twice, it changes nothing.
#[utoipa::path(
    delete, path = "/meetings/{id}", tag = "meetings",
    params(
        ("id" = MeetingId, Path, description = "The meeting"),
        ("If-Match" = Option<String>, Header, description = "The ETag of what was seen, to cancel nothing else."),
        CancelQuery,
    ),
    responses(
        (status = 204, description = "Cancelled"),
        (status = 412, description = "It was changed meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn cancel(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<MeetingId>,
    Query(query): Query<CancelQuery>,
    headers: HeaderMap,
) -> Result<StatusCode, HttpProblem> {
    actor.require(Permission::MeetingsWrite)?;
    let version = seen(&services, &actor, id, &headers).await?;
    services
        .scheduling
        .cancel(&actor, id, version, query.scope, query.occurrence)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct AnswerBody {
    /// What is answered.
    response: Answer,
    /// The original local start of the one time of a series that is answered to; all of it, if absent.
    #[serde(default)]
    occurrence: Option<NaiveDateTime>,
}

/// Answer an invitation
///
/// A no gives one's time back; a yes takes it. What is answered to one time of a series holds until
/// all of it is answered, or that time is moved.
#[utoipa::path(
    post, path = "/meetings/{id}/answer", tag = "meetings",
    params(("id" = MeetingId, Path, description = "The meeting")),
    request_body = inline(AnswerBody),
    responses(
        (status = 200, description = "The meeting", body = MeetingView),
        (status = 409, description = "`slot_taken`: one's own time is", body = SlotTaken, content_type = "application/problem+json"),
        (status = "4XX", description = "What is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn answer(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Path(id): Path<MeetingId>,
    Json(body): Json<AnswerBody>,
) -> Result<Response, HttpProblem> {
    services
        .scheduling
        .answer(&actor, &id.to_string(), body.occurrence, body.response)
        .await?;
    let meeting = services.scheduling.meeting(&actor, id).await?;
    Ok(versioned(StatusCode::OK, &meeting))
}
