//! Whole files with their instances as another library expands them.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use model::zone::Zone;
use scheduling::ical::expand::expand;
use serde::Deserialize;

use crate::samples;

/// The other library stops after so many instances of all series of a file together.
const LIMIT: usize = 100;

/// Where we differ, and why we are right to.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "010",
        "the zone is defined in the file; they read its times in the default zone",
    ),
    (
        "021",
        "start and end are in two zones: 12:00 in New York to 13:00 in Los Angeles is 4 hours",
    ),
    ("026", "a cancelled event does not take place"),
    (
        "030",
        "after 2099 their time-zone data have no daylight saving",
    ),
    (
        "035",
        "after 2099 their time-zone data have no daylight saving",
    ),
    ("041", "the zone is defined in the file, under a number"),
    (
        "051",
        "zone defined in the file; a time without an end takes no time (RFC 5545, 3.6.1)",
    ),
    (
        "065",
        "posix/Europe/Vaduz ends in a known zone; a time without an end takes no time",
    ),
    ("080", "the zone is defined in the file"),
    (
        "085",
        "a day that ends on itself is a day; theirs takes no time",
    ),
    (
        "110",
        "lines folded over an empty line; they lose the first event's start",
    ),
    ("111", "a time without an end takes no time"),
    (
        "181",
        "a yearly rule that ends before it gives a day: DTSTART is the first instance anyway",
    ),
    ("186", "EXDATE takes out what RDATE added; they keep both"),
    (
        "201",
        "RDATE repeats DTSTART, which is one instance; they count two",
    ),
    (
        "205",
        "RDATE repeats DTSTART, which is one instance; they count two",
    ),
    (
        "206",
        "RDATE repeats DTSTART, which is one instance; they count two",
    ),
    (
        "211",
        "two revisions of one UID: the one with the lower SEQUENCE is out of date",
    ),
    (
        "220",
        "nine messages about one UID: only the latest revision counts",
    ),
    (
        "226",
        "after 2099 their time-zone data have no daylight saving",
    ),
];

#[derive(Deserialize)]
struct Expected {
    events: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    comp_id: u32,
    start: DateTime<FixedOffset>,
    end: DateTime<FixedOffset>,
}

type ByComponent = BTreeMap<u32, Vec<(String, String)>>;

/// The names of the components in the order of their BEGIN.
fn components(text: &str) -> Vec<String> {
    let upper = |line: &str| {
        line.trim_start_matches('\u{feff}')
            .trim()
            .to_ascii_uppercase()
    };
    text.lines()
        .map(upper)
        .filter_map(|l| l.strip_prefix("BEGIN:").map(str::to_owned))
        .collect()
}

fn several(json: &str) -> bool {
    json.matches("\"errors\"").count() > 1
}

fn expected(text: &str, json: &str) -> ByComponent {
    let names = components(text);
    let mut all = ByComponent::new();
    let documents = serde_json::Deserializer::from_str(json).into_iter::<Expected>();
    for event in documents.flat_map(|document| document.expect("known JSON").events) {
        // Tasks and the bounds of free-busy answers are no events. Where a file has several
        // calendars, theirs count from 0 each, but then it has only events.
        let name = names.get(event.comp_id as usize);
        if several(json) || name.is_some_and(|name| name == "VEVENT") {
            let instance = (event.start.to_rfc3339(), event.end.to_rfc3339());
            all.entry(event.comp_id).or_default().push(instance);
        }
    }
    sorted(all)
}

fn ours(text: &str) -> ByComponent {
    let zone = Zone::named("Pacific/Auckland").expect("a known zone");
    let mut all = ByComponent::new();
    for one in expand(text, &zone, LIMIT)
        .map(|(all, _)| all)
        .unwrap_or_default()
    {
        let instance = (one.start.to_rfc3339(), one.end.to_rfc3339());
        all.entry(one.component).or_default().push(instance);
    }
    sorted(all)
}

fn sorted(mut all: ByComponent) -> ByComponent {
    all.values_mut().for_each(|list| list.sort_unstable());
    all
}

/// With several calendars in one file, they count the components of each from 0, and we do not.
fn together(all: ByComponent) -> ByComponent {
    sorted(BTreeMap::from([(0, all.into_values().flatten().collect())]))
}

/// What differs in one file, if anything. Where the other library stopped early, ours may go on.
fn difference(path: &Path) -> Option<String> {
    let text = samples::text(path);
    let json = std::fs::read_to_string(path.with_extension("json")).unwrap_or_default();
    let (mut expected, mut ours) = (expected(&text, &json), ours(&text));
    if several(&json) {
        (expected, ours) = (together(expected), together(ours));
    }
    let stopped = expected.values().map(Vec::len).sum::<usize>() >= LIMIT;
    let components = expected
        .keys()
        .chain(ours.keys())
        .collect::<std::collections::BTreeSet<_>>();
    for component in components {
        let nothing = Vec::new();
        let theirs = expected.get(component).unwrap_or(&nothing);
        let own = ours.get(component).unwrap_or(&nothing);
        let same = if stopped {
            own.starts_with(theirs)
        } else {
            own == theirs
        };
        if !same {
            let at = own.iter().zip(theirs).position(|(a, b)| a != b);
            let at = at.unwrap_or(own.len().min(theirs.len()));
            return Some(format!(
                "component {component}, instance {at}: ours {:?} of {}, theirs {:?} of {}",
                own.get(at),
                own.len(),
                theirs.get(at),
                theirs.len(),
            ));
        }
    }
    None
}

#[test]
fn our_instances_are_those_of_another_library() {
    let Some(folder) = samples::folder("ical/expansion") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a readable folder")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ics"))
        .collect();
    files.sort();
    let (mut agree, mut wrong) = (0, Vec::new());
    for path in &files {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let listed = DIFFERENT.iter().any(|(file, _)| *file == name);
        match difference(path) {
            None if listed => wrong.push(format!("{name}: listed, but the same")),
            Some(text) if !listed => wrong.push(format!("{name}: {text}")),
            None => agree += 1,
            Some(_) => {}
        }
    }
    println!(
        "{agree} of {} files agree, {} are listed",
        files.len(),
        DIFFERENT.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
