//! What holds for every rule, tried on many.
#![cfg(feature = "zone")]

mod common;

use chrono::NaiveDateTime;
use common::start;
use model::scheduling::recurrence::{Moment, Rule, expand};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const FREQS: [&str; 7] = [
    "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
];
const NAMES: [&str; 14] = [
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYSECOND",
    "BYMINUTE",
    "BYHOUR",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
    "SKIP",
];

/// A part with a value that is often, but not always, allowed.
fn part() -> impl Strategy<Value = String> {
    let item = prop_oneof![
        (-60..60_i32).prop_map(|n| n.to_string()),
        (1..12_i32).prop_map(|n| n.to_string()),
        select(&DAYS[..]).prop_map(str::to_owned),
        (-5..6_i32, select(&DAYS[..])).prop_map(|(n, day)| format!("{n}{day}")),
        (1990..2040_i32).prop_map(|year| format!("{year}0615T120000Z")),
    ];
    (select(&NAMES[..]), prop::collection::vec(item, 1..4))
        .prop_map(|(name, items)| format!("{name}={}", items.join(",")))
}

/// A rule with a fair chance to be one.
fn any_rule() -> impl Strategy<Value = String> {
    (select(&FREQS[..]), prop::collection::vec(part(), 0..4))
        .prop_map(|(freq, parts)| [vec![format!("FREQ={freq}")], parts].concat().join(";"))
}

fn number_list(of: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(
        of.prop_filter("no zero", |n| *n != 0)
            .prop_map(|n| n.to_string()),
        0..4,
    )
}

fn list(name: &str, items: &[String]) -> String {
    if items.is_empty() {
        String::new()
    } else {
        format!(";{name}={}", items.join(","))
    }
}

/// A rule that is one: a frequency with all the limits it may have.
fn good_rule() -> impl Strategy<Value = String> {
    let days = subsequence(DAYS.map(str::to_owned).to_vec(), 0..=7);
    let months = number_list(1..=12);
    let month_days = number_list(-31..=31);
    let year_days = number_list(-366..=366);
    let positions = number_list(-3..=3);
    let hours = number_list(1..=23);
    (
        select(&FREQS[..]),
        1..5_u32,
        days,
        months,
        month_days,
        year_days,
        positions,
        hours,
    )
        .prop_map(
            |(freq, interval, days, months, month_days, year_days, positions, hours)| {
                let mut rule = format!("FREQ={freq};INTERVAL={interval}");
                rule += &list("BYDAY", &days);
                rule += &list("BYMONTH", &months);
                rule += &list("BYHOUR", &hours);
                if freq != "WEEKLY" {
                    rule += &list("BYMONTHDAY", &month_days);
                }
                if !matches!(freq, "DAILY" | "WEEKLY" | "MONTHLY") {
                    rule += &list("BYYEARDAY", &year_days);
                }
                if rule.contains(";BY") {
                    rule += &list("BYSETPOS", &positions);
                }
                rule
            },
        )
}

fn key(moment: &Moment) -> NaiveDateTime {
    moment.key_in(&moment.notation)
}

proptest! {
    #[test]
    fn no_text_is_too_odd(start in ".{0,40}", rule in ".{0,80}", from in proptest::option::of(".{0,30}")) {
        let _ = expand(&start, &rule, 5, from.as_deref());
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let text = String::from_utf8_lossy(&bytes);
        for text in [text.to_string(), format!("FREQ={text}"), format!("FREQ=DAILY;{text}")] {
            if let Err(error) = expand("20260101T090000", &text, 5, None) {
                prop_assert!(!error.to_string().contains('\n'));
            }
        }
    }

    #[test]
    fn near_rules_end_and_stay_in_order(start in start(), rule in any_rule(), from in start()) {
        in_order(&start, &rule, &from)?;
    }

    #[test]
    fn a_rule_prints_as_itself(rule in prop_oneof![any_rule(), good_rule()]) {
        if let Ok(rule) = rule.parse::<Rule>() {
            prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule.clone()));
            let start: Moment = "20260303T090000".parse().expect("a start");
            prop_assert!(!rule.sentence(&start).is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    // Fewer, since a rule that names nothing is searched through four centuries.
    #[test]
    fn rules_end_and_stay_in_order(start in start(), rule in good_rule(), from in start()) {
        prop_assert!(rule.parse::<Rule>().is_ok(), "{rule}");
        in_order(&start, &rule, &from)?;
    }
}

/// Instances are in order, each once, and reading from the middle gives the rest.
fn in_order(start: &str, rule: &str, from: &str) -> Result<(), TestCaseError> {
    let Ok(found) = expand(start, rule, 60, None) else {
        return Ok(());
    };
    let keys: Vec<NaiveDateTime> = found
        .iter()
        .map(|text| key(&text.parse().expect("ours")))
        .collect();
    prop_assert!(keys.is_sorted_by(|a, b| a < b), "{found:?}");
    prop_assert!(
        keys.iter()
            .all(|k| *k >= key(&start.parse().expect("ours")))
    );
    let half = &found[found.len() / 2..];
    if let Some(middle) = half.first() {
        let rest = expand(start, rule, half.len(), Some(middle));
        prop_assert_eq!(rest.as_deref(), Ok(half));
    }
    let start: Moment = start.parse().expect("ours");
    let from_key = from
        .parse::<Moment>()
        .expect("ours")
        .key_in(&start.notation);
    for text in expand(&start.to_string(), rule, 9, Some(from)).unwrap_or_default() {
        prop_assert!(key(&text.parse().expect("ours")) >= from_key);
    }
    Ok(())
}
