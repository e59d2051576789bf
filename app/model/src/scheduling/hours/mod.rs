//! When a person works, in local time: a week of rules, single dates that differ, and the places
//! where the person is. With the feature `zone` it expands to instants ([`expand`]); everybody
//! else gets the result as data: an [`IntervalSet`](super::interval::IntervalSet) and a
//! [`LocalTime`].

#[cfg(feature = "zone")]
mod expand;
mod local;
#[cfg(feature = "zone")]
mod whereabouts;

#[cfg(test)]
mod local_tests;
#[cfg(all(test, feature = "zone"))]
mod tests;
#[cfg(all(test, feature = "zone"))]
mod zones_tests;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

#[cfg(feature = "zone")]
pub use expand::expand;
pub use local::{LocalSpan, LocalTime};
#[cfg(feature = "zone")]
pub use whereabouts::Whereabouts;

/// From one local time to another. One that ends no later than it begins ends on the next day, so
/// 22:00 to 06:00 is a night and 00:00 to 00:00 a whole day.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRange {
    /// The beginning.
    pub from: NaiveTime,
    /// The end.
    pub to: NaiveTime,
}

impl LocalRange {
    /// From one local time to another.
    pub const fn new(from: NaiveTime, to: NaiveTime) -> Self {
        Self { from, to }
    }

    /// From one full hour to another, of 24. `None` if there is no such hour.
    pub fn hours(from: u32, to: u32) -> Option<Self> {
        let time = |hour: u32| NaiveTime::from_hms_opt(hour, 0, 0);
        Some(Self::new(time(from)?, time(to % 24)?))
    }

    /// Whether it ends on the next day.
    pub fn passes_midnight(&self) -> bool {
        self.to <= self.from
    }
}

/// The ranges of each weekday, Monday first. Several ranges make a split shift. A range that passes
/// midnight belongs to the day on which it begins.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeeklyHours(pub [Vec<LocalRange>; 7]);

impl WeeklyHours {
    /// The same ranges from Monday to Friday.
    pub fn weekdays(ranges: &[LocalRange]) -> Self {
        let mut week = Self::default();
        week.0[..5].fill(ranges.to_vec());
        week
    }

    /// The same ranges every day.
    pub fn every_day(ranges: &[LocalRange]) -> Self {
        let mut week = Self::default();
        week.0.fill(ranges.to_vec());
        week
    }

    /// The ranges of a weekday.
    pub fn of(&self, day: Weekday) -> &[LocalRange] {
        &self.0[day.num_days_from_monday() as usize]
    }
}

/// One date whose ranges replace those of its weekday.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateOverride {
    /// The date, where the person is on it.
    pub date: NaiveDate,
    /// Its ranges; none if the person does not work.
    pub ranges: Vec<LocalRange>,
}

/// When a person works.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// Week by week.
    pub weekly: WeeklyHours,
    /// The dates that differ. If one is named twice, its last word stands.
    #[serde(default)]
    pub overrides: Vec<DateOverride>,
}

impl WorkingHours {
    /// The ranges that begin on a date.
    pub fn on(&self, date: NaiveDate) -> &[LocalRange] {
        let differing = self.overrides.iter().rev().find(|day| day.date == date);
        differing.map_or_else(|| self.weekly.of(date.weekday()), |day| &day.ranges)
    }
}

/// Some days that a person spends in another zone.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Travel {
    /// The first day that counts in the other zone.
    pub first_day: NaiveDate,
    /// The last such day.
    pub last_day: NaiveDate,
    /// The IANA name of the other zone.
    pub zone: String,
}
