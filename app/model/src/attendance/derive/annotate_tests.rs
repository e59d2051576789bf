use super::*;

fn person(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn punch(id: &str, at: &str) -> PunchIn {
    let at = DateTime::parse_from_rfc3339(at).expect("an instant");
    PunchIn {
        id: Some(id.to_owned()),
        ..PunchIn::new(PunchTime::At(at))
    }
}

fn decided(minute: i64, punch: &str, change: Change) -> Annotation {
    Annotation {
        punch: punch.to_owned(),
        decided_at: DateTime::from_timestamp(minute * 60, 0).expect("an instant"),
        change,
    }
}

fn ids(punches: &[PunchIn]) -> Vec<&str> {
    punches
        .iter()
        .filter_map(|punch| punch.id.as_deref())
        .collect()
}

fn two() -> Vec<PunchIn> {
    vec![
        punch("a", "2026-11-23T09:00:00+01:00"),
        punch("b", "2026-11-23T17:00:00+01:00"),
    ]
}

#[test]
fn what_was_decided_last_holds() {
    let void = [
        decided(2, "a", Change::Void),
        decided(1, "a", Change::Restore),
    ];
    assert_eq!(ids(&apply(person(1), two(), &void)), ["b"]);
    let restored = [
        decided(2, "a", Change::Restore),
        decided(1, "a", Change::Void),
    ];
    assert_eq!(ids(&apply(person(1), two(), &restored)), ["a", "b"]);
}

#[test]
fn a_punch_belongs_to_whom_it_was_given() {
    let given = [decided(1, "a", Change::Reassign { person: person(2) })];
    assert_eq!(ids(&apply(person(1), two(), &given)), ["b"]);
    assert_eq!(ids(&apply(person(2), two(), &given)), ["a", "b"]);
}

#[test]
fn times_and_directions_are_laid_over_the_punch() {
    let at = DateTime::parse_from_rfc3339("2026-11-23T18:30:00+01:00").expect("an instant");
    let direction = Direction::Out;
    let changes = [
        decided(1, "b", Change::SetTime { at }),
        decided(2, "b", Change::SetDirection { direction }),
    ];
    let punches = apply(person(1), two(), &changes);
    assert_eq!(punches[1].time, PunchTime::At(at));
    assert!(punches[1].set_by_hand && punches[1].trusted);
    assert_eq!(punches[1].direction, Direction::Out);
    assert!(!punches[0].set_by_hand);
}

#[test]
fn changes_read_as_json() {
    let change: Change =
        serde_json::from_str(r#"{"kind":"set_time","at":"2026-11-23T18:30:00+01:00"}"#)
            .expect("a change");
    assert!(matches!(change, Change::SetTime { .. }));
    assert_eq!(
        serde_json::to_string(&Change::Void).expect("JSON"),
        r#"{"kind":"void"}"#
    );
}
