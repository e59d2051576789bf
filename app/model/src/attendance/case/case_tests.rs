use super::*;

/// How a case is refused, in one line.
fn refused(text: &str) -> String {
    let error = Case::from_json(text).expect_err("this should be refused");
    let told = error.to_string();
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}

#[test]
fn the_smallest_case_is_a_zone() {
    let derived = Case::from_json(r#"{"zone":"UTC"}"#)
        .expect("a case")
        .derive();
    assert_eq!(derived, Derived::default());
    let nulls = r#"{"zone":"UTC","now":null,"policy":null,"schedule":null,"holidays":null,
        "daysOff":null,"devicesReportedUntil":null,"punches":null}"#;
    assert!(Case::from_json(nulls).is_ok());
}

#[test]
fn a_refusal_names_place_field_and_reason() {
    for (text, expected) in [
        ("", "line 1, column 1: EOF while parsing a value"),
        ("{", "line 1, column 1: EOF while parsing an object"),
        ("[]", "line 1, column 1: a case is an object, not a list"),
        (
            r#"{"zone":"UTC"} x"#,
            "line 1, column 16: trailing characters",
        ),
        (
            r#"{"zone":"Europe/Berlim"}"#,
            "line 1, column 24: zone: “Europe/Berlim” is not a time zone: use a name such as \
             Europe/Berlin",
        ),
        (
            "{\"zone\":\"UTC\",\n \"policy\":{\"graceLateMinutes\":-5}}",
            "line 2, column 12: policy.graceLateMinutes: Give 0 to 1440.",
        ),
        (
            r#"{"zone":"UTC","policy":{"missingOut":"shift-end"}}"#,
            "line 1, column 48: policy.missingOut: unknown variant `shift-end`, expected `none` \
             or `shift_end`",
        ),
        (
            r#"{"zone":"UTC","punches":[{"at":"2026-11-23T08:56:00"}]}"#,
            "line 1, column 53: punches[0].at: “2026-11-23T08:56:00” is not an instant with its \
             offset, such as 2026-11-23T08:56:00+01:00",
        ),
        (
            r#"{"zone":"UTC","punches":[{"id":"a"}]}"#,
            "line 1, column 26: punches[0]: A punch needs its time: “at” with an offset, or \
             “local” without.",
        ),
        (
            r#"{"zone":"UTC","schedule":[{"start":"09:00","end":"18:00"}]}"#,
            "line 1, column 57: schedule[0]: missing field `workDate`",
        ),
        (
            r#"{"zone":"UTC","holidays":["2026-13-01"]}"#,
            "line 1, column 39: holidays[0]: a date such as \"2026-12-25\", or \
             {\"date\", \"half\"}",
        ),
    ] {
        assert_eq!(refused(text), expected);
    }
}

#[test]
fn a_misspelt_field_is_refused_wherever_it_is() {
    for (text, field) in [
        (r#"{"zone":"UTC","polcy":{}}"#, "polcy"),
        (r#"{"zone":"UTC","policy":{"grace":1}}"#, "policy.grace"),
        (
            r#"{"zone":"UTC","punches":[{"at":"2026-11-23T08:56:00Z","directon":"in"}]}"#,
            "punches[0].directon",
        ),
        (
            r#"{"zone":"UTC","schedule":[{"workDate":"2026-11-23","start":"09:00",
                "end":"18:00","breakTiers":[{"after":360}]}]}"#,
            "schedule[0].breakTiers[0].after",
        ),
    ] {
        let told = refused(text);
        assert!(
            told.contains(&format!(": {field}: unknown field")),
            "{told}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let shift = |rest: &str| {
        format!(
            r#"{{"zone":"UTC","schedule":[{{"workDate":"2026-11-23","start":"09:00",
                "end":"18:00",{rest}}}]}}"#
        )
    };
    let punches = |list: &str| format!(r#"{{"zone":"UTC","punches":[{list}]}}"#);
    for (text, field) in [
        (
            shift(r#""graceLateMinutes":-1"#),
            "schedule[0].graceLateMinutes",
        ),
        (
            shift(r#""breakTiers":[{"afterMinutes":-1,"minutes":30}]"#),
            "schedule[0].breakTiers[0]",
        ),
        (shift(r#""leave":"hours""#), "schedule[0].leave"),
        (
            shift(r#""leave":"am","leaveHours":["09:00","10:00"]"#),
            "schedule[0].leaveHours",
        ),
        (
            shift(r#""halves":[["14:00","18:00"],["09:00","13:00"]]"#),
            "schedule[0].halves",
        ),
        (
            shift(r#""halves":[["09:00","13:00"],["14:00","19:00"]]"#),
            "schedule[0].halves",
        ),
        (
            punches(r#"{"at":"2026-11-23T09:00:00Z","local":"2026-11-23T09:00:00"}"#),
            "punches[0].local",
        ),
        (
            punches(
                r#"{"id":"a","at":"2026-11-23T09:00:00Z"},{"id":"a","at":"2026-11-23T10:00:00Z"}"#,
            ),
            "punches[1].id",
        ),
        (
            r#"{"zone":"UTC","holidays":["0001-01-01"]}"#.to_owned(),
            "holidays[0]",
        ),
    ] {
        let told = refused(&text);
        assert!(told.contains(&format!(": {field}: ")), "{told}");
    }
}

#[test]
fn times_may_be_written_shorter() {
    let text = r#"{"zone":"UTC",
        "schedule":[{"workDate":"2026-11-23","start":"16:00","end":"24:00"}],
        "punches":[{"at":"2026-11-23T16:00Z"},{"local":"2026-11-24 00:00"}]}"#;
    let derived = Case::from_json(text).expect("a case").derive();
    assert_eq!(derived.days[0].counted_minutes, 480);
}
