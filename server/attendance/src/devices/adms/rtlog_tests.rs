//! Events of doors.

use super::*;
use crate::devices::Direction;

fn one(line: &str) -> Line {
    lines(line.as_bytes()).next().expect("one line")
}

fn event(pin: &str, event: u32, way: &str) -> Line {
    one(&format!(
        "time=2026-10-05 06:58:10\tpin={pin}\tcardno=0\teventaddr=1\tevent={event}\tinoutstatus={way}\tverifytype=4\tindex=353"
    ))
}

#[test]
fn somebody_let_through_has_punched() {
    let check = |number, way, expected: Direction| {
        let Line::Punch(record) = event("31", number, way) else {
            panic!("a punch");
        };
        assert_eq!(record.direction(), expected);
        assert_eq!((record.pin.as_str(), record.verify), ("31", Some(4)));
        assert_eq!(record.time_text, "2026-10-05 06:58:10");
    };
    check(0, "0", Direction::In);
    check(3, "1", Direction::Out);
    check(14, "2", Direction::Unknown);
}

#[test]
fn buttons_alarms_and_refusals_are_no_punches() {
    let no_punch = |pin, number| match event(pin, number, "0") {
        Line::Event { event, .. } => assert_eq!(event, number),
        other => panic!("no punch: {other:?}"),
    };
    no_punch("0", 0);
    no_punch("", 8);
    no_punch("31", 23);
    no_punch("31", 27);
    no_punch("31", 202);
}

#[test]
fn a_line_with_a_bad_time_is_kept_apart() {
    let line = one("time=never\tpin=31\tevent=0\tinoutstatus=0");
    assert!(
        matches!(
            line,
            Line::Garbage {
                reason: Reason::BadTime,
                ..
            }
        ),
        "{line:?}"
    );
}
