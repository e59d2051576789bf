//! Where an instant stands in the week, and which instant a cell of the grid is. Pure.
//!
//! Rows are quarters of an hour as the clocks show them, the same for all seven days. On a day of
//! 23 hours some rows do not exist; in a week with a day of 25 hours the hour that comes twice has
//! its rows twice, and on the other days those rows do not exist.

use std::ops::Range;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::views::DayColumn;
use model::time::Stamp;

/// How many minutes a row has.
pub const QUARTER: u16 = 15;
/// The minutes of a day as its clocks count them.
const DAY: u16 = 24 * 60;

/// A quarter of an hour as the clocks show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Minutes since midnight.
    pub minute: u16,
    /// Whether the clocks show it for the second time on that day.
    pub again: bool,
}

impl Row {
    /// A row that is there once.
    pub const fn once(minute: u16) -> Self {
        Self {
            minute,
            again: false,
        }
    }

    /// `09:15`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

/// A cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Which day of the week that is shown, from 0.
    pub day: usize,
    /// Which quarter of an hour.
    pub row: Row,
}

impl Spot {
    /// The DOM id of its cell.
    pub fn id(self) -> String {
        let again = if self.row.again { "-again" } else { "" };
        format!("cell-{}-{}{again}", self.day, self.row.minute)
    }

    /// The cell with a DOM id.
    pub fn of_id(id: &str) -> Option<Self> {
        let mut parts = id.strip_prefix("cell-")?.split('-');
        let day = parts.next()?.parse().ok()?;
        let minute = parts.next()?.parse().ok()?;
        let again = parts.next().is_some();
        let row = Row { minute, again };
        Some(Self { day, row })
    }
}

/// Where a block stands in the rows that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first row, from 0.
    pub at: usize,
    /// How many rows.
    pub rows: usize,
}

impl Place {
    /// The classes that put it there.
    pub fn classes(self) -> String {
        format!("at-{} for-{}", self.at, self.rows)
    }
}

/// The rows of one week, and which of them are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    all: Vec<Row>,
    shown: Range<usize>,
}

impl Axis {
    /// The rows of some days, of which those from one minute of the day to another are shown.
    pub fn of(days: &[DayColumn], minutes: &Range<u16>) -> Self {
        let mut twice: Vec<Range<u16>> = days.iter().flat_map(shown_twice).collect();
        twice.sort_by_key(|range| (range.end, range.start));
        twice.dedup();
        let mut all = Vec::with_capacity(100);
        for minute in quarters(&(0..DAY)) {
            all.push(Row::once(minute));
            let ended = twice.iter().filter(|range| range.end == minute + QUARTER);
            all.extend(ended.flat_map(quarters).map(|minute| Row {
                minute,
                again: true,
            }));
        }
        let first = all.iter().position(|row| row.minute >= minutes.start);
        let last = all.iter().rposition(|row| row.minute < minutes.end);
        let shown = first.unwrap_or(0)..last.map_or(all.len(), |last| last + 1);
        Self { all, shown }
    }

    /// The rows that are shown.
    pub fn rows(&self) -> &[Row] {
        self.all.get(self.shown.clone()).unwrap_or_default()
    }

    /// The place of a row among those that are shown.
    pub fn index(&self, row: Row) -> Option<usize> {
        self.rows().iter().position(|shown| *shown == row)
    }

    /// Where a stretch of time stands in the column of a day; nowhere, if none of it is shown.
    pub fn place(&self, day: &DayColumn, during: &Interval) -> Option<Place> {
        let part = whole(day).intersection(during)?;
        let position = |at| self.all.iter().position(|row| *row == row_at(day, at));
        let first = position(part.from)?.max(self.shown.start);
        let last = (part.to - TimeDelta::seconds(1)).max(part.from);
        let end = position(last)? + 1;
        let end = end.min(self.shown.end);
        (first < end).then(|| Place {
            at: first - self.shown.start,
            rows: end - first,
        })
    }

    /// The cell in which an instant lies, if it is shown.
    pub fn spot(&self, days: &[DayColumn], at: DateTime<Utc>) -> Option<Spot> {
        let day = days.iter().position(|day| whole(day).contains(at))?;
        let row = row_at(&days[day], at);
        self.index(row).map(|_| Spot { day, row })
    }
}

/// The first minute of each quarter within a range.
fn quarters(minutes: &Range<u16>) -> impl Iterator<Item = u16> + use<> {
    minutes.clone().step_by(usize::from(QUARTER))
}

/// All of a day.
pub fn whole(day: &DayColumn) -> Interval {
    Interval::new(day.from, day.to)
}

/// The offset of the reader's zone at an instant of a day, in minutes east of UTC.
pub fn offset_at(day: &DayColumn, at: DateTime<Utc>) -> i32 {
    let changed = day.changes.iter().rev().find(|(from, _)| *from <= at);
    changed.map_or(day.offset_minutes, |(_, offset)| *offset)
}

/// An instant of a day as the reader's clocks show it.
pub fn stamp(day: &DayColumn, at: DateTime<Utc>) -> Stamp {
    Stamp {
        at,
        offset_minutes: offset_at(day, at),
    }
}

/// The clocks of a day at an instant: minutes since midnight, and whether for the second time.
fn reading(day: &DayColumn, at: DateTime<Utc>) -> (i64, bool) {
    let mut before = day.offset_minutes;
    let mut again = false;
    for (from, after) in day.changes.iter().filter(|(from, _)| *from <= at) {
        let back = i64::from(before - after);
        again = back > 0 && at < *from + TimeDelta::minutes(back);
        before = *after;
    }
    let local = at + TimeDelta::minutes(i64::from(before));
    let since = (local - midnight(day)).num_seconds().div_euclid(60);
    (since, again)
}

fn midnight(day: &DayColumn) -> DateTime<Utc> {
    day.date.and_time(NaiveTime::MIN).and_utc()
}

/// The row in which an instant of a day lies.
pub fn row_at(day: &DayColumn, at: DateTime<Utc>) -> Row {
    let (minute, again) = reading(day, at);
    let last = i64::from(DAY - QUARTER);
    let minute = (minute - minute.rem_euclid(i64::from(QUARTER))).clamp(0, last);
    let minute = u16::try_from(minute).unwrap_or(0);
    Row { minute, again }
}

/// The instant at which the clocks of a day show a time, for the first or for the second time;
/// none, if they skip it.
pub fn instant(day: &DayColumn, minute: u16, again: bool) -> Option<DateTime<Utc>> {
    let changed = day.changes.iter().map(|(_, offset)| *offset);
    let offsets = std::iter::once(day.offset_minutes).chain(changed);
    let local = midnight(day) + TimeDelta::minutes(i64::from(minute));
    offsets
        .map(|offset| local - TimeDelta::minutes(i64::from(offset)))
        .find(|at| whole(day).contains(*at) && reading(day, *at) == (i64::from(minute), again))
}

/// The instant at which a cell begins; none, if there is no such time on that day.
pub fn instant_of(days: &[DayColumn], spot: Spot) -> Option<DateTime<Utc>> {
    instant(days.get(spot.day)?, spot.row.minute, spot.row.again)
}

/// The clock times that a day shows twice.
fn shown_twice(day: &DayColumn) -> Vec<Range<u16>> {
    let mut before = day.offset_minutes;
    let mut twice = Vec::new();
    for (from, after) in &day.changes {
        let (shift, offset) = (before - after, before);
        before = *after;
        let local = *from + TimeDelta::minutes(i64::from(offset));
        let end = (local - midnight(day)).num_minutes();
        let start = end - i64::from(shift);
        if let (true, Ok(start), Ok(end)) = (shift > 0, u16::try_from(start), u16::try_from(end)) {
            twice.push(start..end);
        }
    }
    twice
}

/// In which lane of how many a block stands beside those that it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which lane, from 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
}

impl Lane {
    /// The classes that give it its part of the twelve columns of a day.
    pub fn classes(self) -> String {
        let width = 12 / self.of.clamp(1, 12);
        let start = (self.index * width).min(12 - width);
        format!("lane-{start} wide-{width}")
    }
}

/// The lanes of blocks in the order in which they came. A block of one row is drawn two rows high,
/// so that it can be read and hit.
pub fn lanes(places: &[Place]) -> Vec<Lane> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|at| (places[*at].at, usize::MAX - places[*at].rows));
    let mut lanes = vec![Lane { index: 0, of: 1 }; places.len()];
    let mut group: Vec<usize> = Vec::new();
    // Where each lane of the group ends.
    let mut ends: Vec<usize> = Vec::new();
    for at in order {
        let place = places[at];
        if ends.iter().all(|end| *end <= place.at) {
            close(&mut lanes, &mut group, ends.len());
            ends.clear();
        }
        let free = ends.iter().position(|end| *end <= place.at);
        let index = free.unwrap_or(ends.len());
        let end = place.at + place.rows.max(2);
        match ends.get_mut(index) {
            Some(lane) => *lane = end,
            None => ends.push(end),
        }
        lanes[at].index = index;
        group.push(at);
    }
    close(&mut lanes, &mut group, ends.len());
    lanes
}

/// Tells all blocks of a group how many lanes it has.
fn close(lanes: &mut [Lane], group: &mut Vec<usize>, count: usize) {
    for at in group.drain(..) {
        lanes[at].of = count;
    }
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
