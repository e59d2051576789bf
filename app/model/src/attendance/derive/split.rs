//! Stretches over midnight: calendar dates for premiums, and a shift that counts on two dates
//! (rule R7, where the policy says so).

use chrono::NaiveDate;

use super::explain::line;
use super::outcome::Outcome;
use super::span::{Span, instant_of, minute_of, spell, total};
use super::status::by_share;
use crate::attendance::day::{Rule, Status};
use crate::attendance::policy::Policy;
use crate::zone::Zone;

/// The parts of a span on each calendar date.
pub(super) fn by_date(zone: &Zone, span: Span) -> Vec<(NaiveDate, Span)> {
    let mut parts = Vec::with_capacity(1);
    let mut from = span.from;
    loop {
        let date = zone.day_of(instant_of(from));
        let midnight = date.succ_opt().and_then(|next| zone.start_of(next));
        let midnight = midnight
            .map(minute_of)
            .filter(|at| *at > from && *at < span.to);
        let to = midnight.unwrap_or(span.to);
        parts.push((date, Span::new(from, to)));
        if to >= span.to {
            return parts;
        }
        from = to;
    }
}

/// A shift and its work, cut at the midnights between its start and its end. Break and expectation
/// are shared by length, so that whoever keeps to the shift owes nothing on either date.
pub(super) fn at_midnight<'a>(policy: &Policy, outcome: Outcome<'a>) -> Vec<Outcome<'a>> {
    let Some((start, end)) = outcome.shift else {
        return vec![outcome];
    };
    let shift = Span::new(minute_of(start), minute_of(end));
    let mut dates = by_date(outcome.zone, shift);
    if dates.len() < 2 {
        return vec![outcome];
    }
    // Work before the start is of the first date, and after the end of the last.
    let last = dates.len() - 1;
    dates[0].1.from = i64::MIN / 4;
    dates[last].1.to = i64::MAX / 4;
    let mut deducted = Share::new(outcome.deducted, total(&outcome.work));
    let part = outcome.part.unwrap_or(shift);
    let mut expected = Share::new(part.minutes() - outcome.expected, part.minutes());
    let is_off = outcome.off.is_some();
    let parts = dates
        .into_iter()
        .enumerate()
        .map(|(number, (date, within))| {
            let cut = |spans: &[Span]| -> Vec<Span> {
                let inside = spans.iter().map(|span| span.and(within));
                inside.filter(|span| !span.is_empty()).collect()
            };
            let (is_first, is_last) = (number == 0, number == last);
            let mut one = Outcome {
                date,
                work: cut(&outcome.work),
                breaks: cut(&outcome.breaks),
                raw: cut(&outcome.raw),
                shift: Some((
                    if is_first {
                        start
                    } else {
                        instant_of(within.from)
                    },
                    if is_last { end } else { instant_of(within.to) },
                )),
                late: if is_first { outcome.late } else { 0 },
                clipped: if is_first { outcome.clipped } else { 0 },
                early: if is_last { outcome.early } else { 0 },
                first_in: outcome.first_in.filter(|_| is_first),
                last_out: outcome.last_out.filter(|_| is_last),
                explanation: Vec::new(),
                ..outcome.clone()
            };
            one.actual = total(&one.raw);
            one.deducted = deducted.of(total(&one.work));
            one.counted = total(&one.work) - one.deducted;
            let planned = part.and(within).minutes();
            one.expected = if is_off {
                0
            } else {
                planned - expected.of(planned)
            };
            let is_measured = matches!(
                one.status.status,
                Status::Present | Status::HalfDay | Status::Short
            );
            if is_measured {
                one.status.status = by_share(policy, one.counted, one.expected);
            }
            if is_first {
                one.explanation.clone_from(&outcome.explanation);
            }
            let moved = if is_first {
                one.counted - outcome.counted
            } else {
                one.counted
            };
            if moved != 0 {
                let text = format!(
                    "The shift is divided at midnight: {} of it counts on {}.",
                    spell(one.counted),
                    date.format("%-d %b %Y"),
                );
                one.explanation.push(line(Rule::WorkDate, moved, text));
            }
            one
        });
    parts.collect()
}

/// Some minutes, given out in proportion to length. What is left over by rounding goes to the last.
struct Share {
    minutes: i64,
    length: i64,
    given: i64,
    so_far: i64,
}

impl Share {
    fn new(minutes: i64, length: i64) -> Self {
        Self {
            minutes,
            length,
            given: 0,
            so_far: 0,
        }
    }

    fn of(&mut self, length: i64) -> i64 {
        self.so_far += length;
        let due = if self.length > 0 {
            self.minutes * self.so_far / self.length
        } else {
            0
        };
        let share = due - self.given;
        self.given = due;
        share
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
