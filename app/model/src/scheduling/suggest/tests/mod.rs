mod laws;
mod order;
mod rooms;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::availability::{Availability, Busy, BusyStatus, Freshness, Known, Source};
use super::super::interval::IntervalSet;
use super::*;

/// Minutes from the midnight of Monday, 23 November 2026, in UTC.
fn at(minute: i64) -> DateTime<Utc> {
    let monday: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().expect("an instant");
    monday + TimeDelta::minutes(minute)
}

fn hours(from: i64, to: i64) -> Interval {
    Interval::new(at(from * 60), at(to * 60))
}

/// Somebody for the tests, with all that a guest borrows.
struct Person {
    id: PersonId,
    name: &'static str,
    required: bool,
    availability: Availability,
    local: LocalTime,
    turns: u32,
}

impl Person {
    /// Works from `open` to `close` o'clock UTC for five days, and is busy at some hours.
    fn new(name: &'static str, (open, close): (i64, i64), busy: &[(i64, i64)]) -> Self {
        let days = (0..5).map(|day| hours(day * 24 + open, day * 24 + close));
        let busy = busy.iter().map(|(from, to)| Busy {
            during: hours(*from, *to),
            status: BusyStatus::Busy,
        });
        Self::known(
            name,
            &Known {
                working: days.collect(),
                busy: busy.collect(),
                ..Known::default()
            },
        )
    }

    fn known(name: &'static str, known: &Known) -> Self {
        let letters = name
            .bytes()
            .fold(0, |sum, byte| sum * 256 + u128::from(byte));
        Self {
            id: PersonId(Uuid::from_u128(letters)),
            name,
            required: true,
            availability: Availability::of(known, hours(0, 120), at(-10_000)),
            local: LocalTime::fixed(0, "London"),
            turns: 0,
        }
    }

    fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    fn lives(mut self, offset_hours: i32, place: &str) -> Self {
        self.local = LocalTime::fixed(offset_hours * 60, place);
        self
    }

    fn guest(&self) -> Guest<'_> {
        Guest {
            id: self.id,
            name: self.name,
            required: self.required,
            availability: &self.availability,
            local: &self.local,
            unsocial_turns: self.turns,
        }
    }
}

fn wish(minutes: i64) -> Wish {
    Wish {
        reader: LocalTime::fixed(0, "London"),
        ..Wish::new(minutes, hours(0, 120))
    }
}

fn ask(people: &[Person], wish: &Wish) -> Vec<Suggestion> {
    let guests: Vec<_> = people.iter().map(Person::guest).collect();
    suggest(&guests, &[], wish)
}

/// The one suggestion for a slot on Monday, to read its reasons.
fn reasons_at(people: &[Person], from: i64, minutes: i64) -> Vec<String> {
    let within = Interval::starting(at(from), minutes);
    let mut wish = wish(minutes);
    wish.within = within;
    let suggestions = ask(people, &wish);
    assert_eq!(suggestions.len(), 1, "the slot is free");
    suggestions[0].reasons.clone()
}

fn has(reasons: &[String], text: &str) {
    assert!(reasons.iter().any(|reason| reason == text), "{reasons:#?}");
}
