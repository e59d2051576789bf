use model::attendance::shift::{Pairing, Tone};

use super::*;

fn shift(start: &str, end: &str) -> ShiftTemplate {
    ShiftTemplate {
        name: "Shift".into(),
        code: "S".into(),
        tone: Tone::Blue,
        start: start.parse().expect("a time"),
        end: end.parse().expect("a time"),
        halves: None,
        break_tiers: Vec::new(),
        min_break_piece_minutes: 0,
        max_break_minutes: 120,
        grace_late_minutes: None,
        grace_early_minutes: None,
        capture_before_minutes: None,
        capture_after_minutes: None,
        pairing: Pairing::Auto,
        zone: None,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn during(start: &str, end: &str, date: &str) -> Interval {
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    interval(&shift(start, end), day(date), &zone).expect("a year that is near")
}

#[test]
fn a_shift_ends_on_the_next_day_and_follows_the_clocks() {
    assert_eq!(during("22:00", "06:00", "2026-11-23").minutes(), 480);
    assert_eq!(during("22:00", "06:00", "2026-03-28").minutes(), 420);
    assert_eq!(during("22:00", "06:00", "2026-10-24").minutes(), 540);
    assert_eq!(during("06:00", "06:00", "2026-11-23").minutes(), 1440);
}

#[test]
fn a_night_has_three_hours_between_midnight_and_five() {
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    let night = |start, end| is_night(during(start, end, "2026-11-23"), &zone);
    assert!(night("22:00", "06:00"));
    assert!(night("20:00", "03:00"));
    assert!(night("02:00", "10:00"));
    assert!(!night("20:00", "02:59"));
    assert!(!night("14:00", "22:00"));
    assert!(!night("06:00", "14:00"));
}

#[test]
fn days_in_a_row_become_one_stretch_of_each_person() {
    let (ana, ben) = (
        PersonId(uuid::Uuid::from_u128(1)),
        PersonId(uuid::Uuid::from_u128(2)),
    );
    let days = [
        (ana, day("2026-11-30")),
        (ana, day("2026-12-01")),
        (ana, day("2026-12-03")),
        (ben, day("2026-12-04")),
    ];
    let expected = vec![
        (ana, day("2026-11-30"), day("2026-12-01")),
        (ana, day("2026-12-03"), day("2026-12-03")),
        (ben, day("2026-12-04"), day("2026-12-04")),
    ];
    assert_eq!(runs(&days), expected);
}
