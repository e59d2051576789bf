//! Invitations: one mail for each change and attendee, and what is in it.

use model::scheduling::meeting::{ChangeMeeting, Invitee, MeetingView, Scope, Slot};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{World, at, world};

/// A mail as it was queued: to whom, subject, method, calendar text, words.
type Mail = (String, String, Option<String>, Option<String>, String);

const GUEST: &str = "guest@elsewhere.example";

/// Runs what is due. Sending and relaying belong to others, who are not here.
pub async fn run(world: &World) {
    let (_, errors) = world.test.drain_with_errors(&world.registry).await;
    let ours = errors
        .iter()
        .filter(|(kind, _)| kind.starts_with("scheduling."));
    assert_eq!(ours.count(), 0, "{errors:#?}");
}

/// Every mail so far, in the order of writing: the clock stands, so times and ids do not tell.
pub async fn mails(world: &World) -> Vec<Mail> {
    sqlx::query_as(
        "select to_address, subject, calendar_method, calendar_body, text_body
         from platform.mail
         order by ctid",
    )
    .fetch_all(&world.pool)
    .await
    .expect("a database")
}

/// The mails since there were so many, as recipient and subject, sorted.
async fn since(world: &World, before: usize) -> Vec<(String, String)> {
    let all = mails(world).await;
    let new = all.into_iter().skip(before);
    let mut new: Vec<_> = new.map(|(to, subject, ..)| (to, subject)).collect();
    new.sort();
    new
}

fn pair(to: &str, subject: &str) -> (String, String) {
    (to.to_owned(), subject.to_owned())
}

async fn change(world: &World, meeting: &MeetingView, change: &ChangeMeeting) -> MeetingView {
    let ana = world.actor("Ana");
    let version = Some(meeting.version);
    let changed = world
        .service
        .change(&ana, meeting.id, version, change)
        .await;
    changed.expect("it is hers to change")
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn each_who_is_asked_gets_one_mail_for_what_has_changed(pool: PgPool) {
    let world = world(pool).await;
    let tom = world.find("Tom").email.clone();
    let mut request = world.request(&["Tom"], "09:00", 60);
    request.attendees.push(Invitee::Plain(GUEST.into()));
    let booked = world.book("Ana", &request, "one").await;
    run(&world).await;
    let asked = "Invitation: Review";
    assert_eq!(
        since(&world, 0).await,
        [pair(GUEST, asked), pair(&tom, asked)]
    );

    // The job again finds nothing to do.
    let again = world
        .registry
        .run("scheduling.invite", json!({ "meeting": booked.id }))
        .await;
    again.expect("nothing to do is no error");
    assert_eq!(mails(&world).await.len(), 2);

    // Two changes in a row are one mail to each.
    let title = ChangeMeeting {
        title: Some("Review of the review".into()),
        ..ChangeMeeting::default()
    };
    let changed = change(&world, &booked, &title).await;
    let later = ChangeMeeting {
        slot: Some(Slot {
            from: at("10:00"),
            to: at("11:00"),
        }),
        ..ChangeMeeting::default()
    };
    let changed = change(&world, &changed, &later).await;
    run(&world).await;
    let subject = "Changed: Review of the review";
    assert_eq!(
        since(&world, 2).await,
        [pair(GUEST, subject), pair(&tom, subject)]
    );

    // Who is taken off is told so, once.
    let without = ChangeMeeting {
        attendees: Some(vec![Invitee::Plain(tom.clone())]),
        ..ChangeMeeting::default()
    };
    change(&world, &changed, &without).await;
    run(&world).await;
    let gone = "Cancelled: Review of the review";
    assert_eq!(
        since(&world, 4).await,
        [pair(GUEST, gone), pair(&tom, subject)]
    );
    let ana = world.actor("Ana");
    world
        .service
        .cancel(&ana, booked.id, None, Scope::All, None)
        .await
        .expect("it is hers to cancel");
    run(&world).await;
    assert_eq!(since(&world, 6).await, [pair(&tom, gone)]);

    // One UID for life, a number that goes up with time and state, and the method that goes with the mail.
    let numbers: Vec<String> = mails(&world)
        .await
        .into_iter()
        .filter(|(to, ..)| *to == tom)
        .map(|(_, _, method, text, _)| {
            let text = text.expect("a calendar").replace("\r\n ", "");
            assert!(text.contains(&format!("UID:{}\r\n", booked.uid)), "{text}");
            let method = method.expect("a method");
            assert!(text.contains(&format!("METHOD:{method}\r\n")), "{text}");
            let line = text.lines().find(|line| line.starts_with("SEQUENCE:"));
            format!("{method} {}", line.expect("a number"))
        })
        .collect();
    assert_eq!(
        numbers,
        [
            "REQUEST SEQUENCE:0",
            "REQUEST SEQUENCE:1",
            "REQUEST SEQUENCE:1",
            "CANCEL SEQUENCE:2"
        ]
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_words_are_for_their_reader(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Grace"], "14:00", 60);
    request.rooms = vec!["Oak".into()];
    request.location = "by the window".into();
    request.description = "Bring numbers.".into();
    world.book("Ana", &request, "one").await;
    run(&world).await;
    let (to, _, _, text, words) = mails(&world).await.remove(0);
    assert_eq!(to, world.find("Grace").email);
    // In her own zone first, and in that of the meeting.
    for line in [
        "Hello Grace Hill,",
        "Ana Kowalski invites you to “Review”.",
        "Tue 3 Nov 2026, 09:00–10:00 (New York)",
        "Tue 3 Nov 2026, 15:00–16:00 (Berlin)",
        "Oak, by the window",
        "Bring numbers.",
        "https://punctual.example/invitation/",
    ] {
        assert!(words.contains(line), "{line} is missing in\n{words}");
    }
    let text = text.expect("a calendar").replace("\r\n ", "");
    for line in [
        "DTSTART;TZID=Europe/Berlin:20261103T150000",
        "BEGIN:VTIMEZONE",
        "LOCATION:Oak\\, by the window",
        // Answers come back to us.
        "ORGANIZER;CN=\"Ana Kowalski\":mailto:noreply@punctual.example",
        "PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"Grace Hill\":mailto:grace.hill@example.org",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_goes_out_with_its_exceptions(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Tom"], "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=WEEKLY;BYDAY=TU".into());
    let booked = world.book("Ana", &request, "one").await;
    let ana = world.actor("Ana");
    let local = |text: &str| text.parse().expect("a local time");
    let tenth = Some(local("2026-11-10T09:00:00"));
    world
        .service
        .cancel(&ana, booked.id, None, Scope::This, tenth)
        .await
        .expect("one time is cancelled");
    let seen = world.service.meeting(&ana, booked.id).await.expect("hers");
    let moved = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-18T08:00:00Z"),
            to: at("2026-11-18T08:30:00Z"),
        }),
        scope: Scope::This,
        occurrence: Some(local("2026-11-17T09:00:00")),
        ..ChangeMeeting::default()
    };
    change(&world, &seen, &moved).await;
    run(&world).await;
    let mails = mails(&world).await;
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let (.., text, words) = &mails[0];
    let text = text.as_ref().expect("a calendar").replace("\r\n ", "");
    for line in [
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "EXDATE;TZID=Europe/Berlin:20261110T090000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261117T090000",
        "DTSTART;TZID=Europe/Berlin:20261118T090000",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    assert!(words.contains("Tue 10 Nov 2026"), "{words}");
    assert!(words.contains("Wed 18 Nov 2026, 09:00–09:30"), "{words}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_is_asked_to_come_to_what_is_over(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    world.test.advance(chrono::TimeDelta::days(3));
    run(&world).await;
    assert_eq!(mails(&world).await.len(), 0);
    let unknown = json!({ "meeting": "01890000-0000-7000-8000-000000000000" });
    let gone = world.registry.run("scheduling.invite", unknown).await;
    gone.expect("a meeting that is not there owes nothing");
    let broken = world.registry.run("scheduling.invite", Value::Null).await;
    broken.expect_err("a job must name its meeting");
}

/// A series on Tuesdays that was told of, six weeks later.
async fn six_weeks_old(world: &World) -> MeetingView {
    let mut request = world.request(&["Tom"], "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=WEEKLY;BYDAY=TU".into());
    request.attendees.push(Invitee::Plain(GUEST.into()));
    let booked = world.book("Ana", &request, "one").await;
    run(world).await;
    assert_eq!(mails(world).await.len(), 2);
    world.test.advance(chrono::TimeDelta::days(42));
    booked
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_end_of_a_running_series_is_told_once(pool: PgPool) {
    let world = world(pool).await;
    let tom = world.find("Tom").email.clone();
    let booked = six_weeks_old(&world).await;
    let next = Some("2026-12-15T09:00:00".parse().expect("a local time"));
    let ana = world.actor("Ana");
    let ended = world
        .service
        .cancel(&ana, booked.id, None, Scope::Following, next);
    ended.await.expect("it is hers");
    run(&world).await;
    let again = world
        .registry
        .run("scheduling.invite", json!({ "meeting": booked.id }));
    again.await.expect("nothing to do is no error");
    let subject = "Ended: Review";
    assert_eq!(
        since(&world, 2).await,
        [pair(GUEST, subject), pair(&tom, subject)]
    );
    let (_, _, method, text, words) = mails(&world).await.remove(2);
    assert_eq!(method.as_deref(), Some("REQUEST"));
    let text = text.expect("a calendar").replace("\r\n ", "");
    assert!(text.contains("UNTIL=20261214T225959Z"), "{text}");
    assert!(
        words.contains("It does not take place any more."),
        "{words}"
    );
    assert!(words.contains("Last:    Tue 8 Dec 2026, 09:00"), "{words}");
    assert!(!words.contains("Will you come?"), "{words}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_running_series_that_is_split_is_told_in_one_mail_each(pool: PgPool) {
    let world = world(pool).await;
    let tom = world.find("Tom").email.clone();
    let booked = six_weeks_old(&world).await;
    let split = ChangeMeeting {
        title: Some("Retrospective".into()),
        scope: Scope::Following,
        occurrence: Some("2026-12-15T09:00:00".parse().expect("a local time")),
        ..ChangeMeeting::default()
    };
    change(&world, &booked, &split).await;
    run(&world).await;
    let (ended, asked) = ("Ended: Review", "Invitation: Retrospective");
    assert_eq!(
        since(&world, 2).await,
        [
            pair(GUEST, ended),
            pair(GUEST, asked),
            pair(&tom, ended),
            pair(&tom, asked)
        ]
    );
    for (_, subject, _, text, _) in mails(&world).await.into_iter().skip(2) {
        let text = text.expect("a calendar").replace("\r\n ", "");
        let old = subject == ended;
        assert_eq!(text.contains("UNTIL=20261214T225959Z"), old, "{text}");
        assert_eq!(text.contains(&booked.uid), old, "{text}");
    }
}
