//! Figures for charts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a week comes to in one team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamWeek {
    /// Its Monday.
    pub week: NaiveDate,
    /// The team; empty for those who are in none.
    pub team: String,
    /// On how many days of all people work was expected.
    pub days: i64,
    /// On how many somebody came late.
    pub late_days: i64,
    /// How late in all, in minutes.
    pub late_minutes: i64,
    /// On how many somebody was absent, for certain.
    pub absent_days: i64,
    /// Overtime in all, in minutes.
    pub overtime_minutes: i64,
}

/// How many people were at work in one hour of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceHour {
    /// The weekday: 1 is Monday, 7 is Sunday.
    pub weekday: i32,
    /// The hour, 0 to 23, in the local time of the shift.
    pub hour: i32,
    /// How many at half past, added up over all dates: divided by [`AttendanceFigures::weekdays`],
    /// the usual number.
    pub people: i64,
}

/// Figures of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceFigures {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How many exceptions are open, of whatever day.
    pub open_exceptions: i64,
    /// Weeks in order, and in each the teams by name.
    pub weeks: Vec<TeamWeek>,
    /// From which day on presence was counted.
    pub hours_from: NaiveDate,
    /// How many Mondays, Tuesdays and so on there were since.
    pub weekdays: [i64; 7],
    /// Presence by weekday and hour; hours in which nobody was at work are left out.
    pub hours: Vec<PresenceHour>,
}
