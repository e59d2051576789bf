use chrono::DateTime;

use super::super::input::{PunchIn, PunchTime};
use super::super::interpret;
use super::*;
use crate::zone::Zone;

/// A device that shows these seconds after an hour when it is these seconds after that hour.
fn read(delays: &[(i64, i64)], corrects: bool) -> interpret::Read {
    let mut input = Input::new(Zone::utc());
    input.policy.correct_skew = corrects;
    for (hour, (shown, received)) in (1_795_000_i64 / 2..).zip(delays) {
        let at = |seconds: i64| DateTime::from_timestamp(hour * 3600 + seconds, 0);
        let shown = at(*shown).expect("an instant").fixed_offset();
        let mut punch = PunchIn::new(PunchTime::At(shown));
        punch.received_at = at(*received);
        input.punches.push(punch);
    }
    interpret::read(&input)
}

/// What the seconds of the punches become.
fn check(delays: &[(i64, i64)], expected: &[i64]) {
    let read = read(delays, true);
    let seconds = read.outs.iter().map(|out| {
        let seconds = out.effective_at.timestamp();
        (seconds + 1800).rem_euclid(3600) - 1800
    });
    assert_eq!(seconds.collect::<Vec<_>>(), expected, "{delays:?}");
}

#[test]
fn the_median_puts_a_clock_right() {
    check(&[(0, 100), (0, 110), (0, 400)], &[110, 110, 110]);
    check(&[(0, 100), (0, 120)], &[110, 110]);
    check(&[(420, 0), (421, 1), (419, 0)], &[0, 1, -1]);
}

#[test]
fn a_small_error_is_left_alone() {
    check(&[(0, 60), (0, 60)], &[0, 0]);
    check(&[(0, 61), (0, 61)], &[61, 61]);
}

#[test]
fn one_delivery_shows_a_fast_clock_but_no_slow_one() {
    check(&[(420, 0)], &[0]);
    check(&[(0, 420)], &[0]);
}

#[test]
fn what_came_late_is_no_measure() {
    check(
        &[(0, 200), (0, 1000), (0, 1100), (0, 200)],
        &[200, 200, 200, 200],
    );
}

#[test]
fn two_fast_deliveries_are_a_clock_and_one_is_a_false_punch() {
    let kept = |delays: &[(i64, i64)]| read(delays, false).punches.len();
    assert_eq!(kept(&[(600, 0)]), 0);
    assert_eq!(kept(&[(600, 0), (600, 0)]), 2);
    assert_eq!(kept(&[(300, 0)]), 1, "five minutes are forgiven");
}
