//! A month of days, and one day that explains itself.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::day::{Day, DayStatus, Direction, Disposition, Flag};
use super::correction::CorrectionView;
use super::leave::LeaveBalance;
use super::overtime::OvertimeDecision;
use super::{Named, ShiftTime};
use crate::ids::{PersonId, PunchId};
use crate::time::Stamp;

/// A day over REST: `GET /attendance/days`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    /// Whose.
    pub employee: PersonId,
    /// The day itself.
    #[serde(flatten)]
    pub day: Day,
    /// Goes up whenever the day has become another.
    pub version: i32,
    /// Whether its period is locked.
    pub locked: bool,
    /// When it was derived.
    pub derived_at: DateTime<Utc>,
}

/// One cell of the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDay {
    /// The date.
    pub date: NaiveDate,
    /// Whether it is of the month, and not beside it in the same week.
    pub in_month: bool,
    /// Whether it is today.
    pub today: bool,
    /// What it is; nothing for days to come and for days off.
    pub status: Option<DayStatus>,
    /// What counts, in minutes.
    pub counted_minutes: i64,
    /// What was expected; of days to come, what the roster says.
    pub expected_minutes: i64,
    /// Counted less expected.
    pub balance_minutes: i64,
    /// How late, in minutes.
    pub late_minutes: i64,
    /// What is to be known of it.
    pub flags: Vec<Flag>,
    /// The holiday's name.
    pub holiday: Option<String>,
    /// The name of the leave.
    pub leave: Option<String>,
    /// Its shifts as text, such as `09:00–18:00`.
    pub shifts: Vec<String>,
    /// Whether its period is locked.
    pub locked: bool,
    /// Whether a request to put it right is open.
    pub requested: bool,
}

/// What a month adds up to, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTotals {
    /// What counts.
    pub counted: i64,
    /// What was expected of the days that are over.
    pub expected: i64,
    /// Counted less expected.
    pub balance: i64,
    /// Overtime.
    pub overtime: i64,
    /// What of it nobody has approved.
    pub unapproved: i64,
    /// On how many days somebody came late.
    pub late_days: i64,
    /// On how many days a punch is missing.
    pub incomplete_days: i64,
}

/// The month of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthPage {
    /// Whose.
    pub employee: Named,
    /// Whether it is the reader's own.
    pub own: bool,
    /// The first of the month.
    pub month: NaiveDate,
    /// Whole weeks, Monday first.
    pub days: Vec<MonthDay>,
    /// The sums.
    pub totals: MonthTotals,
    /// What is left of each kind of leave.
    pub leave: Vec<LeaveBalance>,
    /// Whether the reader keeps the ledger of their leave.
    pub keeps_leave: bool,
    /// The zone in which times are read.
    pub zone: String,
}

/// A punch on the page of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchLine {
    /// Its id.
    pub id: PunchId,
    /// The time that counts, in the employee's zone.
    pub at: Stamp,
    /// The same on the clock that was punched, where that is another zone.
    pub elsewhere: Option<String>,
    /// What it says of its direction.
    pub direction: Direction,
    /// Where it comes from, in words: `Web`, `Front door`, `Entered by hand`.
    pub source: String,
    /// What became of it.
    pub disposition: Disposition,
    /// What is to be known of it.
    pub flags: Vec<Flag>,
    /// How it came, where that is to be known, in words.
    pub notes: Vec<String>,
    /// What was decided about it, in words, oldest first.
    pub decisions: Vec<String>,
    /// Whether it was taken out by a decision.
    pub void: bool,
}

/// The page of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPage {
    /// Whose.
    pub employee: Named,
    /// Whether it is the reader's own.
    pub own: bool,
    /// The date.
    pub date: NaiveDate,
    /// The day; nothing if there is nothing to say of it.
    pub day: Option<Day>,
    /// Its version, 0 if there is no day.
    pub version: i32,
    /// The shifts that it was measured against.
    pub shifts: Vec<ShiftTime>,
    /// The holiday's name.
    pub holiday: Option<String>,
    /// The name of the leave, for those who may see it.
    pub leave: Option<String>,
    /// Its punches, by time; also those that do not count.
    pub punches: Vec<PunchLine>,
    /// Requests to put it right, newest first.
    pub corrections: Vec<CorrectionView>,
    /// What it was before: version, when, and what changed, newest first.
    pub history: Vec<DayChange>,
    /// Whether its period is locked.
    pub locked: bool,
    /// What it has come to since the lock, in minutes, and how far that is.
    pub adjustment: Option<(i64, String)>,
    /// What was decided about its overtime.
    pub overtime: Option<OvertimeDecision>,
    /// Whether the reader may ask for it to be put right.
    pub may_request: bool,
    /// Whether the reader may put it right unasked.
    pub may_correct: bool,
    /// Whether the reader decides what this person asks for.
    pub decides: bool,
    /// The zone in which times are read.
    pub zone: String,
}

/// One earlier version of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayChange {
    /// The version that came of it.
    pub version: i32,
    /// When.
    pub at: Stamp,
    /// What changed, in words: `Counted 0 → 490, incomplete → present`.
    pub text: String,
}
