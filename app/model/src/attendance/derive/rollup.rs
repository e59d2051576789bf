//! Shifts become days: sums, segments with their calendar dates, and one status.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::input::Input;
use super::outcome::Outcome;
use super::span::{Span, instant_of, minute_of, seen};
use super::split;
use super::status::{self, Free};
use crate::attendance::day::{Day, Explanation, Flag, Instance, Presence, Segment, SegmentKind};
use crate::attendance::policy::WorkDateRule;

/// All days, by date.
pub(super) fn days(input: &Input, outcomes: Vec<Outcome<'_>>) -> Vec<Day> {
    let mut by_date: BTreeMap<NaiveDate, Vec<Outcome<'_>>> = BTreeMap::new();
    for date in &input.days_off {
        by_date.entry(*date).or_default();
    }
    for outcome in outcomes {
        if input.policy.work_date == WorkDateRule::Split && outcome.shift.is_some() {
            for part in split::at_midnight(&input.policy, outcome) {
                by_date.entry(part.date).or_default().push(part);
            }
        } else {
            by_date.entry(outcome.date).or_default().push(outcome);
        }
    }
    let holidays: BTreeSet<NaiveDate> = input
        .holidays
        .iter()
        .filter(|holiday| holiday.half.is_none())
        .map(|holiday| holiday.date)
        .collect();
    by_date
        .into_iter()
        .map(|(date, parts)| day(input, &holidays, date, parts))
        .collect()
}

fn day(
    input: &Input,
    holidays: &BTreeSet<NaiveDate>,
    date: NaiveDate,
    mut parts: Vec<Outcome<'_>>,
) -> Day {
    let free = if holidays.contains(&date) {
        Free::Holiday
    } else if input.days_off.contains(&date) {
        Free::DayOff
    } else {
        Free::Unsaid
    };
    let sum = |of: fn(&Outcome<'_>) -> i64| parts.iter().map(of).sum::<i64>();
    let (counted, expected) = (sum(|part| part.counted), sum(|part| part.expected));
    let unscheduled = parts.iter().filter(|part| part.shift.is_none());
    let unscheduled_minutes = unscheduled.map(|part| part.counted).sum();
    let status = status::of_day(&input.policy, &parts, free);
    let segments = segments(holidays, &parts);
    let of_holidays = segments
        .iter()
        .filter(|s| s.kind == SegmentKind::HolidayWork);
    let holiday_minutes: i64 = of_holidays.map(Segment::minutes).sum();
    let mut flags: Vec<Flag> = parts.iter().flat_map(|part| part.flags.clone()).collect();
    flags.sort_unstable();
    flags.dedup();
    let firsts = parts.iter().filter_map(|p| Some(seen(p.zone, p.first_in?)));
    let lasts = parts.iter().filter_map(|p| Some(seen(p.zone, p.last_out?)));
    let (first_in, last_out) = (firsts.min(), lasts.max());
    let day = Day {
        work_date: date,
        status,
        counted_minutes: counted,
        actual_minutes: sum(|part| part.actual),
        expected_minutes: expected,
        balance_minutes: counted - expected,
        late_minutes: sum(|part| part.late),
        early_minutes: sum(|part| part.early),
        break_recorded_minutes: sum(|part| super::span::total(&part.breaks)),
        break_deducted_minutes: sum(|part| part.deducted),
        unscheduled_minutes,
        holiday_minutes,
        overtime: Vec::new(),
        unapproved_overtime_minutes: 0,
        uncounted_early_minutes: sum(|part| part.clipped),
        flags,
        presence: presence(&parts),
        first_in,
        last_out,
        instances: parts.iter().filter_map(instance).collect(),
        segments,
        explanation: Vec::new(),
    };
    Day {
        explanation: explanation(&mut parts, &day),
        ..day
    }
}

/// What the last thing was that somebody did.
fn presence(parts: &[Outcome<'_>]) -> Option<Presence> {
    let at_work = parts.iter().filter_map(|part| part.presence);
    at_work.min_by_key(|presence| match presence {
        Presence::In => 0,
        Presence::Break => 1,
        Presence::Out => 2,
    })
}

fn instance(part: &Outcome<'_>) -> Option<Instance> {
    let (start, end) = part.shift?;
    let zone = part.zone;
    let mut flags = part.flags.clone();
    flags.sort_unstable();
    flags.dedup();
    Some(Instance {
        start: seen(zone, start),
        end: seen(zone, end),
        status: part.status,
        counted_minutes: part.counted,
        actual_minutes: part.actual,
        expected_minutes: part.expected,
        late_minutes: part.late,
        early_minutes: part.early,
        first_in: part.first_in.map(|at| seen(zone, at)),
        last_out: part.last_out.map(|at| seen(zone, at)),
        flags,
    })
}

fn segments(holidays: &BTreeSet<NaiveDate>, parts: &[Outcome<'_>]) -> Vec<Segment> {
    let mut segments = Vec::new();
    for part in parts {
        let work = part.work.iter().map(|span| (*span, SegmentKind::Work));
        let breaks = part.breaks.iter().map(|span| (*span, SegmentKind::Break));
        for (span, kind) in work.chain(breaks).filter(|(span, _)| !span.is_empty()) {
            for (date, piece) in split::by_date(part.zone, span) {
                let is_holiday = holidays.contains(&date) && kind == SegmentKind::Work;
                let [from, to] = [piece.from, piece.to].map(|m| seen(part.zone, instant_of(m)));
                segments.push(Segment {
                    from,
                    to,
                    kind: if is_holiday {
                        SegmentKind::HolidayWork
                    } else {
                        kind
                    },
                    date,
                });
            }
        }
    }
    segments.sort_by_key(|segment| (segment.from, segment.to));
    segments
}

/// The explanations of all parts. Where a day has several, each says of which it is.
fn explanation(parts: &mut [Outcome<'_>], day: &Day) -> Vec<Explanation> {
    let is_one = parts.len() == 1;
    let mut lines = Vec::new();
    for part in parts {
        let name = match part.shift {
            _ if is_one => String::new(),
            Some((start, end)) => {
                let span = Span::new(minute_of(start), minute_of(end));
                format!("{}: ", span.text(part.zone))
            }
            None => "Without a shift: ".to_owned(),
        };
        for mut line in part.explanation.drain(..) {
            if !name.is_empty() {
                line.text.insert_str(0, &name);
            }
            lines.push(line);
        }
    }
    if day.holiday_minutes > 0 {
        let text = format!(
            "{} of it was work on a public holiday.",
            super::span::spell(day.holiday_minutes),
        );
        lines.push(super::explain::line(
            crate::attendance::day::Rule::Count,
            0,
            text,
        ));
    }
    lines
}
