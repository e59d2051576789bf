use super::super::samples::{days, during, page, person, room, utc, with_room};
use super::*;

fn draft(date: &str, from: &str, to: &str) -> Draft {
    Draft {
        title: " Probe set ".to_owned(),
        date: date.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        ..Draft::default()
    }
}

#[test]
fn a_slot_goes_into_the_form_and_comes_back() {
    let days = days("2026-10-19");
    for (from, to) in [
        ("2026-10-20T07:00:00Z", "2026-10-20T07:30:00Z"),
        // To midnight, and over the hour that comes twice, from its first to its second reading.
        ("2026-10-20T21:00:00Z", "2026-10-20T22:00:00Z"),
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ("2026-10-25T01:30:00Z", "2026-10-25T01:45:00Z"),
    ] {
        let slot = during(from, to);
        let mut draft = Draft::default();
        draft.set_slot(&days, &slot);
        assert_eq!(draft.slot(&days), Ok(slot));
    }
}

#[test]
fn typed_times_are_the_reader_s() {
    let days = days("2026-11-23");
    let slot = draft("2026-11-24", "09:15", "09:45").slot(&days);
    assert_eq!(
        slot,
        Ok(during("2026-11-24T08:15:00Z", "2026-11-24T08:45:00Z"))
    );
    let late = draft("2026-11-24", "23:00", "00:00").slot(&days);
    assert_eq!(late.map(|slot| slot.to), Ok(utc("2026-11-24T23:00:00Z")));
}

#[test]
fn times_that_do_not_exist_are_refused() {
    let refused = |monday: &str, date: &str, from: &str, to: &str| {
        let problem = draft(date, from, to).slot(&days(monday)).err();
        problem.and_then(|p| p.message_for("slot").map(str::to_owned))
    };
    assert_eq!(
        refused("2026-03-23", "2026-03-29", "02:30", "03:30").as_deref(),
        Some("The clocks skip that time on that day.")
    );
    assert_eq!(
        refused("2026-11-23", "2026-11-24", "09:45", "09:15").as_deref(),
        Some("The end must come after the beginning.")
    );
    assert!(refused("2026-11-23", "2026-12-24", "09:00", "10:00").is_some());
    assert!(refused("2026-11-23", "", "09:00", "10:00").is_some());
    assert!(refused("2026-11-23", "2026-11-24", "9", "25:00").is_some());
}

#[test]
fn the_request_has_the_people_and_rooms_of_the_page() {
    let page = with_room(page("2026-11-23", &["Tom Kern"]), "Aspen");
    let draft = Draft {
        guests: "a@example.org, b@example.org".to_owned(),
        room: Some((room(98), "Birch".to_owned())),
        repeat: Repeat::Weekly,
        ends: "after".to_owned(),
        times: "6".to_owned(),
        ..draft("2026-11-24", "09:15", "09:45")
    };
    let request = draft.request(&page).expect("it is whole");
    assert_eq!(request.title, "Probe set");
    let users: Vec<&str> = request.attendees.iter().map(Invitee::user).collect();
    let tom = person(2).to_string();
    assert_eq!(users, [tom.as_str(), "a@example.org", "b@example.org"]);
    assert_eq!(request.rooms, [room(99).to_string(), room(98).to_string()]);
    assert_eq!(request.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(request.recurrence.as_deref(), Some("FREQ=WEEKLY;COUNT=6"));
}

#[test]
fn what_is_missing_is_told_at_its_field() {
    let page = page("2026-11-23", &[]);
    let told = |draft: &Draft| {
        draft
            .request(&page)
            .err()
            .map(|p| p.errors[0].field.clone())
    };
    let whole = draft("2026-11-24", "09:15", "09:45");
    assert_eq!(told(&whole), None);
    let untitled = Draft {
        title: " ".to_owned(),
        ..whole.clone()
    };
    assert_eq!(told(&untitled).as_deref(), Some("title"));
    let backwards = Draft {
        repeat: Repeat::Weekly,
        ends: "on".to_owned(),
        until: "2026-11-01".to_owned(),
        ..whole.clone()
    };
    assert_eq!(told(&backwards).as_deref(), Some("until"));
    let endless = Draft {
        repeat: Repeat::Weekly,
        ends: "after".to_owned(),
        ..whole
    };
    assert_eq!(told(&endless).as_deref(), Some("times"));
}
