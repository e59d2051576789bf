//! The clock that a time was written by: a zone of the database, a zone that the file defines
//! itself, a fixed offset, or none at all (floating).

use std::sync::Arc;

use chrono::{DateTime, Duration, FixedOffset, NaiveDateTime, Offset, Utc};
use model::zone::Zone;

use super::read::Definition;

/// What local times are relative to.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Read wherever one is: in the zone that the reader of the file chose.
    Floating,
    /// Always the same offset from UTC.
    Fixed(FixedOffset),
    /// A zone of the IANA database.
    Zone(Arc<Zone>),
    /// A zone that only this file knows, from its VTIMEZONE.
    Defined(Arc<Definition>),
}

impl Clock {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self::Fixed(Utc.fix())
    }

    /// Whether this is UTC as a `Z` gives it.
    pub(super) fn is_utc(&self) -> bool {
        matches!(self, Self::Fixed(offset) if offset.local_minus_utc() == 0)
    }

    /// Whether both are one clock, so that times by them may be compared as they are written.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Floating, Self::Floating) => true,
            (Self::Fixed(one), Self::Fixed(two)) => one == two,
            (Self::Zone(one), Self::Zone(two)) => one == two,
            (Self::Defined(one), Self::Defined(two)) => one == two,
            _ => false,
        }
    }

    /// This clock, or the given zone's where the file leaves it open.
    pub(super) fn or(&self, zone: &Arc<Zone>) -> Self {
        match self {
            Self::Floating => Self::Zone(Arc::clone(zone)),
            settled => settled.clone(),
        }
    }

    /// Seconds east of UTC at an instant; a floating clock stands at UTC.
    pub fn offset_at(&self, at: DateTime<Utc>) -> i32 {
        match self {
            Self::Floating => 0,
            Self::Fixed(offset) => offset.local_minus_utc(),
            Self::Zone(zone) => zone.offset_seconds(at),
            Self::Defined(definition) => definition.offset_at(at),
        }
    }

    /// What this clock shows at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let offset = Duration::seconds(i64::from(self.offset_at(at)));
        at.naive_utc()
            .checked_add_signed(offset)
            .unwrap_or_default()
    }

    /// The instant at which this clock shows a local time. A time that comes twice is the first
    /// one; a time that is skipped moves forward by the gap (RFC 5545, 3.3.5). `None` at the ends
    /// of the calendar.
    pub fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Floating => Some(local.and_utc()),
            Self::Fixed(offset) => ago(local.and_utc(), offset.local_minus_utc()),
            Self::Zone(zone) => zone.instant_of(local),
            Self::Defined(definition) => definition.instant(local),
        }
    }
}

/// The instant so many seconds before another.
pub(super) fn ago(at: DateTime<Utc>, seconds: i32) -> Option<DateTime<Utc>> {
    at.checked_sub_signed(Duration::seconds(i64::from(seconds)))
}
