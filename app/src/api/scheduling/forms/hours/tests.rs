use chrono::NaiveDate;
use model::scheduling::hours::LocalRange;

use super::HoursForm;
use super::reading::preferences_of;

fn texts(rows: &[&str]) -> Vec<String> {
    rows.iter().map(|text| (*text).to_owned()).collect()
}

fn hours(from: u32, to: u32) -> LocalRange {
    LocalRange::hours(from, to).expect("full hours")
}

#[test]
fn a_split_day_has_two_ranges_in_order() {
    let form = HoursForm {
        day: texts(&["0", "0", "0", "6"]),
        from: texts(&["13:00", "", "09:00", ""]),
        to: texts(&["17:00", "", "12:00", ""]),
        ..HoursForm::default()
    };
    let week = preferences_of(&form).expect("hours").hours.weekly;
    assert_eq!(week.0[0], [hours(9, 12), hours(13, 17)]);
    assert!(week.0[6].is_empty());
}

#[test]
fn half_a_range_is_an_error_at_its_day() {
    let form = HoursForm {
        day: texts(&["2"]),
        from: texts(&["09:00"]),
        to: texts(&[""]),
        limit: "few".into(),
        ..HoursForm::default()
    };
    let problem = preferences_of(&form).expect_err("half a range");
    let fields: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["hours.weekly[2]", "constraints.meetingsPerDay"]);
}

#[test]
fn a_date_without_times_is_a_day_off_and_may_stand_twice() {
    let form = HoursForm {
        date: texts(&["2026-12-24", "2026-12-28", "2026-12-28", ""]),
        date_from: texts(&["", "14:00", "09:00", ""]),
        date_to: texts(&["", "16:00", "12:00", ""]),
        date_from_more: texts(&["", "", "", ""]),
        date_to_more: texts(&["", "", "", ""]),
        ..HoursForm::default()
    };
    let days = preferences_of(&form).expect("dates").hours.overrides;
    assert_eq!(days.len(), 2);
    assert!(days[0].ranges.is_empty());
    assert_eq!(days[1].ranges, [hours(9, 12), hours(14, 16)]);
}

#[test]
fn a_journey_is_whole_or_not_there() {
    let form = HoursForm {
        trip_first: texts(&["2026-12-01", "2026-12-20", ""]),
        trip_last: texts(&["2026-12-05", "", ""]),
        trip_zone: texts(&["America/New_York", "Asia/Tokyo", ""]),
        ..HoursForm::default()
    };
    let problem = preferences_of(&form).expect_err("a journey without an end");
    assert_eq!(problem.errors[0].field, "travel[1]");
    let first = HoursForm {
        trip_first: texts(&["2026-12-01"]),
        trip_last: texts(&["2026-12-05"]),
        trip_zone: texts(&["America/New_York"]),
        ..HoursForm::default()
    };
    let travel = preferences_of(&first).expect("a journey").travel;
    assert_eq!(
        travel[0].last_day,
        NaiveDate::from_ymd_opt(2026, 12, 5).expect("a day")
    );
}
