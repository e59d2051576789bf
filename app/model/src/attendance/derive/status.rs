//! Rule R13: what a shift or a day is. Nobody is absent as long as a punch may still come, be it
//! because the shift is not over or because a reader has not reported.

use super::input::Input;
use super::outcome::Outcome;
use super::pair::Paired;
use super::shifts::{Off, Shift};
use super::span::minute_of;
use crate::attendance::day::{DayStatus, Flag, Presence, Status};
use crate::attendance::policy::Policy;

/// Whether the end of a shift has come, although its window may still be open.
pub(super) fn is_past(input: &Input, shift: &Shift<'_>) -> bool {
    let now = input.now.map(minute_of);
    now.is_none_or(|now| now >= shift.part.to)
}

/// Present, half a day, or less.
pub(super) fn by_share(policy: &Policy, counted: i64, expected: i64) -> Status {
    let reaches = |percent: i64| counted * 100 >= expected * percent;
    if reaches(policy.present_percent) {
        Status::Present
    } else if reaches(policy.half_day_percent) {
        Status::HalfDay
    } else {
        Status::Short
    }
}

/// Nothing was punched: absent, if that is certain.
fn absence(input: &Input, shift: &Shift<'_>) -> Status {
    let reported = input.devices_reported_until;
    let is_certain = reported.is_none_or(|until| until >= shift.end);
    if is_certain {
        Status::Absent
    } else {
        Status::AbsentProvisional
    }
}

/// What a shift is.
pub(super) fn of_shift(
    input: &Input,
    shift: &Shift<'_>,
    outcome: &Outcome<'_>,
    has_closed: bool,
) -> DayStatus {
    let has = |flag: Flag| outcome.flags.contains(&flag);
    let is_open = matches!(outcome.presence, Some(Presence::In | Presence::Break));
    let was_punched = outcome.was_punched;
    let is_settled = match shift.off {
        Some(_) => !is_open,
        None => has_closed || (was_punched && !is_open && is_past(input, shift)),
    };
    if !is_settled {
        return Status::Pending.into();
    }
    if has(Flag::MissingIn) || has(Flag::MissingOut) {
        return Status::Incomplete.into();
    }
    if let Some(off) = shift.off {
        return DayStatus {
            worked: was_punched,
            ..of_off(off).into()
        };
    }
    let status = if was_punched {
        by_share(&input.policy, outcome.counted, outcome.expected)
    } else {
        absence(input, shift)
    };
    DayStatus {
        half_leave: shift.has_half_leave,
        ..status.into()
    }
}

fn of_off(off: Off) -> Status {
    match off {
        Off::Holiday => Status::Holiday,
        Off::Leave => Status::OnLeave,
    }
}

/// What work without a shift is.
pub(super) fn of_loose(paired: &Paired) -> DayStatus {
    if paired.is_open() {
        Status::Pending.into()
    } else if paired.is_incomplete() {
        Status::Incomplete.into()
    } else {
        Status::Unscheduled.into()
    }
}

/// What a date is without a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Free {
    Holiday,
    DayOff,
    /// Nobody said anything of it.
    Unsaid,
}

/// What a day is, by the shifts and the other work on it.
pub(super) fn of_day(policy: &Policy, parts: &[Outcome<'_>], free: Free) -> DayStatus {
    let is = |status: Status| parts.iter().any(|part| part.status.status == status);
    for first in [Status::Pending, Status::Incomplete] {
        if is(first) {
            return first.into();
        }
    }
    let was_punched = parts.iter().any(|part| part.was_punched);
    let mut shifts = parts.iter().filter(|part| part.shift.is_some());
    if shifts.clone().next().is_none() {
        let status = match free {
            Free::Holiday => Status::Holiday,
            Free::DayOff => Status::DayOff,
            Free::Unsaid => return Status::Unscheduled.into(),
        };
        return DayStatus {
            worked: was_punched,
            ..status.into()
        };
    }
    if shifts.clone().all(|part| part.off.is_some()) {
        let is_holiday = shifts.any(|part| part.off == Some(Off::Holiday));
        let off = if is_holiday { Off::Holiday } else { Off::Leave };
        return DayStatus {
            worked: was_punched,
            ..of_off(off).into()
        };
    }
    let sum = |of: fn(&Outcome<'_>) -> i64| parts.iter().map(of).sum::<i64>();
    let status = if was_punched {
        by_share(policy, sum(|part| part.counted), sum(|part| part.expected))
    } else if is(Status::AbsentProvisional) {
        Status::AbsentProvisional
    } else {
        Status::Absent
    };
    DayStatus {
        half_leave: parts.iter().any(|part| part.has_leave),
        ..status.into()
    }
}
