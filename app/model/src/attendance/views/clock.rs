//! The clock on *Today*, and who is in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::day::{Day, Direction, Presence};
use super::Named;
use crate::time::Stamp;

/// What the clock shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockCard {
    /// In, out or in a break.
    pub state: Presence,
    /// Since when.
    pub since: Option<Stamp>,
    /// The present instant.
    pub now: Stamp,
    /// The day that the present belongs to: last night's shift runs into the morning.
    pub work_date: NaiveDate,
    /// That day as it stands.
    pub day: Option<Day>,
    /// The shifts of that day.
    pub shifts: Vec<ShiftTime>,
    /// Why it is no ordinary day: the holiday's name, or `Leave`.
    pub off: Option<String>,
    /// Days behind that lack a punch and wait to be put right, newest first.
    pub incomplete: Vec<NaiveDate>,
}

/// A shift as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftTime {
    /// The name of its template; empty for one that was typed in.
    pub name: String,
    /// When it begins.
    pub from: Stamp,
    /// When it ends.
    pub to: Stamp,
}

/// A press on the clock's button. The server's time counts; only a press without a network brings a
/// time of its own, as an age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// The same for every try to deliver this press.
    pub key: String,
    /// In or out, break out or break in.
    pub direction: Direction,
    /// How many seconds ago it was, by a clock that only counts; nothing for one that is delivered
    /// at once.
    #[serde(default)]
    pub age_seconds: Option<u32>,
}

words!(
    /// Where somebody is, as coarse as colleagues may know.
    Whereabouts {
        /// At work.
        In = "in",
        /// In a break.
        Break = "break",
        /// Not at work.
        Out = "out",
        /// On leave or ill: nobody is told which.
        Away = "away",
    }
);

/// Somebody on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPresence {
    /// Who.
    pub person: Named,
    /// Where.
    pub state: Whereabouts,
    /// Since when, for those who may see times.
    pub since: Option<Stamp>,
}

/// A team on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPresence {
    /// Its name; empty for those who are in none.
    pub team: String,
    /// Its people, by name.
    pub people: Vec<PersonPresence>,
}

/// Who is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresencePage {
    /// The teams that the reader may see.
    pub teams: Vec<TeamPresence>,
    /// The present instant.
    pub now: Stamp,
    /// Whether times are shown.
    pub with_times: bool,
}
