//! How fast a month of days is derived: one person, 31 days of day shifts with lunch punched, four
//! punches a day and a repeat on every eighth. `with_text` also makes the JSON of it.

use std::hint::black_box;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use criterion::Criterion;
use model::attendance::case::to_json;
use model::attendance::derive::{Input, PunchIn, PunchTime, ShiftInstance, derive};
use model::attendance::shift::{BreakTier, TimeOfDay};
use model::zone::Zone;

const DAYS: u64 = 31;

fn clock(hour: u32) -> TimeOfDay {
    let time = NaiveTime::from_hms_opt(hour, 0, 0);
    time.expect("an hour of the day").into()
}

fn month() -> Input {
    let zone = Zone::named("Europe/Berlin").expect("a known zone");
    let mut input = Input::new(zone.clone());
    let first = NaiveDate::from_ymd_opt(2026, 10, 5).expect("a date");
    for number in 0..DAYS {
        let date = first + Days::new(number);
        let mut shift = ShiftInstance::new(date, clock(9), clock(18));
        shift.break_tiers = vec![BreakTier {
            after_minutes: 360,
            minutes: 60,
        }];
        input.schedule.push(shift);
        let spread = i64::try_from(number % 8).expect("a small number");
        let minutes = [536 + spread, 780, 820 + spread, 1081 + spread];
        let again = (number % 8 == 0).then_some(536);
        for minute in minutes.into_iter().chain(again) {
            let local = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
            let at = zone.instant_of(local).expect("an instant");
            let mut punch = PunchIn::new(PunchTime::At(at.fixed_offset()));
            punch.id = Some(format!("01935d2c-7b1e-7c3a-9f00-{number:04}{minute:08}"));
            punch.source = Some("door".to_owned());
            punch.received_at = Some(at + TimeDelta::seconds(2));
            input.punches.push(punch);
        }
    }
    // A repeat has an id of its own.
    for (number, punch) in input.punches.iter_mut().enumerate() {
        punch.id = punch.id.take().map(|id| format!("{id}-{number}"));
    }
    input
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let input = month();
    assert_eq!(derive(&input).days.len(), 31, "every day is there");
    let mut group = criterion.benchmark_group("attendance_31_days");
    group.bench_function("derive", |b| b.iter(|| derive(black_box(&input))));
    group.bench_function("with_text", |b| {
        b.iter(|| to_json(&derive(black_box(&input))));
    });
    group.finish();
    criterion.final_summary();
}
