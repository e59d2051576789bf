//! How long an event lasts, and so where an instance of it ends.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use model::zone::Zone;

use crate::ical::Clock;
use crate::ical::read::{End, Length, Moment};

/// The length of an event in the terms in which its instances keep it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    /// By the clock on the wall: nine to five is nine to five on every day.
    Wall(Duration),
    /// By the stopwatch.
    Exact(Duration),
    /// Days by the calendar and the rest by the stopwatch.
    Length(Length),
}

impl Span {
    /// The length of an event with this start and end.
    pub(super) fn of(start: &Moment, end: &End, zone: &Arc<Zone>) -> Self {
        match end {
            End::After(length) => Self::Length(*length),
            End::Default => Self::Length(Length {
                days: i64::from(start.date_only),
                seconds: 0,
            }),
            End::At(end) if start.clock.same(&end.clock) => Self::Wall(end.local - start.local),
            End::At(end) => match (start.instant(zone), end.instant(zone)) {
                (Some(from), Some(to)) => Self::Exact(to - from),
                _ => Self::Exact(Duration::zero()),
            },
        }
    }

    /// Where an instance that starts at a moment ends; never before it starts.
    pub(super) fn end(self, start: &Moment, zone: &Arc<Zone>) -> Option<DateTime<Utc>> {
        let clock = start.clock.or(zone);
        let from = clock.instant(start.local)?;
        let to = match self {
            Self::Exact(duration) => from.checked_add_signed(duration)?,
            Self::Wall(duration) => {
                let wall = clock.instant(start.local.checked_add_signed(duration)?)?;
                // Where the clocks change in between, a short meeting could end before it starts.
                if wall > from {
                    wall
                } else {
                    from.checked_add_signed(duration)?
                }
            }
            Self::Length(length) => {
                let days = Duration::try_days(length.days)?;
                let seconds = Duration::try_seconds(length.seconds)?;
                let day = match length.days {
                    0 => from,
                    _ => clock.instant(start.local.checked_add_signed(days)?)?,
                };
                day.checked_add_signed(seconds)?
            }
        };
        Some(to.max(from))
    }

    /// An upper bound of the length, for how far before a range an instance may start.
    pub(super) fn at_most(self) -> Duration {
        let length = match self {
            Self::Wall(duration) | Self::Exact(duration) => duration,
            Self::Length(length) => Duration::try_days(length.days)
                .zip(Duration::try_seconds(length.seconds))
                .and_then(|(days, seconds)| days.checked_add(&seconds))
                .unwrap_or(Duration::MAX),
        };
        length.max(Duration::zero())
    }
}

/// The clock by which the end of an event is written.
pub(super) fn end_clock(start: &Moment, end: &End, zone: &Arc<Zone>) -> Clock {
    match end {
        End::At(end) => end.clock.or(zone),
        _ => start.clock.or(zone),
    }
}
