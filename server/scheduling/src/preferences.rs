//! When a person works and may be booked, as the person says it.

use chrono::NaiveTime;
use model::scheduling::hours::LocalRange;
use model::scheduling::views::{Preferences, PreferencesPage};
use model::zone::Zone;
use model::{Actor, FieldError, Permission, Problem};
use serde_json::Value;

use crate::store::preferences;
use crate::{Error, Scheduling};

/// How many date overrides and journeys one person may keep.
const MOST: usize = 200;

impl Scheduling {
    /// The settings page of the reader.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`; [`Error::NotAPerson`].
    pub async fn preferences_page(&self, actor: &Actor) -> Result<PreferencesPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let person = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut conn = self.deps.db.read().await?;
        let kept = preferences::of_people(&mut conn, &[person.0]).await?;
        let kept = kept.into_iter().next();
        Ok(PreferencesPage {
            version: kept.as_ref().map_or(0, |row| row.version),
            preferences: kept.map(|row| read(row.document)).unwrap_or_default(),
            zone: actor.zone.clone(),
        })
    }

    /// Keeps the reader's settings, if they are still at `version`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each field that is wrong; [`Error::Changed`].
    pub async fn save_preferences(
        &self,
        actor: &Actor,
        version: i32,
        wanted: &Preferences,
    ) -> Result<(), Error> {
        actor.require(Permission::MeetingsRead)?;
        let person = actor.person_id().ok_or(Error::NotAPerson)?;
        check(wanted)?;
        let document = serde_json::to_value(wanted)
            .map_err(|error| Error::Database(sqlx::Error::Encode(Box::new(error))))?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.save_preferences").await?;
        if !preferences::keep(&mut tx, person, &document, version, now).await? {
            return Err(Error::Changed);
        }
        tx.commit().await?;
        Ok(())
    }
}

/// A document as it was kept. One that a later program wrote, or an earlier one, falls back to the
/// defaults rather than making its owner unbookable.
pub(crate) fn read(document: Value) -> Preferences {
    serde_json::from_value(document).unwrap_or_else(|error| {
        tracing::warn!(%error, "settings of a person cannot be read; the defaults hold");
        Preferences::default()
    })
}

/// Checks what a person says.
///
/// # Errors
/// 422 with each field that is wrong.
fn check(wanted: &Preferences) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut object = |field: String, message: &str| {
        errors.push(FieldError {
            field,
            message: message.to_owned(),
        });
    };
    for (index, ranges) in wanted.hours.weekly.0.iter().enumerate() {
        if let Some(message) = objection(ranges) {
            object(format!("hours.weekly[{index}]"), message);
        }
    }
    for (index, day) in wanted.hours.overrides.iter().enumerate() {
        if let Some(message) = objection(&day.ranges) {
            object(format!("hours.overrides[{index}]"), message);
        }
    }
    if wanted.hours.overrides.len() > MOST || wanted.travel.len() > MOST {
        object(
            "hours.overrides[0]".into(),
            "That is more than anybody needs. Remove what is past.",
        );
    }
    for (index, journey) in wanted.travel.iter().enumerate() {
        if journey.last_day < journey.first_day {
            object(
                format!("travel[{index}]"),
                "A journey ends after it begins.",
            );
        } else if Zone::named(&journey.zone).is_err() {
            object(format!("travel[{index}]"), "That is no time zone.");
        }
    }
    if let Some(zone) = &wanted.second_zone
        && Zone::named(zone).is_err()
    {
        object("secondZone".into(), "That is no time zone.");
    }
    let limits = &wanted.constraints;
    let buffers = [
        ("Before", limits.buffer_before_minutes),
        ("After", limits.buffer_after_minutes),
    ];
    for (side, minutes) in buffers {
        if minutes > 240 {
            let message = "Keep at most four hours free around a meeting.";
            object(format!("constraints.buffer{side}Minutes"), message);
        }
    }
    if limits.rest_after_night_minutes > 1_440 {
        let message = "Rest at most a day after a night shift.";
        object("constraints.restAfterNightMinutes".into(), message);
    }
    if limits.notice_minutes > 43_200 {
        object(
            "constraints.noticeMinutes".into(),
            "Ask for at most 30 days of notice.",
        );
    }
    if limits.meetings_per_day == Some(0) {
        object(
            "constraints.meetingsPerDay".into(),
            "Allow at least one meeting a day, or set no limit.",
        );
    }
    if wanted
        .remind_minutes
        .is_some_and(|minutes| minutes > 10_080)
    {
        object(
            "remindMinutes".into(),
            "A reminder comes at most a week before.",
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// What is wrong with the ranges of one day.
fn objection(ranges: &[LocalRange]) -> Option<&'static str> {
    if ranges.len() > 6 {
        return Some("Split a day into at most six parts.");
    }
    let mut sorted: Vec<&LocalRange> = ranges.iter().collect();
    sorted.sort_by_key(|range| range.from);
    let overlap = sorted.windows(2).any(|pair| match pair {
        [first, second] => first.passes_midnight() || second.from < first.to,
        _ => false,
    });
    if overlap {
        return Some("These times overlap.");
    }
    let whole = |range: &&LocalRange| range.from == range.to && range.from != NaiveTime::MIN;
    if sorted.iter().any(whole) {
        return Some("The end must differ from the beginning.");
    }
    None
}
