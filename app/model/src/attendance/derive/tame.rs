//! Numbers that make no sense are brought back to ones that do, so that arithmetic cannot fail.
//! Whoever takes input from people refuses them before; here they only must do no harm.

use std::borrow::Cow;

use super::input::{Input, ShiftInstance};
use crate::attendance::policy::{Policy, wrong_tier};
use crate::attendance::shift::BreakTier;

const DAY_MINUTES: i64 = 24 * 60;

/// The input itself, or a copy with other numbers.
pub(super) fn tamed(input: &Input) -> Cow<'_, Input> {
    let are_sane = input.policy.errors().is_empty() && input.schedule.iter().all(is_sane);
    if are_sane {
        return Cow::Borrowed(input);
    }
    let mut tame = input.clone();
    tame_policy(&mut tame.policy);
    for shift in &mut tame.schedule {
        tame_shift(shift);
    }
    Cow::Owned(tame)
}

fn is_sane(shift: &ShiftInstance) -> bool {
    let minutes = [
        Some(shift.min_break_piece_minutes),
        Some(shift.max_break_minutes),
        shift.grace_late_minutes,
        shift.grace_early_minutes,
        shift.capture_before_minutes,
        shift.capture_after_minutes,
    ];
    let tiers = &shift.break_tiers;
    minutes.into_iter().flatten().all(is_within_a_day)
        && tiers.iter().all(|tier| wrong_tier(tier).is_none())
}

fn is_within_a_day(minutes: i64) -> bool {
    (0..=DAY_MINUTES).contains(&minutes)
}

fn tame_shift(shift: &mut ShiftInstance) {
    let minutes = [
        Some(&mut shift.min_break_piece_minutes),
        Some(&mut shift.max_break_minutes),
        shift.grace_late_minutes.as_mut(),
        shift.grace_early_minutes.as_mut(),
        shift.capture_before_minutes.as_mut(),
        shift.capture_after_minutes.as_mut(),
    ];
    for minutes in minutes.into_iter().flatten() {
        *minutes = (*minutes).clamp(0, DAY_MINUTES);
    }
    tame_tiers(&mut shift.break_tiers);
}

fn tame_tiers(tiers: &mut Vec<BreakTier>) {
    tiers.retain(|tier| wrong_tier(tier).is_none());
}

fn tame_policy(policy: &mut Policy) {
    let clamp = |value: &mut i64, least, most| *value = (*value).clamp(least, most);
    clamp(&mut policy.duplicate_window_seconds, 0, 3600);
    clamp(&mut policy.max_session_hours, 1, 48);
    clamp(&mut policy.min_time_off_hours, 0, 24);
    for minutes in [
        &mut policy.capture_before_minutes,
        &mut policy.capture_after_minutes,
        &mut policy.grace_late_minutes,
        &mut policy.grace_early_minutes,
    ] {
        clamp(minutes, 0, DAY_MINUTES);
    }
    clamp(&mut policy.present_percent, 0, 100);
    clamp(&mut policy.half_day_percent, 0, policy.present_percent);
    if let Some(rounding) = &mut policy.rounding {
        clamp(&mut rounding.unit_minutes, 1, 60);
    }
    tame_tiers(&mut policy.unscheduled_break_tiers);
}
