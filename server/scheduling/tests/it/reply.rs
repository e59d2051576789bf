//! Answers by mail, as calendar programs send them.

use chrono::TimeDelta;
use model::scheduling::meeting::{ChangeMeeting, Invitee, MeetingView, Response, Slot};
use model::{Actor, Permission};
use scheduling::Error;
use scheduling::reply::Outcome;
use sqlx::PgPool;

use crate::world::{World, at, world};

const GUEST: &str = "guest@elsewhere.example";

/// A REPLY mail from an address, sent so many minutes after midnight of 2 November.
fn mail(meeting: &MeetingView, from: &str, answer: &str, sequence: i32, minute: i64) -> String {
    mail_of(meeting, GUEST, from, answer, sequence, minute, None)
}

/// The same for any attendee; `only` is the start of the one time of a series that it is to.
pub fn mail_of(
    meeting: &MeetingView,
    attendee: &str,
    from: &str,
    answer: &str,
    sequence: i32,
    minute: i64,
    only: Option<&str>,
) -> String {
    let stamp = at("2026-11-02T00:00:00Z") + TimeDelta::minutes(minute);
    let mut lines = vec![
        format!("From: Somebody <{from}>"),
        "To: noreply@punctual.example".into(),
        "Subject: Answer".into(),
        "MIME-Version: 1.0".into(),
        "Content-Type: text/calendar; method=REPLY; charset=UTF-8".into(),
        String::new(),
        "BEGIN:VCALENDAR".into(),
        "VERSION:2.0".into(),
        "METHOD:REPLY".into(),
        "BEGIN:VEVENT".into(),
        format!("UID:{}", meeting.uid),
        format!("SEQUENCE:{sequence}"),
        format!("DTSTAMP:{}", stamp.format("%Y%m%dT%H%M%SZ")),
        "ORGANIZER:mailto:noreply@punctual.example".into(),
        format!("ATTENDEE;PARTSTAT={answer}:mailto:{attendee}"),
    ];
    lines.extend(only.map(|at| format!("RECURRENCE-ID:{}", at.replace(['-', ':'], ""))));
    lines.extend(["END:VEVENT".into(), "END:VCALENDAR".into(), String::new()]);
    lines.join("\r\n")
}

pub async fn take(world: &World, mail: &str) -> Vec<Outcome> {
    let taken = world
        .service
        .take_reply(&Actor::system("test"), mail.as_bytes())
        .await;
    taken.expect("a mail is never an error").answers
}

async fn answer(world: &World, meeting: &MeetingView) -> Response {
    let ana = world.actor("Ana");
    let seen = world.service.meeting(&ana, meeting.id).await.expect("hers");
    let guest = seen.attendees.iter().find(|a| a.email == GUEST);
    guest.expect("the guest is asked").response
}

async fn booked(world: &World) -> MeetingView {
    let mut request = world.request(&["Tom"], "09:00", 60);
    request.attendees.push(Invitee::Plain(GUEST.into()));
    world.book("Ana", &request, "one").await
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_newest_answer_counts_whatever_the_order(pool: PgPool) {
    let world = world(pool).await;
    let meeting = booked(&world).await;
    let no = mail(&meeting, GUEST, "DECLINED", 0, 20);
    assert_eq!(take(&world, &no).await, [Outcome::Taken]);
    assert_eq!(take(&world, &no).await, [Outcome::Outdated], "again");
    let before = mail(&meeting, GUEST, "ACCEPTED", 0, 10);
    assert_eq!(take(&world, &before).await, [Outcome::Outdated]);
    assert_eq!(answer(&world, &meeting).await, Response::Declined);
    let yes = mail(&meeting, GUEST, "ACCEPTED", 0, 30);
    assert_eq!(take(&world, &yes).await, [Outcome::Taken]);
    assert_eq!(answer(&world, &meeting).await, Response::Accepted);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_yes_to_the_old_time_is_none_to_the_new(pool: PgPool) {
    let world = world(pool).await;
    let meeting = booked(&world).await;
    let later = ChangeMeeting {
        slot: Some(Slot {
            from: at("15:00"),
            to: at("16:00"),
        }),
        ..ChangeMeeting::default()
    };
    let ana = world.actor("Ana");
    let changed = world
        .service
        .change(&ana, meeting.id, Some(meeting.version), &later)
        .await
        .expect("the time is free");
    let old = mail(&meeting, GUEST, "ACCEPTED", 0, 10);
    assert_eq!(take(&world, &old).await, [Outcome::Outdated]);
    assert_eq!(answer(&world, &meeting).await, Response::NeedsAction);
    let id = meeting.id.to_string();
    let page = world.service.meeting_page(&ana, &id).await.expect("hers");
    assert!(page.history.iter().any(|e| e.kind == "answered_late"));
    let new = mail(&meeting, GUEST, "ACCEPTED", changed.sequence, 20);
    assert_eq!(take(&world, &new).await, [Outcome::Taken]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_yes_counts_though_title_and_people_have_changed(pool: PgPool) {
    let world = world(pool).await;
    let meeting = booked(&world).await;
    let ana = world.actor("Ana");
    let people = [world.find("Mia").email.clone(), GUEST.to_owned()];
    let change = ChangeMeeting {
        title: Some("Renamed".into()),
        description: Some("Bring numbers.".into()),
        attendees: Some(people.map(Invitee::Plain).to_vec()),
        ..ChangeMeeting::default()
    };
    let changed = world
        .service
        .change(&ana, meeting.id, Some(meeting.version), &change)
        .await
        .expect("everybody is free");
    assert_eq!(changed.sequence, meeting.sequence);
    let yes = mail(&meeting, GUEST, "ACCEPTED", meeting.sequence, 10);
    assert_eq!(take(&world, &yes).await, [Outcome::Taken]);
    // Another place may be too far.
    let elsewhere = ChangeMeeting {
        location: Some("Yard".into()),
        ..ChangeMeeting::default()
    };
    let changed = world
        .service
        .change(&ana, meeting.id, Some(changed.version), &elsewhere)
        .await
        .expect("it is hers");
    assert_eq!(changed.sequence, meeting.sequence + 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_answers_for_another(pool: PgPool) {
    let world = world(pool).await;
    let meeting = booked(&world).await;
    let forged = mail(&meeting, "other@elsewhere.example", "DECLINED", 0, 10);
    assert_eq!(take(&world, &forged).await, [Outcome::WrongSender]);
    let mut elsewhere = meeting.clone();
    elsewhere.uid = "nothing@elsewhere.example".into();
    let unknown = mail(&elsewhere, GUEST, "ACCEPTED", 0, 10);
    assert_eq!(take(&world, &unknown).await, [Outcome::Unknown]);
    let letter = format!("From: {GUEST}\r\nSubject: Hello\r\n\r\nI cannot come.\r\n");
    assert!(take(&world, &letter).await.is_empty());
    assert_eq!(answer(&world, &meeting).await, Response::NeedsAction);

    let employee = world.actor("Tom");
    assert!(!employee.may(Permission::MailReceive));
    let refused = world.service.take_reply(&employee, letter.as_bytes()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
