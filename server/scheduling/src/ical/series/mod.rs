//! From the events of a file to series, and from a series to its instances.
//!
//! All VEVENTs with one UID are one series: the latest revision of its master, and the exceptions
//! that stand for single instances (RECURRENCE-ID). Instances are counted in the local time of the
//! master and mapped to instants one by one, so nine o'clock stays nine o'clock.

mod instances;
mod key;
mod repetition;
mod span;
mod starts;

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use model::zone::Zone;

use super::limits;
use super::read::{End, Event, Moment};

pub(super) use instances::instances;
pub(super) use repetition::repetition;

/// Which instances are asked for.
#[derive(Clone, Debug)]
pub(super) struct Range {
    /// Instances that end after this.
    pub from: DateTime<Utc>,
    /// Instances that start before this.
    pub to: DateTime<Utc>,
    /// Where floating times and days are read.
    pub zone: Arc<Zone>,
    /// At most so many instances of one series.
    pub per_series: usize,
    /// Whether a series with more instances counts as taking place from the last one to the end of
    /// the range, with a warning; else the rest is just left out.
    pub doubt_is_busy: bool,
    /// How many instances the whole file may still have.
    pub left: Cell<usize>,
}

impl Range {
    /// A range of time, cut to the years a calendar can write.
    pub(super) fn new(
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        zone: Arc<Zone>,
        per_series: usize,
        doubt_is_busy: bool,
    ) -> Self {
        let year = |year| {
            Utc.with_ymd_and_hms(year, 1, 2, 0, 0, 0)
                .single()
                .unwrap_or_default()
        };
        let (first, last) = (year(1), year(9999));
        Self {
            from: from.clamp(first, last),
            to: to.clamp(first, last),
            zone,
            per_series,
            doubt_is_busy,
            left: Cell::new(limits::INSTANCES),
        }
    }
}

/// The events of one UID.
#[derive(Debug, Default)]
pub(super) struct Series<'a> {
    /// The event that repeats. More than one only where a file uses a UID twice in the same
    /// revision; then both count, since doubt is busy.
    pub masters: Vec<&'a Event>,
    /// What stands for single instances.
    pub exceptions: Vec<&'a Event>,
}

/// Where something with this start and end ends.
pub(super) fn end_of(start: &Moment, end: &End, zone: &Arc<Zone>) -> Option<DateTime<Utc>> {
    span::Span::of(start, end, zone).end(start, zone)
}

/// The order of revisions: by SEQUENCE, then by DTSTAMP (RFC 5546, 2.1.5).
fn revision(event: &Event) -> (i64, Option<DateTime<Utc>>) {
    (event.sequence, event.stamp)
}

/// Groups events into series, in the order in which the series first appear. An event without a UID
/// is a series of its own.
pub(super) fn series(events: &[Event]) -> Vec<Series<'_>> {
    let mut all: Vec<Series<'_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for event in events {
        let place = match event.uid.as_deref() {
            Some(uid) => *places.entry(uid).or_insert(all.len()),
            None => all.len(),
        };
        if place == all.len() {
            all.push(Series::default());
        }
        let series = &mut all[place];
        match event.replaces {
            Some(_) => series.exceptions.push(event),
            None => series.masters.push(event),
        }
    }
    for series in &mut all {
        let newest = series.masters.iter().map(|master| revision(master)).max();
        series
            .masters
            .retain(|master| Some(revision(master)) == newest);
    }
    all
}
