//! Overtime and early arrivals that somebody has to approve.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Named;
use crate::attendance::overtime::Bucket;
use crate::ids::PersonId;
use crate::time::Stamp;

/// Coming so much earlier than the shift is no matter of approval, in minutes.
pub const EARLY_MINUTES: i64 = 15;

/// A day with overtime that is not approved, or with work before the start that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvertimeDay {
    /// Whose.
    pub employee: Named,
    /// The date.
    pub work_date: NaiveDate,
    /// What counts, in minutes.
    pub counted_minutes: i64,
    /// Its overtime, lowest multiplier first.
    pub overtime: Vec<Bucket>,
    /// How much that is.
    pub overtime_minutes: i64,
    /// Work before the start that does not count, if it is enough to be decided about.
    pub early_minutes: i64,
    /// Why, in the words of the rules.
    pub why: Vec<String>,
    /// What a decision must name: 0 where there was none yet.
    pub version: i32,
}

/// What is decided about one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvertimeChoice {
    /// Whose.
    pub employee: PersonId,
    /// Which date.
    pub work_date: NaiveDate,
    /// The version that was seen.
    pub version: i32,
    /// Whether work before the start counts.
    pub early: bool,
    /// How much overtime is approved, in minutes.
    pub minutes: i64,
    /// How much there was to decide about: work before the start.
    pub seen_early: i64,
    /// And overtime.
    pub seen_overtime: i64,
}

/// What was decided about a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvertimeDecision {
    /// Whether work before the start counts.
    pub early: bool,
    /// How much overtime is approved, in minutes.
    pub minutes: i64,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// What they said.
    pub note: String,
    /// What taking it back must name.
    pub version: i32,
    /// Whether the reader may take it back.
    pub may_undo: bool,
}
