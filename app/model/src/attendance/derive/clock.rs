//! Rule R1: clocks that are wrong, and times that cannot be true.

use chrono::{DateTime, TimeDelta, Utc};

use super::input::Input;
use super::interpret::{Distinct, YEARS, is_sane};
use crate::attendance::day::Flag;

/// A clock may be wrong by so much before anybody is told.
const SKEW_SECONDS: i64 = 60;
/// A delivery later than this says nothing of the clock: it was kept back.
const PROMPT_SECONDS: i64 = 15 * 60;
/// A clock fast by more than this is not put right by what it sends: an hour, for one that missed
/// a change of the clocks, and a little.
const FAST_SECONDS: i64 = 65 * 60;
/// A punch may lie so far in the future.
const FUTURE_SECONDS: i64 = 5 * 60;
/// A punch may be so old when it comes.
const OLD_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Rule R1 for the punches of one source.
pub(super) fn check(input: &Input, punches: &mut [Distinct]) {
    let corrects = input.policy.correct_skew;
    let measured = skew(input, punches);
    for punch in punches.iter_mut() {
        let sent = &input.punches[punch.index];
        if let Some(why) = beyond_years(punch.at) {
            quarantine(punch, why);
            continue;
        }
        if sent.set_by_hand {
            continue;
        }
        let told = punch.at;
        let skew = believable(sent.skew_seconds).or(measured).unwrap_or(0);
        if skew.abs() > SKEW_SECONDS {
            punch.flags.push(Flag::ClockSkew);
            if corrects {
                punch.at = told + TimeDelta::seconds(skew);
            }
        }
        if let Some(why) = set_aside(told, Some(skew), punch.received, sent.device_since) {
            quarantine(punch, why);
        }
    }
}

/// Rule R1 for one time that a clock told: why it cannot be true, if it cannot. `skew_seconds` is by how
/// much the clock is behind, `since` when it began to count.
pub fn set_aside(
    told: DateTime<Utc>,
    skew_seconds: Option<i64>,
    received: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
) -> Option<Flag> {
    if let Some(why) = beyond_years(told) {
        return Some(why);
    }
    let truly = told + TimeDelta::seconds(believable(skew_seconds).unwrap_or(0));
    if since.is_some_and(|since| truly < since) {
        return Some(Flag::OldTime);
    }
    match (received? - truly).num_seconds() {
        delay if delay < -FUTURE_SECONDS => Some(Flag::FutureTime),
        delay if delay > OLD_SECONDS => Some(Flag::OldTime),
        _ => None,
    }
}

/// Which way a time lies outside all years in which anybody works.
fn beyond_years(at: DateTime<Utc>) -> Option<Flag> {
    if is_sane(at) {
        None
    } else if at.timestamp() < YEARS.start {
        Some(Flag::OldTime)
    } else {
        Some(Flag::FutureTime)
    }
}

/// A clock that is wrong by days is no clock that is wrong: it was never set.
fn believable(skew_seconds: Option<i64>) -> Option<i64> {
    skew_seconds.filter(|s| s.abs() <= FAST_SECONDS * 24)
}

fn quarantine(punch: &mut Distinct, why: Flag) {
    punch.flags.push(why);
    punch.is_quarantined = true;
}

/// By how many seconds the clock of a source is behind: the median delay of what it sent at once.
///
/// One delivery proves nothing, for it may have been kept back, or the punch may be false. Only where
/// clocks are to be put right is it enough to show that a clock is fast, since nothing can arrive
/// before it was punched.
fn skew(input: &Input, punches: &[Distinct]) -> Option<i64> {
    let timed = punches.iter().filter(|p| {
        let sent = &input.punches[p.index];
        !sent.set_by_hand && sent.skew_seconds.is_none()
    });
    let mut deliveries: Vec<_> = timed
        .filter_map(|punch| Some((punch.received?, punch.at)))
        .collect();
    deliveries.sort_unstable();
    // Of what came at one instant, all but the last had been kept back.
    deliveries.reverse();
    deliveries.dedup_by_key(|(received, _)| *received);
    let delays = deliveries.iter();
    let mut delays: Vec<i64> = delays
        .map(|(received, at)| (*received - *at).num_seconds())
        .filter(|seconds| (-FAST_SECONDS..=PROMPT_SECONDS).contains(seconds))
        .collect();
    delays.sort_unstable();
    let middle = delays.len() / 2;
    match delays.as_slice() {
        [] => None,
        [only] => (input.policy.correct_skew && *only < 0).then_some(*only),
        many if many.len() % 2 == 1 => Some(many[middle]),
        many => Some((many[middle - 1] + many[middle]).div_euclid(2)),
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
