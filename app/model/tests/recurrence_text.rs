//! What a rule may not say, and what of servers' real writing is read.
#![cfg(feature = "zone")]

use model::scheduling::recurrence::{Error, Rule, expand};

#[test]
fn what_a_rule_may_not_say_is_named() {
    let refused = [
        ("", "FREQ"),
        ("FREQ", "RRULE"),
        ("FREQ=", "FREQ"),
        ("FREQ=FORTNIGHTLY", "FREQ"),
        ("COUNT=3", "FREQ"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=-1", "COUNT"),
        ("FREQ=DAILY;COUNT=+1", "COUNT"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "COUNT"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=61", "BYSECOND"),
        ("FREQ=DAILY;BYHOUR=", "BYHOUR"),
        ("FREQ=DAILY;BYMONTH=0", "BYMONTH"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH"),
        ("FREQ=DAILY;BYMONTH=5L", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=é", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY=1MO"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "BYDAY=1MO"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS"),
        ("FREQ=WEEKLY;WKST=1MO", "WKST"),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE"),
        ("FREQ=YEARLY;SKIP=FORWARD", "SKIP"),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=AWAY", "SKIP"),
    ];
    for (text, named) in refused {
        match text.parse::<Rule>() {
            Err(Error::Refused { part, .. }) => assert_eq!(part, named, "{text}"),
            other => panic!("{text} gave {other:?}"),
        }
    }
    let hours = expand("20260101", "FREQ=HOURLY", 9, None).expect_err("a day has no hours");
    assert_eq!(
        hours.to_string(),
        "FREQ: HOURLY needs a start with a time of day"
    );
}

#[test]
fn what_servers_really_write_is_read() {
    let read = |text: &str| text.parse::<Rule>().map(|rule| rule.to_string());
    for text in [
        "RRULE:FREQ=WEEKLY;BYDAY=TU;",
        "rrule:freq=weekly;byday=tu",
        " FREQ = WEEKLY;BYDAY=TU,TU",
    ] {
        assert_eq!(read(text), Ok("FREQ=WEEKLY;BYDAY=TU".to_owned()));
    }
    let full =
        "FREQ=MONTHLY;COUNT=3;INTERVAL=2;BYMONTHDAY=-1,15;BYHOUR=9;BYMINUTE=30;BYSETPOS=1;WKST=SU";
    assert_eq!(read(full), Ok(full.to_owned()));
    assert_eq!(
        read("FREQ=DAILY;X-EVOLUTION-ENDDATE=20260101;INTERVAL=1"),
        Ok("FREQ=DAILY".to_owned())
    );
}
