//! When a weekly time takes place.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};

use super::super::interval::Interval;
use super::Series;
use crate::zone::Zone;

/// The weeks that are looked at, and how long the meeting takes.
#[derive(Clone, Copy, Debug)]
pub struct Weeks {
    /// The first day on which it may take place.
    pub first_day: NaiveDate,
    /// How many weeks.
    pub count: u16,
    /// How long it takes.
    pub minutes: i64,
}

/// When a weekly time takes place. Its wall-clock time stays when the clocks change; in a week that
/// skips it, it moves forward by what is skipped.
pub fn occurrences(zone: &Zone, weekday: Weekday, at: NaiveTime, weeks: Weeks) -> Vec<Interval> {
    let to_weekday = weekday.days_since(weeks.first_day.weekday());
    let slots = (0..u64::from(weeks.count)).map_while(|week| {
        let days = Days::new(week * 7 + u64::from(to_weekday));
        let day = weeks.first_day.checked_add_days(days)?;
        let from = zone.instant_of(day.and_time(at))?;
        Some(Interval::starting(from, weeks.minutes))
    });
    slots.collect()
}

/// Every weekly time from Monday to Sunday that begins on a mark of so many minutes.
pub fn series(zone: &Zone, step_minutes: u16, weeks: Weeks) -> Vec<Series> {
    let step = usize::from(step_minutes.max(1));
    let mut all = Vec::new();
    let mut weekday = Weekday::Mon;
    for _ in 0..7 {
        for minute in (0..24 * 60).step_by(step) {
            let (at, _) = NaiveTime::MIN.overflowing_add_signed(TimeDelta::minutes(minute));
            all.push(Series {
                weekday,
                at,
                occurrences: occurrences(zone, weekday, at, weeks),
            });
        }
        weekday = weekday.succ();
    }
    all
}
