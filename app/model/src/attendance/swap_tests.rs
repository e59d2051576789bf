//! What swaps make of days, and the moves of a request.

use chrono::{DateTime, Utc};

use super::*;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a real day")
}

/// `23 06-14`: a shift in UTC; an end at or before the start is on the next day.
fn shift(text: &str) -> Placed {
    let (day, hours) = text.split_once(' ').expect("a day and hours");
    let (from, to) = hours.split_once('-').expect("two hours");
    let hour = |text: &str| text.parse::<i64>().expect("an hour");
    let day = date(day.parse().expect("a day"));
    let (from, to) = (hour(from), hour(to));
    let at = |hours: i64| -> DateTime<Utc> {
        day.and_hms_opt(0, 0, 0).expect("midnight").and_utc() + chrono::TimeDelta::hours(hours)
    };
    let to = if to <= from { to + 24 } else { to };
    (day, Interval::new(at(from), at(to)))
}

fn shifts(texts: &[&str]) -> Vec<Placed> {
    texts.iter().map(|text| shift(text)).collect()
}

/// `23 E/L` for the asker's and the other's shifts of a date.
fn day(text: &str) -> SwapDay<char> {
    let (number, rest) = text.split_once(' ').expect("a day and shifts");
    let (asker, other) = rest.split_once('/').expect("two people");
    SwapDay {
        date: date(number.parse().expect("a day")),
        asker: asker.chars().collect(),
        other: other.chars().collect(),
    }
}

fn check(before: &[&str], after: &[&str]) {
    let days = |texts: &[&str]| texts.iter().map(|text| day(text)).collect::<Vec<_>>();
    assert_eq!(swapped(&days(before)), days(after));
}

#[test]
fn two_who_work_on_one_date_exchange_what_they_have() {
    check(&["23 E/L"], &["23 L/E"]);
}

#[test]
fn whoever_is_off_takes_a_shift_as_a_gift() {
    check(&["23 E/"], &["23 /E"]);
}

#[test]
fn a_day_is_given_for_a_day() {
    check(&["23 E/", "25 /L"], &["23 /E", "25 L/"]);
    // Whoever works already on the day that they take works both.
    check(&["23 E/L", "25 N/E"], &["23 /LE", "25 NE/"]);
}

#[test]
fn a_swap_is_of_one_date_or_two() {
    assert_eq!(dates(date(23), date(23)), [date(23)]);
    assert_eq!(dates(date(25), date(23)), [date(25), date(23)]);
}

#[test]
fn what_is_decided_stays_so() {
    for from in SwapState::ALL {
        for to in SwapState::ALL {
            let legal = from.may_become(*to);
            assert!(!legal || from.is_open(), "{from} to {to}");
            assert!(!legal || *to != SwapState::Asked, "{from} to {to}");
        }
        // An open one can always be taken back.
        assert_eq!(from.may_become(SwapState::Withdrawn), from.is_open());
    }
    // Nobody decides about what the colleague has not agreed to.
    assert!(!SwapState::Asked.may_become(SwapState::Approved));
    assert!(!SwapState::Asked.may_become(SwapState::Refused));
}

#[test]
fn a_night_and_the_early_shift_after_it_overlap() {
    assert_eq!(overlaps(&shifts(&["23 06-14", "23 14-22"])), []);
    let both = shifts(&["24 05-13", "23 22-06"]);
    assert_eq!(overlaps(&both), [date(24)]);
    // Also those that lie within another.
    let within = shifts(&["23 06-20", "23 07-08", "23 19-21"]);
    assert_eq!(overlaps(&within), [date(23), date(23)]);
}

#[test]
fn only_rest_that_becomes_shorter_is_told() {
    let before = shifts(&["22 14-22", "23 06-14", "25 06-14"]);
    let after = shifts(&["22 14-22", "23 06-14", "24 14-22", "25 06-14"]);
    let marks = new_short_rests(&before, &after, 11 * 60);
    let told: Vec<_> = marks
        .iter()
        .map(|mark| (mark.work_date, mark.short_minutes))
        .collect();
    // The 23rd was short before, and nobody has changed that.
    assert_eq!(told, [(date(25), 180)]);
}

#[test]
fn a_week_that_becomes_too_long_is_told_by_its_first_day() {
    let days = |minutes: &[(u32, i64)]| -> Vec<(NaiveDate, i64)> {
        minutes.iter().map(|(day, m)| (date(*day), *m)).collect()
    };
    let before = days(&[(23, 2_700), (30, 3_000)]);
    let after = days(&[(23, 2_700), (29, 480), (30, 2_900)]);
    let over = |start| weeks_over(&before, &after, start, 2_880);
    // The second week is too long as well, but shorter than it was.
    assert_eq!(over(Weekday::Mon), [(date(23), 3_180)]);
    assert_eq!(over(Weekday::Sun), [(date(29), 3_380)]);
}
