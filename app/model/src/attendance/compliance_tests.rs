use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;

/// One hour east of UTC all the time, like Berlin in winter.
fn berlin() -> LocalTime {
    LocalTime::fixed(60, "Berlin")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+01:00").parse().expect("an instant")
}

/// A day's work, `09:00-12:00 13:00-18:00`; an end that is not later is on the next day.
fn day(on: &str, pieces: &str) -> (NaiveDate, WorkDay) {
    let work = pieces.split_whitespace().map(|piece| {
        let (from, to) = piece.split_once('-').expect("from and to");
        let from = at(&format!("{on}T{from}"));
        let to = at(&format!("{on}T{to}"));
        Interval::new(from, to + TimeDelta::days(i64::from(to <= from)))
    });
    let day = WorkDay {
        work: work.collect(),
        ..WorkDay::default()
    };
    (date(on), day)
}

/// A record in which everything from November to March is known.
fn record(days: impl IntoIterator<Item = (NaiveDate, WorkDay)>) -> Record {
    let known = Interval::new(at("2026-11-01T00:00"), at("2027-04-01T00:00"));
    Record::new(days, known, berlin())
}

/// What is found, as `kind date minutes severity`.
fn found(limits: &Limits, record: &Record) -> Vec<String> {
    let findings = check(limits, Weekday::Mon, record);
    let words = findings.iter().map(|one| {
        let day = one.work_date.format("%d");
        format!("{} {day} {} {}", one.kind, one.minutes, one.severity)
    });
    words.collect()
}

fn check_days(limits: &Limits, days: &[(&str, &str)], expected: &[&str]) {
    let days = days.iter().map(|(on, pieces)| day(on, pieces));
    assert_eq!(found(limits, &record(days)), expected);
}

/// Six days of the week from 23 November, the last of them until a given time.
fn six_days(last: &str) -> Vec<(NaiveDate, WorkDay)> {
    let mut days: Vec<_> = (23..28)
        .map(|n| day(&format!("2026-11-{n}"), "08:00-12:00 13:00-17:00"))
        .collect();
    days.push(day("2026-11-28", last));
    days
}

#[test]
fn case_60_short_rest() {
    let days = [
        day("2026-11-23", "14:00-18:00 19:00-23:30"),
        day("2026-11-24", "08:00-12:00"),
    ];
    let findings = check(&Limits::default(), Weekday::Mon, &record(days));
    let expected = Finding {
        kind: Kind::ShortRest,
        work_date: date("2026-11-24"),
        severity: Severity::Serious,
        minutes: 150,
        text:
            "Only 8 h 30 min of rest between leaving at 23:30 and beginning at 08:00, where 11 h \
               are due."
                .to_owned(),
    };
    assert_eq!(findings, [expected]);
}

#[test]
fn eleven_hours_are_enough() {
    let late = ("2026-11-23", "16:00-21:00");
    check_days(
        &Limits::default(),
        &[late, ("2026-11-24", "08:00-12:00")],
        &[],
    );
    let early = ("2026-11-24", "07:59-12:00");
    check_days(
        &Limits::default(),
        &[late, early],
        &["short_rest 24 1 warning"],
    );
}

#[test]
fn a_day_that_is_not_known_is_held_against_nobody() {
    let missing_out = ("2026-11-24", "");
    let days = [
        ("2026-11-23", "17:00-23:30"),
        missing_out,
        ("2026-11-25", "08:00-12:00"),
    ];
    check_days(
        &Limits {
            work_before_break_minutes: None,
            ..Limits::default()
        },
        &days,
        &[],
    );
}

#[test]
fn a_night_shift_ends_on_the_next_morning() {
    let days = [("2026-11-23", "22:00-02:00"), ("2026-11-24", "12:00-16:00")];
    check_days(&Limits::default(), &days, &["short_rest 24 60 serious"]);
}

#[test]
fn six_hours_need_no_break_and_more_do() {
    check_days(&Limits::default(), &[("2026-11-23", "08:00-14:00")], &[]);
    let expected = ["long_without_break 23 1 warning"];
    check_days(
        &Limits::default(),
        &[("2026-11-23", "08:00-14:01")],
        &expected,
    );
    // The pause is too short to be a break, and is no work either.
    let day = ("2026-11-23", "08:00-12:00 12:10-16:00");
    let expected = ["long_without_break 23 110 serious"];
    check_days(&Limits::default(), &[day], &expected);
    check_days(
        &Limits::default(),
        &[("2026-11-23", "08:00-12:00 12:15-16:00")],
        &[],
    );
}

#[test]
fn a_deducted_break_counts_as_taken() {
    let (on, mut work) = day("2026-11-23", "08:00-16:30");
    work.deducted_minutes = 30;
    assert!(found(&Limits::default(), &record([(on, work.clone())])).is_empty());
    // Not even in the middle could it have kept both parts within six hours.
    work.work = day("2026-11-23", "08:00-20:40").1.work;
    let expected = ["long_without_break 23 5 warning"];
    assert_eq!(found(&Limits::default(), &record([(on, work)])), expected);
}

#[test]
fn a_day_has_a_maximum_where_one_is_set() {
    let limits = Limits {
        daily_maximum_minutes: Some(600),
        ..Limits::default()
    };
    let long = ("2026-11-23", "07:00-12:00 12:30-17:45");
    check_days(&limits, &[long], &["daily_maximum 23 15 warning"]);
    check_days(&Limits::default(), &[long], &[]);
}

#[test]
fn a_week_rest_may_reach_into_the_next_week() {
    let next = || day("2026-11-30", "08:00-12:00");
    let expected: [&str; 0] = [];
    let mut days = six_days("08:00-12:00 13:00-17:00");
    days.push(next());
    // From Saturday 17:00 to Monday 08:00 are 39 hours.
    assert_eq!(found(&Limits::default(), &record(days)), expected);
    let mut days = six_days("16:00-22:00");
    days.push(next());
    // From 22:00 they are 34.
    let expected = ["week_rest 28 60 serious"];
    assert_eq!(found(&Limits::default(), &record(days)), expected);
}

#[test]
fn a_rest_over_the_edge_counts_in_one_week_only() {
    let mut days = six_days("08:00-12:00");
    // The rest until Monday 23:00 counts in the first week, and the second has none of its own.
    days.push(day("2026-11-30", "23:00-01:00"));
    for n in 1..=6 {
        days.push(day(&format!("2026-12-0{n}"), "12:00-18:00"));
    }
    days.push(day("2026-12-07", "08:00-12:00"));
    assert_eq!(
        found(&Limits::default(), &record(days)),
        ["week_rest 06 720 serious"]
    );
}

#[test]
fn a_week_at_the_edge_of_what_is_known_is_not_judged() {
    let mut short = record(six_days("16:00-22:00"));
    short.known.to = at("2026-12-01T10:59");
    assert!(found(&Limits::default(), &short).is_empty());
    let mut days = six_days("16:00-22:00");
    days.push(day("2026-11-29", "10:00-11:00"));
    let mut enough = record(days);
    enough.known.to = at("2026-12-01T11:00");
    // From Friday 17:00 to Saturday 16:00 are 23 hours, after Sunday 11:00 come 48, most of them in
    // the next week.
    assert_eq!(
        found(&Limits::default(), &enough),
        ["week_rest 29 720 serious"]
    );
}

/// Weeks of five days of so many hours each, from 2 November on.
fn weeks(count: u64, hours: i64) -> Vec<(NaiveDate, WorkDay)> {
    let first = date("2026-11-02");
    let dates = (0..count * 7).map(|n| first + Days::new(n));
    let worked = dates.filter(|date| date.weekday_number() < 5);
    worked
        .map(|date| {
            let from = date.and_hms_opt(6, 0, 0).expect("a time").and_utc();
            let work = Interval::starting(from, hours * 60).into();
            let day = WorkDay {
                work,
                ..WorkDay::default()
            };
            (date, day)
        })
        .collect()
}

trait WeekdayNumber {
    fn weekday_number(&self) -> u32;
}

impl WeekdayNumber for NaiveDate {
    fn weekday_number(&self) -> u32 {
        chrono::Datelike::weekday(self).num_days_from_monday()
    }
}

fn only_average() -> Limits {
    Limits {
        work_before_break_minutes: None,
        ..Limits::default()
    }
}

#[test]
fn the_average_is_taken_over_seventeen_weeks() {
    assert!(found(&only_average(), &record(weeks(17, 9))).is_empty());
    // 50 hours a week; the first 16 weeks are not a whole period.
    let expected = [
        "weekly_average 26 120 serious",
        "weekly_average 05 120 serious",
    ];
    assert_eq!(
        found(&only_average(), &record(weeks(18, 10)))[..],
        expected[..]
    );
}

#[test]
fn leave_neither_raises_nor_lowers_the_average() {
    let mut days = weeks(17, 10);
    for (_, day) in days.iter_mut().take(40) {
        *day = WorkDay {
            neutral: true,
            ..WorkDay::default()
        };
    }
    for n in 0..8 {
        for weekend in [5, 6] {
            let on = date("2026-11-02") + Days::new(n * 7 + weekend);
            days.push((
                on,
                WorkDay {
                    neutral: true,
                    ..WorkDay::default()
                },
            ));
        }
    }
    let expected = ["weekly_average 26 120 serious"];
    assert_eq!(found(&only_average(), &record(days)), expected);
}

#[test]
fn meals_are_due_by_the_fifth_and_the_tenth_hour() {
    let limits = Limits::californian();
    let cases: [(&str, &[&str]); 8] = [
        ("08:00-13:00", &[]),
        ("08:00-13:01", &["meal_break 23 1 warning"]),
        ("08:00-13:00 13:30-17:00", &[]),
        // A meal of 29 minutes is none.
        ("08:00-13:00 13:29-17:00", &["meal_break 23 211 serious"]),
        ("08:00-13:10 13:40-17:00", &["meal_break 23 10 warning"]),
        ("08:00-12:00 12:30-18:30", &[]),
        ("08:00-12:00 12:30-19:00", &["meal_break 23 30 warning"]),
        ("08:00-12:00 12:30-18:30 19:00-21:00", &[]),
    ];
    for (pieces, expected) in cases {
        check_days(&limits, &[("2026-11-23", pieces)], expected);
    }
}

#[test]
fn meals_may_be_waived_on_short_days_only() {
    let cases: [(&str, &[&str]); 4] = [
        ("08:00-14:00", &[]),
        ("08:00-14:01", &["meal_break 23 61 serious"]),
        ("08:00-12:00 12:30-20:00", &[]),
        ("08:00-12:00 12:30-20:31", &["meal_break 23 121 serious"]),
    ];
    for (pieces, expected) in cases {
        let (on, mut work) = day("2026-11-23", pieces);
        work.meal_waived = true;
        assert_eq!(
            found(&Limits::californian(), &record([(on, work)])),
            expected
        );
    }
}

#[test]
fn absent_limits_are_european_and_null_is_none() {
    let limits: Limits = serde_json::from_str("{}").expect("limits");
    assert_eq!(limits, Limits::european());
    let text = r#"{"dailyRestMinutes":null,"mealBreak":{},"averageWeeks":26}"#;
    let limits: Limits = serde_json::from_str(text).expect("limits");
    assert_eq!(limits.daily_rest_minutes, None);
    assert_eq!(limits.meal_break, Some(MealRule::default()));
    assert_eq!(
        (limits.average_weeks, limits.weekly_rest_minutes),
        (26, Some(2100))
    );
    let text = serde_json::to_string(&Limits::californian()).expect("JSON");
    let back: Limits = serde_json::from_str(&text).expect("limits");
    assert_eq!(back, Limits::californian());
}

fn any_days() -> impl Strategy<Value = Vec<(NaiveDate, WorkDay)>> {
    let piece = (0u64..30, 0i64..1440, 1i64..700, 0i64..60).prop_map(|(n, from, minutes, less)| {
        let on = date("2026-11-09") + Days::new(n);
        let midnight = on.and_hms_opt(0, 0, 0).expect("a time").and_utc();
        let work = Interval::starting(midnight + TimeDelta::minutes(from), minutes).into();
        let deducted_minutes = less.min(minutes);
        (
            on,
            WorkDay {
                work,
                deducted_minutes,
                ..WorkDay::default()
            },
        )
    });
    prop::collection::vec(piece, 0..40)
}

fn strict() -> Limits {
    Limits {
        daily_maximum_minutes: Some(600),
        meal_break: Some(MealRule::default()),
        average_weeks: 2,
        ..Limits::european()
    }
}

proptest! {
    #[test]
    fn the_order_of_days_changes_nothing(
        (days, shuffled) in any_days()
            .prop_flat_map(|days| (Just(days.clone()), Just(days).prop_shuffle())),
    ) {
        let all = check(&strict(), Weekday::Mon, &record(days));
        prop_assert_eq!(&all, &check(&strict(), Weekday::Mon, &record(shuffled)));
        prop_assert!(all.iter().all(|one| one.minutes > 0));
        prop_assert!(all.windows(2).all(|two| two[0].work_date <= two[1].work_date));
    }

    #[test]
    fn a_finding_lies_on_a_day_with_work(days in any_days()) {
        let record = record(days);
        for one in check(&strict(), Weekday::Wed, &record) {
            prop_assert!(!record.days[&one.work_date].work.is_empty(), "{:?}", one);
        }
    }

    #[test]
    fn milder_limits_find_no_more(days in any_days(), milder in 0i64..600) {
        let hard = strict();
        let mild = Limits {
            daily_rest_minutes: hard.daily_rest_minutes.map(|m| m - milder),
            work_before_break_minutes: hard.work_before_break_minutes.map(|m| m + milder),
            weekly_rest_minutes: hard.weekly_rest_minutes.map(|m| m - milder),
            weekly_average_minutes: hard.weekly_average_minutes.map(|m| m + milder),
            daily_maximum_minutes: hard.daily_maximum_minutes.map(|m| m + milder),
            ..hard
        };
        let record = record(days);
        let kinds = |limits| -> Vec<_> {
            let all = check(limits, Weekday::Mon, &record);
            all.into_iter().map(|one| (one.work_date, one.kind)).collect()
        };
        let all = kinds(&hard);
        prop_assert!(kinds(&mild).iter().all(|one| all.contains(one)));
    }

    #[test]
    fn no_limits_find_nothing(days in any_days()) {
        let none = Limits { meal_break: None, ..Limits::californian() };
        prop_assert!(check(&none, Weekday::Mon, &record(days)).is_empty());
    }
}
