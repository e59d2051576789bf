use chrono::Days as DayCount;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A shift by its letter.
fn shift(letter: char) -> ShiftTemplateId {
    ShiftTemplateId(Uuid::from_u128(u128::from(letter)))
}

fn person(name: &str) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(name.as_bytes()[0])))
}

fn shifts(letters: &str) -> Vec<ShiftTemplateId> {
    letters.chars().map(shift).collect()
}

/// A rotation from Monday, 23 November, `E E L - -`, where `-` is off.
fn rotation(days: &str) -> Rotation {
    Rotation {
        name: "Crew".to_owned(),
        anchor: date("2026-11-23"),
        days: days
            .split(' ')
            .map(|day| shifts(day.trim_matches('-')))
            .collect(),
    }
}

fn letters(shifts: &[ShiftTemplateId]) -> String {
    let letter = |id: &ShiftTemplateId| char::from(id.0.as_bytes()[15]);
    match shifts {
        [] => "-".to_owned(),
        shifts => shifts.iter().map(letter).collect(),
    }
}

fn from(text: &str) -> Assignment {
    Assignment {
        from: date(text),
        until: None,
        ahead_days: 0,
    }
}

fn range(from: &str, until: &str) -> DateRange {
    DateRange::new(date(from), date(until))
}

fn check_expand(days: &str, assignment: Assignment, within: DateRange, expected: &str) {
    let rotation = rotation(days);
    let expanded = expand(&rotation, assignment, within);
    let found: Vec<_> = expanded.map(|(_, shifts)| letters(shifts)).collect();
    assert_eq!(found.join(" "), expected);
}

#[test]
fn a_rotation_repeats_on_both_sides_of_its_anchor() {
    let always = from("2020-01-01");
    let within = range("2026-11-21", "2026-11-29");
    check_expand("E L N -", always, within, "N - E L N - E L N");
}

#[test]
fn crews_share_a_rotation_with_a_shift_of_days() {
    let within = range("2026-11-23", "2026-11-26");
    let ahead = |ahead_days| Assignment {
        ahead_days,
        ..from("2026-11-23")
    };
    check_expand("E L N -", ahead(1), within, "L N - E");
    check_expand("E L N -", ahead(-1), within, "- E L N");
    check_expand("E L N -", ahead(401), within, "L N - E");
}

#[test]
fn an_assignment_has_a_first_and_a_last_date() {
    let assignment = Assignment {
        until: Some(date("2026-11-26")),
        ..from("2026-11-25")
    };
    let within = range("2026-11-23", "2026-11-29");
    check_expand("E L N -", assignment, within, "N -");
    let later = range("2026-12-01", "2026-12-02");
    check_expand("E L N -", assignment, later, "");
}

#[test]
fn a_day_may_have_two_shifts() {
    let within = range("2026-11-23", "2026-11-25");
    check_expand("EA - L", from("2026-11-23"), within, "EA - L");
}

#[test]
fn a_rotation_says_what_is_wrong_with_it() {
    let fields = |rotation: Rotation| -> Vec<String> {
        rotation.errors().into_iter().map(|e| e.field).collect()
    };
    assert!(fields(rotation("E L -")).is_empty());
    assert_eq!(fields(rotation("E LL -")), ["days.1"]);
    let empty = Rotation {
        name: " ".to_owned(),
        days: Vec::new(),
        ..rotation("E")
    };
    assert!(empty.on(date("2026-11-23"), 0).is_empty());
    assert_eq!(fields(empty), ["name", "days"]);
}

/// Ana works early and Ben late from Monday to Wednesday; Cem has no rotation.
fn check(changes: &[RosterChange], expected: [&str; 3], void: &[usize]) {
    let (early, late) = (rotation("E E E -"), rotation("L L L -"));
    let plan = |name, rotation| Plan {
        person: person(name),
        assignments: vec![(rotation, from("2026-11-23"))],
    };
    let nobody = Plan {
        person: person("Cem"),
        assignments: Vec::new(),
    };
    let plans = [plan("Ana", &early), plan("Ben", &late), nobody];
    let roster = roster(&plans, changes, range("2026-11-23", "2026-11-25"));
    let found = ["Ana", "Ben", "Cem"].map(|name| {
        let days = roster
            .days
            .iter()
            .filter(|((who, _), _)| *who == person(name));
        let words = days.map(|(_, day)| format!("{}/{}", letters(&day.shifts), day.origin));
        words.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(found, expected);
    assert_eq!(roster.void, void);
}

fn set(name: &str, on: &str, letters: &str) -> RosterChange {
    RosterChange::Set {
        person: person(name),
        date: date(on),
        shifts: shifts(letters),
    }
}

/// A swap, `Ana>Ben 23 E, Ben>Ana 23 L`.
fn swapped(text: &str) -> RosterChange {
    let handovers = text.split(", ").map(|one| {
        let parts: Vec<_> = one.split(' ').collect();
        let (from, to) = parts[0].split_once('>').expect("who to whom");
        Handover {
            from: person(from),
            to: person(to),
            date: date(&format!("2026-11-{}", parts[1])),
            shift: shifts(parts[2])[0],
        }
    });
    RosterChange::Swap {
        handovers: handovers.collect(),
    }
}

const EARLY: &str = "E/rotation E/rotation E/rotation";
const LATE: &str = "L/rotation L/rotation L/rotation";
const NONE: &str = "-/unplanned -/unplanned -/unplanned";

#[test]
fn a_manual_entry_replaces_what_stood_there() {
    let changes = [
        set("Ana", "2026-11-24", ""),
        set("Cem", "2026-11-23", "N"),
        set("Ana", "2026-11-25", "L"),
        set("Ana", "2026-11-25", "N"),
    ];
    let ana = "E/rotation -/manual N/manual";
    check(
        &changes,
        [ana, LATE, "N/manual -/unplanned -/unplanned"],
        &[],
    );
}

#[test]
fn a_shift_is_added_once() {
    let add = RosterChange::Add {
        person: person("Ana"),
        date: date("2026-11-24"),
        shift: shift('L'),
    };
    let changes = [add.clone(), add];
    check(
        &changes,
        ["E/rotation EL/manual E/rotation", LATE, NONE],
        &[],
    );
}

#[test]
fn two_people_swap_shifts() {
    let swap = swapped("Ana>Ben 23 E, Ben>Ana 23 L");
    let ana = "L/swap E/rotation E/rotation";
    let ben = "E/swap L/rotation L/rotation";
    check(&[swap], [ana, ben, NONE], &[]);
}

#[test]
fn a_swap_may_be_over_two_dates() {
    let swap = swapped("Ana>Ben 23 E, Ben>Ana 24 L");
    let ana = "-/swap EL/swap E/rotation";
    let ben = "LE/swap -/swap L/rotation";
    check(&[swap], [ana, ben, NONE], &[]);
}

#[test]
fn a_shift_can_be_given_away() {
    let expected = [
        "-/swap E/rotation E/rotation",
        LATE,
        "E/swap -/unplanned -/unplanned",
    ];
    check(&[swapped("Ana>Cem 23 E")], expected, &[]);
}

#[test]
fn a_swap_of_what_one_has_not_is_void_as_a_whole() {
    check(
        &[swapped("Ana>Ben 23 E, Ben>Ana 24 N")],
        [EARLY, LATE, NONE],
        &[0],
    );
    check(&[swapped("Ana>Dan 23 E")], [EARLY, LATE, NONE], &[0]);
    let manual = [set("Ana", "2026-11-23", ""), swapped("Ana>Ben 23 E")];
    check(
        &manual,
        ["-/manual E/rotation E/rotation", LATE, NONE],
        &[1],
    );
    let twice = [set("Cem", "2026-11-23", "E"), swapped("Ana>Cem 23 E")];
    check(
        &twice,
        [EARLY, LATE, "E/manual -/unplanned -/unplanned"],
        &[1],
    );
}

#[test]
fn a_swap_reaches_over_the_edge_of_what_is_shown() {
    let ben = "E/swap L/rotation L/rotation".replace("E/", "LE/");
    // On the 27th Ben works late, which is not shown.
    let expected = ["-/swap E/rotation E/rotation", ben.as_str(), NONE];
    check(&[swapped("Ana>Ben 23 E, Ben>Ana 27 L")], expected, &[]);
    check(
        &[swapped("Ana>Ben 23 E, Ben>Ana 26 L")],
        [EARLY, LATE, NONE],
        &[0],
    );
}

#[test]
fn a_swap_can_be_swapped_back() {
    let there = swapped("Ana>Ben 23 E, Ben>Ana 23 L");
    let back = swapped("Ben>Ana 23 E, Ana>Ben 23 L");
    let ana = "E/swap E/rotation E/rotation";
    let ben = "L/swap L/rotation L/rotation";
    check(&[there, back], [ana, ben, NONE], &[]);
}

#[test]
fn the_assignment_that_began_later_holds() {
    let (old, new) = (rotation("E"), rotation("N"));
    let plan = Plan {
        person: person("Ana"),
        assignments: vec![(&new, from("2026-11-24")), (&old, from("2026-11-01"))],
    };
    let roster = roster(&[plan], &[], range("2026-11-23", "2026-11-25"));
    let found: Vec<_> = roster
        .days
        .values()
        .map(|day| letters(&day.shifts))
        .collect();
    assert_eq!(found, ["E", "N", "N"]);
}

proptest! {
    #[test]
    fn a_cycle_later_it_is_the_same(
        lengths in prop::collection::vec(0usize..3, 1..40),
        offset in 0u64..2000,
        ahead in -500i32..500,
        cycles in 1u64..5,
    ) {
        let days = lengths.iter().map(|n| shifts(&"ELN"[..*n])).collect();
        let rotation = Rotation { days, ..rotation("E") };
        let day = date("2024-01-01") + DayCount::new(offset);
        let later = day + DayCount::new(cycles * lengths.len() as u64);
        prop_assert_eq!(rotation.on(day, ahead), rotation.on(later, ahead));
    }

    #[test]
    fn swaps_neither_make_nor_lose_shifts(
        swaps in prop::collection::vec((0usize..3, 0usize..3, 23u32..28, "[ELN]"), 0..12),
    ) {
        let names = ["Ana", "Ben", "Cem"];
        let (early, late) = (rotation("E N E -"), rotation("L L -"));
        let plan = |name, rotation| Plan {
            person: person(name),
            assignments: vec![(rotation, from("2026-11-23"))],
        };
        let plans = [plan("Ana", &early), plan("Ben", &late), plan("Cem", &late)];
        let changes: Vec<_> = swaps
            .iter()
            .map(|(a, b, day, shift)| {
                swapped(&format!("{}>{} {day} {shift}", names[*a], names[*b]))
            })
            .collect();
        let within = range("2026-11-23", "2026-11-27");
        let (before, after) = (roster(&plans, &[], within), roster(&plans, &changes, within));
        let count = |roster: &Roster| {
            let mut all: BTreeMap<_, usize> = BTreeMap::new();
            for ((_, date), day) in &roster.days {
                for shift in &day.shifts {
                    *all.entry((*date, *shift)).or_default() += 1;
                }
            }
            all
        };
        prop_assert_eq!(count(&before), count(&after));
        prop_assert!(after.void.len() <= changes.len());
    }
}
