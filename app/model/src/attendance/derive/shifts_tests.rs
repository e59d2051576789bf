use super::*;
use crate::attendance::case::Case;

fn shifts(json: &str, check: impl FnOnce(Vec<Shift<'_>>)) {
    let text = format!(r#"{{"zone":"Europe/Berlin","schedule":[{json}]}}"#);
    let case = Case::from_json(&text).expect("a case");
    check(resolve(&case.input));
}

fn windows(json: &str, expected: &[(&str, &str)]) {
    shifts(json, |shifts| {
        let text = |at: DateTime<Utc>| at.format("%dT%H:%M").to_string();
        let found: Vec<_> = shifts
            .iter()
            .map(|s| (text(s.opens), text(s.closes)))
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn a_window_reaches_beyond_its_shift() {
    let day = r#"{"workDate":"2026-11-23","start":"09:00","end":"18:00"}"#;
    windows(day, &[("23T04:00", "23T23:00")]);
}

#[test]
fn neighbours_are_cut_in_the_middle() {
    let night_and_day = r#"{"workDate":"2026-11-24","start":"09:00","end":"18:00"},
        {"workDate":"2026-11-23","start":"22:00","end":"06:00"}"#;
    windows(
        night_and_day,
        &[("23T17:00", "24T06:30"), ("24T06:30", "24T23:00")],
    );
}

#[test]
fn no_minute_between_overlapping_windows_is_lost() {
    // The middle is 06:30 in UTC, but the second window begins only at 09:00.
    let shifts = r#"{"workDate":"2026-11-23","start":"04:00","end":"05:00",
            "captureAfterMinutes":600},
        {"workDate":"2026-11-23","start":"10:00","end":"12:00","captureBeforeMinutes":0}"#;
    windows(
        shifts,
        &[("22T23:00", "23T09:00"), ("23T09:00", "23T17:00")],
    );
}

#[test]
fn shifts_within_shifts_have_windows_in_order() {
    let shifts = r#"{"workDate":"2026-11-23","start":"09:00","end":"18:00"},
        {"workDate":"2026-11-23","start":"10:00","end":"11:00"},
        {"workDate":"2026-11-23","start":"10:30","end":"10:45"}"#;
    self::shifts(shifts, |shifts| {
        assert!(shifts.is_sorted_by_key(|shift| shift.opens));
        assert!(shifts.windows(2).all(|two| two[0].closes <= two[1].opens));
    });
}

#[test]
fn what_is_expected_shrinks_with_leave() {
    let check = |rest: &str, expected: i64| {
        let day = format!(
            r#"{{"workDate":"2026-11-23","start":"09:00","end":"18:00",
                "breakTiers":[{{"afterMinutes":360,"minutes":60}}]{rest}}}"#
        );
        shifts(&day, |shifts| {
            assert_eq!(shifts[0].expected, expected, "{rest}")
        });
    };
    check("", 480);
    check(r#","leave":"am""#, 240);
    check(r#","leave":"pm""#, 240);
    check(r#","leave":"full""#, 0);
    check(r#","leave":"hours","leaveHours":["09:00","11:00"]"#, 360);
    check(r#","leave":"hours","leaveHours":["08:00","19:00"]"#, 0);
    check(r#","leave":"hours","leaveHours":["20:00","21:00"]"#, 480);
    check(
        r#","leave":"pm","halves":[["09:00","14:00"],["15:00","18:00"]]"#,
        300,
    );
}
