//! Nothing that the types allow makes the derivation fail.

use crate::generate::{clock, day_number, leave, named, policy};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use model::attendance::case;
use model::attendance::day::Direction;
use model::attendance::derive::{Holiday, Input, PunchIn, PunchTime, ShiftInstance, derive};
use model::attendance::policy::{RoundTo, Rounding};
use model::attendance::shift::BreakTier;
use model::zone;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Any instant that can be named at all.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    prop_oneof![
        4 => (1_770_000_000_i64..1_790_000_000).boxed(),
        1 => (first.timestamp()..=last.timestamp()).boxed(),
        1 => select(vec![first.timestamp(), last.timestamp(), -2_208_988_800, 7_258_118_399]).boxed(),
    ]
    .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        4 => (0_u64..400).prop_map(day_number),
        1 => any_instant().prop_map(|at| at.date_naive()),
        1 => select(vec![NaiveDate::MIN, NaiveDate::MAX]),
    ]
}

fn any_local() -> impl Strategy<Value = NaiveDateTime> {
    prop_oneof![
        4 => any_instant().prop_map(|at| at.naive_utc()),
        1 => select(vec![NaiveDateTime::MIN, NaiveDateTime::MAX]),
    ]
}

prop_compose! {
    fn any_shift()(
        date in any_date(),
        start in 0_u32..1440,
        end in 0_u32..1440,
        tiers in vec((any::<i64>(), any::<i64>()), 0..3),
        numbers in any::<[i64; 2]>(),
        own in of(any::<[i64; 4]>()),
        halves in of(any::<[u32; 4]>()),
        leave in leave(),
        zone in of(select(zone::names())),
    ) -> ShiftInstance {
        let mut shift = ShiftInstance::new(date, clock(start), clock(end));
        let tiers = tiers.into_iter();
        shift.break_tiers = tiers
            .map(|(after_minutes, minutes)| BreakTier { after_minutes, minutes })
            .collect();
        [shift.min_break_piece_minutes, shift.max_break_minutes] = numbers;
        shift.grace_late_minutes = own.map(|own| own[0]);
        shift.grace_early_minutes = own.map(|own| own[1]);
        shift.capture_before_minutes = own.map(|own| own[2]);
        shift.capture_after_minutes = own.map(|own| own[3]);
        shift.halves = halves.map(|h| [[clock(h[0]), clock(h[1])], [clock(h[2]), clock(h[3])]]);
        shift.leave = leave;
        shift.zone = zone.map(|name| named(&name));
        shift
    }
}

prop_compose! {
    fn any_punch()(
        at in any_instant(),
        local in of(any_local()),
        direction in select(Direction::ALL),
        trusted in any::<bool>(),
        received_at in of(any_instant()),
        skew_seconds in of(any::<i64>()),
        sequence in of(any::<i64>()),
        set_by_hand in any::<bool>(),
        id in of(".*"),
    ) -> PunchIn {
        let time = local.map_or(PunchTime::At(at.fixed_offset()), PunchTime::Local);
        PunchIn {
            id,
            direction,
            trusted,
            received_at,
            sequence,
            skew_seconds,
            set_by_hand,
            ..PunchIn::new(time)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn nothing_makes_it_fail(
        policy in policy(),
        numbers in any::<[i64; 9]>(),
        unit in of(any::<i64>()),
        zone in select(zone::names()),
        now in of(any_instant()),
        reported in of(any_instant()),
        schedule in vec(any_shift(), 0..5),
        holidays in vec(any_date(), 0..3),
        days_off in vec(any_date(), 0..3),
        punches in vec(any_punch(), 0..12),
    ) {
        let mut input = Input::new(named(&zone));
        let mut policy = policy;
        policy.rounding = unit.map(|unit_minutes| Rounding {
            unit_minutes,
            begin: RoundTo::Up,
            end: RoundTo::Nearest,
        });
        [
            policy.duplicate_window_seconds,
            policy.capture_before_minutes,
            policy.capture_after_minutes,
            policy.max_session_hours,
            policy.min_time_off_hours,
            policy.grace_late_minutes,
            policy.grace_early_minutes,
            policy.present_percent,
            policy.half_day_percent,
        ] = numbers;
        input.policy = policy;
        input.now = now;
        input.devices_reported_until = reported;
        input.schedule = schedule;
        input.holidays = holidays.into_iter().map(|date| Holiday { date, half: None }).collect();
        input.days_off = days_off;
        input.punches = punches;
        let derived = derive(&input);
        prop_assert_eq!(derived.punches.len(), input.punches.len());
        case::to_json(&derived);
    }

    #[test]
    fn no_text_makes_the_case_fail(text in ".*") {
        let _ = case::Case::from_json(&text);
    }
}
