//! Rules as a person says them.
#![cfg(feature = "zone")]

use model::scheduling::recurrence::{Moment, Rule};

/// The sentence for a rule that starts on Tuesday, 3 March 2026, at nine in Berlin.
fn said(rule: &str) -> String {
    let rule: Rule = rule.parse().expect("a rule");
    let start: Moment = "TZID=Europe/Berlin:20260303T090000"
        .parse()
        .expect("a start");
    rule.sentence(&start)
}

#[test]
fn days_and_weeks() {
    assert_eq!(said("FREQ=DAILY"), "Every day");
    assert_eq!(said("FREQ=DAILY;INTERVAL=2"), "Every second day");
    assert_eq!(
        said("FREQ=DAILY;INTERVAL=10;COUNT=5"),
        "Every 10 days, 5 times"
    );
    assert_eq!(said("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"), "Every weekday");
    assert_eq!(said("FREQ=WEEKLY;BYDAY=FR,MO,TU,WE,TH"), "Every weekday");
    assert_eq!(said("FREQ=WEEKLY;BYDAY=SA,SU"), "Every day of the weekend");
    assert_eq!(said("FREQ=WEEKLY"), "Every Tuesday");
    assert_eq!(said("FREQ=WEEKLY;COUNT=1"), "Every Tuesday, once");
    assert_eq!(
        said("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270303T080000Z"),
        "Every second Tuesday until 3 Mar 2027"
    );
    assert_eq!(said("FREQ=WEEKLY;BYDAY=TH,MO"), "Every Monday and Thursday");
    assert_eq!(
        said("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR"),
        "Every second week on Monday, Wednesday and Friday"
    );
    assert_eq!(said("FREQ=WEEKLY;INTERVAL=3"), "Every 3 weeks on Tuesday");
    // The day is the one in Berlin, not the one in UTC.
    assert_eq!(
        said("FREQ=WEEKLY;UNTIL=20260630T220000Z"),
        "Every Tuesday until 1 Jul 2026"
    );
}

#[test]
fn months_and_years() {
    assert_eq!(said("FREQ=MONTHLY"), "On the 3rd of each month");
    assert_eq!(
        said("FREQ=MONTHLY;BYMONTHDAY=15,1"),
        "On the 1st and 15th of each month"
    );
    assert_eq!(
        said("FREQ=MONTHLY;BYMONTHDAY=-1"),
        "On the last day of each month"
    );
    assert_eq!(
        said("FREQ=MONTHLY;BYDAY=-1FR;COUNT=10"),
        "On the last Friday of each month, 10 times"
    );
    assert_eq!(
        said("FREQ=MONTHLY;INTERVAL=2;BYDAY=2MO"),
        "On the second Monday of every second month"
    );
    assert_eq!(
        said("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        "On the last weekday of each month"
    );
    assert_eq!(
        said("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1"),
        "On the first Tuesday of each month"
    );
    assert_eq!(said("FREQ=YEARLY"), "Each year on 3 March");
    assert_eq!(
        said("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        "Each year on the fourth Thursday of November"
    );
    assert_eq!(
        said("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29"),
        "Every fourth year on 29 February"
    );
}

#[test]
fn short_turns_and_what_no_sentence_says() {
    assert_eq!(said("FREQ=HOURLY;INTERVAL=3"), "Every 3 hours");
    assert_eq!(said("FREQ=MINUTELY;INTERVAL=20"), "Every 20 minutes");
    assert_eq!(
        said("FREQ=YEARLY;BYWEEKNO=20;COUNT=2"),
        "By the rule FREQ=YEARLY;BYWEEKNO=20, 2 times"
    );
}
