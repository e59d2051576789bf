//! The VTIMEZONE of a zone: its changes in a range of time, from the database.
//!
//! Changes that come on the same weekday of the same month at the same time year after year are
//! written as one rule. A rule that still holds in the last year of the range is left without an
//! end, since many readers treat the end of the last rule as the end of daylight saving.

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Utc};
use model::zone::{Transition, Zone};

use super::line::{Lines, bare};

/// One change of offset as a rule sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    month: u32,
    /// From the start of the month, or -1 for the last.
    nth: i32,
    weekday: &'static str,
    time: chrono::NaiveTime,
    before: i32,
    after: i32,
}

/// Changes of one pattern in consecutive years.
#[derive(Debug)]
struct Era {
    pattern: Pattern,
    /// The local time of the first change, by the clock before it.
    first: NaiveDateTime,
    last: NaiveDateTime,
}

/// Writes the definition of a zone that is right from `from` to `to`.
pub(super) fn timezone(lines: &mut Lines, zone: &Zone, from: DateTime<Utc>, to: DateTime<Utc>) {
    lines.add("BEGIN:VTIMEZONE");
    lines.add(&format!("TZID:{}", bare(zone.name())));
    let changes = zone.transitions(from, to);
    // What holds at the start of the range, so that no time in it comes before the first part.
    let base = zone.offset_seconds(from);
    let standard = changes
        .iter()
        .map(|change| change.after_seconds)
        .fold(base, i32::min);
    let start = zone.local_of(from);
    part(lines, base > standard, start, (base, base), None);
    for era in eras(&changes) {
        let open = era.last.year() >= zone.local_of(to).year() - 1;
        let until =
            (era.last - Duration::seconds(i64::from(era.pattern.before))).format("%Y%m%dT%H%M%SZ");
        let rule = match (era.first == era.last, open) {
            (true, _) => None,
            (false, true) => Some(era.pattern.rule()),
            (false, false) => Some(format!("{};UNTIL={until}", era.pattern.rule())),
        };
        let offsets = (era.pattern.before, era.pattern.after);
        part(
            lines,
            era.pattern.after > standard,
            era.first,
            offsets,
            rule,
        );
    }
    lines.add("END:VTIMEZONE");
}

fn part(
    lines: &mut Lines,
    daylight: bool,
    start: NaiveDateTime,
    (before, after): (i32, i32),
    rule: Option<String>,
) {
    let name = if daylight { "DAYLIGHT" } else { "STANDARD" };
    lines.add(&format!("BEGIN:{name}"));
    lines.add(&format!("DTSTART:{}", start.format("%Y%m%dT%H%M%S")));
    lines.add(&format!("TZOFFSETFROM:{}", offset(before)));
    lines.add(&format!("TZOFFSETTO:{}", offset(after)));
    if let Some(rule) = rule {
        lines.add(&format!("RRULE:{rule}"));
    }
    lines.add(&format!("END:{name}"));
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let seconds = if rest == 0 {
        String::new()
    } else {
        format!("{rest:02}")
    };
    format!("{sign}{:02}{:02}{seconds}", minutes / 60, minutes % 60)
}

/// Groups changes into eras. Two groups can be open at once: in and out of daylight saving.
fn eras(changes: &[Transition]) -> Vec<Era> {
    let mut all: Vec<Era> = Vec::new();
    for change in changes {
        let local = (change.at + Duration::seconds(i64::from(change.before_seconds))).naive_utc();
        let pattern = Pattern::of(local, change);
        let goes_on =
            |era: &&mut Era| era.pattern == pattern && era.last.year() + 1 == local.year();
        match all.iter_mut().rev().take(4).find(goes_on) {
            Some(era) => era.last = local,
            None => all.push(Era {
                pattern,
                first: local,
                last: local,
            }),
        }
    }
    all
}

impl Pattern {
    fn of(local: NaiveDateTime, change: &Transition) -> Self {
        let day = local.day();
        let in_last_week = (local + Duration::days(7)).month() != local.month();
        let nth = if in_last_week {
            -1
        } else {
            (day as i32 - 1) / 7 + 1
        };
        let weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
            [local.weekday().num_days_from_monday() as usize];
        Self {
            month: local.month(),
            nth,
            weekday,
            time: local.time(),
            before: change.before_seconds,
            after: change.after_seconds,
        }
    }

    fn rule(&self) -> String {
        format!(
            "FREQ=YEARLY;BYMONTH={};BYDAY={}{}",
            self.month, self.nth, self.weekday
        )
    }
}
