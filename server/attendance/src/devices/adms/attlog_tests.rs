//! Punches as devices write them.

use proptest::prelude::*;

use super::*;

fn one(line: &str) -> Line {
    let mut all = lines(line.as_bytes());
    let first = all.next().expect("one line");
    assert_eq!(all.next(), None, "only one line");
    first
}

fn punch(line: &str) -> AttRecord {
    match one(line) {
        Line::Punch(record) => record,
        other => panic!("a punch: {other:?}"),
    }
}

fn reason(line: &str) -> Reason {
    match one(line) {
        Line::Garbage { reason, .. } => reason,
        other => panic!("garbage: {other:?}"),
    }
}

/// Base 64 of `{"GPSInfo":{"longitude":"114.080021","latitude":"22.763456"}}`.
const SHENZHEN: &str =
    "eyJHUFNJbmZvIjp7ImxvbmdpdHVkZSI6IjExNC4wODAwMjEiLCJsYXRpdHVkZSI6IjIyLjc2MzQ1NiJ9fQ==";
/// Base 64 of `{"GPSInfo":{"longitude":"-1","latitude":"-1"}}`.
const NOWHERE: &str = "eyJHUFNJbmZvIjp7ImxvbmdpdHVkZSI6Ii0xIiwibGF0aXR1ZGUiOiItMSJ9fQ";

#[test]
fn a_short_line_is_a_punch() {
    let record = punch("  31\t2026-10-05 06:58:10\r\n");
    assert_eq!(record.pin, "31");
    assert_eq!(
        record.time,
        DeviceTime::parse("2026-10-05 06:58:10").unwrap()
    );
    assert_eq!(record.time_text, "2026-10-05 06:58:10");
    assert_eq!((record.status, record.verify), (None, None));
    assert_eq!(record.direction(), Direction::Unknown);
    assert_eq!(record.instant(), None);
    assert_eq!(record.raw, "  31\t2026-10-05 06:58:10");
}

#[test]
fn a_long_line_tells_all_it_holds() {
    let line =
        format!("A-7\t2026-10-25 02:30:00\t1\t15\t4\tx\t0\t1\t36.54\t97.8\t+7200\t{SHENZHEN}");
    let record = punch(&line);
    assert_eq!((record.status, record.verify), (Some(1), Some(15)));
    assert_eq!(record.work_code.as_deref(), Some("4"));
    assert_eq!(record.reserved, [Some("x".into()), Some("0".into())]);
    assert_eq!(
        (record.mask, record.temperature_tenths),
        (Some(true), Some(365))
    );
    assert_eq!(record.utc_offset_seconds, Some(7_200));
    assert_eq!(
        record.instant().unwrap().to_rfc3339(),
        "2026-10-25T00:30:00+00:00"
    );
    let place = record.place.unwrap();
    assert!(
        (place.latitude - 22.763_456).abs() < 1e-9 && (place.longitude - 114.080_021).abs() < 1e-9
    );
}

#[test]
fn keys_are_directions() {
    let check = |status: &str, expected: Direction| {
        let record = punch(&format!("3\t2026-10-05 06:58:10\t{status}\t1"));
        assert_eq!(record.direction(), expected, "{status}");
    };
    check("0", Direction::In);
    check("1", Direction::Out);
    check("2", Direction::BreakOut);
    check("3", Direction::BreakIn);
    check("4", Direction::In);
    check("5", Direction::Out);
    check("9", Direction::Unknown);
    check("255", Direction::Unknown);
    check("", Direction::Unknown);
    check("x", Direction::Unknown);
}

#[test]
fn values_that_stand_for_none_are_none() {
    let tail = |tail: &str| punch(&format!("3\t2026-10-05 06:58:10\t0\t1\t\t\t\t{tail}"));
    assert_eq!(tail("255\t255\t0\t0\t").mask, None);
    assert_eq!(tail("0\t0\t0\t0\t").temperature_tenths, None);
    assert_eq!(tail("\t\t\t0\t").utc_offset_seconds, None);
    assert_eq!(tail("\t\t\t+0\t").utc_offset_seconds, Some(0));
    assert_eq!(tail("\t\t\t-16200\t").utc_offset_seconds, Some(-16_200));
    assert_eq!(tail("\t\t\t99999\t").utc_offset_seconds, None);
    assert_eq!(tail(&format!("\t\t\t\t{NOWHERE}")).place, None);
    assert_eq!(tail("\t\t\t\tnot base 64!").place, None);
    assert_eq!(tail("\t\t\t\te30=").place, None);
}

#[test]
fn seconds_since_1970_are_an_instant() {
    let record = punch("3\t1791183490\t0\t1");
    assert_eq!(
        record.instant().unwrap().to_rfc3339(),
        "2026-10-05T06:58:10+00:00"
    );
}

#[test]
fn garbage_says_what_is_wrong_and_is_kept() {
    assert_eq!(reason("\t2026-10-05 06:58:10\t0"), Reason::NoPin);
    assert_eq!(reason("3"), Reason::NoTime);
    assert_eq!(reason("3\tsoon\t0"), Reason::BadTime);
    assert_eq!(reason("3 4\t2026-10-05 06:58:10"), Reason::BadPin);
    assert_eq!(reason(&"9".repeat(5_000)), Reason::TooLong);
    let papers = "3\t2026-10-05 06:58:10\t0\t1\t0\t0\t0\t110101199003070000";
    assert_eq!(reason(&format!("{papers}\t1")), Reason::IdentityCheck);
    assert_eq!(punch(&format!("{papers}\t0")).temperature_tenths, None);
    let Line::Garbage { number, raw, .. } = lines(b"\n\nwhat\x00\xff is this\n").next().unwrap()
    else {
        panic!("garbage");
    };
    assert_eq!((number, raw.as_str()), (3, "what\u{fffd}\u{fffd} is this"));
}

#[test]
fn every_line_that_holds_something_counts_once() {
    let body =
        b"\xef\xbb\xbf1\t2026-10-05 06:58:10\r\n\r\n \t \n\0\nrubbish\n2\t2026-10-05 06:58:11";
    let all: Vec<Line> = lines(body).collect();
    assert_eq!((all.len(), count(body)), (3, 3));
    assert!(matches!(&all[0], Line::Punch(record) if record.pin == "1" && record.number == 1));
    assert!(matches!(&all[1], Line::Garbage { number: 5, .. }));
    assert!(matches!(&all[2], Line::Punch(record) if record.number == 6));
}

#[test]
fn a_name_in_gb2312_spoils_only_itself() {
    let mut body = b"31\t2026-10-05 06:58:10\t0\t1\t".to_vec();
    body.extend([0xd5, 0xc5, 0xc8, 0xfd]);
    body.extend(b"\t0\t0\n32\t2026-10-05 06:58:11\t0\t1\n");
    let all: Vec<Line> = lines(&body).collect();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|line| matches!(line, Line::Punch(_))));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_all_lines_count(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let lines: Vec<Line> = lines(&body).collect();
        prop_assert_eq!(lines.len(), count(&body));
        for line in lines {
            let raw = match line {
                Line::Punch(record) => record.raw,
                Line::Event { raw, .. } | Line::Garbage { raw, .. } => raw,
            };
            prop_assert!(!raw.contains('\0'), "Postgres keeps no zero");
        }
    }

    #[test]
    fn what_a_device_writes_is_what_is_read(
        pin in "[A-Za-z0-9]{1,24}", day in 0_i64..60_000, second in 0_u32..86_400,
        status in 0_u8..=255, verify in 0_u16..300, offset in -50_400_i32..=50_400,
    ) {
        let date = chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::TimeDelta::days(day);
        let local = date.and_hms_opt(second / 3_600, second / 60 % 60, second % 60).unwrap();
        let line = format!("{pin}\t{local}\t{status}\t{verify}\t0\t0\t0\t\t\t\t{offset:+}\t");
        let record = punch(&line);
        prop_assert_eq!(record.pin, pin);
        prop_assert_eq!(record.time, DeviceTime::Local(local));
        prop_assert_eq!(record.status, (status != 255).then_some(status));
        prop_assert_eq!(record.verify, Some(verify));
        prop_assert_eq!(record.utc_offset_seconds, Some(offset));
    }
}
