//! When the owner of a calendar is busy.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::scheduling::interval::{Interval, IntervalSet};
use model::zone::Zone;
use serde::{Deserialize, Serialize};

use super::read::{self, Calendar, End, Event, Moment, Showing};
use super::series::{Range, instances, series};
use super::{Error, limits};

pub use model::scheduling::availability::BusyStatus;

/// One stretch of time that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyTime {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
    /// What kind of taken.
    pub status: BusyStatus,
}

/// The busy times of a file, and what in it could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// Merged per status and sorted.
    pub busy: Vec<BusyTime>,
    /// Sentences for a person, each beginning with its line.
    pub warnings: Vec<String>,
}

/// The busy times of iCalendar text between two instants. Floating times and whole days are read in
/// `zone`. Transparent, cancelled and declined events are not busy, and neither are tasks.
///
/// # Errors
/// [`Error`] when the file as a whole cannot be read, or the range is empty.
pub fn busy(
    text: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zone: &Zone,
) -> Result<Busy, Error> {
    busy_of(read::calendar(text)?, from, to, zone)
}

/// The busy times of a calendar that has been read.
///
/// # Errors
/// [`Error::EmptyRange`] and [`Error::TooManyInstances`].
pub fn busy_of(
    calendar: Calendar,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zone: &Zone,
) -> Result<Busy, Error> {
    if to <= from {
        return Err(Error::EmptyRange);
    }
    let window = Interval::new(from, to);
    let zone = Arc::new(zone.clone());
    let per_series = limits::INSTANCES_PER_SERIES;
    let range = Range::new(from, to, zone, per_series, true);
    let mut warnings = calendar.warnings.clone();
    let mut taken = Taken::default();
    // An event can have many guests and many instances, so it is asked once.
    let mut known: HashMap<u32, Showing> = HashMap::new();
    for series in series(&calendar.events) {
        for instance in instances(&series, &range, &mut warnings) {
            let showing = *known
                .entry(instance.event.number)
                .or_insert_with(|| instance.event.marks.showing(calendar.owner.as_deref()));
            taken.add(showing, Interval::new(instance.start, instance.end));
        }
        if range.is_spent() {
            let first = series.masters.first().or(series.exceptions.first());
            let line = first.map_or(1, |event: &&Event| event.line);
            return Err(Error::TooManyInstances { line });
        }
    }
    for period in &calendar.periods {
        if let Some((start, end)) = ends(&period.start, &period.end, &range.zone) {
            taken.add(period.showing, Interval::new(start, end));
        }
    }
    Ok(Busy {
        busy: taken.merged(window),
        warnings: warnings.sentences(),
    })
}

fn ends(start: &Moment, end: &End, zone: &Arc<Zone>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    Some((
        start.instant(zone)?,
        super::series::end_of(start, end, zone)?,
    ))
}

/// Taken time by status.
#[derive(Default)]
struct Taken {
    busy: Vec<Interval>,
    tentative: Vec<Interval>,
    oof: Vec<Interval>,
}

impl Taken {
    fn add(&mut self, showing: Showing, during: Interval) {
        match showing {
            Showing::Free => {}
            Showing::Busy => self.busy.push(during),
            Showing::Tentative => self.tentative.push(during),
            Showing::OutOfOffice => self.oof.push(during),
        }
    }

    fn merged(self, window: Interval) -> Vec<BusyTime> {
        let all = [
            (self.busy, BusyStatus::Busy),
            (self.tentative, BusyStatus::Tentative),
            (self.oof, BusyStatus::Oof),
        ];
        let mut merged: Vec<BusyTime> = Vec::new();
        for (intervals, status) in all {
            let set = IntervalSet::from(intervals).clipped(window);
            merged.extend(set.iter().map(|i| BusyTime {
                from: i.from,
                to: i.to,
                status,
            }));
        }
        merged.sort_by_key(|time| (time.from, time.to, time.status));
        merged
    }
}
