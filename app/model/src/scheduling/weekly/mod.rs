//! A time that suits every week: the same weekday at the same time on one place's clocks, free in
//! all of so many weeks, or in as many as can be had, with those that fail named.
//!
//! The zone says when a weekly time takes place (`occurrences`, `series`, with the feature `zone`);
//! [`find`] weighs what it gets and needs no zone.

#[cfg(feature = "zone")]
mod series;
mod weigh;
mod words;

#[cfg(all(test, feature = "zone"))]
mod tests;

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::hours::LocalTime;
use super::interval::Interval;
use super::suggest::{Missing, RoomNeed};
use crate::ids::RoomId;

#[cfg(feature = "zone")]
pub use series::{Weeks, occurrences, series};
pub use weigh::find;

/// A weekly time with the instants at which it takes place, one for each week, in order.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The weekday.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub weekday: Weekday,
    /// The time on the clocks of the place that it follows.
    pub at: NaiveTime,
    /// When it takes place, week by week.
    pub occurrences: Vec<Interval>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct WeeklyWish {
    /// How many must be able to come each week, the required ones among them.
    pub quorum: usize,
    /// The room it needs, the same each week, if it needs one.
    pub room: Option<RoomNeed>,
    /// How many suggestions at most.
    pub limit: usize,
    /// How many of them on one weekday.
    pub per_weekday: usize,
    /// How far apart they begin at least on one weekday, in minutes; they never overlap.
    pub apart_minutes: i64,
    /// Whose days count for the words.
    pub reader: LocalTime,
}

impl Default for WeeklyWish {
    fn default() -> Self {
        Self {
            quorum: 0,
            room: None,
            limit: 5,
            per_weekday: 2,
            apart_minutes: 60,
            reader: LocalTime::default(),
        }
    }
}

/// A week in which a weekly time does not work.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailingWeek {
    /// When it would take place.
    pub slot: Interval,
    /// Who cannot come, and why.
    pub missing: Vec<Missing>,
    /// Whether the room is taken, though the people could come.
    pub room_taken: bool,
}

/// A weekly time that suits.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklySlot {
    /// The weekday, the time, and all of its occurrences.
    pub series: Series,
    /// The weeks in which it does not work. None, if it works in all.
    pub failing: Vec<FailingWeek>,
    /// How well it suits, from 0 to 100.
    pub score: u8,
    /// Why, in plain words, the weightiest first.
    pub reasons: Vec<String>,
    /// The room it would have.
    pub room: Option<RoomId>,
}
