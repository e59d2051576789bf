//! The examples of RFC 5545, section 3.8.5.3, with instances reckoned from the rules' wording.
#![cfg(feature = "zone")]

use model::scheduling::recurrence::expand;

const NEW_YORK: &str = "TZID=America/New_York:";

/// What the rule gives from nine in the morning in New York: days, and times other than nine.
fn given(start: &str, rule: &str, limit: usize) -> Vec<String> {
    let start = format!("{NEW_YORK}{start}T090000");
    let found = expand(&start, rule, limit, None).expect("a rule of the RFC");
    let short = |text: &String| {
        let local = text
            .strip_prefix(NEW_YORK)
            .expect("the notation of the start");
        local.strip_suffix("T090000").unwrap_or(local).to_owned()
    };
    found.iter().map(short).collect()
}

/// The rule ends, and gives exactly these.
fn all(start: &str, rule: &str, expected: &str) {
    let expected: Vec<&str> = expected.split_whitespace().collect();
    assert_eq!(given(start, rule, 1000), expected, "{rule}");
}

/// The rule begins with these and goes on.
fn first(start: &str, rule: &str, expected: &str) {
    let expected: Vec<&str> = expected.split_whitespace().collect();
    let found = given(start, rule, expected.len() + 1);
    assert_eq!(found.len(), expected.len() + 1, "{rule} goes on");
    assert_eq!(found[..expected.len()], expected, "{rule}");
}

#[test]
fn days() {
    let ten =
        "19970902 19970903 19970904 19970905 19970906 19970907 19970908 19970909 19970910 19970911";
    all("19970902", "FREQ=DAILY;COUNT=10", ten);
    let until = given("19970902", "FREQ=DAILY;UNTIL=19971224T000000Z", 1000);
    assert_eq!(
        (until.len(), until.last().map(String::as_str)),
        (113, Some("19971223"))
    );
    first(
        "19970902",
        "FREQ=DAILY;INTERVAL=2",
        "19970902 19970904 19970906 19970908",
    );
    all(
        "19970902",
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "19970902 19970912 19970922 19971002 19971012",
    );
    let daily = given(
        "19980101",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
        1000,
    );
    let yearly = "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA";
    assert_eq!(daily.len(), 93);
    assert_eq!(daily, given("19980101", yearly, 1000));
}

#[test]
fn weeks() {
    let ten =
        "19970902 19970909 19970916 19970923 19970930 19971007 19971014 19971021 19971028 19971104";
    all("19970902", "FREQ=WEEKLY;COUNT=10", ten);
    let until = given("19970902", "FREQ=WEEKLY;UNTIL=19971224T000000Z", 1000);
    assert_eq!(
        (until.len(), until.last().map(String::as_str)),
        (17, Some("19971223"))
    );
    first(
        "19970902",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "19970902 19970916 19970930 19971014",
    );
    let five_weeks =
        "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002";
    all(
        "19970902",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        five_weeks,
    );
    all(
        "19970902",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        five_weeks,
    );
    first(
        "19970901",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "19970901 19970903 19970905 19970915 19970917 19970919 19970929",
    );
    all(
        "19970902",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016",
    );
    let turns = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=";
    all(
        "19970805",
        &format!("{turns}MO"),
        "19970805 19970810 19970819 19970824",
    );
    all(
        "19970805",
        &format!("{turns}SU"),
        "19970805 19970817 19970819 19970831",
    );
}

#[test]
fn months_by_weekday() {
    all(
        "19970905",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "19970905 19971003 19971107 19971205 19980102 19980206 19980306 19980403 19980501 19980605",
    );
    let until = "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR";
    all("19970905", until, "19970905 19971003 19971107 19971205");
    all(
        "19970907",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "19970907 19970928 19971102 19971130 19980104 19980125 19980301 19980329 19980503 19980531",
    );
    all(
        "19970922",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "19970922 19971020 19971117 19971222 19980119 19980216",
    );
    first(
        "19970902",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "19970902 19970909 19970916 19970923 19970930 19971104 19971111 19971118 19971125 19980106",
    );
    first(
        "19970913",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "19970913 19971011 19971108 19971213 19980110 19980207 19980307 19980411 19980509 19980613",
    );
    // The RFC takes its start out with EXDATE; the rule does not name it.
    first(
        "19970902",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "19980213 19980313 19981113 19990813 20001013",
    );
    all(
        "19970904",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "19970904 19971007 19971106",
    );
    first(
        "19970929",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "19970929 19971030 19971127 19971230 19980129 19980226 19980330",
    );
}

#[test]
fn months_by_day() {
    first(
        "19970928",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "19970928 19971029 19971128 19971229 19980129 19980226",
    );
    all(
        "19970930",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "19970930 19971001 19971031 19971101 19971130 19971201 19971231 19980101 19980131 19980201",
    );
    all(
        "19970910",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "19970910 19970911 19970912 19970913 19970914 19970915 19990310 19990311 19990312 19990313",
    );
    all(
        "20070115",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "20070115 20070130 20070215 20070315 20070330",
    );
}

#[test]
fn years() {
    all(
        "19970610",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "19970610 19970710 19980610 19980710 19990610 19990710 20000610 20000710 20010610 20010710",
    );
    all(
        "19970101",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "19970101 19970410 19970719 20000101 20000409 20000718 20030101 20030410 20030719 20060101",
    );
    first(
        "19970519",
        "FREQ=YEARLY;BYDAY=20MO",
        "19970519 19980518 19990517",
    );
    first(
        "19970512",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "19970512 19980511 19990517",
    );
    first(
        "19970313",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "19970313 19970320 19970327 19980305 19980312 19980319 19980326 19990304",
    );
    first(
        "19970605",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "19970605 19970612 19970619 19970626 19970703 19970710 19970717 19970724 19970731 19970807",
    );
    first(
        "19961105",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "19961105 20001107 20041102",
    );
}

#[test]
fn hours_and_minutes() {
    // 17:00 UTC is 13:00 in New York; the RFC's own list ends at 15:00, a known erratum.
    all(
        "19970902",
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
        "19970902 19970902T120000",
    );
    all(
        "19970902",
        "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
        "19970902 19970902T103000 19970902T120000 19970902T133000",
    );
    let daily = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40";
    let minutely = "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16";
    let found = given("19970902", daily, 100);
    assert_eq!(found[23..25], ["19970902T164000", "19970903"]);
    assert_eq!(found, given("19970902", minutely, 100));
}

#[test]
fn days_a_month_does_not_have_may_move() {
    let rule = |skip: &str| format!("RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP={skip}");
    all(
        "20260131",
        &rule("OMIT"),
        "20260131 20260331 20260531 20260731",
    );
    all(
        "20260131",
        &rule("BACKWARD"),
        "20260131 20260228 20260331 20260430",
    );
    all(
        "20260131",
        &rule("FORWARD"),
        "20260131 20260301 20260331 20260501",
    );
}

#[test]
fn until_may_be_written_in_another_notation_than_the_start() {
    all(
        "20260601",
        "FREQ=DAILY;UNTIL=20260603",
        "20260601 20260602 20260603",
    );
    all(
        "20260601",
        "FREQ=DAILY;UNTIL=20260603T090000",
        "20260601 20260602 20260603",
    );
    all(
        "20260601",
        "FREQ=DAILY;UNTIL=20260603T130000Z",
        "20260601 20260602 20260603",
    );
    all(
        "20260601",
        "FREQ=DAILY;UNTIL=20260603T125959Z",
        "20260601 20260602",
    );
    let days = expand("20260601", "FREQ=DAILY;UNTIL=20260602T220000Z", 9, None);
    assert_eq!(days, Ok(vec!["20260601".to_owned(), "20260602".to_owned()]));
    assert_eq!(
        expand("20260601", "FREQ=DAILY;UNTIL=20200101", 9, None),
        Ok(Vec::new())
    );
}
