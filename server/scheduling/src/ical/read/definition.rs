//! A zone that a file defines itself: the changes of its VTIMEZONE as a table.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use calcard::icalendar::ICalendarProperty as P;
use model::scheduling::recurrence::{Moment, Notation};

use crate::ical::clock::ago;
use crate::ical::limits;
use crate::ical::series::repetition;
use crate::ical::warning::{Warnings, shown};

use super::components::Component;
use super::lines::value;
use super::property::{Listed, property};

/// How many changes of offset one rule may give: yearly from 1601 to the last year fits.
const CHANGES_PER_RULE: usize = 1_000;

/// The offsets of a zone over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The offset before the first change, in seconds east of UTC.
    first: i32,
    /// Each change with the offset from then on, in order.
    changes: Vec<(DateTime<Utc>, i32)>,
}

impl Definition {
    /// Seconds east of UTC at an instant.
    pub fn offset_at(&self, at: DateTime<Utc>) -> i32 {
        let after = self.changes.partition_point(|(change, _)| *change <= at);
        after
            .checked_sub(1)
            .map_or(self.first, |last| self.changes[last].1)
    }

    /// The instant at which clocks here show a local time: the first of two, and moved forward by
    /// the gap when it is skipped.
    pub fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let near = local.and_utc();
        let before = self.offset_at(near.checked_sub_signed(Duration::days(1))?);
        let after = self.offset_at(near.checked_add_signed(Duration::days(1))?);
        let (first, second) = (ago(near, before)?, ago(near, after)?);
        match (
            self.offset_at(first) == before,
            self.offset_at(second) == after,
        ) {
            (true, true) => Some(first.min(second)),
            (false, true) => Some(second),
            _ => Some(first),
        }
    }
}

/// Reads STANDARD and DAYLIGHT of a VTIMEZONE. `None` when none of them can be read.
pub(super) fn definition(zone: &Component, warnings: &mut Warnings) -> Option<Definition> {
    // Each change with the offsets before and after it.
    let mut all: Vec<(DateTime<Utc>, i32, i32)> = Vec::new();
    for part in &zone.parts {
        if all.len() > limits::CHANGES_PER_ZONE {
            warnings.add(
                part.line,
                format!("More than {} changes.", limits::CHANGES_PER_ZONE),
            );
            break;
        }
        match observance(part) {
            Ok(mut changes) => all.append(&mut changes),
            Err(reason) => warnings.add(part.line, format!("{} is left out: {reason}", part.name)),
        }
    }
    all.sort_unstable();
    let first = all.first().map(|(_, before, _)| *before)?;
    let changes = all.into_iter().map(|(at, _, after)| (at, after)).collect();
    Some(Definition { first, changes })
}

fn observance(part: &Component) -> Result<Vec<(DateTime<Utc>, i32, i32)>, String> {
    let (mut start, mut from, mut to) = (None, None, None);
    let (mut rules, mut onsets) = (Vec::new(), Vec::new());
    for (line, content) in &part.lines {
        let Some(property) = property(*line, content) else {
            continue;
        };
        match property.name() {
            P::Dtstart => start = property.time().map(|time| time.local),
            P::Tzoffsetfrom => from = property.offset_seconds(),
            P::Tzoffsetto => to = property.offset_seconds(),
            P::Rrule => rules.extend(value(content)),
            P::Rdate => onsets.extend(property.listed().filter_map(|listed| match listed {
                Listed::Time(time) => Some(time.local),
                _ => None,
            })),
            _ => {}
        }
    }
    let start: NaiveDateTime = start.ok_or("it has no DTSTART")?;
    let to = to.ok_or("it has no TZOFFSETTO")?;
    let from = from.unwrap_or(to);
    onsets.push(start);
    for rule in rules {
        let end = NaiveDate::from_ymd_opt(2200, 1, 1)
            .unwrap_or_default()
            .and_time(NaiveTime::MIN);
        let local = |until: DateTime<Utc>| {
            until
                .naive_utc()
                .checked_add_signed(Duration::seconds(i64::from(from)))
        };
        let counted = Moment {
            local: start,
            notation: Notation::Floating,
        };
        let found = repetition(rule, &counted, (start, end), CHANGES_PER_RULE, &local)
            .map_err(|reason| format!("RRULE {}: {reason}", shown(rule)))?;
        onsets.extend(found.starts);
    }
    onsets.sort_unstable();
    onsets.dedup();
    Ok(onsets
        .into_iter()
        .take(CHANGES_PER_RULE)
        .filter_map(|onset| Some((ago(onset.and_utc(), from)?, from, to)))
        .collect())
}
