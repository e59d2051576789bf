use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Days of so many minutes in a row, from a Monday on.
fn days(minutes: &[i64]) -> Vec<DayMinutes> {
    let dates = date("2026-11-23").iter_days();
    let days = dates.zip(minutes);
    days.map(|(date, minutes)| DayMinutes {
        date,
        minutes: *minutes,
    })
    .collect()
}

fn words(buckets: &[Bucket]) -> String {
    let words = buckets
        .iter()
        .map(|b| format!("{}x{}", b.minutes, b.multiplier));
    words.collect::<Vec<_>>().join(" ")
}

/// What each day of a week from Monday on is, as `minutes x multiplier`.
fn check(rule: Rule, minutes: &[i64], expected: &[&str]) {
    let found = split(rule, Weekday::Mon, &days(minutes));
    let found: Vec<_> = found.iter().map(|day| words(day)).collect();
    assert_eq!(found, expected);
}

fn check_total(rule: Rule, minutes: &[i64], expected: &str) {
    let found = split(rule, Weekday::Mon, &days(minutes));
    assert_eq!(words(&total(found.iter().flatten())), expected);
}

#[test]
fn without_a_rule_all_is_straight() {
    check(Rule::None, &[780, 0, 1440], &["780x1.0", "", "1440x1.0"]);
}

#[test]
fn case_57_a_long_day_in_california() {
    check(Rule::California, &[780], &["480x1.0 240x1.5 60x2.0"]);
}

#[test]
fn case_58_seven_short_days_in_california() {
    let straight = "420x1.0";
    let expected = [
        straight,
        straight,
        straight,
        straight,
        straight,
        "300x1.0 120x1.5",
        "420x1.5",
    ];
    check(Rule::California, &[420; 7], &expected);
    check_total(Rule::California, &[420; 7], "2400x1.0 540x1.5");
}

#[test]
fn case_59_a_federal_week_and_the_same_in_california() {
    let week = [600, 480, 780, 480, 480];
    check_total(Rule::Flsa, &week, "2400x1.0 420x1.5");
    check_total(Rule::California, &week, "2400x1.0 360x1.5 60x2.0");
    let expected = ["600x1.0", "480x1.0", "780x1.0", "480x1.0", "60x1.0 420x1.5"];
    check(Rule::Flsa, &week, &expected);
}

#[test]
fn the_seventh_day_is_double_beyond_eight_hours() {
    let week = [60, 60, 60, 60, 60, 60, 600];
    let short = "60x1.0";
    let expected = [short, short, short, short, short, short, "480x1.5 120x2.0"];
    check(Rule::California, &week, &expected);
}

#[test]
fn a_day_of_rest_spares_the_seventh_day() {
    let week = [60, 60, 60, 0, 60, 60, 600];
    let short = "60x1.0";
    let expected = [short, short, short, "", short, short, "480x1.0 120x1.5"];
    check(Rule::California, &week, &expected);
}

#[test]
fn seven_days_in_a_row_over_two_workweeks_have_no_seventh() {
    // Workweeks from Thursday: three days in the first, four in the second.
    let found = split(Rule::California, Weekday::Thu, &days(&[420; 7]));
    assert_eq!(words(&total(found.iter().flatten())), "2940x1.0");
}

#[test]
fn each_workweek_fills_its_own_forty_hours() {
    let minutes = [600; 14];
    let found = split(Rule::Flsa, Weekday::Mon, &days(&minutes));
    assert_eq!(words(&total(found.iter().flatten())), "4800x1.0 3600x1.5");
    let found = split(Rule::Flsa, Weekday::Sun, &days(&minutes));
    // One of the days is alone in its week, so that its neighbours are thirteen.
    assert_eq!(words(&total(found.iter().flatten())), "5400x1.0 3000x1.5");
}

#[test]
fn a_date_that_comes_twice_is_one_day() {
    let twice = [
        (300, "2026-11-23"),
        (240, "2026-11-24"),
        (300, "2026-11-23"),
    ];
    let twice = twice.map(|(minutes, day)| DayMinutes {
        date: date(day),
        minutes,
    });
    let found = split(Rule::California, Weekday::Mon, &twice);
    let found: Vec<_> = found.iter().map(|day| words(day)).collect();
    assert_eq!(found, ["300x1.0", "240x1.0", "180x1.0 120x1.5"]);
}

#[test]
fn a_negative_day_is_none() {
    check(Rule::California, &[-60, 480], &["", "480x1.0"]);
}

#[test]
fn multipliers_are_exact_words() {
    let cases = [
        ("1.0", 100),
        ("1.5", 150),
        ("2.0", 200),
        ("1.25", 125),
        ("0.05", 5),
    ];
    for (text, hundredths) in cases {
        let multiplier = Multiplier::from_hundredths(hundredths);
        let json = serde_json::to_string(&multiplier).expect("a string");
        assert_eq!(json, format!("\"{text}\""));
        let back: Multiplier = serde_json::from_str(&json).expect("a multiplier");
        assert_eq!(back, multiplier);
    }
    assert_eq!("2".parse(), Ok(Multiplier::DOUBLE));
    for bad in [
        "", ".5", "1.", "1.555", "-1.5", "1,5", "+1", "1.+5", "700.0", "99999.0",
    ] {
        assert!(bad.parse::<Multiplier>().is_err(), "{bad}");
    }
}

#[test]
fn the_workweek_begins_where_the_policy_says() {
    let wednesday = date("2026-11-25");
    assert_eq!(workweek_of(wednesday, Weekday::Mon), date("2026-11-23"));
    assert_eq!(workweek_of(wednesday, Weekday::Wed), wednesday);
    assert_eq!(workweek_of(wednesday, Weekday::Thu), date("2026-11-19"));
    assert_eq!(workweek_of(NaiveDate::MIN, Weekday::Tue), NaiveDate::MIN);
}

/// Minutes times hundredths: what the minutes are worth.
fn weight(buckets: &[Vec<Bucket>]) -> i64 {
    let all = buckets.iter().flatten();
    all.map(|b| b.minutes * i64::from(b.multiplier.hundredths()))
        .sum()
}

fn any_rule() -> impl Strategy<Value = Rule> {
    prop::sample::select(Rule::ALL)
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (0u8..7).prop_map(|number| Weekday::try_from(number).expect("a weekday"))
}

/// Up to three weeks with gaps, rest days, and dates that come twice.
fn any_days() -> impl Strategy<Value = Vec<DayMinutes>> {
    let day = (0u64..21, prop_oneof![Just(0i64), 1i64..=480, 400i64..=1440]);
    let day = day.prop_map(|(offset, minutes)| DayMinutes {
        date: date("2026-11-23") + Days::new(offset),
        minutes,
    });
    prop::collection::vec(day, 0..24)
}

proptest! {
    #[test]
    fn every_minute_is_in_one_bucket(
        rule in any_rule(),
        start in any_weekday(),
        days in any_days(),
    ) {
        let found = split(rule, start, &days);
        prop_assert_eq!(found.len(), days.len());
        for (day, buckets) in days.iter().zip(&found) {
            prop_assert_eq!(buckets.iter().map(|b| b.minutes).sum::<i64>(), day.minutes);
            prop_assert!(buckets.iter().all(|b| b.minutes > 0));
            prop_assert!(buckets.windows(2).all(|two| two[0].multiplier < two[1].multiplier));
        }
    }

    #[test]
    fn the_order_of_days_changes_nothing(
        rule in any_rule(),
        start in any_weekday(),
        (days, shuffled) in any_days()
            .prop_map(|mut days| {
                days.sort_by_key(|day| day.date);
                days.dedup_by_key(|day| day.date);
                days
            })
            .prop_flat_map(|days| (Just(days.clone()), Just(days).prop_shuffle())),
    ) {
        let found = split(rule, start, &days);
        let other = split(rule, start, &shuffled);
        for (day, buckets) in shuffled.iter().zip(&other) {
            let at = days.iter().position(|one| one.date == day.date).expect("the same days");
            prop_assert_eq!(buckets, &found[at]);
        }
    }

    #[test]
    fn to_write_a_day_in_parts_changes_no_total(
        rule in any_rule(),
        start in any_weekday(),
        (days, shuffled) in any_days()
            .prop_flat_map(|days| (Just(days.clone()), Just(days).prop_shuffle())),
    ) {
        let (found, other) = (split(rule, start, &days), split(rule, start, &shuffled));
        prop_assert_eq!(total(found.iter().flatten()), total(other.iter().flatten()));
    }

    #[test]
    fn more_work_is_never_worth_less(
        rule in any_rule(),
        start in any_weekday(),
        days in any_days(),
        which in any::<prop::sample::Index>(),
        more in 1i64..600,
    ) {
        prop_assume!(!days.is_empty());
        let before = weight(&split(rule, start, &days));
        let mut longer = days.clone();
        longer[which.index(days.len())].minutes += more;
        let after = weight(&split(rule, start, &longer));
        // At the least, the new minutes are paid straight.
        prop_assert!(after >= before + more * 100);
    }

    #[test]
    fn no_limit_is_passed_at_the_straight_rate(start in any_weekday(), days in any_days()) {
        for rule in [Rule::Flsa, Rule::California] {
            let mut weeks: BTreeMap<NaiveDate, i64> = BTreeMap::new();
            let mut dates: BTreeMap<NaiveDate, i64> = BTreeMap::new();
            for (day, buckets) in days.iter().zip(split(rule, start, &days)) {
                let straight = buckets.iter().filter(|b| !b.multiplier.is_overtime());
                let straight: i64 = straight.map(|b| b.minutes).sum();
                *weeks.entry(workweek_of(day.date, start)).or_default() += straight;
                *dates.entry(day.date).or_default() += straight;
            }
            prop_assert!(weeks.values().all(|minutes| *minutes <= 2400));
            prop_assert!(rule == Rule::Flsa || dates.values().all(|minutes| *minutes <= 480));
        }
    }

    #[test]
    fn california_gives_no_less_than_the_federal_law(start in any_weekday(), days in any_days()) {
        let rules = [Rule::None, Rule::Flsa, Rule::California];
        let [none, flsa, california] = rules.map(|rule| weight(&split(rule, start, &days)));
        prop_assert!(none <= flsa && flsa <= california);
    }
}

#[test]
fn what_is_approved_are_the_first_minutes() {
    let bucket = |multiplier, minutes| Bucket {
        multiplier,
        minutes,
    };
    let (half, double) = (Multiplier::ONE_AND_A_HALF, Multiplier::DOUBLE);
    let all = [bucket(half, 60), bucket(double, 30)];
    assert_eq!(without_last(&all, 0), all);
    assert_eq!(
        without_last(&all, 20),
        [bucket(half, 60), bucket(double, 10)]
    );
    assert_eq!(without_last(&all, 50), [bucket(half, 40)]);
    assert_eq!(without_last(&all, 90), []);
    assert_eq!(without_last(&all, 900), []);
}
