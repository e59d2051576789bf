//! How fast the common time of many people is found, from cached maps and from intervals.
//!
//! Each person has three meetings a day over 28 days, at odd minutes; thirty free minutes are looked
//! for. `maps` starts from what is cached for each person, `sweep` merges all busy intervals and
//! takes the holes, `build` makes the maps anew.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BenchmarkId, Criterion};
use model::PersonId;
use model::scheduling::availability::{Availability, Busy, BusyStatus, Constraints, Known};
use model::scheduling::bitmap::Bitmap;
use model::scheduling::hours::{LocalRange, WeeklyHours, Whereabouts, WorkingHours, expand};
use model::scheduling::interval::{Interval, IntervalSet};
use model::scheduling::suggest::{Guest, Wish, suggest};
use model::zone::Zone;

const DAYS: i64 = 28;
const MEETINGS_A_DAY: u64 = 3;
const MINUTES: i64 = 30;

/// Monday, 2 November 2026.
fn window() -> Interval {
    Interval::starting(
        DateTime::UNIX_EPOCH + TimeDelta::days(20_759),
        DAYS * 24 * 60,
    )
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) % bound).cast_signed()
    }
}

/// The busy times of somebody who is at work around the clock, so that some time is left for all.
fn busy(person: u64) -> Vec<Interval> {
    let mut dice = Dice(person);
    let days = (0..DAYS).flat_map(|day| (0..MEETINGS_A_DAY).map(move |_| day));
    days.map(|day| {
        let minute = day * 24 * 60 + 8 * 60 + dice.below(9 * 60);
        let from = window().from + TimeDelta::minutes(minute);
        Interval::starting(from, 25 + dice.below(40))
    })
    .collect()
}

fn common(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("common_free_28_days");
    for people in [5_u64, 20, 100, 500] {
        let busy: Vec<_> = (0..people).map(busy).collect();
        let maps: Vec<_> = busy.iter().map(|b| Bitmap::of_busy(window(), b)).collect();
        let of_maps = || {
            let any = Bitmap::any_busy(window(), black_box(&maps));
            any.free_runs(MINUTES).collect::<Vec<_>>()
        };
        let of_intervals = || {
            let all = black_box(&busy).iter().flatten().copied();
            all.collect::<IntervalSet>()
                .complement(window())
                .at_least(MINUTES)
        };
        let intervals = of_intervals();
        assert!(
            of_maps().iter().all(|run| intervals.covers(run)),
            "the maps are not optimistic"
        );

        group.bench_function(BenchmarkId::new("maps", people), |b| b.iter(of_maps));
        group.bench_function(BenchmarkId::new("sweep", people), |b| b.iter(of_intervals));
        group.bench_function(BenchmarkId::new("build", people), |b| {
            b.iter(|| {
                let all = black_box(&busy).iter();
                all.map(|busy| Bitmap::of_busy(window(), busy))
                    .collect::<Vec<_>>()
            });
        });
    }
    group.finish();
}

/// From working hours and busy times to ranked suggestions with their reasons.
fn whole_way(criterion: &mut Criterion) {
    let now: DateTime<Utc> = window().from;
    let zones = [
        "Europe/Berlin",
        "America/New_York",
        "Europe/Lisbon",
        "Asia/Kolkata",
    ];
    let hours = WorkingHours {
        weekly: WeeklyHours::weekdays(&LocalRange::hours(7, 19).map_or(vec![], |day| vec![day])),
        overrides: Vec::new(),
    };
    let mut group = criterion.benchmark_group("suggest_28_days");
    for people in [5_u64, 20, 100] {
        let places: Vec<_> = (0..people)
            .filter_map(|person| Zone::named(zones[person as usize % zones.len()]).ok())
            .map(Whereabouts::at_home)
            .collect();
        let locals: Vec<_> = places.iter().map(|p| p.local_time(window())).collect();
        let known: Vec<_> = (0..people)
            .zip(places.iter().zip(&locals))
            .map(|(person, (places, local))| Known {
                working: expand(&hours, places, window()),
                busy: busy(person)
                    .into_iter()
                    .map(|during| Busy {
                        during,
                        status: BusyStatus::Busy,
                    })
                    .collect(),
                constraints: Constraints {
                    buffer_after_minutes: 5,
                    meetings_per_day: Some(6),
                    ..Constraints::default()
                },
                local: local.clone(),
                ..Known::default()
            })
            .collect();
        let availability = || -> Vec<_> {
            let each = black_box(&known).iter();
            each.map(|known| Availability::of(known, window(), now))
                .collect()
        };
        group.bench_function(BenchmarkId::new("availability", people), |b| {
            b.iter(availability);
        });
        let availability = availability();
        let guests: Vec<_> = (0..people)
            .zip(availability.iter().zip(&locals))
            .map(|(person, (availability, local))| Guest {
                id: PersonId::from_parts(now, &[person as u8; 10]),
                name: "Somebody",
                required: person < 4,
                availability,
                local,
                unsocial_turns: 0,
            })
            .collect();
        let wish = Wish::new(MINUTES, window());
        assert!(
            !suggest(&guests, &[], &wish).is_empty(),
            "there is some time"
        );
        group.bench_function(BenchmarkId::new("suggest", people), |b| {
            b.iter(|| suggest(black_box(&guests), &[], &wish));
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    common(&mut criterion);
    whole_way(&mut criterion);
    criterion.final_summary();
}
