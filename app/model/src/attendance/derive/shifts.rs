//! When the person is expected, in instants: windows (R5 a), work dates (R7), the part of a shift
//! that is not free, and what is expected of it (R11).

use std::cmp::Ordering;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::input::{Half, Holiday, Input, Leave, ShiftInstance};
use super::interpret::is_sane;
use super::span::{Span, minute_of};
use crate::attendance::policy::{ExpectedBy, Policy, WorkDateRule};
use crate::attendance::shift::{TimeOfDay, break_minutes};
use crate::zone::Zone;

/// Why nothing is expected of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Off {
    Holiday,
    Leave,
}

/// A shift in instants.
pub(super) struct Shift<'a> {
    pub given: &'a ShiftInstance,
    pub zone: &'a Zone,
    /// The date it counts on.
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// It takes the punches from here…
    pub opens: DateTime<Utc>,
    /// …to here.
    pub closes: DateTime<Utc>,
    /// All of it.
    pub whole: Span,
    /// From the first to the last minute that is not free; all of it if all is free.
    pub part: Span,
    /// The leave in it.
    pub leave: Option<Span>,
    pub off: Option<Off>,
    pub has_half_leave: bool,
    pub has_half_holiday: bool,
    /// How long its work is, breaks included, in minutes.
    pub duty: i64,
    /// What is expected, in minutes.
    pub expected: i64,
}

impl Shift<'_> {
    /// Leave of some hours, which has no word of its own.
    pub fn has_part_leave(&self) -> bool {
        self.leave.is_some() && self.off.is_none() && !self.has_half_leave
    }

    /// Whether another begins when this one ends, or before.
    pub fn goes_over_into(&self, next: &Self) -> bool {
        next.start <= self.end && self.start < next.start && self.end < next.end
    }

    pub fn has_closed(&self, now: Option<DateTime<Utc>>) -> bool {
        now.is_none_or(|now| now > self.closes)
    }
}

/// All shifts of an input by time. One that lies in no year we know is left out.
pub(super) fn resolve(input: &Input) -> Vec<Shift<'_>> {
    let shifts = input.schedule.iter();
    let mut shifts: Vec<Shift<'_>> = shifts.filter_map(|given| one(input, given)).collect();
    let when = |shift: &Shift<'_>| (shift.start, shift.end, shift.date);
    shifts.sort_by(|a, b| when(a).cmp(&when(b)).then_with(|| to_the_letter(a, b)));
    cut_windows(&mut shifts);
    shifts
}

/// Compares all else that two shifts of the same hours can differ in, so that their order in a list
/// says nothing.
fn to_the_letter(a: &Shift<'_>, b: &Shift<'_>) -> Ordering {
    let tiers = |given: &ShiftInstance| -> Vec<(i64, i64)> {
        let tiers = given.break_tiers.iter();
        tiers
            .map(|tier| (tier.after_minutes, tier.minutes))
            .collect()
    };
    let numbers = |given: &ShiftInstance| {
        [
            Some(given.min_break_piece_minutes),
            Some(given.max_break_minutes),
            given.grace_late_minutes,
            given.grace_early_minutes,
            given.capture_before_minutes,
            given.capture_after_minutes,
        ]
    };
    let (zones, a, b) = ((a.zone.name(), b.zone.name()), a.given, b.given);
    (zones.0.cmp(zones.1))
        .then_with(|| numbers(a).cmp(&numbers(b)))
        .then_with(|| tiers(a).cmp(&tiers(b)))
        .then_with(|| a.halves.cmp(&b.halves))
        .then_with(|| a.leave.cmp(&b.leave))
        .then_with(|| a.approved_early.cmp(&b.approved_early))
        .then_with(|| a.pairing.cmp(&b.pairing))
}

fn one<'a>(input: &'a Input, given: &'a ShiftInstance) -> Option<Shift<'a>> {
    let zone = given.zone.as_ref().unwrap_or(&input.zone);
    let policy = &input.policy;
    let clocks = Clocks { given, zone };
    let start = clocks.reading(given.work_date, given.start)?;
    let end_date = next_day_if(given.end.time() <= given.start.time(), given.work_date)?;
    let end = clocks.reading(end_date, given.end)?.max(start);
    if !is_sane(start) || !is_sane(end) {
        return None;
    }
    let capture = |own: Option<i64>, general: i64| TimeDelta::minutes(own.unwrap_or(general));
    let whole = Span::new(minute_of(start), minute_of(end));
    let date = work_date(policy.work_date, given, zone, start, end);
    let mut shift = Shift {
        given,
        zone,
        date,
        start,
        end,
        opens: start - capture(given.capture_before_minutes, policy.capture_before_minutes),
        closes: end + capture(given.capture_after_minutes, policy.capture_after_minutes),
        whole,
        part: whole,
        leave: None,
        off: None,
        has_half_leave: false,
        has_half_holiday: false,
        duty: 0,
        expected: 0,
    };
    free(&mut shift, &clocks, &input.holidays);
    expect(&mut shift, policy);
    Some(shift)
}

/// The clocks that a shift follows.
struct Clocks<'a> {
    given: &'a ShiftInstance,
    zone: &'a Zone,
}

impl Clocks<'_> {
    fn reading(&self, date: NaiveDate, time: TimeOfDay) -> Option<DateTime<Utc>> {
        self.zone.first_reading(date.and_time(time.time()))
    }

    /// From one time to another within the shift: one before its start is of the next day.
    fn span(&self, from: TimeOfDay, to: TimeOfDay) -> Option<Span> {
        let is_next = from.time() < self.given.start.time();
        self.span_on(next_day_if(is_next, self.given.work_date)?, from, to)
    }

    /// From one time of a date to another; one at or before the first is of the next day.
    fn span_on(&self, date: NaiveDate, from: TimeOfDay, to: TimeOfDay) -> Option<Span> {
        let to_date = next_day_if(to.time() <= from.time(), date)?;
        let from = minute_of(self.reading(date, from)?);
        Some(Span::new(from, minute_of(self.reading(to_date, to)?)))
    }
}

fn next_day_if(is_next: bool, date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(u64::from(is_next)))
}

/// Rule R7.
fn work_date(
    rule: WorkDateRule,
    given: &ShiftInstance,
    zone: &Zone,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> NaiveDate {
    // The end itself does not belong to the shift.
    let last = (end - TimeDelta::seconds(1)).max(start);
    let last = zone.day_of(last);
    match rule {
        WorkDateRule::Start | WorkDateRule::Split => given.work_date,
        WorkDateRule::End => last,
        WorkDateRule::Majority => {
            let midnight = zone.start_of(last).unwrap_or(end);
            if end - midnight > midnight - start {
                last
            } else {
                given.work_date
            }
        }
    }
}

/// What of a shift is free: leave and holidays.
fn free(shift: &mut Shift<'_>, clocks: &Clocks<'_>, holidays: &[Holiday]) {
    let mut is_full_holiday = false;
    let mut holiday_half = None;
    for holiday in holidays.iter().filter(|day| day.date == shift.date) {
        match (holiday.half, holiday_half) {
            (None, _) => is_full_holiday = true,
            (Some(half), Some(other)) if half != other => is_full_holiday = true,
            (Some(half), _) => holiday_half = Some(half),
        }
    }
    let leave_half = match shift.given.leave {
        Some(Leave::Half(half)) => Some(half),
        _ => None,
    };
    let is_nothing_left = leave_half.zip(holiday_half).is_some_and(|(a, b)| a != b);
    if is_full_holiday {
        shift.off = Some(Off::Holiday);
        return;
    }
    if shift.given.leave == Some(Leave::Full) || is_nothing_left {
        shift.off = Some(Off::Leave);
        shift.leave = Some(shift.whole);
        return;
    }
    let halves = halves(shift, clocks);
    for half in [leave_half, holiday_half].into_iter().flatten() {
        let (taken, left) = match half {
            Half::Am => (halves[0], halves[1]),
            Half::Pm => (halves[1], halves[0]),
        };
        shift.part = left;
        if leave_half == Some(half) {
            shift.leave = Some(taken);
        }
    }
    shift.has_half_leave = leave_half.is_some();
    shift.has_half_holiday = holiday_half.is_some();
    if let Some(Leave::Hours(from, to)) = shift.given.leave {
        // They may begin before the shift, or after midnight in a night.
        let dates = [
            Some(shift.given.work_date),
            shift.given.work_date.succ_opt(),
        ];
        let spans = dates.into_iter().flatten();
        let mut spans = spans.filter_map(|date| clocks.span_on(date, from, to));
        if let Some(hours) = spans.find(|hours| !hours.and(shift.whole).is_empty()) {
            take_hours(shift, hours.and(shift.whole));
        }
    }
}

/// Some hours of leave shorten the shift at its edges, or leave a hole in it.
fn take_hours(shift: &mut Shift<'_>, hours: Span) {
    shift.leave = Some(hours);
    let before = Span::new(shift.part.from, hours.from.min(shift.part.to));
    let after = Span::new(hours.to.max(shift.part.from), shift.part.to);
    match (before.is_empty(), after.is_empty()) {
        (true, true) => shift.off = Some(Off::Leave),
        (true, false) => shift.part = after,
        (false, true) => shift.part = before,
        (false, false) => {}
    }
}

/// The halves of a shift. Where they are not given, or lie outside of it, its work is shared equally
/// and its break is between.
fn halves(shift: &Shift<'_>, clocks: &Clocks<'_>) -> [Span; 2] {
    let given = shift.given.halves.and_then(|[am, pm]| {
        let am = clocks.span(am[0], am[1])?.and(shift.whole);
        let pm = clocks.span(pm[0], pm[1])?.and(shift.whole);
        (!am.is_empty() && !pm.is_empty() && am.to <= pm.from).then_some([am, pm])
    });
    given.unwrap_or_else(|| {
        let whole = shift.whole;
        let work = whole.minutes() - break_minutes(&shift.given.break_tiers, whole.minutes());
        [
            Span::new(whole.from, whole.from + (work - work / 2)),
            Span::new(whole.to - work / 2, whole.to),
        ]
    })
}

/// Rule R11: how long the shift is, less the break that it would have, less leave; nothing on a
/// holiday.
fn expect(shift: &mut Shift<'_>, policy: &Policy) {
    if shift.off.is_some() {
        return;
    }
    let length = |span: Span| {
        let moved = match policy.expected {
            ExpectedBy::Elapsed => 0,
            ExpectedBy::Nominal => {
                let offset = |minute| {
                    let at = super::span::instant_of(minute);
                    i64::from(shift.zone.offset_seconds(at))
                };
                (offset(span.to) - offset(span.from)) / 60
            }
        };
        span.minutes() + moved
    };
    let leave = shift.leave.map_or(0, |leave| length(leave.and(shift.part)));
    let duty = (length(shift.part) - leave).max(0);
    shift.expected = duty - break_minutes(&shift.given.break_tiers, duty);
    shift.duty = duty;
}

/// Rule R5 a. Where the windows of two neighbours overlap, they are cut in the middle between the
/// end of the one and the start of the other, or as near to it as both windows reach.
fn cut_windows(shifts: &mut [Shift<'_>]) {
    for number in 1..shifts.len() {
        let (before, from_here) = shifts.split_at_mut(number);
        let (Some(one), Some(next)) = (before.last_mut(), from_here.first_mut()) else {
            continue;
        };
        if next.opens < one.closes {
            let middle = one.end + (next.start - one.end) / 2;
            let cut = middle.max(next.opens).min(one.closes).max(one.opens);
            one.closes = cut;
            next.opens = cut;
        } else {
            next.opens = next.opens.max(one.opens);
        }
    }
}

#[cfg(test)]
#[path = "shifts_tests.rs"]
mod tests;
