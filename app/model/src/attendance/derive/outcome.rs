//! What one shift, or some work without one, comes to: rules R6 to R13 in order.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::assign::Group;
use super::count::{Bounds, BreakRule, Breaks, breaks, clipped, counted};
use super::explain::{self, Told};
use super::input::Input;
use super::pair::{Frame, Paired, pair};
use super::shifts::{Off, Shift};
use super::span::{Span, minute_of, total};
use super::status;
use crate::attendance::day::{DayStatus, Explanation, Flag, Presence, PunchOut, Status};
use crate::attendance::policy::MissingOut;
use crate::zone::Zone;

/// The result of one group of punches.
#[derive(Clone, Debug)]
pub(super) struct Outcome<'a> {
    /// The date it counts on.
    pub date: NaiveDate,
    pub zone: &'a Zone,
    /// The shift from start to end, if there is one.
    pub shift: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub off: Option<Off>,
    pub has_leave: bool,
    pub status: DayStatus,
    pub counted: i64,
    pub actual: i64,
    pub expected: i64,
    pub late: i64,
    pub early: i64,
    pub deducted: i64,
    /// What lies before the start and does not count.
    pub clipped: i64,
    pub flags: Vec<Flag>,
    pub presence: Option<Presence>,
    pub first_in: Option<DateTime<Utc>>,
    pub last_out: Option<DateTime<Utc>>,
    /// Stretches that were worked, as punched.
    pub raw: Vec<Span>,
    /// Stretches that count.
    pub work: Vec<Span>,
    /// Breaks that were punched.
    pub breaks: Vec<Span>,
    /// Without leave, from when to when the shift is.
    pub part: Option<Span>,
    pub was_punched: bool,
    /// What each punch was taken for, by its place in the list of what became of punches.
    pub taken: Vec<(usize, Presence)>,
    pub explanation: Vec<Explanation>,
}

/// What a group knows of its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// The minute until which time has been counted.
    pub free_from: i64,
    /// The minute of the first punch of the next group.
    pub next_punch: Option<i64>,
    /// Whether more punches are awaited.
    pub has_closed: bool,
}

/// What a shift comes to.
pub(super) fn of_shift<'a>(
    input: &'a Input,
    shift: &Shift<'a>,
    group: &Group,
    around: Around,
    outs: &[PunchOut],
) -> Outcome<'a> {
    let policy = &input.policy;
    let scheduled = if shift.off.is_some() {
        shift.whole
    } else {
        shift.part
    };
    let assumed_end = (policy.missing_out == MissingOut::ShiftEnd && shift.off.is_none())
        .then(|| scheduled.to.min(around.next_punch.unwrap_or(scheduled.to)));
    let frame = Frame {
        pairing: shift.given.pairing.unwrap_or(policy.pairing),
        has_closed: around.has_closed,
        middle: Some(scheduled.middle()),
        assumed_end,
    };
    let paired = pair(group, &frame);
    let is_early_paid = policy.pay_early || shift.given.approved_early;
    let bounds = Bounds {
        // On a holiday or on leave there is no start to wait for.
        not_before: (shift.off.is_none() && !is_early_paid).then_some(scheduled.from),
        free_from: around.free_from,
        rounding: policy.rounding,
        zone: shift.zone,
    };
    let work = counted(&paired.pieces, &bounds);
    let clipped = match bounds.not_before {
        Some(start) => clipped(&paired.pieces, &work, start),
        None => 0,
    };
    let rested = breaks(
        &work,
        &BreakRule {
            tiers: &shift.given.break_tiers,
            min_piece: shift.given.min_break_piece_minutes,
            max_break: shift.given.max_break_minutes,
            leave: shift.leave.filter(|_| shift.off.is_none()),
        },
    );
    let (late, early) = late_and_early(input, shift, &paired, around.has_closed);
    let mut flags = flags(&paired, group, outs);
    if leave_was_worked(input, shift, &paired) {
        flags.push(Flag::LeaveWorked);
    }
    if shift.has_part_leave() {
        flags.push(Flag::PartLeave);
    }
    if shift.has_half_holiday {
        flags.push(Flag::HalfHoliday);
    }
    let mut outcome = Outcome {
        date: shift.date,
        zone: shift.zone,
        shift: Some((shift.start, shift.end)),
        off: shift.off,
        has_leave: shift.has_half_leave || shift.off == Some(Off::Leave),
        status: Status::Pending.into(),
        counted: total(&work) - rested.deducted,
        actual: actual(&paired),
        expected: shift.expected,
        late,
        early,
        deducted: rested.deducted,
        clipped,
        flags,
        presence: paired.presence,
        first_in: paired.first_in,
        last_out: paired.last_out,
        raw: without_estimate(&paired),
        work,
        breaks: rested.recorded.clone(),
        part: shift.off.is_none().then_some(shift.part),
        was_punched: !group.punches.is_empty(),
        taken: paired.taken.clone(),
        explanation: Vec::new(),
    };
    outcome.status = status::of_shift(input, shift, &outcome, around.has_closed);
    let told = Told {
        input,
        group,
        paired: &paired,
        breaks: &rested,
        outs,
        zone: shift.zone,
    };
    outcome.explanation = explain::of_shift(&told, shift, &outcome);
    outcome
}

/// What work without a shift comes to.
pub(super) fn of_loose<'a>(
    input: &'a Input,
    group: &Group,
    around: Around,
    outs: &[PunchOut],
) -> Outcome<'a> {
    let policy = &input.policy;
    let frame = Frame {
        pairing: policy.pairing,
        has_closed: around.has_closed,
        middle: None,
        assumed_end: None,
    };
    let paired = pair(group, &frame);
    let bounds = Bounds {
        not_before: None,
        free_from: around.free_from,
        rounding: policy.rounding,
        zone: &input.zone,
    };
    let work = counted(&paired.pieces, &bounds);
    let rested: Breaks = breaks(
        &work,
        &BreakRule {
            tiers: &policy.unscheduled_break_tiers,
            min_piece: 0,
            max_break: 120,
            leave: None,
        },
    );
    let began = group.punches.first().map_or(DateTime::UNIX_EPOCH, |p| p.at);
    let mut outcome = Outcome {
        date: unscheduled_date(input, began),
        zone: &input.zone,
        shift: None,
        off: None,
        has_leave: false,
        status: status::of_loose(&paired),
        counted: total(&work) - rested.deducted,
        actual: actual(&paired),
        expected: 0,
        late: 0,
        early: 0,
        deducted: rested.deducted,
        clipped: 0,
        flags: flags(&paired, group, outs),
        presence: paired.presence,
        first_in: paired.first_in,
        last_out: paired.last_out,
        raw: without_estimate(&paired),
        work,
        breaks: rested.recorded.clone(),
        part: None,
        was_punched: true,
        taken: paired.taken.clone(),
        explanation: Vec::new(),
    };
    let told = Told {
        input,
        group,
        paired: &paired,
        breaks: &rested,
        outs,
        zone: &input.zone,
    };
    outcome.explanation = explain::of_loose(&told, &outcome);
    outcome
}

/// What is to be known of the pairs, and of each punch.
fn flags(paired: &Paired, group: &Group, outs: &[PunchOut]) -> Vec<Flag> {
    let mut flags = paired.flags.clone();
    for punch in &group.punches {
        flags.extend_from_slice(&outs[punch.out].flags);
    }
    flags
}

/// Rule R7 for work without a shift: the night until the cut belongs to the day before.
fn unscheduled_date(input: &Input, began: DateTime<Utc>) -> NaiveDate {
    let local: NaiveDateTime = input.zone.local_of(began);
    let cut = input.policy.day_cut.time() - chrono::NaiveTime::MIN;
    local.checked_sub_signed(cut).unwrap_or(local).date()
}

/// The stretches that were punched at both ends.
fn without_estimate(paired: &Paired) -> Vec<Span> {
    let known = paired.pieces.len() - usize::from(paired.estimated.is_some());
    paired.pieces[..known].to_vec()
}

fn actual(paired: &Paired) -> i64 {
    total(&without_estimate(paired))
}

/// Rule R12, against the part of the shift that is not free. What is not known is not held against
/// anybody.
fn late_and_early(
    input: &Input,
    shift: &Shift<'_>,
    paired: &Paired,
    has_closed: bool,
) -> (i64, i64) {
    if shift.off.is_some() {
        return (0, 0);
    }
    let policy = &input.policy;
    let (given, part) = (shift.given, shift.part);
    let beyond = |minutes: i64, grace: i64| {
        let counts = minutes > grace;
        if counts {
            minutes.min(part.minutes())
        } else {
            0
        }
    };
    let has = |flag: Flag| paired.flags.contains(&flag);
    let late = paired.first_in.filter(|_| !has(Flag::MissingIn));
    let late = late.map_or(0, |at| minute_of(at) - part.from);
    // Until the shift is over, whoever is out may come back.
    let is_over = has_closed || status::is_past(input, shift);
    let early = paired.last_out;
    let early = early.filter(|_| is_over && !paired.is_open() && !has(Flag::MissingOut));
    let early = early.map_or(0, |at| part.to - minute_of(at));
    (
        beyond(
            late,
            given
                .grace_late_minutes
                .unwrap_or(policy.grace_late_minutes),
        ),
        beyond(
            early,
            given
                .grace_early_minutes
                .unwrap_or(policy.grace_early_minutes),
        ),
    )
}

/// Whether somebody worked in the time of approved leave, by more than the grace at its edges.
fn leave_was_worked(input: &Input, shift: &Shift<'_>, paired: &Paired) -> bool {
    let Some(leave) = shift.leave else {
        return false;
    };
    let within: Vec<Span> = paired.pieces.iter().map(|piece| piece.and(leave)).collect();
    let grace = if shift.off.is_some() {
        0
    } else {
        let policy = &input.policy;
        policy.grace_late_minutes.max(policy.grace_early_minutes)
    };
    total(&within) > grace
}
