//! The worked cases of the rules: each file in `attendance/cases` is a case in JSON and what is
//! expected of its days. They run through the same text-to-text way as the command.

#![cfg(feature = "zone")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use model::attendance::case::{Case, to_json};
use model::attendance::day::Derived;
use serde_json::Value;

/// All fixtures, by name.
fn fixtures() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attendance/cases");
    let files = fs::read_dir(folder).expect("the folder of cases");
    let mut found: Vec<(String, Value)> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            let value = serde_json::from_str(&text);
            let value = value.unwrap_or_else(|error| panic!("{name}: {error}"));
            (name.into_owned(), value)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// What the command prints for a case.
fn printed(name: &str, input: &Value) -> String {
    let text = serde_json::to_string_pretty(input).expect("JSON");
    let case = Case::from_json(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    to_json(&case.derive())
}

/// Where `actual` is not as expected. An object may have more fields than are named. A list has
/// exactly these elements; one of explanations has these among others, in this order.
fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                let there = actual.get(key).unwrap_or(&Value::Null);
                if key == "explanation" {
                    explained(path, value, there, found);
                } else {
                    differences(&format!("{path}.{key}"), value, there, found);
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (number, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                differences(&format!("{path}[{number}]"), expected, actual, found);
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path} is {actual}, not {expected}")),
    }
}

fn explained(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    let lines = actual.as_array().cloned().unwrap_or_default();
    let mut lines = lines.iter();
    for wanted in expected.as_array().expect("a list") {
        let is_there = lines.any(|line| {
            let mut differing = Vec::new();
            differences("", wanted, line, &mut differing);
            differing.is_empty()
        });
        if !is_there {
            found.push(format!("{path}.explanation has no {wanted} in {actual}"));
        }
    }
}

#[test]
fn every_case_is_as_the_table_says() {
    let mut wrong = Vec::new();
    for (name, fixture) in fixtures() {
        let output = printed(&name, &fixture["input"]);
        let output: Value = serde_json::from_str(&output).expect("JSON");
        differences(&name, &fixture["expect"], &output, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_has_a_title_and_expects_something() {
    let mut titles = BTreeSet::new();
    for (name, fixture) in fixtures() {
        let title = fixture["title"].as_str().unwrap_or_default();
        assert!(!title.is_empty(), "{name}");
        assert!(titles.insert(title.to_owned()), "{name}: {title}");
        let expect = fixture["expect"].as_object().expect("an object");
        assert!(!expect.is_empty(), "{name}");
    }
}

#[test]
fn the_table_is_there_whole() {
    let names: Vec<String> = fixtures().into_iter().map(|(name, _)| name).collect();
    // The others of the table need a database: locks, owners of badges, resends.
    let table = [
        1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 15, 17, 18, 21, 22, 23, 25, 26, 27, 28, 29, 31, 32, 34,
        35, 36, 38, 39, 40, 42, 43, 47, 48, 52, 55, 57, 58, 59, 60,
    ];
    for number in table {
        let prefix = format!("{number:02}-");
        assert!(
            names.iter().any(|name| name.starts_with(&prefix)),
            "{prefix}"
        );
    }
}

#[test]
fn the_order_of_lists_and_repeats_change_nothing() {
    for (name, fixture) in fixtures() {
        let days = |input: &Value| {
            let output: Derived = serde_json::from_str(&printed(&name, input)).expect("days");
            output.days
        };
        let input = fixture["input"].clone();
        let usual = days(&input);
        let mut turned = input.clone();
        // The order in which a device sends is something that its punches say.
        for (number, punch) in turned["punches"]
            .as_array_mut()
            .expect("punches")
            .iter_mut()
            .enumerate()
        {
            punch["sequence"] = number.into();
        }
        let punches = turned["punches"].as_array_mut().expect("punches");
        punches.reverse();
        punches.extend(punches.clone());
        turned["schedule"]
            .as_array_mut()
            .expect("a schedule")
            .reverse();
        let again = days(&turned);
        assert_eq!(again, usual, "{name}");
    }
}

#[test]
fn the_same_case_gives_the_same_text() {
    for (name, fixture) in fixtures() {
        let text = printed(&name, &fixture["input"]);
        assert_eq!(printed(&name, &fixture["input"]), text);
        let derived: Derived = serde_json::from_str(&text).expect("days");
        assert_eq!(to_json(&derived), text, "{name} comes back as it was");
    }
}

#[test]
fn explanations_add_up_to_what_counts() {
    use model::attendance::day::Rule;
    for (name, fixture) in fixtures() {
        let output: Derived =
            serde_json::from_str(&printed(&name, &fixture["input"])).expect("days");
        for day in output.days {
            let counts = |rule: Rule| (Rule::Pair..=Rule::Breaks).contains(&rule);
            let lines = day.explanation.iter().filter(|line| counts(line.rule));
            let sum: i64 = lines.map(|line| line.minutes).sum();
            assert_eq!(sum, day.counted_minutes, "{name}: {:?}", day.explanation);
        }
    }
}
