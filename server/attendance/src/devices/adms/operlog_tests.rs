//! What devices tell of themselves.

use proptest::prelude::*;

use super::super::health::Severity;
use super::*;

fn one(line: &str) -> Entry {
    lines(line.as_bytes()).next().expect("one line")
}

fn operation(line: &str) -> Operation {
    match one(line) {
        Entry::Operation(operation) => operation,
        other => panic!("an operation: {other:?}"),
    }
}

fn words(line: &str) -> Option<(Severity, String)> {
    let alarm = operation(line).alarm()?;
    Some((alarm.severity(), alarm.to_string()))
}

#[test]
fn operations_that_matter_raise_an_alarm_in_words() {
    let check = |line: &str, severity, expected: &str| {
        assert_eq!(words(line), Some((severity, expected.to_owned())), "{line}");
    };
    check(
        "OPLOG 0\t0\t2026-10-05 06:00:00\t0\t0\t0\t0\r",
        Severity::Notice,
        "The device was switched on, at 2026-10-05 06:00:00 by its own clock.",
    );
    check(
        "OPLOG 9\t1\t2026-10-05 06:00:00\t31\t0\t0\t0",
        Severity::Warning,
        "Badge 31 was deleted from the device by badge 1, at 2026-10-05 06:00:00 by its own clock.",
    );
    check(
        "OPLOG 21\t1\t2026-10-05 05:53:00\t2026-10-05 06:00:00\t0\t0\t0",
        Severity::Warning,
        "The clock was set to 2026-10-05 06:00:00 by badge 1, at 2026-10-05 05:53:00 by its own clock.",
    );
    for code in [13, 22, 23, 24, 43, 82, 83, 105, 110] {
        let line = format!("OPLOG {code}\t0\t2026-10-05 06:00:00");
        assert_eq!(
            words(&line).map(|(severity, _)| severity),
            Some(Severity::Critical),
            "{code}"
        );
    }
    assert!(words("OPLOG 3\t0\t2026-10-05 06:00:00\t3\t55\t0\t0").is_some());
    for code in [2, 4, 6, 30, 70, 9_999] {
        assert_eq!(
            words(&format!("OPLOG {code}\t0\t2026-10-05 06:00:00")),
            None,
            "{code}"
        );
    }
    assert_eq!(words("OPLOG 3\t0\t2026-10-05 06:00:00\t3\t58\t0\t0"), None);
}

#[test]
fn a_clock_that_was_set_begins_an_epoch() {
    let set = operation("OPLOG 21\t0\t2026-10-05 06:00:00\t0\t0\t0\t0");
    assert!(set.sets_clock());
    let Some(Alarm::Operated {
        what: Operated::TimeSet { to },
        ..
    }) = set.alarm()
    else {
        panic!("an alarm");
    };
    assert_eq!(to, set.time);
    assert!(!operation("OPLOG 4\t0\t2026-10-05 06:00:00").sets_clock());
}

#[test]
fn people_are_read_without_their_passwords() {
    let line = "USER PIN=31\tName=Ann  Lee\tPri=14\tPasswd=4711\tCard=[15CD5B07]\tGrp=1\tTZ=0000000000000000";
    let Entry::User(user) = one(line) else {
        panic!("a person");
    };
    assert_eq!(
        (user.pin.as_str(), user.name.as_deref()),
        ("31", Some("Ann  Lee"))
    );
    assert_eq!(user.card.as_deref(), Some("123456789"));
    assert!(user.is_administrator());
    assert!(!format!("{user:?}").contains("4711"));
    assert_eq!(card("123456789").as_deref(), Some("123456789"));
    assert_eq!(card("0"), None);
    assert_eq!(card("[0000000000]"), None);
}

#[test]
fn templates_and_photographs_leave_nothing_behind() {
    let check = |line: &str, expected: Biometric| {
        let entry = one(line);
        assert!(
            matches!(&entry, Entry::NotKept { kind, pin, .. } if *kind == expected && pin.as_deref() == Some("31")),
            "{entry:?}"
        );
        assert!(!format!("{entry:?}").contains("c2VjcmV0"), "{line}");
    };
    let long = format!(
        "FP PIN=31\tFID=6\tSize=1508\tValid=1\tTMP=c2VjcmV0{}",
        "A".repeat(9_000)
    );
    check(&long, Biometric::Finger);
    check(
        "FACE PIN=31\tFID=0\tSIZE=8\tVALID=1\tTMP=c2VjcmV0",
        Biometric::Face,
    );
    check(
        "FVEIN Pin=31\tFID=0\tIndex=0\tTmp=c2VjcmV0",
        Biometric::Finger,
    );
    check(
        "USERPIC PIN=31\tFileName=31.jpg\tSize=8\tContent=c2VjcmV0",
        Biometric::Photo,
    );
    check(
        "BIOPHOTO PIN=31\tFileName=31.jpg\tType=9\tSize=8\tContent=c2VjcmV0",
        Biometric::Photo,
    );
    check(
        "BIODATA Pin=31\tNo=0\tIndex=0\tType=9\tTmp=c2VjcmV0",
        Biometric::Template,
    );
    // Not even of what is not known yet, nor of a person that cannot be read.
    for line in [
        "IRIS PIN=31\tTMP=c2VjcmV0",
        "USER Name=c2VjcmV0\tPasswd=c2VjcmV0",
    ] {
        let entry = one(line);
        assert!(matches!(entry, Entry::Garbage { .. }), "{entry:?}");
        assert!(!format!("{entry:?}").contains("c2VjcmV0"), "{line}");
    }
}

#[test]
fn garbage_says_what_is_wrong() {
    let reason = |line: &str| match one(line) {
        Entry::Garbage { reason, .. } => reason,
        other => panic!("garbage: {other:?}"),
    };
    assert_eq!(reason("OPLOG"), Reason::NoCode);
    assert_eq!(reason("OPLOG x\t0\t2026-10-05 06:00:00"), Reason::NoCode);
    assert_eq!(reason("OPLOG 4\t0\tsoon"), Reason::NoTime);
    assert_eq!(reason("USER Name=Ann"), Reason::NoPin);
    assert_eq!(reason("hello"), Reason::UnknownWord);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_all_lines_count(
        word in "(OPLOG |USER |FP |BIOPHOTO )?", body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let body = [word.as_bytes(), &body].concat();
        let count = super::super::attlog::count(&body);
        prop_assert_eq!(lines(&body).count(), count);
        for entry in lines(&body) {
            if let Entry::Operation(operation) = entry {
                let _ = operation.alarm().map(|alarm| alarm.to_string());
            }
        }
    }

    #[test]
    fn an_operation_is_read_as_written(code in 0_u16..200, pin in "[1-9][0-9]{0,8}", second in 0_u32..86_400) {
        let time = chrono::NaiveDate::from_ymd_opt(2026, 10, 5).unwrap()
            .and_hms_opt(second / 3_600, second / 60 % 60, second % 60).unwrap();
        let read = operation(&format!("OPLOG {code}\t{pin}\t{time}\t7\t0\t0\t0"));
        prop_assert_eq!((read.code, read.operator, read.time), (code, Some(pin), time));
        prop_assert_eq!(read.values, ["7", "0", "0", "0"]);
    }
}
