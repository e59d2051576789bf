//! What days say together: overtime (R14) and the rest between two days (R15).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::explain::line;
use super::input::Input;
use super::span::spell;
use crate::attendance::compliance::{WorkDay, short_rests};
use crate::attendance::day::{Day, Derived, Flag, Moment, Rule, SegmentKind, Status};
use crate::attendance::overtime::{self, DayMinutes};
use crate::scheduling::interval::Interval;

/// Adds to days what only their neighbours tell.
pub(super) fn finish(input: &Input, days: &mut [Day]) {
    overtime(input, days);
    rest(input, days);
}

fn overtime(input: &Input, days: &mut [Day]) {
    let rule = input.policy.overtime;
    if rule == overtime::Rule::None {
        return;
    }
    let minutes: Vec<DayMinutes> = days
        .iter()
        .map(|day| DayMinutes {
            date: day.work_date,
            minutes: day.counted_minutes,
        })
        .collect();
    let week_start = input.policy.workweek_start.weekday();
    let split = overtime::split(rule, week_start, &minutes);
    for (day, buckets) in days.iter_mut().zip(split) {
        day.overtime = buckets
            .into_iter()
            .filter(|bucket| bucket.multiplier.is_overtime())
            .collect();
        for bucket in &day.overtime {
            let text = format!(
                "{} are paid at {} times the rate.",
                spell(bucket.minutes),
                bucket.multiplier,
            );
            day.explanation
                .push(line(Rule::Overtime, bucket.minutes, text));
        }
    }
}

/// Too little rest since the day before. What is not known is not held against anybody: the end of
/// the one and the beginning of the other must have been punched.
fn rest(input: &Input, days: &mut [Day]) {
    let Some(due) = input.policy.limits().daily_rest_minutes else {
        return;
    };
    let moment = |at: Moment| Interval::new(at.to_utc(), at.to_utc());
    for number in 1..days.len() {
        let (before, from_here) = days.split_at_mut(number);
        let (Some(one), Some(next)) = (before.last(), from_here.first_mut()) else {
            continue;
        };
        let (Some(left), Some(came)) = (known_end(one), known_start(next)) else {
            continue;
        };
        let two = [
            (one.work_date, moment(left)),
            (next.work_date, moment(came)),
        ];
        for short in short_rests(two, due) {
            next.flags.push(Flag::ShortRest);
            let text = format!(
                "Only {} of rest since {}, {} less than the {} that are due.",
                spell(short.rest.minutes().max(0)),
                left.format("%H:%M"),
                spell(short.short_minutes),
                spell(due),
            );
            next.explanation
                .push(line(Rule::Compliance, short.short_minutes, text));
        }
    }
}

fn known_end(day: &Day) -> Option<Moment> {
    let is_known = !day.has(Flag::MissingOut) && day.status.status != Status::Pending;
    day.last_out.filter(|_| is_known)
}

fn known_start(day: &Day) -> Option<Moment> {
    day.first_in.filter(|_| !day.has(Flag::MissingIn))
}

/// What each derived day says to the law: the work as it was, and what was deducted from it.
pub fn work_days(derived: &Derived) -> BTreeMap<NaiveDate, WorkDay> {
    let days = derived.days.iter().map(|day| {
        let work = day.segments.iter();
        let work = work.filter(|segment| segment.kind != SegmentKind::Break);
        let work = work.map(|piece| Interval::new(piece.from.to_utc(), piece.to.to_utc()));
        let work = WorkDay {
            work: work.collect(),
            deducted_minutes: day.break_deducted_minutes,
            meal_waived: false,
            neutral: day.status.status == Status::OnLeave,
        };
        (day.work_date, work)
    });
    days.collect()
}

#[cfg(test)]
#[path = "week_tests.rs"]
mod tests;
