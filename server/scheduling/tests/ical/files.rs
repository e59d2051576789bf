//! Real exports, with what a person reads in them.

use chrono::{DateTime, Utc};
use model::zone::Zone;
use scheduling::ical::busy;

use crate::cases::CASES;
use crate::samples;

fn day(text: &str) -> DateTime<Utc> {
    format!("{text}T00:00:00Z").parse().expect("a day")
}

#[test]
fn real_exports_are_read_as_a_person_reads_them() {
    let Some(folder) = samples::folder("ical/files") else {
        return;
    };
    let mut wrong = Vec::new();
    for case in CASES {
        let text = samples::text(&folder.join(case.file).with_extension("ics"));
        let zone = Zone::named(case.zone).expect("a known zone");
        let found = busy(&text, day(case.from), day(case.to), &zone).expect("a calendar");
        let shown: Vec<String> = (found.busy.iter())
            .map(|one| {
                let minute = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M").to_string();
                format!("{} {} {}", minute(one.from), minute(one.to), one.status)
            })
            .collect();
        if shown != case.busy {
            wrong.push(format!("{}: {shown:#?}", case.file));
        }
        let warned = match case.warning {
            "" => found.warnings.is_empty(),
            part => found.warnings.iter().any(|warning| warning.contains(part)),
        };
        if !warned {
            wrong.push(format!("{}: {:#?}", case.file, found.warnings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_real_export_gives_busy_times_or_says_why_not() {
    let Some(folder) = samples::folder("ical/files") else {
        return;
    };
    let (from, to) = (day("1990-01-01"), day("2040-01-01"));
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let found = busy(&samples::text(&path), from, to, &Zone::utc()).expect("a calendar");
        // These hold nothing but what is never busy: transparent days, a series taken out whole.
        let free = ["sabredav", "exchange_whole_day", "tz_list"];
        let may_be_free = free
            .iter()
            .any(|part| path.to_string_lossy().contains(part));
        let says = !found.busy.is_empty() || !found.warnings.is_empty();
        assert!(says || may_be_free, "{}", path.display());
    }
}
