//! Series across changes of the clocks, with exceptions, and cut in two.
#![cfg(feature = "zone")]

use chrono::{DateTime, Utc};
use model::scheduling::recurrence::{Change, Error, Length, Moment, Override, Series, expand};
use model::zone::Zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("a moment")
}

fn series(start: &str, minutes: u32, rule: &str) -> Series {
    let rule = rule.parse().expect("a rule");
    Series::new(moment(start), Length::seconds(60 * minutes), Some(rule))
}

/// The occurrences as `begin/end` in UTC.
fn during(series: &Series, from: &str, to: &str) -> Vec<String> {
    let found = series.occurrences(at(from), at(to), &Zone::utc());
    let found = found.expect("a series within bounds");
    let text = |at: DateTime<Utc>| at.format("%d %H:%M").to_string();
    found
        .iter()
        .map(|o| format!("{} – {}", text(o.begins), text(o.ends)))
        .collect()
}

/// The hour UTC at which nine o'clock is, week by week.
fn hours_of_nine(zone: &str, day: &str, weeks: u32) -> Vec<String> {
    let start = format!("TZID={zone}:{day}T090000");
    let rule = format!("FREQ=WEEKLY;COUNT={weeks}");
    let series = series(&start, 60, &rule);
    let found = series.occurrences(
        at("2026-01-01T00:00:00Z"),
        at("2027-12-31T00:00:00Z"),
        &Zone::utc(),
    );
    let found = found.expect("a series within bounds");
    assert!(
        found
            .iter()
            .all(|o| o.start.to_string().ends_with("T090000"))
    );
    found
        .iter()
        .map(|o| o.begins.format("%m-%d %H").to_string())
        .collect()
}

#[test]
fn nine_stays_nine_when_the_clocks_change() {
    let berlin = hours_of_nine("Europe/Berlin", "20260322", 3);
    assert_eq!(berlin, ["03-22 08", "03-29 07", "04-05 07"]);
    let autumn = hours_of_nine("Europe/Berlin", "20261018", 3);
    assert_eq!(autumn, ["10-18 07", "10-25 08", "11-01 08"]);
}

#[test]
fn nine_is_right_where_the_law_changed_lately() {
    assert_eq!(
        hours_of_nine("America/Edmonton", "20261025", 3),
        ["10-25 15", "11-01 15", "11-08 15"]
    );
    assert_eq!(
        hours_of_nine("America/Edmonton", "20261215", 1),
        ["12-15 15"]
    );
    assert_eq!(
        hours_of_nine("America/Vancouver", "20261215", 1),
        ["12-15 16"]
    );
    assert_eq!(
        hours_of_nine("Africa/Casablanca", "20261215", 1),
        ["12-15 09"]
    );
}

#[test]
fn a_skipped_time_moves_forward_and_a_doubled_one_comes_once() {
    let days = |start: &str, rule: &str| expand(start, rule, 99, None).expect("a rule").join(" ");
    assert_eq!(
        days("TZID=Europe/Berlin:20260328T023000", "FREQ=DAILY;COUNT=3"),
        "TZID=Europe/Berlin:20260328T023000 TZID=Europe/Berlin:20260329T033000 \
         TZID=Europe/Berlin:20260330T023000"
    );
    // Half past two and three: the skipped one changes places with the other.
    assert_eq!(
        days(
            "TZID=Europe/Berlin:20260329T013000",
            "FREQ=MINUTELY;INTERVAL=30;COUNT=5"
        ),
        "TZID=Europe/Berlin:20260329T013000 TZID=Europe/Berlin:20260329T030000 \
         TZID=Europe/Berlin:20260329T033000"
    );
    let autumn = series(
        "TZID=Europe/Berlin:20261025T023000",
        60,
        "FREQ=DAILY;COUNT=2",
    );
    assert_eq!(
        during(&autumn, "2026-10-24T00:00:00Z", "2026-10-28T00:00:00Z"),
        ["25 00:30 – 25 01:30", "26 01:30 – 26 02:30"]
    );
}

#[test]
fn what_began_earlier_reaches_into_the_range() {
    let night = series("TZID=Europe/Berlin:20260601T220000", 8 * 60, "FREQ=DAILY");
    assert_eq!(
        during(&night, "2026-06-10T01:00:00Z", "2026-06-10T20:30:00Z"),
        ["09 20:00 – 10 04:00", "10 20:00 – 11 04:00"]
    );
    // Neither what ends as the range begins nor what begins as it ends.
    assert_eq!(
        during(&night, "2026-06-10T04:00:00Z", "2026-06-10T20:00:00Z"),
        Vec::<String>::new()
    );
}

#[test]
fn a_day_is_a_day_though_it_has_twenty_three_hours() {
    let mut series = series(
        "TZID=Europe/Berlin:20260327T090000",
        0,
        "FREQ=DAILY;COUNT=3",
    );
    series.length = Length::days(1);
    assert_eq!(
        during(&series, "2026-03-28T12:00:00Z", "2026-03-29T00:00:00Z"),
        ["28 08:00 – 29 07:00"]
    );
    let whole = Series::new(moment("20260329"), Length::days(1), None);
    let berlin = Zone::named("Europe/Berlin").expect("a zone");
    let found = whole.occurrences(
        at("2026-03-01T00:00:00Z"),
        at("2026-04-01T00:00:00Z"),
        &berlin,
    );
    let found = found.expect("one day");
    assert_eq!(
        (found[0].begins, found[0].ends),
        (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"))
    );
}

fn changed_series() -> Series {
    let mut series = series(
        "TZID=Europe/Berlin:20260601T090000",
        60,
        "FREQ=DAILY;COUNT=6",
    );
    series
        .added
        .push(moment("TZID=Europe/Berlin:20260610T090000"));
    series.left_out.push(moment("20260602T070000Z"));
    series.left_out.push(moment("20260604"));
    series.overrides.push(Override {
        original: moment("20260603T070000Z"),
        change: Change::Cancelled,
    });
    series.overrides.push(Override {
        original: moment("TZID=Europe/Berlin:20260605T090000"),
        change: Change::Moved {
            start: moment("TZID=Europe/Berlin:20260620T150000"),
            length: Length::seconds(1800),
        },
    });
    series
}

#[test]
fn exceptions_are_found_in_any_notation() {
    let expected = [
        "01 07:00 – 01 08:00",
        "06 07:00 – 06 08:00",
        "10 07:00 – 10 08:00",
        "20 13:00 – 20 13:30",
    ];
    assert_eq!(
        during(
            &changed_series(),
            "2026-06-01T00:00:00Z",
            "2026-07-01T00:00:00Z"
        ),
        expected
    );
}

#[test]
fn a_start_that_does_not_fit_its_rule_is_no_occurrence() {
    let mut fridays = series("20260601T090000Z", 60, "FREQ=WEEKLY;BYDAY=FR;COUNT=2");
    let all = |s: &Series| during(s, "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
    assert_eq!(
        all(&fridays),
        ["05 09:00 – 05 10:00", "12 09:00 – 12 10:00"]
    );
    fridays.added.push(fridays.start.clone());
    assert_eq!(all(&fridays).len(), 3);
    let split = fridays
        .split_at(&moment("20260605T090000Z"))
        .expect("a Friday");
    let before = split.before.expect("the Monday that was added");
    assert_eq!(all(&before), ["01 09:00 – 01 10:00"]);
    assert_eq!(all(&split.following).len(), 2);
}

#[test]
fn this_and_following_cuts_by_count_and_by_until() {
    let split = changed_series()
        .split_at(&moment("20260603T070000Z"))
        .expect("an occurrence");
    let (before, following) = (split.before.expect("two days"), split.following);
    assert_eq!(
        before.rule.expect("a rule").to_string(),
        "FREQ=DAILY;COUNT=2"
    );
    assert_eq!(
        following.start,
        moment("TZID=Europe/Berlin:20260603T090000")
    );
    assert_eq!(
        following.rule.expect("a rule").to_string(),
        "FREQ=DAILY;COUNT=4"
    );
    assert_eq!((following.added.len(), following.overrides.len()), (1, 2));

    let endless = series("TZID=Europe/Berlin:20260601T090000", 60, "FREQ=WEEKLY");
    let split = endless
        .split_at(&moment("TZID=Europe/Berlin:20260615T090000"))
        .expect("a Monday");
    let before = split.before.and_then(|s| s.rule).expect("two Mondays");
    // The end of Sunday, in Berlin.
    assert_eq!(before.to_string(), "FREQ=WEEKLY;UNTIL=20260614T215959Z");
    assert_eq!(split.following.rule, endless.rule);

    let first = endless.split_at(&endless.start).expect("the first Monday");
    assert_eq!((first.before, first.following), (None, endless.clone()));
    let tuesday = moment("TZID=Europe/Berlin:20260616T090000");
    assert!(matches!(
        endless.split_at(&tuesday),
        Err(Error::NotAnOccurrence(_))
    ));
}

#[test]
fn a_series_is_the_same_after_json() {
    let series = changed_series();
    let text = serde_json::to_string(&series).expect("a series is JSON");
    assert_eq!(
        serde_json::from_str::<Series>(&text).expect("it is read again"),
        series
    );
}

#[test]
fn hostile_rules_end() {
    let start = "20260101T000000";
    let ends = |rule: &str, from: Option<&str>| expand(start, rule, usize::MAX, from);
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTHDAY=1",
    ] {
        assert_eq!(ends(rule, None).map(|found| found.len()), Ok(0), "{rule}");
    }
    for freq in [
        "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
    ] {
        let giant = format!("FREQ={freq};INTERVAL=4294967295;COUNT=4294967295");
        assert!(
            !ends(&giant, None).expect("the first at least").is_empty(),
            "{giant}"
        );
    }
    let second = "FREQ=SECONDLY;UNTIL=99991231T235959Z";
    assert_eq!(ends(second, None).map(|found| found.len()), Ok(100_000));
    assert_eq!(
        ends(second, Some("99991231T235958")).map(|found| found.len()),
        Ok(2)
    );
    let never = "FREQ=SECONDLY;INTERVAL=60;BYSECOND=5";
    assert_eq!(ends(never, None), Err(Error::TooMuch));
    let counted = "FREQ=SECONDLY;COUNT=4294967295";
    assert_eq!(ends(counted, Some("20800101T000000")), Err(Error::TooMuch));
    let dense = "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3;BYSETPOS=-1";
    assert_eq!(
        ends(dense, Some("99990101T000000")),
        Ok(vec!["99991231T030303".to_owned()])
    );
}
