//! People, shifts and punches at random, over a week in which clocks change.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use model::attendance::day::Direction;
use model::attendance::derive::{Half, Holiday, Input, Leave, PunchIn, PunchTime, ShiftInstance};
use model::attendance::overtime;
use model::attendance::policy::{
    ExpectedBy, MissingOut, Policy, RoundTo, Rounding, WeekStart, WorkDateRule,
};
use model::attendance::shift::{BreakTier, Pairing, TimeOfDay};
use model::zone::Zone;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

const ZONES: &[&str] = &[
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
];

pub fn named(name: &str) -> Zone {
    Zone::named(name).expect("a zone")
}

pub fn clock(minutes: u32) -> TimeOfDay {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minutes % 1440 * 60, 0);
    time.expect("a time of day").into()
}

/// A week in which Berlin's clocks are put back on the Sunday.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 22).expect("a date")
}

pub fn day_number(number: u64) -> NaiveDate {
    first_day() + Days::new(number)
}

prop_compose! {
    pub fn tiers()(
        first in of((180_i64..420, 10_i64..70)),
        second in of((421_i64..700, 71_i64..100)),
    ) -> Vec<BreakTier> {
        let pairs = [first, second].into_iter().flatten();
        pairs.map(|(after_minutes, minutes)| BreakTier { after_minutes, minutes }).collect()
    }
}

pub fn leave() -> impl Strategy<Value = Option<Leave>> {
    prop_oneof![
        5 => Just(None),
        1 => Just(Some(Leave::Full)),
        1 => select(Half::ALL).prop_map(|half| Some(Leave::Half(half))),
        1 => (0_u32..1440, 0_u32..1440)
            .prop_map(|(from, to)| Some(Leave::Hours(clock(from), clock(to)))),
    ]
}

prop_compose! {
    pub fn shift()(
        day in 0_u64..6,
        start in 0_u32..96,
        length in 1_u32..60,
        tiers in tiers(),
        piece in 0_i64..20,
        leave in leave(),
        approved_early in any::<bool>(),
        pairing in of(select(Pairing::ALL)),
        zone in of(select(ZONES)),
    ) -> ShiftInstance {
        let (start, end) = (start * 15, start * 15 + length * 15);
        let mut shift = ShiftInstance::new(day_number(day), clock(start), clock(end));
        shift.break_tiers = tiers;
        shift.min_break_piece_minutes = piece;
        shift.leave = leave;
        shift.approved_early = approved_early;
        shift.pairing = pairing;
        shift.zone = zone.map(named);
        shift
    }
}

prop_compose! {
    pub fn punch()(
        seconds in 0_i64..7 * 24 * 60 * 60,
        is_local in any::<bool>(),
        zone in of(select(ZONES)),
        direction in select(Direction::ALL),
        trusted in any::<bool>(),
        source in of(select(&["door", "kiosk"][..])),
        delay in of(-1000_i64..100_000),
        sequence in of(0_i64..20),
    ) -> PunchIn {
        let local = first_day().and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds);
        let time = if is_local {
            PunchTime::Local(local)
        } else {
            PunchTime::At(local.and_utc().fixed_offset())
        };
        let mut punch = PunchIn::new(time);
        punch.zone = zone.map(named);
        punch.direction = direction;
        punch.trusted = trusted;
        punch.source = source.map(str::to_owned);
        punch.received_at = delay.map(|delay| local.and_utc() + TimeDelta::seconds(delay));
        punch.sequence = sequence;
        punch
    }
}

prop_compose! {
    pub fn policy()(
        pay_early in any::<bool>(),
        correct_skew in any::<bool>(),
        missing_out in select(MissingOut::ALL),
        overtime in select(overtime::Rule::ALL),
        work_date in select(WorkDateRule::ALL),
        expected in select(ExpectedBy::ALL),
        pairing in select(Pairing::ALL),
        tiers in tiers(),
        unit in of(select(&[5_i64, 15, 60][..])),
        begin in select(RoundTo::ALL),
        end in select(RoundTo::ALL),
        window in 0_i64..200,
    ) -> Policy {
        Policy {
            duplicate_window_seconds: window,
            pay_early,
            correct_skew,
            missing_out,
            overtime,
            work_date,
            expected,
            pairing,
            unscheduled_break_tiers: tiers,
            rounding: unit.map(|unit_minutes| Rounding { unit_minutes, begin, end }),
            workweek_start: WeekStart::Sunday,
            ..Policy::default()
        }
    }
}

prop_compose! {
    pub fn input()(
        zone in select(ZONES),
        now in of(0_i64..8 * 24 * 60),
        policy in policy(),
        schedule in vec(shift(), 0..6),
        holidays in vec((0_u64..7, of(select(Half::ALL))), 0..2),
        days_off in vec(0_u64..7, 0..2),
        reported in of(0_i64..8 * 24 * 60),
        mut punches in vec(punch(), 0..16),
        has_ids in any::<bool>(),
    ) -> Input {
        let minute = |minute: i64| {
            first_day().and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute)
        };
        for (number, punch) in punches.iter_mut().enumerate() {
            punch.id = has_ids.then(|| format!("punch {number}"));
        }
        Input {
            now: now.map(minute),
            policy,
            schedule,
            holidays: holidays
                .into_iter()
                .map(|(day, half)| Holiday { date: day_number(day), half })
                .collect(),
            days_off: days_off.into_iter().map(day_number).collect(),
            devices_reported_until: reported.map(minute),
            punches,
            ..Input::new(named(zone))
        }
    }
}
