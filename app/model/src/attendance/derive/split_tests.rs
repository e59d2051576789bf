use chrono::{DateTime, Utc};

use super::*;

fn minute(text: &str) -> i64 {
    let at: DateTime<Utc> = text.parse().expect("an instant");
    minute_of(at)
}

#[test]
fn a_span_is_cut_at_each_midnight() {
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    let span = Span::new(
        minute("2026-11-23T20:00:00Z"),
        minute("2026-11-25T01:00:00Z"),
    );
    let parts: Vec<_> = by_date(&zone, span)
        .into_iter()
        .map(|(date, part)| (date.to_string(), part.minutes()))
        .collect();
    let expected = [
        ("2026-11-23", 180),
        ("2026-11-24", 1440),
        ("2026-11-25", 120),
    ];
    assert_eq!(
        parts,
        expected.map(|(date, minutes)| (date.to_owned(), minutes))
    );
}

#[test]
fn a_midnight_that_the_clocks_skip_is_its_first_instant() {
    // Beirut puts its clocks forward at midnight.
    let zone = Zone::named("Asia/Beirut").expect("a zone");
    let span = Span::new(
        minute("2026-03-28T20:00:00Z"),
        minute("2026-03-29T04:00:00Z"),
    );
    let parts = by_date(&zone, span);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].1.to, minute("2026-03-28T22:00:00Z"));
}

#[test]
fn shares_add_up() {
    let mut share = Share::new(30, 483);
    assert_eq!([share.of(120), share.of(363)], [7, 23]);
    let mut nothing = Share::new(0, 0);
    assert_eq!(nothing.of(0), 0);
}
