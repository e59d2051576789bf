//! Which words stand at which number.

use chrono::NaiveDate;
use model::attendance::day::{DayStatus, Status};

use super::*;

fn line(rule: Rule, minutes: i64, text: &str) -> Explanation {
    Explanation {
        rule,
        text: text.to_owned(),
        minutes,
        punches: Vec::new(),
    }
}

/// Nine to half past five, with half an hour of break deducted.
fn day() -> Day {
    Day {
        work_date: NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day"),
        status: DayStatus::from(Status::Present),
        counted_minutes: 480,
        actual_minutes: 510,
        expected_minutes: 480,
        balance_minutes: 0,
        late_minutes: 6,
        early_minutes: 0,
        break_recorded_minutes: 0,
        break_deducted_minutes: 30,
        unscheduled_minutes: 0,
        holiday_minutes: 0,
        unapproved_overtime_minutes: 0,
        uncounted_early_minutes: 0,
        overtime: Vec::new(),
        flags: Vec::new(),
        presence: None,
        first_in: None,
        last_out: None,
        instances: Vec::new(),
        segments: Vec::new(),
        explanation: vec![
            line(
                Rule::NearRepeat,
                0,
                "One more punch repeats the one at 09:00.",
            ),
            line(Rule::Pair, 510, "You were at work 09:00–17:30."),
            line(
                Rule::Breaks,
                -30,
                "30 min break deducted because you worked over 6 h.",
            ),
            line(Rule::Expected, 480, "8 h is expected."),
            line(Rule::Late, 6, "You came 6 min after 08:54."),
        ],
    }
}

fn number(label: &str) -> Number {
    let mut found = numbers(&day()).into_iter();
    found
        .find(|number| number.label == label)
        .expect("a number")
}

#[test]
fn what_counts_adds_up() {
    let worked = number("Worked");
    assert_eq!(worked.value, "8 h 00");
    let parts: Vec<&str> = worked
        .lines
        .iter()
        .filter_map(|(_, part)| part.as_deref())
        .collect();
    assert_eq!(parts, ["+8 h 30", "−30 min"]);
}

#[test]
fn each_number_says_why() {
    assert_eq!(number("Late").lines[0].0, "You came 6 min after 08:54.");
    assert_eq!(number("Breaks").value, "30 min");
    assert!(
        number("Breaks").lines[0]
            .0
            .starts_with("30 min break deducted")
    );
    assert!(
        numbers(&day())
            .iter()
            .all(|number| !number.lines.is_empty())
    );
}

#[test]
fn how_punches_were_read_stands_below() {
    assert_eq!(also(&day()), ["One more punch repeats the one at 09:00."]);
}

#[test]
fn who_left_early_was_not_late() {
    let mut day = day();
    (day.late_minutes, day.early_minutes) = (0, 20);
    let early = late(&day);
    assert_eq!(
        (early.label, early.value.as_str()),
        ("Left early", "20 min")
    );
}
