//! What somebody asks for: what it costs over a roster, whether it can be, and how it becomes
//! entries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Entry, EntryKind, LeaveType};
use crate::attendance::compliance::spell;
use crate::attendance::rotation::DateRange;
use crate::problem::FieldError;

/// Nobody asks for more than a leap year at once.
const MAX_DAYS: i64 = 366;

words!(
    /// Which part of a day.
    Part {
        /// All of it.
        Full = "full",
        /// The first half of the shift.
        Am = "am",
        /// The second half.
        Pm = "pm",
    }
);

impl Part {
    /// Whether two parts of one day have time in common.
    pub fn overlaps(self, other: Self) -> bool {
        self == other || self == Self::Full || other == Self::Full
    }
}

/// A request for leave. In one of several days, the first may begin with its second half, and the
/// last may end with its first.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaveRequest {
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub until: NaiveDate,
    /// Which part of the first date.
    pub first_part: Part,
    /// Which part of the last date; of a single date, the same.
    pub last_part: Part,
}

impl LeaveRequest {
    /// Which part of a date is asked for.
    pub fn part_on(&self, date: NaiveDate) -> Option<Part> {
        if !self.range().contains(date) {
            None
        } else if date == self.from {
            Some(self.first_part)
        } else if date == self.until {
            Some(self.last_part)
        } else {
            Some(Part::Full)
        }
    }

    fn range(&self) -> DateRange {
        DateRange::new(self.from, self.until)
    }

    /// Whether two requests are for the same time.
    pub fn overlaps(&self, other: &Self) -> bool {
        let both = DateRange::new(self.from.max(other.from), self.until.min(other.until));
        let mut parts = both
            .dates()
            .filter_map(|date| self.part_on(date).zip(other.part_on(date)));
        parts.any(|(a, b)| a.overlaps(b))
    }
}

/// What a date of the roster asks of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlannedDay {
    /// Work in each half, in minutes; both are 0 on a day off.
    pub half_minutes: [i64; 2],
    /// Which part of it is a public holiday.
    pub holiday: Option<Part>,
}

/// One date of leave and what it costs.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveDay {
    /// The date.
    pub date: NaiveDate,
    /// Which part of it.
    pub part: Part,
    /// The work that falls away, in minutes.
    pub minutes: i64,
}

/// What a request costs over a roster. A day off costs nothing, nor does a holiday, and neither is
/// in the list; a date that the roster does not have is a day off.
pub fn cost(request: &LeaveRequest, roster: &BTreeMap<NaiveDate, PlannedDay>) -> Vec<LeaveDay> {
    let planned = roster.iter();
    planned
        .filter_map(|(date, day)| {
            let part = request.part_on(*date)?;
            let halves = [Part::Am, Part::Pm].into_iter().zip(day.half_minutes);
            let free = |half: Part| day.holiday.is_some_and(|holiday| holiday.overlaps(half));
            let asked = halves.filter(|(half, _)| part.overlaps(*half) && !free(*half));
            let minutes = asked.map(|(_, minutes)| minutes.max(0)).sum();
            let date = *date;
            (minutes > 0).then_some(LeaveDay {
                date,
                part,
                minutes,
            })
        })
        .collect()
}

fn error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

/// What is wrong with a request, given the person's others that are pending or approved.
pub fn request_errors(request: &LeaveRequest, others: &[LeaveRequest]) -> Vec<FieldError> {
    let days = (request.until - request.from).num_days() + 1;
    if days < 1 {
        return vec![error("until", "The last day is before the first.")];
    }
    if days > MAX_DAYS {
        return vec![error("until", "Ask for at most a year at once.")];
    }
    let mut errors = Vec::new();
    if days == 1 {
        if request.first_part != request.last_part {
            errors.push(error("lastPart", "A single day has one part only."));
        }
    } else {
        if request.first_part == Part::Am {
            let message = "Leave of several days begins in the morning or at midday.";
            errors.push(error("firstPart", message));
        }
        if request.last_part == Part::Pm {
            let message = "Leave of several days ends at midday or in the evening.";
            errors.push(error("lastPart", message));
        }
    }
    if let Some(other) = others.iter().find(|other| request.overlaps(other)) {
        let day = |date: NaiveDate| date.format("%-d %b %Y");
        let when = if other.from == other.until {
            format!("on {}", day(other.from))
        } else {
            format!("from {} to {}", day(other.from), day(other.until))
        };
        errors.push(error("from", format!("There is leave {when} already.")));
    }
    errors
}

/// What is wrong with the cost of a request, given what is [`available`](super::available).
pub fn balance_errors(
    leave: &LeaveType,
    days: &[LeaveDay],
    available_minutes: i64,
) -> Vec<FieldError> {
    let asked: i64 = days.iter().map(|day| day.minutes).sum();
    if asked == 0 {
        let message = "There is no work on these days that leave could free you from.";
        return vec![error("from", message)];
    }
    let short = leave
        .overdraft_minutes
        .map(|overdraft| asked - (available_minutes + overdraft));
    let short = short.filter(|short| *short > 0);
    let message = short.map(|short| {
        format!(
            "This needs {} of {}, and {} are left: {} too few.",
            spell(asked),
            leave.name,
            spell(available_minutes),
            spell(short),
        )
    });
    message
        .map(|message| error("until", message))
        .into_iter()
        .collect()
}

/// The entries of a request that was approved. `request` is its id.
pub fn take(leave: &LeaveType, request: &str, days: &[LeaveDay]) -> Vec<Entry> {
    let entry = |day: &LeaveDay| Entry {
        leave_type: leave.code.clone(),
        effective_on: day.date,
        minutes: -day.minutes,
        kind: EntryKind::Taken,
        source_key: format!("{}:taken:{request}:{}", leave.code, day.date),
    };
    days.iter().map(entry).collect()
}

/// The entry that gives a taken day back, because the leave was cancelled or the day was worked.
pub fn give_back(taken: &Entry) -> Entry {
    Entry {
        minutes: -taken.minutes,
        kind: EntryKind::Returned,
        source_key: format!("{}:returned", taken.source_key),
        ..taken.clone()
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
