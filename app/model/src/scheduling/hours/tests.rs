use chrono::{DateTime, NaiveDate, Utc};

use super::super::interval::{Interval, IntervalSet};
use super::*;
use crate::zone::Zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn range(from: &str, to: &str) -> LocalRange {
    LocalRange::new(from.parse().expect("a time"), to.parse().expect("a time"))
}

fn every_day(ranges: &[LocalRange]) -> WorkingHours {
    WorkingHours {
        weekly: WeeklyHours::every_day(ranges),
        overrides: Vec::new(),
    }
}

fn home(zone: &str) -> Whereabouts {
    Whereabouts::at_home(Zone::named(zone).expect("a known zone"))
}

/// What the hours are, each piece printed as `from/to` in UTC.
fn check(hours: &WorkingHours, places: &Whereabouts, from: &str, to: &str, expected: &[&str]) {
    let range = Interval::new(at(from), at(to));
    let format = "%dT%H:%M";
    let pieces: Vec<_> = expand(hours, places, range)
        .iter()
        .map(|piece| format!("{}/{}", piece.from.format(format), piece.to.format(format)))
        .collect();
    assert_eq!(pieces, expected);
}

#[test]
fn a_split_shift_has_a_hole() {
    let hours = every_day(&[range("09:00:00", "12:00:00"), range("16:00:00", "20:00:00")]);
    let (from, to) = ("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z");
    let expected = ["01T07:00/01T10:00", "01T14:00/01T18:00"];
    check(&hours, &home("Europe/Berlin"), from, to, &expected);
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let mut hours = every_day(&[range("22:00:00", "06:00:00")]);
    hours.overrides.push(DateOverride {
        date: day("2026-07-02"),
        ranges: Vec::new(),
    });
    let (from, to) = ("2026-07-01T00:00:00Z", "2026-07-04T00:00:00Z");
    let expected = [
        "01T00:00/01T06:00",
        "01T22:00/02T06:00",
        "03T22:00/04T00:00",
    ];
    check(&hours, &home("UTC"), from, to, &expected);
}

#[test]
fn the_last_word_about_a_date_stands() {
    let mut hours = every_day(&[range("09:00:00", "17:00:00")]);
    for ranges in [vec![], vec![range("10:00:00", "11:00:00")]] {
        let date = day("2026-07-01");
        hours.overrides.push(DateOverride { date, ranges });
    }
    let (from, to) = ("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z");
    check(&hours, &home("UTC"), from, to, &["01T10:00/01T11:00"]);
}

#[test]
fn days_of_a_journey_count_where_they_are_spent() {
    let hours = every_day(&[range("09:00:00", "17:00:00")]);
    let journey = Travel {
        first_day: day("2026-12-02"),
        last_day: day("2026-12-02"),
        zone: "America/New_York".into(),
    };
    let places = Whereabouts::new("Europe/Berlin", &[journey]).expect("known zones");
    let (from, to) = ("2026-12-01T00:00:00Z", "2026-12-04T00:00:00Z");
    let expected = [
        "01T08:00/01T16:00",
        "02T14:00/02T22:00",
        "03T08:00/03T16:00",
    ];
    check(&hours, &places, from, to, &expected);

    let local = places.local_time(Interval::new(at(from), at(to)));
    assert_eq!(local.place(at("2026-12-02T14:00:00Z")), "New York");
    assert_eq!(local.minute_of_day(at("2026-12-02T14:00:00Z")), 9 * 60);
    assert_eq!(local.place(at("2026-12-03T08:00:00Z")), "Berlin");
    assert_eq!(local.minute_of_day(at("2026-12-03T08:00:00Z")), 9 * 60);
}

#[test]
fn the_night_of_the_change_is_an_hour_shorter_or_longer() {
    let hours = every_day(&[range("22:00:00", "06:00:00")]);
    let length = |date: &str| {
        let from = at(&format!("{date}T12:00:00Z"));
        let range = Interval::new(from, from + chrono::TimeDelta::days(1));
        expand(&hours, &home("Europe/Berlin"), range)
            .duration()
            .num_hours()
    };
    assert_eq!(length("2026-03-27"), 8);
    assert_eq!(length("2026-03-28"), 7);
    assert_eq!(length("2026-10-24"), 9);
}

#[test]
fn a_skipped_edge_is_where_the_clocks_go_on() {
    let (from, to) = ("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z");
    let berlin = home("Europe/Berlin");
    let skipped = every_day(&[range("02:15:00", "02:45:00")]);
    check(&skipped, &berlin, from, "2026-03-29T12:00:00Z", &[]);
    let begins = every_day(&[range("02:30:00", "03:10:00")]);
    check(&begins, &berlin, from, to, &["29T01:00/29T01:10"]);
}

#[test]
fn a_zone_that_does_not_exist_is_refused() {
    let nowhere = Travel {
        first_day: day("2026-12-02"),
        last_day: day("2026-12-02"),
        zone: "Mars/Base".into(),
    };
    assert!(Whereabouts::new("Europe/Berlin", &[nowhere]).is_err());
}

#[test]
fn an_empty_week_has_no_hours() {
    let range = Interval::new(at("2026-07-01T00:00:00Z"), at("2026-07-08T00:00:00Z"));
    let nothing = expand(&WorkingHours::default(), &home("UTC"), range);
    assert_eq!(nothing, IntervalSet::empty());
}
