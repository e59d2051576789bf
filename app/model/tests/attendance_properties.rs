//! What holds for all days, whatever was punched.

#![cfg(feature = "zone")]

#[path = "attendance/generate.rs"]
mod generate;
#[path = "attendance/robust.rs"]
mod robust;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use generate::{clock, first_day, input, named, tiers};
use model::attendance::case;
use model::attendance::day::{
    Day, Derived, Direction, Disposition, Flag, Rule, SegmentKind, Status,
};
use model::attendance::derive::{Input, PunchIn, PunchTime, ShiftInstance, derive};
use model::attendance::policy::WorkDateRule;
use model::attendance::shift::BreakTier;
use model::zone::{self, Zone};
use proptest::collection::vec;
use proptest::prelude::*;

fn sums_agree(input: &Input, day: &Day) {
    let parts: i64 = day.instances.iter().map(|part| part.counted_minutes).sum();
    assert_eq!(day.counted_minutes, parts + day.unscheduled_minutes);
    let expected: i64 = day.instances.iter().map(|part| part.expected_minutes).sum();
    assert_eq!(day.expected_minutes, expected);
    assert_eq!(
        day.balance_minutes,
        day.counted_minutes - day.expected_minutes
    );
    for minutes in [
        day.counted_minutes,
        day.actual_minutes,
        day.late_minutes,
        day.early_minutes,
        day.break_recorded_minutes,
        day.break_deducted_minutes,
    ] {
        assert!(minutes >= 0, "{day:?}");
    }
    let of_kind = |kind: SegmentKind| -> i64 {
        let segments = day.segments.iter().filter(|segment| segment.kind == kind);
        segments.map(|segment| segment.minutes()).sum()
    };
    assert_eq!(of_kind(SegmentKind::Break), day.break_recorded_minutes);
    assert_eq!(of_kind(SegmentKind::HolidayWork), day.holiday_minutes);
    let worked = of_kind(SegmentKind::Work) + day.holiday_minutes;
    assert_eq!(worked - day.break_deducted_minutes, day.counted_minutes);
    let is_made_up = day.has(Flag::Estimated) || input.policy.rounding.is_some();
    assert!(
        is_made_up || day.counted_minutes <= day.actual_minutes,
        "{day:?}"
    );
    for two in day.segments.windows(2) {
        assert!(two[0].to <= two[1].from, "{:?}", day.segments);
    }
    assert!(day.segments.iter().all(|segment| segment.from < segment.to));
    let told = day.explanation.iter();
    let told = told.filter(|line| (Rule::Pair..=Rule::Breaks).contains(&line.rule));
    let told: i64 = told.map(|line| line.minutes).sum();
    assert_eq!(told, day.counted_minutes, "{:?}", day.explanation);
    if matches!(
        day.status.status,
        Status::Absent | Status::AbsentProvisional
    ) {
        assert_eq!(day.actual_minutes, 0);
    }
    if input.now.is_none() {
        assert_ne!(day.status.status, Status::Pending);
    }
    let paid: i64 = day.overtime.iter().map(|bucket| bucket.minutes).sum();
    assert!(paid <= day.counted_minutes);
    assert!(day.flags.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn order_and_repeats_of_punches_change_no_day(
        input in input(),
        shuffled in vec(any::<u32>(), 64),
        again in vec(any::<bool>(), 16),
    ) {
        let usual = derive(&input);
        let mut other = input.clone();
        let repeated = input.punches.iter().zip(again).filter(|(_, again)| *again);
        other.punches.extend(repeated.map(|(punch, _)| punch.clone()));
        let mut numbered: Vec<_> = other.punches.drain(..).zip(shuffled.iter().copied()).collect();
        numbered.sort_by_key(|(_, number)| *number);
        other.punches = numbered.into_iter().map(|(punch, _)| punch).collect();
        let mut schedule: Vec<_> = other.schedule.drain(..).zip(shuffled).collect();
        schedule.sort_by_key(|(_, number)| *number);
        other.schedule = schedule.into_iter().map(|(shift, _)| shift).collect();
        let derived = derive(&other);
        prop_assert_eq!(&derived.days, &usual.days);
        // Nor does any punch change that was there before.
        let counted = |derived: &Derived| {
            let punches = derived.punches.iter().filter(|p| p.disposition == Disposition::Counted);
            punches.cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(counted(&derived), counted(&usual));
    }

    #[test]
    fn the_numbers_of_a_day_agree(input in input()) {
        let derived = derive(&input);
        prop_assert_eq!(derived.punches.len(), input.punches.len());
        for day in &derived.days {
            sums_agree(&input, day);
        }
        prop_assert!(derived.days.windows(2).all(|two| two[0].work_date < two[1].work_date));
    }

    #[test]
    fn every_shift_is_in_one_day(mut input in input()) {
        if input.policy.work_date == WorkDateRule::Split {
            input.policy.work_date = WorkDateRule::Start;
        }
        let derived = derive(&input);
        let shown: usize = derived.days.iter().map(|day| day.instances.len()).sum();
        prop_assert_eq!(shown, input.schedule.len());
    }

    #[test]
    fn the_same_day_is_worth_the_same_when_it_is_divided(mut input in input()) {
        input.policy.work_date = WorkDateRule::Start;
        let total = |input: &Input| {
            let days = derive(input).days;
            let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum::<i64>();
            (
                sum(|day| day.counted_minutes),
                sum(|day| day.expected_minutes),
                sum(|day| day.actual_minutes),
                sum(|day| day.break_deducted_minutes),
            )
        };
        let whole = total(&input);
        input.policy.work_date = WorkDateRule::Split;
        prop_assert_eq!(total(&input), whole);
    }

    #[test]
    fn no_deduction_goes_below_its_tier(tiers in tiers(), minutes in 0_i64..900) {
        let input = one_stretch(&tiers, minutes);
        let day = &derive(&input).days[0];
        let floor = tiers.iter().map(|tier| tier.after_minutes).filter(|after| *after < minutes);
        prop_assert!(day.counted_minutes >= floor.min().unwrap_or(minutes));
        // Whoever works a minute more is never worse off.
        let more = &derive(&one_stretch(&tiers, minutes + 1)).days[0];
        prop_assert!(more.counted_minutes >= day.counted_minutes);
    }

    #[test]
    fn derived_days_survive_json(input in input()) {
        let derived = derive(&input);
        let text = case::to_json(&derived);
        let back: Derived = serde_json::from_str(&text).expect("days");
        prop_assert_eq!(case::to_json(&back), text);
    }
}

/// A shift that begins at midnight in UTC, and work of so many minutes from then on.
fn one_stretch(tiers: &[BreakTier], minutes: i64) -> Input {
    let mut input = Input::new(Zone::utc());
    let mut shift = ShiftInstance::new(first_day(), clock(0), clock(600));
    shift.break_tiers = tiers.to_vec();
    input.schedule.push(shift);
    let start = first_day().and_time(NaiveTime::MIN).and_utc();
    input.policy.duplicate_window_seconds = 0;
    for at in [start, start + TimeDelta::minutes(minutes)] {
        let mut punch = PunchIn::new(PunchTime::At(at.fixed_offset()));
        punch.trusted = true;
        punch.direction = if at == start {
            Direction::In
        } else {
            Direction::Out
        };
        input.punches.push(punch);
    }
    input
}

/// A night shift around each change of the clocks in 2026, in every zone there is, by whoever keeps
/// to it to the minute.
#[test]
fn a_night_in_which_the_clocks_change_owes_nothing_anywhere() {
    let year = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
        first.and_time(NaiveTime::MIN).and_utc()
    };
    let mut nights = 0;
    for name in zone::names() {
        let zone = named(&name);
        for change in zone.transitions(year(2026), year(2027)) {
            let work_date = zone.day_of(change.at - TimeDelta::hours(12));
            let mut input = Input::new(zone.clone());
            let mut shift = ShiftInstance::new(work_date, clock(22 * 60), clock(6 * 60));
            shift.break_tiers = vec![BreakTier {
                after_minutes: 360,
                minutes: 30,
            }];
            input.schedule.push(shift);
            let next = work_date + Days::new(1);
            for (date, hour) in [(work_date, 22), (next, 6)] {
                let local = date.and_hms_opt(hour, 0, 0).expect("a time");
                let at = zone.first_reading(local).expect("an instant");
                input
                    .punches
                    .push(PunchIn::new(PunchTime::At(at.fixed_offset())));
            }
            let derived = derive(&input);
            let [day] = derived.days.as_slice() else {
                panic!("{name}: {:?}", derived.days);
            };
            assert_eq!(day.work_date, work_date, "{name}");
            assert_eq!(day.status.status, Status::Present, "{name}: {day:?}");
            assert_eq!(day.balance_minutes, 0, "{name}: {day:?}");
            assert_eq!(day.late_minutes + day.early_minutes, 0, "{name}");
            let moved = i64::from(change.after_seconds - change.before_seconds) / 60;
            // Easter Island changes its clocks at 22:00, when the shift begins.
            let instance = &day.instances[0];
            let is_within = instance.start <= change.at && change.at < instance.end;
            let length = if is_within { 480 - moved } else { 480 };
            assert_eq!(day.actual_minutes, length, "{name}");
            nights += usize::from(is_within);
        }
    }
    assert!(nights > 200, "{nights} nights");
}
