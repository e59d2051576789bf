use super::*;
use chrono::TimeZone;

fn december_offset(zone: &str) -> i32 {
    let at = Utc
        .with_ymd_and_hms(2026, 12, 15, 12, 0, 0)
        .single()
        .expect("a real instant");
    Zone::named(zone).expect("a known zone").offset_minutes(at)
}

#[test]
fn zones_that_changed_their_law_lately_are_right() {
    assert_eq!(december_offset("America/Edmonton"), -6 * 60);
    assert_eq!(december_offset("America/Vancouver"), -7 * 60);
    assert_eq!(december_offset("Africa/Casablanca"), 0);
    assert_eq!(december_offset("Europe/Berlin"), 60);
}

#[test]
fn a_day_begins_where_its_clocks_say() {
    let start = |zone: &str, year, month, day| {
        let day = NaiveDate::from_ymd_opt(year, month, day).expect("a real day");
        let start = Zone::named(zone).expect("a known zone").start_of(day);
        start.expect("a year of four digits").to_rfc3339()
    };
    assert_eq!(
        start("Europe/Berlin", 2026, 7, 1),
        "2026-06-30T22:00:00+00:00"
    );
    // Cuba's clocks go from midnight straight to one.
    assert_eq!(
        start("America/Havana", 2026, 3, 8),
        "2026-03-08T05:00:00+00:00"
    );
}

#[test]
fn a_name_that_is_no_zone_is_refused() {
    assert_eq!(
        Zone::named("Mars/Base").unwrap_err(),
        UnknownZone("Mars/Base".into())
    );
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

#[test]
fn an_appointment_at_a_skipped_time_moves_forward() {
    let berlin = Zone::named("Europe/Berlin").expect("a known zone");
    let skipped = local("2026-03-29T02:30:00");
    assert!(berlin.skips(skipped));
    let moved = berlin.instant_of(skipped).expect("a year of four digits");
    assert_eq!(berlin.local_of(moved), local("2026-03-29T03:30:00"));
    let first = berlin
        .first_reading(skipped)
        .expect("a year of four digits");
    assert_eq!(berlin.local_of(first), local("2026-03-29T03:00:00"));
}

#[test]
fn of_a_time_that_comes_twice_the_first_is_meant() {
    let berlin = Zone::named("Europe/Berlin").expect("a known zone");
    let twice = berlin.instant_of(local("2026-10-25T02:30:00"));
    let first = twice.expect("a year of four digits");
    assert_eq!(first.to_rfc3339(), "2026-10-25T00:30:00+00:00");
    assert_eq!(berlin.offset_minutes(first), 120);
}

#[test]
fn a_zone_names_its_place_and_its_changes() {
    let new_york = Zone::named("America/New_York").expect("a known zone");
    assert_eq!(new_york.name(), "America/New_York");
    assert_eq!(new_york.place(), "New York");
    assert_eq!(Zone::utc().place(), "UTC");
    let year = |year| {
        let first = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0);
        first.single().expect("a real instant")
    };
    let changes = new_york.transitions(year(2026), year(2027));
    let hours: Vec<_> = changes.iter().map(|c| c.after_seconds / 3600).collect();
    assert_eq!(hours, [-4, -5]);
}
