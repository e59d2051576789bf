//! Weeks for tests, in Berlin in 2026.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::scheduling::availability::{BusyStatus, Freshness, Trust};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::Colleague;
use model::scheduling::views::{DayColumn, Layer, Taken, WeekPage, Whose};
use model::time::Stamp;
use model::{PersonId, RoomId};

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn during(from: &str, to: &str) -> Interval {
    Interval::new(utc(from), utc(to))
}

/// A day in Berlin, with its clock change if it has one.
pub fn day(day: NaiveDate) -> DayColumn {
    let (spring, autumn) = (date("2026-03-29"), date("2026-10-25"));
    let (before, after) = match day {
        day if day == spring => (60, 120),
        day if day == autumn => (120, 60),
        day if spring < day && day < autumn => (120, 120),
        _ => (60, 60),
    };
    let start = day.and_time(NaiveTime::MIN).and_utc();
    let changes = match before == after {
        true => Vec::new(),
        false => vec![(start + TimeDelta::hours(1), after)],
    };
    DayColumn {
        date: day,
        from: start - TimeDelta::minutes(i64::from(before)),
        to: start + TimeDelta::days(1) - TimeDelta::minutes(i64::from(after)),
        changes,
        offset_minutes: before,
        second_offset_minutes: None,
        today: false,
        holiday: false,
    }
}

/// The days from a Monday on.
pub fn days(monday: &str) -> Vec<DayColumn> {
    let monday = date(monday);
    (0..7).map(|n| day(monday + Days::new(n))).collect()
}

/// The person with a number; the reader is the first.
pub fn person(number: u128) -> PersonId {
    format!("{number:032x}").parse().expect("an id")
}

/// The room with a number.
pub fn room(number: u128) -> RoomId {
    format!("{number:032x}").parse().expect("an id")
}

fn layer(whose: Whose, name: &str, working: Vec<Interval>) -> Layer {
    Layer {
        whose,
        name: name.to_owned(),
        taken: Vec::new(),
        working,
        away: Vec::new(),
        trust: Trust {
            freshness: Freshness::Fresh,
            as_of: None,
        },
    }
}

/// A week with the reader and others, all at work from nine to five each day.
pub fn page(monday: &str, others: &[&str]) -> WeekPage {
    let days = days(monday);
    let working: Vec<Interval> = days
        .iter()
        .map(|day| {
            let nine = day.to - TimeDelta::hours(15);
            Interval::new(nine, nine + TimeDelta::hours(8))
        })
        .collect();
    let people = std::iter::once("Ines Falk").chain(others.iter().copied());
    let layers = people.zip(1..).map(|(name, number)| {
        let whose = Whose::Person {
            id: person(number),
            required: true,
            zone: "Europe/Berlin".to_owned(),
        };
        layer(whose, name, working.clone())
    });
    WeekPage {
        zone: "Europe/Berlin".to_owned(),
        second_zone: None,
        now: Stamp::utc(days[0].from),
        me: Colleague {
            id: person(1),
            name: "Ines Falk".to_owned(),
            email: "ines@example.org".to_owned(),
            zone: "Europe/Berlin".to_owned(),
        },
        layers: layers.collect(),
        meetings: Vec::new(),
        minutes: 30,
        common: working,
        suggestions: Vec::new(),
        obstacles: Vec::new(),
        days,
    }
}

/// The same with a room.
pub fn with_room(mut page: WeekPage, name: &str) -> WeekPage {
    let whose = Whose::Room {
        id: room(99),
        capacity: 8,
    };
    page.layers.push(layer(whose, name, Vec::new()));
    page
}

/// The same with a stretch of somebody's time taken.
pub fn taken(mut page: WeekPage, whose: usize, during: Interval) -> WeekPage {
    page.layers[whose].taken.push(Taken {
        during,
        status: BusyStatus::Busy,
        meeting: None,
        title: None,
    });
    // Nobody is free together then.
    page.common.retain(|free| !free.overlaps(&during));
    page
}
