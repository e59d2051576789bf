//! Stretches of whole minutes, and the clocks that they are read on.

use chrono::{DateTime, FixedOffset, Utc};

use crate::attendance::day::Moment;
use crate::zone::Zone;

/// The minute that a clock shows at an instant, counted from 1970. Its seconds are dropped.
pub(super) fn minute_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// The first instant of a minute.
pub(super) fn instant_of(minute: i64) -> DateTime<Utc> {
    // Minutes are made from instants, so they lie within what an instant can be.
    DateTime::from_timestamp(minute.saturating_mul(60), 0).unwrap_or_default()
}

/// An instant as the clocks of a zone show it.
pub(super) fn seen(zone: &Zone, at: DateTime<Utc>) -> Moment {
    let seconds = zone.offset_seconds(at);
    // JSON has no seconds in an offset; such offsets are all of long ago.
    let whole = FixedOffset::east_opt(seconds).filter(|_| seconds % 60 == 0);
    at.with_timezone(&whole.unwrap_or(FixedOffset::east_opt(0).expect("zero is a legal offset")))
}

/// What the clocks show: `09:05`, and with seconds unless they are none.
pub(super) fn clock(zone: &Zone, at: DateTime<Utc>) -> String {
    let local = at.timestamp() + i64::from(zone.offset_seconds(at));
    let second_of_day = local.rem_euclid(24 * 60 * 60);
    let (minute_of_day, second) = (second_of_day / 60, second_of_day % 60);
    let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

/// What the clocks show at a minute.
pub(super) fn clock_of(zone: &Zone, minute: i64) -> String {
    clock(zone, instant_of(minute))
}

/// Minutes as people say them: `8 h 30 min`.
pub(super) fn spell(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// From one minute to another, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    /// One that would end before it begins has no length.
    pub fn new(from: i64, to: i64) -> Self {
        Self {
            from,
            to: to.max(from),
        }
    }

    pub fn minutes(self) -> i64 {
        self.to - self.from
    }

    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    pub fn middle(self) -> i64 {
        self.from + self.minutes() / 2
    }

    /// What the two have in common, if only no time at all.
    pub fn and(self, other: Self) -> Self {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    pub fn text(self, zone: &Zone) -> String {
        format!("{}–{}", clock_of(zone, self.from), clock_of(zone, self.to))
    }
}

pub(super) fn total(spans: &[Span]) -> i64 {
    spans.iter().map(|span| span.minutes()).sum()
}
