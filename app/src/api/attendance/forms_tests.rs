//! What the form of a correction asks for.

use super::*;

const PUNCH: &str = "019a2b3c-4d5e-7f60-8123-456789abcdef";

/// A day with one punch in at 08:56, untouched, and a row for one that is missing.
fn untouched() -> CorrectionFields {
    let column = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    CorrectionFields {
        date: "2026-11-23".into(),
        person: String::new(),
        seen: "0".into(),
        punch: column(PUNCH, ""),
        was: column("2026-11-23T08:56", ""),
        had: column("in", ""),
        day: column("2026-11-23", "2026-11-23"),
        time: column("08:56", ""),
        direction: column("in", "out"),
        left_out: Vec::new(),
        put_back: Vec::new(),
        reason: "I forgot it.".into(),
    }
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, WAS).expect("a local time")
}

fn punch() -> PunchId {
    PUNCH.parse().expect("an id")
}

fn asked(fields: &CorrectionFields) -> Vec<Change> {
    let (form, _) = fields.read().expect("a form that can be read");
    form.changes
}

#[test]
fn a_form_that_nobody_touched_asks_for_nothing() {
    let fields = untouched();
    let problem = fields.read().expect_err("nothing is changed");
    assert_eq!(
        problem.message_for("changes"),
        Some("Say what is to be changed.")
    );
    assert_eq!(fields.for_preview(), Ok(None));
}

#[test]
fn a_missing_punch_is_added() {
    let mut fields = untouched();
    fields.time[1] = "18:04".into();
    assert_eq!(
        asked(&fields),
        [Change::Add {
            at: local("2026-11-23T18:04"),
            direction: Direction::Out
        }]
    );
    // After midnight, it is on the next day.
    fields.day[1] = "2026-11-24".into();
    fields.time[1] = "00:20:00".into();
    let [Change::Add { at, .. }] = asked(&fields)[..] else {
        panic!("one punch is added");
    };
    assert_eq!(at, local("2026-11-24T00:20"));
}

#[test]
fn time_and_direction_of_a_punch_change_apart() {
    let mut fields = untouched();
    fields.time[0] = "09:10".into();
    assert_eq!(
        asked(&fields),
        [Change::SetTime {
            punch: punch(),
            at: local("2026-11-23T09:10")
        }]
    );
    fields.direction[0] = "out".into();
    assert_eq!(fields.read().expect("readable").1, [0, 0]);
    fields.left_out = vec!["0".into()];
    assert_eq!(asked(&fields), [Change::Void { punch: punch() }]);
}

#[test]
fn a_punch_that_was_left_out_is_put_back() {
    let mut fields = untouched();
    fields.put_back = vec![PUNCH.to_owned()];
    let (form, rows) = fields.read().expect("readable");
    assert_eq!(form.changes, [Change::Restore { punch: punch() }]);
    let problem = Problem::invalid_field("changes[0].punch", "It was not left out.");
    assert!(by_row(problem, &rows).message_for("put_back").is_some());
    fields.put_back = vec!["that one".to_owned()];
    let problem = fields.read().expect_err("no id");
    assert!(problem.message_for("put_back").is_some());
}

#[test]
fn what_cannot_be_read_has_its_error_at_its_row() {
    let mut fields = untouched();
    fields.time[0] = String::new();
    fields.time[1] = "late".into();
    fields.reason = " ".into();
    let problem = fields.read().expect_err("three things are wrong");
    let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(names, ["rows[0]", "rows[1]", "reason"]);
}

#[test]
fn a_preview_needs_no_reason() {
    let mut fields = untouched();
    fields.reason = String::new();
    fields.time[1] = "18:00".into();
    let form = fields.for_preview().expect("readable").expect("a change");
    assert_eq!(form.changes.len(), 1);
}

#[test]
fn the_key_stands_for_what_is_asked() {
    let (one, mut other) = (untouched(), untouched());
    assert_eq!(one.key(), other.key());
    // The same wish once more, after the first one was decided.
    other.seen = "1".into();
    assert_ne!(one.key(), other.key());
}

#[test]
fn errors_of_changes_come_to_their_rows() {
    let problem = Problem::invalid_field("changes[1].at", "This is in the future.");
    let problem = by_row(problem, &[0, 2]);
    assert_eq!(problem.errors[0].field, "rows[2]");
}
