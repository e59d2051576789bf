//! The form in which a person says when to be booked.

#[cfg(feature = "ssr")]
mod reading;
#[cfg(all(test, feature = "ssr"))]
mod tests;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

#[cfg(feature = "ssr")]
pub(super) use reading::time_of;

/// What the form of working hours sends. Fields that come together have one entry a row each; a row
/// that is empty counts for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoursForm {
    /// The version that was seen.
    pub version: i32,
    /// The weekday of each range, `0` for Monday.
    pub day: Vec<String>,
    /// When each range begins, as `09:00`.
    pub from: Vec<String>,
    /// When each range ends.
    pub to: Vec<String>,
    /// The dates that differ, as `2026-11-26`. A date may stand in several rows.
    pub date: Vec<String>,
    /// The beginning of a date's first range; no range at all means a day off.
    pub date_from: Vec<String>,
    /// Its end.
    pub date_to: Vec<String>,
    /// The beginning of a date's second range.
    pub date_from_more: Vec<String>,
    /// Its end.
    pub date_to_more: Vec<String>,
    /// The first day of each journey.
    pub trip_first: Vec<String>,
    /// The last day of each journey.
    pub trip_last: Vec<String>,
    /// Where to: the name of a zone.
    pub trip_zone: Vec<String>,
    /// A second zone beside one's own; empty for none.
    pub second_zone: String,
    /// Minutes free before a meeting.
    pub before: String,
    /// Minutes free after a meeting.
    pub after: String,
    /// How long before its beginning a meeting must be asked for, in minutes.
    pub notice: String,
    /// How many meetings a day; empty for any number.
    pub limit: String,
    /// Rest after a night shift, in minutes.
    pub rest: String,
    /// How many minutes before a meeting the reminder comes; empty for none.
    pub remind: String,
}

/// Keeps when the reader works and may be booked.
///
/// # Errors
/// As [`save_preferences`](super::super::save_preferences).
#[server(prefix = "/fn")]
pub async fn keep_hours(
    /// What was typed.
    form: HoursForm,
) -> Result<(), ApiError> {
    crate::ssr::actor()?.require(model::Permission::MeetingsRead)?;
    let preferences = reading::preferences_of(&form)?;
    super::super::save_preferences(form.version, preferences).await
}
