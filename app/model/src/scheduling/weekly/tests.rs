use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::super::availability::{Absence, AbsenceKind, Availability, Known};
use super::super::hours::{LocalRange, WeeklyHours, Whereabouts, WorkingHours, expand};
use super::super::suggest::{Guest, Room, RoomOption};
use super::*;
use crate::ids::PersonId;
use crate::zone::{Zone, names};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn time(text: &str) -> NaiveTime {
    text.parse().expect("a time")
}

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a known zone")
}

/// Twelve weeks from Monday, 5 October 2026 on; the clocks change within them.
const WEEKS: u16 = 12;

fn twelve_weeks(minutes: i64) -> Weeks {
    Weeks {
        first_day: day("2026-10-05"),
        count: WEEKS,
        minutes,
    }
}

fn range() -> Interval {
    let from: DateTime<Utc> = "2026-10-04T00:00:00Z".parse().expect("an instant");
    Interval::new(from, from + TimeDelta::days(7 * i64::from(WEEKS) + 3))
}

struct Person {
    id: PersonId,
    name: &'static str,
    availability: Availability,
    local: LocalTime,
}

/// Works from 9 to 17 in a zone, but for some days of leave.
fn person(name: &'static str, zone_name: &str, leave: &[&str]) -> Person {
    let hours = WorkingHours {
        weekly: WeeklyHours::weekdays(&[LocalRange::hours(9, 17).expect("real hours")]),
        overrides: Vec::new(),
    };
    let places = Whereabouts::at_home(zone(zone_name));
    let absence = |text: &&str| {
        let day = day(text);
        let edges = [day, day + Days::new(1)].map(|day| zone(zone_name).start_of(day));
        let [Some(from), Some(to)] = edges else {
            panic!("a year of four digits");
        };
        Absence {
            during: Interval::new(from, to),
            kind: AbsenceKind::Leave,
        }
    };
    let known = Known {
        working: expand(&hours, &places, range()),
        absences: leave.iter().map(absence).collect(),
        ..Known::default()
    };
    Person {
        id: PersonId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
        name,
        availability: Availability::of(&known, range(), range().from),
        local: places.local_time(range()),
    }
}

fn ask(
    people: &[Person],
    rooms: &[RoomOption<'_>],
    wish: &WeeklyWish,
    minutes: i64,
) -> Vec<WeeklySlot> {
    let guests = people.iter().map(|person| Guest {
        id: person.id,
        name: person.name,
        required: true,
        availability: &person.availability,
        local: &person.local,
        unsocial_turns: 0,
    });
    let guests: Vec<_> = guests.collect();
    let all = series(&zone("Europe/Berlin"), 15, twelve_weeks(minutes));
    find(&guests, rooms, &all, wish)
}

#[test]
fn it_keeps_its_wall_time_in_every_zone() {
    let first_day = day("2025-01-01");
    let weeks = Weeks {
        first_day,
        count: 4 * 52,
        minutes: 30,
    };
    for name in names() {
        let zone = zone(&name);
        for at in [time("00:00:00"), time("02:30:00"), time("09:00:00")] {
            let all = occurrences(&zone, Weekday::Sun, at, weeks);
            assert_eq!(all.len(), 4 * 52);
            for (week, slot) in all.iter().enumerate() {
                let date = day("2025-01-05") + Days::new(week as u64 * 7);
                let wall = date.and_time(at);
                let local = zone.local_of(slot.from);
                let kept = local == wall || (zone.skips(wall) && local > wall);
                assert!(kept, "{name} {wall} {local}");
                assert_eq!(slot.minutes(), 30);
            }
        }
    }
}

#[test]
fn a_time_for_all_weeks_is_found_across_the_change_of_the_clocks() {
    let people = [
        person("Ana", "Europe/Berlin", &[]),
        person("Tom", "America/New_York", &[]),
    ];
    // In the week after 25 October the two are an hour nearer to each other.
    let found = ask(&people, &[], &WeeklyWish::default(), 60);
    assert!(!found.is_empty());
    for slot in &found {
        assert!(slot.failing.is_empty());
        assert_eq!(slot.reasons[0], "Works in all 12 weeks");
        assert_eq!(slot.series.occurrences.len(), 12);
        for occurrence in &slot.series.occurrences {
            for person in &people {
                assert!(person.availability.free.covers(occurrence));
            }
        }
        // 15:00 in Berlin is 09:00 in New York, but 10:00 in the week between the changes.
        assert!(slot.series.at >= time("15:00:00") && slot.series.at <= time("16:00:00"));
        let moves = slot
            .reasons
            .iter()
            .any(|r| r.starts_with("For Tom it moves from"));
        assert!(moves, "{:?}", slot.reasons);
    }
}

#[test]
fn the_weeks_that_fail_are_named() {
    let thursdays = "2026-12-24";
    let others = ["2026-10-05", "2026-10-06", "2026-10-07", "2026-10-09"];
    let more = ["2026-10-12", "2026-10-13", "2026-10-14", "2026-10-16"];
    let leave: Vec<_> = others
        .iter()
        .chain(&more)
        .chain([&thursdays])
        .copied()
        .collect();
    let people = [person("Ana", "Europe/Berlin", &leave)];
    let best = ask(&people, &[], &WeeklyWish::default(), 60).remove(0);
    assert_eq!(best.series.weekday, Weekday::Thu);
    assert_eq!(best.failing.len(), 1);
    assert_eq!(best.failing[0].missing[0].person, people[0].id);
    assert_eq!(best.reasons[0], "Works in 11 of 12 weeks");
    assert_eq!(best.reasons[1], "Not on 24 Dec: Ana is on leave");
}

#[test]
fn one_room_is_kept_for_all_weeks() {
    let people = [person("Ana", "Europe/Berlin", &[])];
    let open = Known {
        working: range().into(),
        ..Known::default()
    };
    let free = Availability::of(&open, range(), range().from);
    let mut once_taken = free.clone();
    let taken: Interval = Interval::starting(range().from, 14 * 24 * 60);
    once_taken.free = once_taken.free.subtract(&taken.into());
    let room = |name: &str, seats: u16| Room {
        id: crate::ids::RoomId(Uuid::from_u128(u128::from(seats))),
        name: name.into(),
        seats,
        equipment: Default::default(),
    };
    let (nook, oslo) = (room("Nook", 4), room("Oslo", 8));
    let options = [
        RoomOption {
            room: &nook,
            availability: &once_taken,
        },
        RoomOption {
            room: &oslo,
            availability: &free,
        },
    ];
    let wish = WeeklyWish {
        room: Some(RoomNeed {
            seats: 2,
            ..RoomNeed::default()
        }),
        ..WeeklyWish::default()
    };
    let best = ask(&people, &options, &wish, 60).remove(0);
    assert_eq!(
        best.room,
        Some(oslo.id),
        "the smaller one is not free in all weeks"
    );
    let only_nook = ask(&people, &options[..1], &wish, 60).remove(0);
    assert_eq!(only_nook.room, Some(nook.id));
    assert!(only_nook.failing.iter().all(|week| week.room_taken));
    assert_eq!(only_nook.reasons[1], "Not on 5 Oct: no room is free");
    assert!(ask(&people, &[], &wish, 60).is_empty());
}

#[test]
fn too_few_make_a_week_fail() {
    let people = [person("Ana", "Europe/Berlin", &[])];
    let wish = WeeklyWish {
        quorum: 2,
        ..WeeklyWish::default()
    };
    assert!(ask(&people, &[], &wish, 60).is_empty());
}
