//! Working hours as instants.

use chrono::{Days, NaiveDate};

use super::super::interval::{Interval, IntervalSet};
use super::{LocalRange, Whereabouts, WorkingHours};
use crate::zone::Zone;

/// When a person works within a range. Each date counts in the zone in which it is spent. What the
/// clocks skip is no working time; an edge that they show twice is meant the first time.
pub fn expand(hours: &WorkingHours, places: &Whereabouts, range: Interval) -> IntervalSet {
    // Zones differ by up to 26 hours, and a range may have begun on the day before.
    let first = range.from.date_naive().checked_sub_days(Days::new(3));
    let last = range.to.date_naive().checked_add_days(Days::new(2));
    let (Some(first), Some(last)) = (first, last) else {
        return IntervalSet::empty();
    };
    let days = first.iter_days().take_while(|day| *day <= last);
    let pieces = days.flat_map(|day| {
        let zone = places.zone_on(day);
        let ranges = hours.on(day).iter();
        ranges.filter_map(move |range| instants(zone, day, *range))
    });
    pieces.collect::<IntervalSet>().clipped(range)
}

/// A local range that begins on a date, as instants.
fn instants(zone: &Zone, day: NaiveDate, range: LocalRange) -> Option<Interval> {
    let last = if range.passes_midnight() {
        day.checked_add_days(Days::new(1))?
    } else {
        day
    };
    Some(Interval::new(
        zone.first_reading(day.and_time(range.from))?,
        zone.first_reading(last.and_time(range.to))?,
    ))
}
