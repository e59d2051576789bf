//! Swaps of shifts: how far a request is, what both work afterwards, and what that does to their rest.
//!
//! On two dates each takes over what the other works: whoever gives away is free, whoever takes works it
//! beside their own. On one date the two exchange what they have; with somebody who is off, that is a
//! gift. [`swapped`] says so for whole days, as [`rotation`](super::rotation) does for single shifts.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::compliance::ShortRest;
use super::shift::short_rest_marks;
use crate::scheduling::interval::Interval;

words!(
    /// How far a request to swap is.
    SwapState {
        /// The colleague has to answer.
        Asked = "asked",
        /// The colleague agrees, and somebody has to decide.
        Agreed = "agreed",
        /// The colleague does not want to.
        Declined = "declined",
        /// Done: the roster says so.
        Approved = "approved",
        /// Not allowed.
        Refused = "refused",
        /// Taken back by who asked.
        Withdrawn = "withdrawn",
    }
);

impl SwapState {
    /// Every legal move, from and to. Whoever has agreed may think better of it until it is decided.
    pub const MOVES: &'static [(Self, Self)] = &[
        (Self::Asked, Self::Agreed),
        (Self::Asked, Self::Declined),
        (Self::Asked, Self::Withdrawn),
        (Self::Agreed, Self::Declined),
        (Self::Agreed, Self::Withdrawn),
        (Self::Agreed, Self::Approved),
        (Self::Agreed, Self::Refused),
    ];

    /// Whether a request may go from here to there.
    pub fn may_become(self, to: Self) -> bool {
        Self::MOVES.contains(&(self, to))
    }

    /// Whether somebody has yet to say something.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Agreed)
    }
}

/// What the two work on one date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapDay<T> {
    /// The date.
    pub date: NaiveDate,
    /// What the one who asks works.
    pub asker: Vec<T>,
    /// What the colleague works.
    pub other: Vec<T>,
}

/// The dates of a swap: the day that is given away, and the one that is taken for it.
pub fn dates(from_day: NaiveDate, to_day: NaiveDate) -> Vec<NaiveDate> {
    match from_day == to_day {
        true => vec![from_day],
        false => vec![from_day, to_day],
    }
}

/// What both work after the swap. The days come as [`dates`] has them: the first is the asker's to
/// give, a second the colleague's.
pub fn swapped<T: Clone>(days: &[SwapDay<T>]) -> Vec<SwapDay<T>> {
    let both = |own: &[T], taken: &[T]| [own, taken].concat();
    match days {
        [given, taken] => vec![
            SwapDay {
                date: given.date,
                asker: Vec::new(),
                other: both(&given.other, &given.asker),
            },
            SwapDay {
                date: taken.date,
                asker: both(&taken.asker, &taken.other),
                other: Vec::new(),
            },
        ],
        days => days
            .iter()
            .map(|day| SwapDay {
                date: day.date,
                asker: day.other.clone(),
                other: day.asker.clone(),
            })
            .collect(),
    }
}

/// A shift of somebody: on which date of the roster, and when.
pub type Placed = (NaiveDate, Interval);

/// The dates on which a shift begins before another has ended. Shifts come in any order.
pub fn overlaps(shifts: &[Placed]) -> Vec<NaiveDate> {
    let mut sorted = shifts.to_vec();
    sorted.sort_by_key(|(date, shift)| (shift.from, *date));
    let mut found = Vec::new();
    let mut ended = None;
    for (date, shift) in sorted {
        if ended.is_some_and(|ended| shift.from < ended) {
            found.push(date);
        }
        ended = ended.max(Some(shift.to));
    }
    found
}

/// Where a change of plans leaves less rest than is due, and less than there was before.
pub fn new_short_rests(before: &[Placed], after: &[Placed], due_minutes: i64) -> Vec<ShortRest> {
    let known: BTreeMap<NaiveDate, i64> = short_rest_marks(before, due_minutes)
        .into_iter()
        .map(|mark| (mark.work_date, mark.short_minutes))
        .collect();
    let mut marks = short_rest_marks(after, due_minutes);
    marks.retain(|mark| {
        let known = known.get(&mark.work_date).copied().unwrap_or(0);
        known < mark.short_minutes
    });
    marks
}

/// The first day of the week of a date.
pub fn week_of(date: NaiveDate, week_start: Weekday) -> NaiveDate {
    let since = date.weekday().days_since(week_start);
    date.checked_sub_days(Days::new(u64::from(since)))
        .unwrap_or(date)
}

/// Weeks that become longer than a limit, by their first days, with what they come to. What is planned
/// comes as dates and minutes of work.
pub fn weeks_over(
    before: &[(NaiveDate, i64)],
    after: &[(NaiveDate, i64)],
    week_start: Weekday,
    most_minutes: i64,
) -> Vec<(NaiveDate, i64)> {
    let sums = |days: &[(NaiveDate, i64)]| {
        let mut sums: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for (date, minutes) in days {
            *sums.entry(week_of(*date, week_start)).or_default() += minutes;
        }
        sums
    };
    let before = sums(before);
    sums(after)
        .into_iter()
        .filter(|(week, minutes)| {
            let known = before.get(week).copied().unwrap_or(0);
            *minutes > most_minutes && *minutes > known
        })
        .collect()
}

#[cfg(test)]
#[path = "swap_tests.rs"]
mod tests;
