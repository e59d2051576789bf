use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A published calendar, or `None` where the samples are not laid out.
fn sample(region: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let samples = std::env::var_os("PUNCTUAL_SAMPLES").map_or(beside, PathBuf::from);
    let path = samples.join(format!("holidays/{region}.json"));
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: no calendar at {}", path.display());
    }
    text
}

#[test]
fn every_published_calendar_is_read_and_written() {
    let regions = [
        "BR_SP", "DE_BE", "DE_BY", "GB_ENG", "IN_KA", "US_CA", "US_NY",
    ];
    for region in regions {
        let Some(json) = sample(region) else { continue };
        let all = Calendar::from_json(&json, &(1900..=2100)).expect(region);
        // One date stands on each line between the braces.
        assert_eq!(all.0.len(), json.lines().count() - 2, "{region}");
        assert_eq!(
            Calendar::from_text(&all.to_text()).as_ref(),
            Ok(&all),
            "{region}"
        );
        let year = Calendar::from_json(&json, &(2026..=2026)).expect(region);
        let of_year: Vec<_> = all.of_year(2026).collect();
        assert!(!of_year.is_empty(), "{region}");
        assert_eq!(year.of_year(2026).collect::<Vec<_>>(), of_year, "{region}");
        assert_eq!(year.0.len(), of_year.len(), "{region}");
    }
}

#[test]
fn berlin_has_ten_holidays_without_school_breaks() {
    let Some(json) = sample("DE_BE") else { return };
    let all = Calendar::from_json(&json, &(2026..=2027)).expect("a calendar");
    let public = all.keep(|name| !name.ends_with("Break"));
    let days: Vec<_> = public
        .of_year(2026)
        .map(|(date, _)| date.to_string())
        .collect();
    let expected = [
        "2026-01-01",
        "2026-03-08",
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-05-14",
        "2026-05-25",
        "2026-10-03",
        "2026-12-25",
        "2026-12-26",
    ];
    assert_eq!(days, expected);
}

const PUBLISHED: &str = r#"{
    "1991-01-01": "Christmas Break; New Year's Day",
    "2026-01-01": "Christmas Break; New Year's Day",
    "2026-01-02": "Christmas Break",
    "2026-12-25": "Christmas Day"
}"#;

#[test]
fn only_the_years_that_are_asked_for_are_read() {
    let calendar = Calendar::from_json(PUBLISHED, &(2020..=2030)).expect("a calendar");
    assert_eq!(calendar.0.len(), 3);
    let names: Vec<_> = calendar.names().into_iter().collect();
    assert_eq!(
        names,
        ["Christmas Break", "Christmas Day", "New Year's Day"]
    );
    let public = calendar.keep(|name| name != "Christmas Break");
    let expected = "2026-01-01 New Year's Day\n2026-12-25 Christmas Day\n";
    assert_eq!(public.to_text(), expected);
}

#[test]
fn published_data_of_another_shape_is_refused() {
    let error = |json| {
        let error = Calendar::from_json(json, &(0..=9999)).expect_err("no calendar");
        error.to_string()
    };
    assert!(error("[]").starts_with("holidays are an object"));
    assert!(error(r#"{"2026-01-01": 1}"#).starts_with("holidays are an object"));
    let expected = "“2026-02-30” is not a date such as 2026-12-25";
    assert_eq!(error(r#"{"2026-02-30": "Never"}"#), expected);
}

#[test]
fn text_has_remarks_and_half_days() {
    let text = "\u{feff}# Berlin\r\n\r\n 2026-12-25\tChristmas Day \r\n\
                2026-12-24 half Christmas Eve; Last day\n2026-12-31 HALF-AM Cleaning\n\
                2026-10-01 full Half moon\n";
    let calendar = Calendar::from_text(text).expect("a calendar");
    let found: Vec<_> = calendar
        .0
        .iter()
        .map(|(d, h)| (d.to_string(), h.part, h.name.as_str()))
        .collect();
    let expected = [
        ("2026-10-01", Part::Full, "Half moon"),
        ("2026-12-24", Part::Pm, "Christmas Eve; Last day"),
        ("2026-12-25", Part::Full, "Christmas Day"),
        ("2026-12-31", Part::Am, "Cleaning"),
    ];
    assert_eq!(
        found,
        expected.map(|(date, part, name)| (date.to_owned(), part, name))
    );
    let written = "2026-10-01 full Half moon\n2026-12-24 half Christmas Eve; Last day\n\
                   2026-12-25 Christmas Day\n2026-12-31 half-am Cleaning\n";
    assert_eq!(calendar.to_text(), written);
    assert_eq!(
        calendar.on(date("2026-12-24")).map(|h| h.part),
        Some(Part::Pm)
    );
    assert_eq!(calendar.on(date("2026-12-23")), None);
}

#[test]
fn each_wrong_line_is_named() {
    let long = "x".repeat(201);
    let text = format!(
        "2026-12-25 Christmas Day\nChristmas\n2026-02-29 Leap day\n2026-01-01\n2026-12-24 half\n\
         2026-12-25 Again\n26-1-1 New Year\n2026-01-02 {long}\n2026-1-3 Short\n"
    );
    let errors = Calendar::from_text(&text).expect_err("errors");
    let lines: Vec<_> = errors.0.iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9]);
    let messages: Vec<_> = errors.0.iter().map(ToString::to_string).collect();
    let expected = "Line 3: “2026-02-29” is not a date of the calendar. Begin with one such as \
                    2026-12-25.";
    assert_eq!(messages[1], expected);
    assert_eq!(messages[2], "Line 4: Say what holiday 2026-01-01 is.");
    assert_eq!(
        messages[4],
        "Line 6: 2026-12-25 is there already. Join its names by “;”."
    );
    let problem = errors.problem("holidays");
    assert_eq!((problem.status, problem.errors.len()), (422, 8));
    assert!(problem.errors.iter().all(|error| error.field == "holidays"));
}

#[test]
fn what_hr_wrote_stands_over_what_was_published() {
    let published = Calendar::from_json(PUBLISHED, &(2026..=2026)).expect("a calendar");
    let text = "2026-12-25 half Christmas\n2026-06-01 Founders\n";
    let own = Calendar::from_text(text).expect("a calendar");
    let both = published.merged(own).keep(|name| !name.ends_with("Break"));
    let expected = "2026-01-01 New Year's Day\n2026-06-01 Founders\n2026-12-25 half Christmas\n";
    assert_eq!(both.to_text(), expected);
}

#[test]
fn json_is_an_object_by_date() {
    let calendar = Calendar::from_text("2026-12-24 half Eve").expect("a calendar");
    let json = serde_json::to_value(&calendar).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({"2026-12-24": {"name": "Eve", "part": "pm"}})
    );
    assert_eq!(
        serde_json::from_value::<Calendar>(json).expect("a calendar"),
        calendar
    );
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let day = (0i32..40_000).prop_map(|day| date("1950-01-01") + chrono::Days::new(day as u64));
    let name = "(half |half-am|full|#|2026-01-01 )?[a-zA-Z#;'äß][a-zA-Z ;#.-]{0,20}[a-z]";
    let part = prop::sample::select(Part::ALL);
    let holiday = (name, part).prop_map(|(name, part)| Holiday { name, part });
    prop::collection::btree_map(day, holiday, 0..30).prop_map(Calendar)
}

proptest! {
    #[test]
    fn what_is_written_can_be_read(calendar in any_calendar()) {
        prop_assert_eq!(Calendar::from_text(&calendar.to_text()), Ok(calendar));
    }

    #[test]
    fn no_text_breaks_the_reader(
        text in "([0-9]{4}-[0-9]{2}-[0-9]{2}|half|.{0,10})[ \\t\n]?\\PC*",
    ) {
        match Calendar::from_text(&text) {
            Ok(calendar) => prop_assert_eq!(Calendar::from_text(&calendar.to_text()), Ok(calendar)),
            Err(errors) => prop_assert!(!errors.0.is_empty()),
        }
    }

    #[test]
    fn to_merge_twice_changes_nothing(a in any_calendar(), b in any_calendar()) {
        let once = a.merged(b.clone());
        prop_assert_eq!(once.clone().merged(b), once);
    }
}
