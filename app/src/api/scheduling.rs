//! Meetings, as their pages ask for them.

pub mod forms;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::scheduling::meeting::{
    ChangeMeeting as Change, Colleague, CreateMeeting, Response, Scope,
};
use model::scheduling::views::{
    AgendaPage, Booked, BookingFigures as Figures, InvitationView, MeetingPage,
    Preferences as OwnPreferences, PreferencesPage, RoomForm, RoomsPage, WeekPage, WeekQuery,
    WeeklyPage, WeeklyQuery,
};

use super::ApiError;

/// One week of the reader with other people and rooms over it, and the times that suit best.
///
/// # Errors
/// 403 without `meetings:read`; 422 for more than a hundred people and rooms.
#[server(prefix = "/fn", input = Json)]
pub async fn week(
    /// Which week, whose calendars, how long.
    query: WeekQuery,
) -> Result<WeekPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.week(&actor, &query).await?)
}

/// Weekly times for the reader and others, free in all of so many weeks, or in most.
///
/// # Errors
/// 403 without `meetings:read`; 422 for more weeks or people than are looked at.
#[server(prefix = "/fn", input = Json)]
pub async fn weekly(
    /// Who, how long, how many weeks.
    query: WeeklyQuery,
) -> Result<WeeklyPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.weekly(&actor, &query).await?)
}

/// The reader's meetings of some days, for the month and the agenda.
///
/// # Errors
/// 403 without `meetings:read`.
#[server(prefix = "/fn", input = Json)]
pub async fn agenda(
    /// The first day; today, if absent.
    first: Option<chrono::NaiveDate>,
    /// How many days, 1 to 62.
    days: u16,
) -> Result<AgendaPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.agenda(&actor, first, days).await?)
}

/// Books a meeting. Losing a race is no error: the answer says who is taken and what to take
/// instead.
///
/// # Errors
/// 422 with the fields that are wrong; 403 without `meetings:write`.
#[server(prefix = "/fn", input = Json)]
pub async fn book_meeting(
    /// What is asked for.
    request: CreateMeeting,
    /// The same for every try of one booking.
    key: String,
) -> Result<Booked, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.book_on_page(&actor, &request, &key).await?)
}

/// One meeting with its history.
///
/// # Errors
/// 404 when there is none that the reader takes part in.
#[server(prefix = "/fn")]
pub async fn meeting(
    /// The meeting, as it stands in the address.
    id: String,
) -> Result<MeetingPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.meeting_page(&actor, &id).await?)
}

/// Changes a meeting that is still at `version`.
///
/// # Errors
/// 412 when somebody else has changed it meanwhile; 422 with the fields that are wrong.
#[server(prefix = "/fn", input = Json)]
pub async fn change_meeting(
    /// The meeting.
    id: String,
    /// The version that was seen.
    version: i32,
    /// What changes.
    change: Change,
) -> Result<Booked, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .change_on_page(&actor, &id, version, &change)
        .await?)
}

/// Cancels a meeting, or times of a series.
///
/// # Errors
/// 412 when somebody else has changed it meanwhile.
#[server(prefix = "/fn", input = Json)]
pub async fn cancel_meeting(
    /// The meeting.
    id: String,
    /// The version that was seen.
    version: i32,
    /// Which times.
    scope: Scope,
    /// The original local start of the time that is meant.
    occurrence: Option<chrono::NaiveDateTime>,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .cancel_on_page(&actor, &id, version, scope, occurrence)
        .await?)
}

/// The reader answers an invitation.
///
/// # Errors
/// 404 when the reader is not asked to come; 409 when a yes finds the time taken; 422 for a time that
/// the series has not, or that is over.
#[server(prefix = "/fn")]
pub async fn answer_meeting(
    /// The meeting.
    id: String,
    /// The original local start of the one time of a series that is answered to.
    occurrence: Option<chrono::NaiveDateTime>,
    /// What is answered.
    response: Response,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.answer(&actor, &id, occurrence, response).await?)
}

/// People whose name or address has the words in it; some of them for no words at all.
///
/// # Errors
/// 403 without `meetings:read`.
#[server(prefix = "/fn")]
pub async fn search_people(
    /// What was typed.
    words: String,
) -> Result<Vec<Colleague>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.search_people(&actor, &words).await?)
}

/// Every room, whether it is free now, and what the reader may do.
///
/// # Errors
/// 403 without `meetings:read`.
#[server(prefix = "/fn")]
pub async fn rooms() -> Result<RoomsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.rooms_page(&actor).await?)
}

/// Makes a room, or changes one that is still at `version`.
///
/// # Errors
/// 422 with the fields that are wrong; 412 when somebody else has changed it meanwhile; 403 without
/// `rooms:write`.
#[server(prefix = "/fn", input = Json)]
pub async fn save_room(
    /// The room; a new one, if absent.
    id: Option<String>,
    /// The version that was seen.
    version: i32,
    /// What is said of it.
    form: RoomForm,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .save_room(&actor, id.as_deref(), version, &form)
        .await?)
}

/// Takes a room out of use. Meetings that have it keep it.
///
/// # Errors
/// 403 without `rooms:write`; 412 when somebody else has changed it meanwhile.
#[server(prefix = "/fn")]
pub async fn retire_room(
    /// The room.
    id: String,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.retire_room(&actor, &id, version).await?)
}

/// When the reader works and may be booked.
///
/// # Errors
/// 403 without `meetings:read`.
#[server(prefix = "/fn")]
pub async fn preferences() -> Result<PreferencesPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.preferences_page(&actor).await?)
}

/// Keeps when the reader works and may be booked.
///
/// # Errors
/// 422 with the fields that are wrong; 412 when it was changed elsewhere meanwhile.
#[server(prefix = "/fn", input = Json)]
pub async fn save_preferences(
    /// The version that was seen.
    version: i32,
    /// What is kept.
    preferences: OwnPreferences,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?
        .save_preferences(&actor, version, &preferences)
        .await?)
}

/// How bookings went.
///
/// # Errors
/// 403 without `meetings:read`.
#[server(prefix = "/fn")]
pub async fn booking_figures() -> Result<Figures, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(service()?.booking_figures(&actor).await?)
}

/// What the holder of an invitation's link may see. Open to everybody: the link is the secret.
///
/// # Errors
/// 404 for a link that leads nowhere.
#[server(prefix = "/fn")]
pub async fn invitation(
    /// The secret of the link.
    link: String,
) -> Result<InvitationView, ApiError> {
    Ok(service()?.invitation(&link).await?)
}

#[cfg(feature = "ssr")]
fn service() -> Result<::scheduling::Scheduling, model::Problem> {
    crate::ssr::service()
}
