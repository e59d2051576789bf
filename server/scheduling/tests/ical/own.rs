//! Our own small calendars, one for each thing that is easily got wrong.

use chrono::{DateTime, Utc};
use model::zone::Zone;
use scheduling::ical::{Error, busy, limits};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Busy times in the first half of 2026, as `MM-DDTHH:MM/MM-DDTHH:MM status`, and the warnings.
fn read(lines: &str, zone: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n");
    let zone = Zone::named(zone).expect("a known zone");
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-07-01T00:00:00Z"));
    let found = busy(&text, from, to, &zone).expect("a calendar");
    let short = |at: DateTime<Utc>| at.format("%m-%dT%H:%M").to_string();
    let one = |time: &scheduling::ical::BusyTime| {
        format!("{}/{} {}", short(time.from), short(time.to), time.status)
    };
    (found.busy.iter().map(one).collect(), found.warnings)
}

#[track_caller]
fn check(lines: &str, expected: &[&str]) {
    let (busy, warnings) = read(lines, "UTC");
    assert_eq!(busy, expected, "{warnings:?}");
    assert_eq!(warnings, Vec::<String>::new());
}

/// One event on the 5th of May, 10 to 11, with more lines.
fn event(more: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:e\nDTSTART:20260505T100000Z\nDTEND:20260505T110000Z\n{more}\nEND:VEVENT"
    )
}

#[test]
fn what_is_shown_as_free_is_free() {
    for free in [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "STATUS:Canceled",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:me@x.org",
        "ORGANIZER:mailto:o@x.org\nATTENDEE;PARTSTAT=ACCEPTED:mailto:o@x.org\nATTENDEE;PARTSTAT=DECLINED:mailto:me@x.org",
    ] {
        check(&event(free), &[]);
    }
}

#[test]
fn each_kind_of_busy_keeps_its_name() {
    for (mark, status) in [
        ("STATUS:CONFIRMED", "busy"),
        ("STATUS:TENTATIVE", "tentative"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "tentative"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "oof"),
        ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:me@x.org", "busy"),
    ] {
        check(
            &event(mark),
            &[&format!("05-05T10:00/05-05T11:00 {status}")],
        );
    }
}

#[test]
fn only_the_owners_own_answer_counts() {
    let guests =
        "ATTENDEE;PARTSTAT=DECLINED:mailto:me@x.org\nATTENDEE;PARTSTAT=ACCEPTED:mailto:you@x.org";
    // Whose calendar it is, is not known: perhaps yours.
    check(&event(guests), &["05-05T10:00/05-05T11:00 busy"]);
    check(&format!("X-WR-CALNAME:Me@x.org\n{}", event(guests)), &[]);
    check(
        &format!("X-WR-CALNAME:you@x.org\n{}", event(guests)),
        &["05-05T10:00/05-05T11:00 busy"],
    );
    // With a second event that only I take part in, it is mine.
    let second = "BEGIN:VEVENT\nUID:f\nDTSTART:20260506T100000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=TENTATIVE:mailto:me@x.org\nEND:VEVENT";
    check(
        &format!("{}\n{second}", event(guests)),
        &["05-06T10:00/05-06T11:00 tentative"],
    );
}

#[test]
fn exceptions_take_the_place_of_their_instance() {
    let series = "BEGIN:VEVENT\nUID:s\nDTSTART;TZID=Europe/Berlin:20260316T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;VALUE=DATE:20260323\nEND:VEVENT\n";
    let moved = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20260330T070000Z\nDTSTART;TZID=Europe/Berlin:20260331T140000\nDURATION:PT30M\nEND:VEVENT\n";
    let cancelled = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20260406T090000\nSTATUS:CANCELLED\nEND:VEVENT\n";
    let stranger = "BEGIN:VEVENT\nUID:other\nRECURRENCE-ID:20260316T080000Z\nDTSTART:20260601T080000Z\nDURATION:PT1H\nEND:VEVENT\n";
    check(
        &format!("{cancelled}{moved}{series}{stranger}"),
        &[
            "03-16T08:00/03-16T09:00 busy",
            "03-31T12:00/03-31T12:30 busy",
            "04-13T07:00/04-13T08:00 busy",
            "06-01T08:00/06-01T09:00 busy",
        ],
    );
}

#[test]
fn this_and_future_moves_what_follows() {
    let series = "BEGIN:VEVENT\nUID:s\nDTSTART:20260301T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT\n";
    let later = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260303T090000Z\nDTSTART:20260303T120000Z\nDURATION:PT2H\nEND:VEVENT\n";
    check(
        &format!("{series}{later}"),
        &[
            "03-01T09:00/03-01T10:00 busy",
            "03-02T09:00/03-02T10:00 busy",
            "03-03T12:00/03-03T14:00 busy",
            "03-04T12:00/03-04T14:00 busy",
        ],
    );
    let ended = later.replace("DURATION:PT2H", "STATUS:CANCELLED");
    check(
        &format!("{series}{ended}"),
        &[
            "03-01T09:00/03-01T10:00 busy",
            "03-02T09:00/03-02T10:00 busy",
        ],
    );
}

#[test]
fn an_exception_of_a_day_is_found_whatever_zone_it_names() {
    let series =
        "BEGIN:VEVENT\nUID:s\nDTSTART;VALUE=DATE:20260303\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n";
    let moved = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;TZID=UTC+01:20260304T000000\nDTSTART;VALUE=DATE:20260310\nEND:VEVENT\n";
    check(
        &format!("{series}{moved}"),
        &[
            "03-03T00:00/03-04T00:00 busy",
            "03-05T00:00/03-06T00:00 busy",
            "03-10T00:00/03-11T00:00 busy",
        ],
    );
}

#[test]
fn added_dates_may_have_their_own_length() {
    check(
        "BEGIN:VEVENT\nDTSTART:20260301T090000Z\nDTEND:20260301T100000Z\nRDATE:20260302T090000Z,20260301T090000Z\nRDATE;VALUE=PERIOD:20260303T090000Z/PT3H,20260304T090000Z/20260304T093000Z\nEND:VEVENT",
        &[
            "03-01T09:00/03-01T10:00 busy",
            "03-02T09:00/03-02T10:00 busy",
            "03-03T09:00/03-03T12:00 busy",
            "03-04T09:00/03-04T09:30 busy",
        ],
    );
}

#[test]
fn days_and_floating_times_are_read_where_we_are() {
    let text = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260303\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20260305T090000\nDTEND:20260305T100000\nEND:VEVENT";
    let (busy, _) = read(text, "America/New_York");
    assert_eq!(
        busy,
        [
            "03-03T05:00/03-04T05:00 busy",
            "03-05T14:00/03-05T15:00 busy"
        ]
    );
}

#[test]
fn free_busy_answers_are_read() {
    check(
        "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=FREE:20260301T090000Z/PT1H\nFREEBUSY:20260302T090000Z/PT1H,20260302T093000Z/20260302T110000Z\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260303T090000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260304T090000Z/PT1H\nEND:VFREEBUSY",
        &[
            "03-02T09:00/03-02T11:00 busy",
            "03-03T09:00/03-03T10:00 tentative",
            "03-04T09:00/03-04T10:00 oof",
        ],
    );
}

#[test]
fn one_bad_event_does_not_hide_the_others() {
    let text = "BEGIN:VEVENT\nUID:a\nDTSTART:2026-nonsense\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20260301T090000Z\nDURATION:PT1H\nBEGIN:VEVENT\nDTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\nEND:VJUNK\nnot a line";
    let (busy, warnings) = read(text, "UTC");
    assert_eq!(
        busy,
        [
            "03-01T09:00/03-01T10:00 busy",
            "03-02T09:00/03-02T10:00 busy"
        ]
    );
    for (line, part) in [
        (2, "no readable DTSTART"),
        (4, "no date"),
        (6, "no END"),
        (12, "SOMETIMES"),
        (14, "VJUNK"),
        (15, "content line"),
    ] {
        let found = warnings
            .iter()
            .any(|w| w.starts_with(&format!("line {line}:")) && w.contains(part));
        assert!(found, "{line} {part}: {warnings:#?}");
    }
}

#[test]
fn what_repeats_without_measure_is_busy_and_said_so() {
    let text = "BEGIN:VEVENT\nDTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;INTERVAL=2\nEND:VEVENT";
    let (busy, warnings) = read(text, "UTC");
    let counted = limits::INSTANCES_PER_SERIES - 3 * 3_600 / 2;
    assert!(
        busy.len() >= counted && busy.len() <= limits::INSTANCES_PER_SERIES,
        "{}",
        busy.len()
    );
    assert!(
        busy.last()
            .is_some_and(|last| last.ends_with("07-01T00:00 busy")),
        "{busy:?}"
    );
    assert!(warnings[0].contains("counts as busy"), "{warnings:?}");
    // Past all measure there is no answer, rather than a wrong one.
    let many = text
        .repeat(50)
        .replace("END:VEVENTBEGIN", "END:VEVENT\nBEGIN");
    let text = format!("BEGIN:VCALENDAR\n{many}\nEND:VCALENDAR\n");
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-07-01T00:00:00Z"));
    let found = scheduling::ical::busy(&text, from, to, &Zone::utc());
    assert!(matches!(found, Err(Error::TooManyInstances { .. })));
}

#[test]
fn what_is_no_calendar_is_refused() {
    let ask = |text: &str| {
        busy(
            text,
            at("2026-01-01T00:00:00Z"),
            at("2026-02-01T00:00:00Z"),
            &Zone::utc(),
        )
    };
    assert_eq!(ask("<html>\nSorry\n</html>"), Err(Error::NotACalendar));
    assert_eq!(ask(""), Err(Error::NotACalendar));
    let deep = "BEGIN:X\n".repeat(limits::DEPTH + 2);
    assert_eq!(ask(&deep), Err(Error::TooDeep { line: 17 }));
    let many = "BEGIN:X\nEND:X\n".repeat(limits::COMPONENTS + 1);
    assert!(matches!(ask(&many), Err(Error::TooManyComponents { .. })));
    let large = " ".repeat(limits::FILE_BYTES + 1);
    assert!(matches!(ask(&large), Err(Error::TooLarge { .. })));
    let long = format!(
        "BEGIN:VCALENDAR\nX:{}\nEND:VCALENDAR",
        "x".repeat(limits::LINE_BYTES)
    );
    assert!(ask(&long).expect("still a calendar").warnings[0].starts_with("line 2:"));
}

#[test]
fn an_empty_range_is_refused() {
    let now = at("2026-01-01T00:00:00Z");
    assert_eq!(
        busy("BEGIN:VCALENDAR\nEND:VCALENDAR", now, now, &Zone::utc()),
        Err(Error::EmptyRange)
    );
}
