//! Choosing a time: what a key means, where the cursor goes, how the slot grows. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::views::DayColumn;

use super::geometry::{Axis, QUARTER, Spot, instant_of};

/// The longest slot that is chosen in the grid, in minutes.
const LONGEST: i64 = 12 * 60;

/// The slot that is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// How long it is.
    pub minutes: i64,
}

impl Choice {
    /// A slot as a choice.
    pub fn of(slot: &Interval) -> Self {
        Self {
            from: slot.from,
            minutes: slot.minutes(),
        }
    }

    /// From when to when.
    pub fn slot(&self) -> Interval {
        Interval::starting(self.from, self.minutes)
    }

    /// Ends at the next quarter of an hour after its end.
    #[must_use]
    pub fn longer(self) -> Self {
        let quarter = i64::from(QUARTER);
        let minutes = (self.minutes / quarter + 1) * quarter;
        Self {
            minutes: minutes.min(LONGEST.max(self.minutes)),
            ..self
        }
    }

    /// Ends at the quarter of an hour before its end. One quarter stays.
    #[must_use]
    pub fn shorter(self) -> Self {
        let quarter = i64::from(QUARTER);
        let minutes = (self.minutes - 1) / quarter * quarter;
        Self {
            minutes: minutes.max(quarter.min(self.minutes)),
            ..self
        }
    }
}

/// Where the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A quarter of an hour earlier.
    Up,
    /// A quarter of an hour later.
    Down,
    /// The day before.
    Left,
    /// The day after.
    Right,
    /// The first day that is shown.
    FirstDay,
    /// The last day that is shown.
    LastDay,
    /// The first row of the day.
    FirstRow,
    /// The last row of the day.
    LastRow,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The cursor goes on, and the slot with it.
    Go(Step),
    /// The slot ends a quarter of an hour later.
    Longer,
    /// The slot ends a quarter of an hour earlier.
    Shorter,
    /// Another week: so many weeks on.
    Week(i64),
    /// Propose the slot: the form of a booking.
    Propose,
    /// Choose nothing.
    Clear,
}

/// What a key in the grid means; nothing for keys that are not the grid's.
pub fn deed(key: &str, shift: bool, control: bool) -> Option<Deed> {
    Some(match (key, shift, control) {
        ("ArrowDown", true, _) => Deed::Longer,
        ("ArrowUp", true, _) => Deed::Shorter,
        ("ArrowDown", ..) => Deed::Go(Step::Down),
        ("ArrowUp", ..) => Deed::Go(Step::Up),
        ("ArrowLeft", ..) => Deed::Go(Step::Left),
        ("ArrowRight", ..) => Deed::Go(Step::Right),
        ("Home", _, true) => Deed::Go(Step::FirstRow),
        ("End", _, true) => Deed::Go(Step::LastRow),
        ("Home", ..) => Deed::Go(Step::FirstDay),
        ("End", ..) => Deed::Go(Step::LastDay),
        ("PageUp", ..) => Deed::Week(-1),
        ("PageDown", ..) => Deed::Week(1),
        ("Enter" | " ", ..) => Deed::Propose,
        ("Escape", ..) => Deed::Clear,
        _ => return None,
    })
}

/// Where a step leads; nowhere at the edge of what is shown. Times that a day does not have are
/// stepped over.
pub fn go(days: &[DayColumn], axis: &Axis, from: Spot, step: Step) -> Option<Spot> {
    let rows = axis.rows();
    let index = axis.index(from.row).unwrap_or(0);
    let exists = |spot: &Spot| instant_of(days, *spot).is_some();
    let in_day = |day: usize| {
        move |index: usize| Spot {
            day,
            row: rows[index],
        }
    };
    // The same time of another day, or the next one that the day has.
    let over_to = |day: usize| {
        let later = (index..rows.len()).map(in_day(day)).find(exists);
        later.or_else(|| (0..index).rev().map(in_day(day)).find(exists))
    };
    let last_day = days.len().checked_sub(1)?;
    match step {
        Step::Up => (0..index).rev().map(in_day(from.day)).find(exists),
        Step::Down => (index + 1..rows.len()).map(in_day(from.day)).find(exists),
        Step::Left => over_to(from.day.checked_sub(1)?),
        Step::Right if from.day < last_day => over_to(from.day + 1),
        Step::Right => None,
        Step::FirstDay => over_to(0),
        Step::LastDay => over_to(last_day),
        Step::FirstRow => (0..rows.len()).map(in_day(from.day)).find(exists),
        Step::LastRow => (0..rows.len()).rev().map(in_day(from.day)).find(exists),
    }
}

/// What is chosen by dragging from one cell over so many rows, down or up, within its day.
pub fn drag(days: &[DayColumn], axis: &Axis, from: Spot, rows: i64) -> Option<Choice> {
    let start = axis.index(from.row)?;
    let step = if rows < 0 { Step::Up } else { Step::Down };
    let mut end = from;
    for _ in 0..rows.unsigned_abs() {
        let Some(next) = go(days, axis, end, step) else {
            break;
        };
        let passed = axis.index(next.row)?.abs_diff(start);
        if u64::try_from(passed).is_ok_and(|passed| passed > rows.unsigned_abs()) {
            break;
        }
        end = next;
    }
    let (one, other) = (instant_of(days, from)?, instant_of(days, end)?);
    let after = one.max(other) + TimeDelta::minutes(i64::from(QUARTER));
    Some(Choice::of(&Interval::new(one.min(other), after)))
}

/// Where the tab stop is before anybody has moved it: in the day that is shown first, at a time from
/// which on a while is free, if the day has one.
pub fn first_spot(days: &[DayColumn], axis: &Axis, day: usize, taken: &[Interval]) -> Spot {
    let rows = axis.rows();
    let spots = rows.iter().map(|row| Spot { day, row: *row });
    let free = |spot: &Spot| {
        instant_of(days, *spot).is_some_and(|at| {
            // Half an hour more on both sides, so that the cell stands free of links.
            let around = Interval::starting(at, 30).widened(30, 30);
            !taken.iter().any(|taken| taken.overlaps(&around))
        })
    };
    let nine = spots.clone().filter(|spot| spot.row.minute >= 9 * 60);
    let found = nine.clone().find(free);
    let found = found.or_else(|| spots.clone().find(free));
    found
        .or_else(|| nine.chain(spots).find(|s| instant_of(days, *s).is_some()))
        .unwrap_or(Spot {
            day,
            row: super::geometry::Row::once(0),
        })
}

#[cfg(test)]
#[path = "choosing_tests.rs"]
mod tests;
