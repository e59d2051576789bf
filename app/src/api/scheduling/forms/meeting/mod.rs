//! The forms of a meeting: to change it, and to cancel it.

#[cfg(feature = "ssr")]
mod change;
#[cfg(feature = "ssr")]
mod people;
#[cfg(all(test, feature = "ssr"))]
mod tests;

use leptos::prelude::*;
use model::scheduling::meeting::{ChangeMeeting, Scope};
use model::scheduling::views::{ConflictLine, SuggestedTime};
use model::{MeetingId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form of a meeting sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MeetingForm {
    /// The meeting.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// The original local start of the time of a series that was shown; empty for the first.
    pub occurrence: String,
    /// Which times of a series: `this`, `following`, `all`.
    pub scope: String,
    /// What it is about.
    pub title: String,
    /// Where, in words.
    pub place: String,
    /// More about it.
    pub description: String,
    /// The day, in the reader's zone, as `2026-11-26`.
    pub date: String,
    /// When it begins, as `09:00`.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// On which day it ends; empty for the same.
    pub last_date: String,
    /// Who must come: addresses, parted by commas or lines.
    pub needed: String,
    /// Who may come.
    pub optional: String,
    /// Which rooms, by id.
    pub rooms: Vec<String>,
    /// One of the times that were offered instead, as `from/to`; it goes before date and times.
    pub take: String,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The meeting that has the changed times: a new one, where a series was split.
    pub id: MeetingId,
    /// What takes it back, where that is safe.
    pub undo: Option<Undo>,
}

/// What takes a change back, as long as nothing else has happened since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The meeting.
    pub id: MeetingId,
    /// The version after the change.
    pub version: i32,
    /// What was there before.
    pub change: ChangeMeeting,
}

/// Who is taken at the time that was asked for, and what to take instead. It travels in the members
/// of a problem, so that a page without scripts shows it as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Taken {
    /// Who or what is taken, and when.
    pub conflicts: Vec<ConflictLine>,
    /// What to take instead, the best first.
    pub alternatives: Vec<SuggestedTime>,
}

impl Taken {
    /// What a problem says of a lost race, if it is one.
    pub fn of(problem: &Problem) -> Option<Self> {
        if problem.code != "slot_taken" {
            return None;
        }
        let members = serde_json::Value::Object(problem.members.clone());
        Some(serde_json::from_value(members).unwrap_or_default())
    }

    #[cfg(feature = "ssr")]
    fn into_problem(self) -> Problem {
        let who = match self.conflicts.as_slice() {
            [] => "Somebody is".to_owned(),
            [one] => format!("{} is", one.name),
            [one, rest @ ..] => format!("{} and {} more are", one.name, rest.len()),
        };
        let detail = format!("{who} taken at that time. Nothing was changed.");
        let problem = Problem::new(409, "slot_taken", detail);
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(members)) => problem.with_members(members),
            _ => problem,
        }
    }
}

/// Changes what differs from what is there.
///
/// # Errors
/// As [`change_meeting`](super::super::change_meeting); 409 with [`Taken`] in its members when
/// somebody was faster.
#[server(prefix = "/fn")]
pub async fn edit_meeting(
    /// What was typed.
    form: MeetingForm,
) -> Result<Edited, ApiError> {
    use super::super::{change_meeting, meeting};
    use model::scheduling::views::Booked;

    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::MeetingsWrite)?;
    let reader = crate::ssr::zone_of(&actor);
    let page = meeting(form.id.clone()).await?;
    let here = page.meeting.id;
    let Some(change) = change::change_of(&page, &form, &reader)? else {
        super::lead_on(&crate::paths::meeting(here));
        return Ok(Edited {
            id: here,
            undo: None,
        });
    };
    let undo = change::undo_of(&page.meeting, &change, form.version);
    let asked = change_meeting(form.id.clone(), form.version, change).await;
    match asked.map_err(|ApiError(problem)| ApiError(people::for_form(problem, &form)))? {
        Booked::Done { id } => {
            super::lead_on(&crate::paths::meeting(id));
            Ok(Edited { id, undo })
        }
        Booked::Taken {
            conflicts,
            alternatives,
        } => {
            let taken = Taken {
                conflicts,
                alternatives,
            };
            Err(taken.into_problem().into())
        }
    }
}

/// Cancels a meeting, or times of a series.
///
/// # Errors
/// As [`cancel_meeting`](super::super::cancel_meeting).
#[server(prefix = "/fn")]
pub async fn call_off(
    /// The meeting.
    id: String,
    /// The version that was seen.
    version: i32,
    /// Which times.
    scope: Scope,
    /// The original local start of the time that is meant; empty for all.
    occurrence: String,
) -> Result<(), ApiError> {
    crate::ssr::actor()?.require(model::Permission::MeetingsWrite)?;
    let occurrence = match scope {
        Scope::All => None,
        Scope::This | Scope::Following => Some(change::original(&occurrence)?),
    };
    super::super::cancel_meeting(id, version, scope, occurrence).await
}
