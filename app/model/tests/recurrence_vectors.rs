//! The published vectors of a calendar library, read from the shared samples and never copied. A
//! vector agrees, or stands in `KNOWN` with the reason why it does not.
//!
//! The file's words: `RRULE`, `DTSTART`, and `INSTANCES`, all that the rule gives from there on;
//! `START-AT` is a moment to begin reading at, which must then give the rest of the same instances.
#![cfg(feature = "zone")]

use std::path::PathBuf;

use model::scheduling::recurrence::{MAX_INSTANCES, expand};

/// Rules on which we differ on purpose, and why.
const KNOWN: &[(&str, &str)] = &[];

#[derive(Default)]
struct Vector {
    rule: String,
    start: String,
    start_at: Option<String>,
    instances: Vec<String>,
}

/// The vectors of the file, or `None` where the samples are not laid out.
fn vectors() -> Option<Vec<Vector>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let samples = std::env::var_os("PUNCTUAL_SAMPLES").map_or(beside, PathBuf::from);
    let path = samples.join("ical/recur/icalrecur_half.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no vectors at {}", path.display());
        return None;
    };
    let mut vectors = Vec::new();
    let mut next = Vector::default();
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        match name {
            "RRULE" => next.rule = value.to_owned(),
            "DTSTART" => next.start = value.to_owned(),
            "START-AT" => next.start_at = Some(value.to_owned()),
            "INSTANCES" => {
                next.instances = value.split(',').map(str::to_owned).collect();
                vectors.push(std::mem::take(&mut next));
            }
            other => panic!("the file has a word this test does not know: {other}"),
        }
    }
    Some(vectors)
}

#[test]
fn every_published_vector_agrees_or_is_known() {
    let Some(vectors) = vectors() else { return };
    let mut wrong = Vec::new();
    let mut listed = 0;
    for vector in &vectors {
        let all = expand(&vector.start, &vector.rule, MAX_INSTANCES, None);
        if KNOWN.iter().any(|(rule, _)| *rule == vector.rule) {
            listed += 1;
            assert_ne!(
                all.as_ref(),
                Ok(&vector.instances),
                "no longer differs: {}",
                vector.rule
            );
        } else if all.as_ref() != Ok(&vector.instances) {
            wrong.push(format!("{} from {}: {all:?}", vector.rule, vector.start));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    println!(
        "{} vectors agree, {listed} differ as known",
        vectors.len() - listed
    );
    assert!(vectors.len() > 50, "the file shrank");
}

#[test]
fn reading_from_the_middle_gives_the_rest() {
    for vector in vectors().unwrap_or_default() {
        let named = vector.start_at.as_ref();
        for from in vector.instances.iter().chain(named) {
            let rest: Vec<String> = vector
                .instances
                .iter()
                .filter(|i| *i >= from)
                .cloned()
                .collect();
            let read = expand(&vector.start, &vector.rule, MAX_INSTANCES, Some(from));
            assert_eq!(read, Ok(rest), "{} from {from}", vector.rule);
        }
    }
}
