//! What a week's work says: its longest rest, and the average over a reference period.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, Weekday};

use super::{Finding, Kind, Limits, Record, spell};
use crate::attendance::overtime::workweek_of;
use crate::scheduling::interval::{Interval, IntervalSet};

/// The first days of all workweeks in which there is work, in order.
fn weeks(week_start: Weekday, record: &Record) -> BTreeSet<NaiveDate> {
    let worked = record.days.iter().filter(|(_, day)| !day.work.is_empty());
    worked
        .map(|(date, _)| workweek_of(*date, week_start))
        .collect()
}

/// From a day's first instant to that of the day `days` later.
fn span(record: &Record, first: NaiveDate, days: u64) -> Option<Interval> {
    let last = first.checked_add_days(Days::new(days.checked_sub(1)?))?;
    let (from, to) = (record.local.hours_of(first), record.local.hours_of(last));
    Some(Interval::new(
        from.iter().next()?.from,
        to.iter().next_back()?.to,
    ))
}

/// Weeks without enough unbroken rest (Directive 2003/88/EC, article 5).
///
/// A rest may reach over the week's edge. It then counts with its whole length in the week that
/// holds more of it, or with its part in a week where that alone is enough. So a week can only be
/// judged when the record reaches beyond both its edges by the rest that is due.
pub(super) fn rests(limits: &Limits, week_start: Weekday, record: &Record) -> Vec<Finding> {
    let Some(due) = limits.weekly_rest_minutes else {
        return Vec::new();
    };
    let work = record.days.values().flat_map(|day| &day.work).copied();
    let rests = work.collect::<IntervalSet>().complement(record.known);
    let judged = weeks(week_start, record).into_iter();
    judged
        .filter_map(|first| {
            let week = span(record, first, 7)?;
            if !record.known.covers(&week.widened(due, due)) {
                return None;
            }
            let longest = rests.iter().map(|rest| counted(rest, &week)).max();
            let longest = longest.unwrap_or(0);
            let short = due - longest;
            (short > 0).then(|| Finding {
                kind: Kind::WeekRest,
                work_date: last_worked(record, first),
                severity: limits.severity(short),
                minutes: short,
                text: format!(
                    "The longest rest in the week from {} is {}, where {} are due.",
                    first.format("%-d %b"),
                    spell(longest),
                    spell(due),
                ),
            })
        })
        .collect()
}

/// How many minutes of a rest count in a week.
fn counted(rest: &Interval, week: &Interval) -> i64 {
    let within = rest.intersection(week);
    let within = within.map_or(0, |part| part.minutes());
    let outside = rest.minutes() - within;
    // Of two equal halves, the earlier decides.
    if within > outside || (within == outside && week.contains(rest.from)) {
        rest.minutes()
    } else {
        within
    }
}

/// The last date of a week on which there was work.
fn last_worked(record: &Record, first: NaiveDate) -> NaiveDate {
    let last = first.checked_add_days(Days::new(6)).unwrap_or(first);
    let mut days = record.days.range(first..=last).rev();
    let worked = days.find(|(_, day)| !day.work.is_empty());
    worked.map_or(last, |(date, _)| *date)
}

/// Weeks at whose end the average of the reference period is too high (article 6). Leave neither
/// raises nor lowers it: its dates shorten the period.
pub(super) fn averages(limits: &Limits, week_start: Weekday, record: &Record) -> Vec<Finding> {
    let Some(limit) = limits.weekly_average_minutes else {
        return Vec::new();
    };
    let days = u64::from(limits.average_weeks.max(1)) * 7;
    let judged = weeks(week_start, record).into_iter();
    judged
        .filter_map(|week| {
            let last = week.checked_add_days(Days::new(6))?;
            let first = last.checked_sub_days(Days::new(days - 1))?;
            if !record.known.covers(&span(record, first, days)?) {
                return None;
            }
            let within = record.days.range(first..=last);
            let neutral = within.clone().filter(|(_, day)| day.neutral).count();
            let counted = within.filter(|(_, day)| !day.neutral);
            let worked: i64 = counted.map(|(_, day)| day.worked_minutes()).sum();
            let days = i64::try_from(days).ok()? - i64::try_from(neutral).ok()?;
            if days <= 0 || worked * 7 <= limit * days {
                return None;
            }
            let average = (worked * 7 + days - 1) / days;
            let over = average - limit;
            Some(Finding {
                kind: Kind::WeeklyAverage,
                work_date: last_worked(record, week),
                severity: limits.severity(over),
                minutes: over,
                text: format!(
                    "{} of work a week on the average of {} weeks, where {} are allowed.",
                    spell(average),
                    limits.average_weeks.max(1),
                    spell(limit),
                ),
            })
        })
        .collect()
}
