use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use model::scheduling::meeting::{
    AttendeeView, Colleague, MeetingState, MeetingView, OccurrenceView, Response, Scope, Slot,
};
use model::scheduling::views::MeetingPage;
use model::zone::Zone;
use model::{AttendeeId, MeetingId, PersonId};

use super::MeetingForm;
use super::change::{change_of, undo_of};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").expect("a zone")
}

/// Half an hour at nine in Berlin, on Mondays if it repeats; Tom is asked to come.
fn page(repeats: bool) -> MeetingPage {
    let from = at("2026-10-19T07:00:00Z");
    let to = from + TimeDelta::minutes(30);
    let zone = berlin();
    let meeting = MeetingView {
        id: MeetingId::from_parts(from, &[1; 10]),
        uid: "x".into(),
        title: "Probe set".into(),
        description: "First line\nsecond".into(),
        location: String::new(),
        organizer: Colleague {
            id: PersonId::from_parts(from, &[2; 10]),
            name: "Ana".into(),
            email: "ana@example.org".into(),
            zone: "Europe/Berlin".into(),
        },
        attendees: vec![AttendeeView {
            id: AttendeeId::from_parts(from, &[3; 10]),
            person: None,
            name: "Tom".into(),
            email: "tom@example.org".into(),
            required: true,
            response: Response::Accepted,
        }],
        rooms: Vec::new(),
        slot: Slot { from, to },
        zone: "Europe/Berlin".into(),
        recurrence: repeats.then(|| "FREQ=WEEKLY".to_owned()),
        state: MeetingState::Confirmed,
        sequence: 0,
        version: 4,
        hold_until: None,
        created_at: from,
        updated_at: from,
    };
    // A Monday after the clocks were put back: nine in Berlin is eight in UTC.
    let later = at("2026-11-30T08:00:00Z");
    let occurrence = OccurrenceView {
        original: local("2026-11-30T09:00:00"),
        from: zone.stamp(later),
        to: zone.stamp(later + TimeDelta::minutes(30)),
        state: MeetingState::Confirmed,
        changed: false,
        title: None,
        location: None,
        description: None,
        my_response: None,
        answers: Vec::new(),
    };
    MeetingPage {
        from: zone.stamp(from),
        to: zone.stamp(to),
        elsewhere: None,
        repeats: None,
        occurrences: if repeats {
            vec![occurrence]
        } else {
            Vec::new()
        },
        my_response: None,
        may_change: true,
        history: Vec::new(),
        meeting,
    }
}

/// The form as it is shown, with nothing touched.
fn untouched(page: &MeetingPage) -> MeetingForm {
    MeetingForm {
        id: page.meeting.id.to_string(),
        version: 4,
        title: "Probe set".into(),
        description: "First line\r\nsecond".into(),
        date: "2026-10-19".into(),
        from: "09:00".into(),
        to: "09:30".into(),
        needed: "Tom <TOM@example.org>".into(),
        ..MeetingForm::default()
    }
}

#[test]
fn what_was_not_touched_is_no_change() {
    let page = page(false);
    let form = untouched(&page);
    assert_eq!(change_of(&page, &form, &berlin()).expect("readable"), None);
}

#[test]
fn times_are_read_in_the_readers_zone() {
    let page = page(false);
    let form = MeetingForm {
        date: "2026-12-01".into(),
        from: "09:00".into(),
        to: "10:00".into(),
        last_date: "2026-12-01".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let slot = change.expect("a change").slot.expect("another time");
    assert_eq!(slot.from, at("2026-12-01T08:00:00Z"));
    assert_eq!(slot.to, at("2026-12-01T09:00:00Z"));
}

#[test]
fn a_series_moves_by_as_much_as_the_time_that_was_shown() {
    let page = page(true);
    let form = MeetingForm {
        occurrence: "2026-11-30T09:00:00".into(),
        scope: "all".into(),
        date: "2026-12-01".into(),
        from: "10:00".into(),
        to: "10:45".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let change = change.expect("a change");
    let shown = Some(local("2026-11-30T09:00:00"));
    assert_eq!((change.scope, change.occurrence), (Scope::All, shown));
    let slot = change.slot.expect("another time");
    assert_eq!(slot.from, at("2026-12-01T09:00:00Z"));
    assert_eq!(slot.to, at("2026-12-01T09:45:00Z"));
}

#[test]
fn what_is_offered_for_a_series_stands_instead_of_its_next_time() {
    let page = page(true);
    let form = MeetingForm {
        occurrence: "2026-11-30T09:00:00".into(),
        scope: "all".into(),
        take: "2026-10-20T07:00:00Z/2026-10-20T07:30:00Z".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let change = change.expect("a change");
    assert_eq!((change.scope, change.occurrence), (Scope::All, None));
    let slot = change.slot.expect("another time");
    assert_eq!(slot.from, at("2026-10-20T07:00:00Z"));
}

#[test]
fn the_words_of_one_time_are_its_own() {
    let mut page = page(true);
    page.occurrences[0].location = Some("Yard".into());
    let form = MeetingForm {
        occurrence: "2026-11-30T09:00:00".into(),
        scope: "this".into(),
        date: "2026-11-30".into(),
        from: "09:00".into(),
        to: "09:30".into(),
        place: "Yard".into(),
        ..untouched(&page)
    };
    assert_eq!(change_of(&page, &form, &berlin()).expect("readable"), None);
    let form = MeetingForm {
        place: String::new(),
        ..form
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    assert_eq!(change.expect("a change").location.as_deref(), Some(""));
}

#[test]
fn one_time_of_a_series_is_changed_alone() {
    let page = page(true);
    let form = MeetingForm {
        occurrence: "2026-11-30T09:00:00".into(),
        scope: "this".into(),
        date: "2026-11-30".into(),
        from: "09:00".into(),
        to: "09:30".into(),
        place: "Yard".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let change = change.expect("a change");
    assert_eq!(change.slot, None);
    assert_eq!(change.location.as_deref(), Some("Yard"));
    assert_eq!(change.occurrence, Some(local("2026-11-30T09:00:00")));
}

#[test]
fn a_change_is_taken_back_unless_people_heard_of_it() {
    let page = page(false);
    let form = MeetingForm {
        title: "Probe".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let undo = undo_of(&page.meeting, &change.expect("a change"), 4).expect("a way back");
    assert_eq!(undo.version, 5);
    assert_eq!(undo.change.title.as_deref(), Some("Probe set"));
    assert_eq!(undo.change.slot, None);

    let form = MeetingForm {
        optional: "mia@example.org".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    assert_eq!(undo_of(&page.meeting, &change.expect("a change"), 4), None);
}

#[test]
fn a_time_that_was_offered_goes_before_what_was_typed() {
    let page = page(false);
    let form = MeetingForm {
        date: "no day".into(),
        take: "2026-10-20T07:00:00Z/2026-10-20T07:30:00Z".into(),
        ..untouched(&page)
    };
    let change = change_of(&page, &form, &berlin()).expect("readable");
    let slot = change.expect("a change").slot.expect("another time");
    assert_eq!(slot.from, at("2026-10-20T07:00:00Z"));
}
