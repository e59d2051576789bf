//! What is known of a person or a room, as it comes from the domains and the calendars.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::hours::LocalTime;
use super::super::interval::{Interval, IntervalSet};
use super::why::Why;

words!(
    /// What an entry of a calendar makes of its time.
    BusyStatus {
        /// Taken.
        Busy = "busy",
        /// Taken, unless it is called off. It blocks as well: whoever asked first, waits first.
        Tentative = "tentative",
        /// Out of office: no meeting, so it asks for no buffer and counts for no limit.
        Oof = "oof",
    }
);

/// A time that is taken.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// From when to when.
    pub during: Interval,
    /// By what kind of entry.
    pub status: BusyStatus,
}

impl Busy {
    /// Whether it is a meeting, so that buffers and limits count.
    pub const fn is_meeting(&self) -> bool {
        !matches!(self.status, BusyStatus::Oof)
    }

    /// The reason that it makes.
    pub const fn why(&self) -> Why {
        Why::Busy {
            status: self.status,
        }
    }
}

words!(
    /// Why somebody is absent. It stays with those who may know; everybody else sees leave or a
    /// holiday.
    AbsenceKind {
        /// Leave of any kind.
        Leave = "leave",
        /// Ill. Others see it as leave.
        Sick = "sick",
        /// A public holiday.
        Holiday = "holiday",
        /// A day that the roster leaves free.
        DayOff = "day_off",
    }
);

/// A time at which somebody is absent.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// From when to when.
    pub during: Interval,
    /// Why.
    pub kind: AbsenceKind,
}

words!(
    /// The kind of a shift.
    DutyKind {
        /// By day.
        Shift = "shift",
        /// By night: a rest follows.
        NightShift = "night_shift",
    }
);

/// A shift that somebody has. It is working time.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// From when to when.
    pub during: Interval,
    /// By day or by night.
    pub kind: DutyKind,
}

words!(
    /// How fresh what was read from a calendar is, the best first.
    Freshness {
        /// As it is there.
        Fresh = "fresh",
        /// Read longer ago than promised; it stands, with its age shown.
        Stale = "stale",
        /// Not to be read. Its last known busy times stand; the rest is not known.
        Unknown = "unknown",
    }
);

/// A calendar from which busy times were read.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// How fresh it is.
    pub freshness: Freshness,
    /// When it was read last; absent if it never was.
    #[serde(default)]
    pub as_of: Option<DateTime<Utc>>,
    /// The time it was read for, if not for all. What lies beyond is not known.
    #[serde(default)]
    pub covers: Option<Interval>,
}

/// What a person wants to have kept.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Constraints {
    /// Minutes free before each meeting.
    pub buffer_before_minutes: u16,
    /// Minutes free after each meeting.
    pub buffer_after_minutes: u16,
    /// How long before its beginning a meeting must be asked for, in minutes.
    pub notice_minutes: u32,
    /// How many meetings may begin on one local day.
    pub meetings_per_day: Option<u16>,
    /// How long nobody asks for anything after a night shift, in minutes.
    pub rest_after_night_minutes: u16,
}

impl Default for Constraints {
    /// Nothing but eleven hours of rest after a night shift (directive 2003/88/EC, article 3).
    fn default() -> Self {
        Self {
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            notice_minutes: 0,
            meetings_per_day: None,
            rest_after_night_minutes: 11 * 60,
        }
    }
}

impl Constraints {
    /// How many minutes lie between two meetings at least. The time after one may also be the time
    /// before the next, so it is the longer of the two.
    pub fn between_minutes(&self) -> u16 {
        self.buffer_before_minutes.max(self.buffer_after_minutes)
    }
}

/// All that is known of a person or a room over a range. Busy times and shifts must be given for a
/// day more on both sides: buffers and rests reach into the range, and the daily limit counts whole
/// local days. A meeting that is being moved is left out by whoever asks.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Working time, expanded; of a room, when it is open.
    pub working: IntervalSet,
    /// What is taken, in any order.
    pub busy: Vec<Busy>,
    /// Leave and holidays.
    pub absences: Vec<Absence>,
    /// Shifts.
    pub duties: Vec<Duty>,
    /// The calendars that were read. None, if all there is to know is in our own database.
    pub sources: Vec<Source>,
    /// What is to be kept.
    pub constraints: Constraints,
    /// The local time, for the days of the daily limit.
    pub local: LocalTime,
}
