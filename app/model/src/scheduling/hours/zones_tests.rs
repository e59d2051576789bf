//! Every zone of the bundled database, around every change of its clocks in 2025 to 2028.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};

use super::super::interval::{Interval, IntervalSet};
use super::*;
use crate::zone::{Zone, names};

fn instant(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    let at = Utc.with_ymd_and_hms(year, month, day, 0, 0, 0);
    at.single().expect("a real instant")
}

fn each_zone(check: impl Fn(&Zone)) {
    let names = names();
    assert!(names.len() > 400, "the database is there");
    for name in names {
        check(&Zone::named(&name).expect("the database knows its own names"));
    }
}

/// The days that need a look: those around each change, and the first of each month.
fn days(zone: &Zone) -> Vec<NaiveDate> {
    let changes = zone.transitions(instant(2025, 1, 1), instant(2029, 1, 1));
    let around = changes.iter().flat_map(|change| {
        let first = zone.day_of(change.at) - Days::new(2);
        first.iter_days().take(5).collect::<Vec<_>>()
    });
    let firsts = (2025..=2028)
        .flat_map(|year| (1..=12).filter_map(move |month| NaiveDate::from_ymd_opt(year, month, 1)));
    around.chain(firsts).collect()
}

fn start(zone: &Zone, day: NaiveDate) -> DateTime<Utc> {
    zone.start_of(day).expect("a year of four digits")
}

/// Whether a day is longer or shorter than others. Where the clocks jump from midnight, the change
/// is the beginning of the day; where they jump to midnight, it is its end.
fn changes_on(zone: &Zone, day: NaiveDate) -> bool {
    let (from, to) = (start(zone, day), start(zone, day + Days::new(1)));
    !zone
        .transitions(from, to + TimeDelta::seconds(1))
        .is_empty()
}

#[test]
fn days_neither_overlap_nor_leave_holes() {
    each_zone(|zone| {
        for day in days(zone) {
            let (from, to) = (start(zone, day), start(zone, day + Days::new(1)));
            assert!(from < to, "{zone:?} {day}");
            assert_eq!(zone.day_of(from), day, "{zone:?}");
            assert_eq!(zone.day_of(to - TimeDelta::seconds(1)), day, "{zone:?}");
            assert_eq!(
                zone.day_of(from - TimeDelta::seconds(1)),
                day - Days::new(1),
                "{zone:?}"
            );
            if !changes_on(zone, day) {
                assert_eq!(to - from, TimeDelta::days(1), "{zone:?} {day}");
            }
        }
    });
}

#[test]
fn an_ordinary_working_day_has_eight_hours() {
    let hours = WorkingHours {
        weekly: WeeklyHours::every_day(&[LocalRange::hours(9, 17).expect("real hours")]),
        overrides: Vec::new(),
    };
    each_zone(|zone| {
        let places = Whereabouts::at_home(zone.clone());
        for day in days(zone) {
            let whole = Interval::new(start(zone, day), start(zone, day + Days::new(1)));
            let working = expand(&hours, &places, whole);
            let [piece] = working.as_slice() else {
                panic!("{zone:?} {day}: {working:?}");
            };
            let hour = |at| zone.local_of(at).format("%F %H:%M").to_string();
            assert_eq!(hour(piece.from), format!("{day} 09:00"), "{zone:?}");
            assert_eq!(hour(piece.to), format!("{day} 17:00"), "{zone:?}");
            if zone.transitions(piece.from, piece.to).is_empty() {
                assert_eq!(piece.minutes(), 8 * 60, "{zone:?} {day}");
            }
        }
    });
}

#[test]
fn whole_days_fill_all_time() {
    let midnight = LocalRange::hours(0, 24).expect("real hours");
    let hours = WorkingHours {
        weekly: WeeklyHours::every_day(&[midnight]),
        overrides: Vec::new(),
    };
    let range = Interval::new(instant(2025, 1, 1), instant(2029, 1, 1));
    for name in [
        "Europe/Berlin",
        "America/Havana",
        "Africa/Cairo",
        "Pacific/Chatham",
    ] {
        let zone = Zone::named(name).expect("a known zone");
        let working = expand(&hours, &Whereabouts::at_home(zone), range);
        assert_eq!(working, IntervalSet::from(range), "{name}");
    }
}

#[test]
fn local_time_comes_back_unless_the_clocks_skip_it() {
    each_zone(|zone| {
        for change in zone.transitions(instant(2025, 1, 1), instant(2029, 1, 1)) {
            let before = zone.local_of(change.at - TimeDelta::seconds(1));
            let skipped_seconds = i64::from(change.after_seconds - change.before_seconds);
            let gap = before + TimeDelta::seconds(1);
            for minutes in (-240..=240).step_by(15) {
                let local = gap + TimeDelta::minutes(minutes);
                let since = (local - gap).num_seconds();
                let skipped = (0..skipped_seconds).contains(&since);
                assert_eq!(zone.skips(local), skipped, "{zone:?} {local}");

                let at = zone.instant_of(local).expect("a year of four digits");
                let first = zone.first_reading(local).expect("a year of four digits");
                let back = zone.local_of(at);
                if skipped {
                    let forward = TimeDelta::seconds(skipped_seconds);
                    assert_eq!(back, local + forward, "{zone:?}");
                    assert_eq!(first, change.at, "{zone:?} {local}");
                } else {
                    assert_eq!(back, local, "{zone:?}");
                    assert_eq!(first, at, "{zone:?} {local}");
                }
                // Of a time that is shown twice, the first is meant.
                if (skipped_seconds..0).contains(&since) {
                    assert!(at < change.at, "{zone:?} {local}");
                }
            }
        }
    });
}

#[test]
fn local_time_as_data_agrees_with_the_zone() {
    let range = Interval::new(instant(2025, 1, 1), instant(2029, 1, 1));
    each_zone(|zone| {
        let local = Whereabouts::at_home(zone.clone()).local_time(range);
        for change in zone.transitions(range.from, range.to) {
            for seconds in [-3_600, -1, 0, 3_600] {
                let at = change.at + TimeDelta::seconds(seconds);
                assert_eq!(local.local(at), zone.local_of(at), "{zone:?} {at}");
            }
        }
    });
}

#[test]
fn every_offset_is_on_the_five_minute_marks() {
    each_zone(|zone| {
        for change in zone.transitions(instant(2025, 1, 1), instant(2029, 1, 1)) {
            assert_eq!(change.after_seconds % 300, 0, "{zone:?}");
        }
        assert_eq!(
            zone.offset_seconds(instant(2025, 1, 1)) % 300,
            0,
            "{zone:?}"
        );
    });
}
