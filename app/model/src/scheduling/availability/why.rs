//! Why a time is out: one word for programs, one plain sentence for people.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::hours::LocalTime;
use super::known::BusyStatus;

/// Why somebody cannot come.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "reason",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Why {
    /// On leave; of which kind stays with those who may know.
    Leave,
    /// A public holiday.
    Holiday,
    /// A day that the roster leaves free.
    DayOff,
    /// Something else is in the calendar.
    Busy {
        /// What it makes of its time.
        status: BusyStatus,
    },
    /// Rest after a night shift.
    RestAfterNightShift {
        /// When it ends.
        until: DateTime<Utc>,
    },
    /// Not at work.
    OutsideWorkingHours,
    /// Too close to another meeting.
    Buffer {
        /// How many minutes are kept free.
        minutes: u16,
    },
    /// The day is full.
    DailyLimit {
        /// How many meetings a day holds.
        limit: u16,
        /// Which day, where the person is.
        day: NaiveDate,
    },
    /// Too soon.
    Notice {
        /// The first moment that would do.
        earliest: DateTime<Utc>,
    },
    /// A calendar could not be read, or not for that time.
    UnknownSource {
        /// When it was read last; absent if it never was, or does not reach so far.
        as_of: Option<DateTime<Utc>>,
    },
}

impl Why {
    /// Its place among others: what no rearranging helps against comes first.
    pub const fn weight(&self) -> u8 {
        match self {
            Self::Leave => 0,
            Self::Holiday => 1,
            Self::DayOff => 2,
            Self::Busy { .. } => 3,
            Self::RestAfterNightShift { .. } => 4,
            Self::OutsideWorkingHours => 5,
            Self::Buffer { .. } => 6,
            Self::DailyLimit { .. } => 7,
            Self::Notice { .. } => 8,
            Self::UnknownSource { .. } => 8,
        }
    }

    /// One sentence, in the local time of whoever reads it: “Tom is on another meeting.”
    pub fn sentence(&self, name: &str, reader: &LocalTime) -> String {
        format!("{}.", self.clause(name, reader))
    }

    /// The sentence without its full stop, to stand within another.
    pub(in super::super) fn clause(&self, name: &str, reader: &LocalTime) -> String {
        match self {
            Self::Leave => format!("{name} is on leave"),
            Self::Holiday => format!("{name} has a public holiday"),
            Self::DayOff => format!("{name} has a day off"),
            Self::Busy { status } => match status {
                BusyStatus::Busy => format!("{name} is on another meeting"),
                BusyStatus::Tentative => format!("{name} may be on another meeting"),
                BusyStatus::Oof => format!("{name} is out of office"),
            },
            Self::RestAfterNightShift { until } => format!(
                "{name} rests after a night shift until {}",
                reader.stamp(*until).clock()
            ),
            Self::OutsideWorkingHours => format!("{name} is not at work then"),
            Self::Buffer { minutes } => {
                format!("{name} keeps {minutes} minutes free between meetings")
            }
            Self::DailyLimit { limit, day } => format!(
                "{name} has {limit} {} on {} already",
                if *limit == 1 { "meeting" } else { "meetings" },
                day.format("%-d %b")
            ),
            Self::Notice { earliest } => format!(
                "{name} wants to be asked earlier; {} would do",
                reader.stamp(*earliest).date_time()
            ),
            Self::UnknownSource { as_of: Some(as_of) } => format!(
                "{name}’s calendar could not be read since {}",
                reader.stamp(*as_of).date_time()
            ),
            Self::UnknownSource { as_of: None } => {
                format!("{name}’s calendar is not known for that time")
            }
        }
    }
}
