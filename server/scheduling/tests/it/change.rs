//! Changing and cancelling.

use model::scheduling::meeting::{ChangeMeeting, Invitee, MeetingState, Response, Scope, Slot};
use scheduling::Error;
use sqlx::PgPool;

use crate::world::{at, world};

fn to(from: &str, until: &str) -> ChangeMeeting {
    ChangeMeeting {
        slot: Some(Slot {
            from: at(from),
            to: at(until),
        }),
        ..ChangeMeeting::default()
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_moved_meeting_keeps_its_uid_and_gives_the_old_time_back(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    // Half over its own old time: its own claims are not in its way.
    let moved = world
        .service
        .change(&ana, booked.id, Some(1), &to("09:30", "10:30"))
        .await
        .expect("the time is free");
    assert_eq!((moved.uid, moved.version), (booked.uid, 2));
    assert!(moved.sequence > booked.sequence);
    world
        .book("Mia", &world.request(&["Tom"], "09:00", 30), "two")
        .await;
    world
        .taken("Mia", &world.request(&["Tom"], "10:00", 30), "three")
        .await;
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_move_onto_a_taken_time_changes_nothing(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    world
        .book("Mia", &world.request(&["Tom"], "11:00", 60), "two")
        .await;
    let lost = world
        .service
        .change(&ana, booked.id, Some(1), &to("11:30", "12:30"))
        .await;
    let Err(Error::SlotTaken(taken)) = lost else {
        panic!("it was not taken");
    };
    assert!(!taken.alternatives.is_empty());
    let seen = world
        .service
        .meeting(&ana, booked.id)
        .await
        .expect("it is hers");
    assert_eq!((seen.slot, seen.version), (booked.slot, 1));
    world
        .taken("Mia", &world.request(&["Tom"], "09:00", 30), "three")
        .await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_two_changes_of_one_version_one_is_told(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&[], "09:00", 60), "one")
        .await;
    let change = ChangeMeeting {
        title: Some("Renamed".into()),
        ..ChangeMeeting::default()
    };
    let first = world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await;
    assert_eq!(first.expect("it is at one").version, 2);
    let second = world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await;
    assert!(matches!(second, Err(Error::Changed)));
    let blind = world.service.change(&ana, booked.id, None, &change).await;
    assert!(matches!(blind, Err(Error::VersionMissing)));
    let others = world.actor("Tom");
    let refused = world
        .service
        .change(&others, booked.id, Some(2), &change)
        .await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn people_come_and_go(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let change = ChangeMeeting {
        attendees: Some(vec![Invitee::Plain(world.find("Mia").email.clone())]),
        rooms: Some(vec!["Elm".into()]),
        ..ChangeMeeting::default()
    };
    let changed = world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await;
    let changed = changed.expect("everybody is free");
    assert_eq!(changed.attendees.len(), 1);
    assert_eq!(changed.attendees[0].name, "Mia Brandt");
    assert_eq!(changed.rooms[0].name, "Elm");
    assert_eq!(world.claims("Tom").await, 0);
    assert_eq!(world.claims("Mia").await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_cancelled_meeting_gives_the_time_back_and_stays_cancelled(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let cancel = || {
        world
            .service
            .cancel(&ana, booked.id, None, Scope::All, None)
    };
    cancel().await.expect("it is hers");
    cancel().await.expect("a second time changes nothing");
    let seen = world
        .service
        .meeting(&ana, booked.id)
        .await
        .expect("it is hers");
    assert_eq!(seen.state, MeetingState::Cancelled);
    world
        .book("Mia", &world.request(&["Tom"], "09:00", 60), "two")
        .await;
    let again = world
        .service
        .change(&ana, booked.id, Some(seen.version), &to("12:00", "13:00"))
        .await;
    assert!(matches!(again, Err(Error::Over(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nothing_is_moved_onto_leave(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    world.leave("Tom", "leave", Some(("12:00", "17:00"))).await;
    let lost = world
        .service
        .change(&ana, booked.id, Some(1), &to("13:00", "14:00"))
        .await;
    assert!(matches!(lost, Err(Error::SlotTaken(_))));
    // What is not moved may still be renamed.
    let renamed = ChangeMeeting {
        title: Some("Renamed".into()),
        ..ChangeMeeting::default()
    };
    let renamed = world
        .service
        .change(&ana, booked.id, Some(1), &renamed)
        .await;
    assert_eq!(renamed.expect("the time is its own").title, "Renamed");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_has_said_no_keeps_the_time_when_named_again(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let (tom, id) = (world.actor("Tom"), booked.id.to_string());
    let no = world
        .service
        .answer(&tom, &id, None, Response::Declined)
        .await;
    no.expect("he is asked");
    let people = ["Tom", "Mia"].map(|first| Invitee::Plain(world.find(first).email.clone()));
    let change = ChangeMeeting {
        attendees: Some(people.to_vec()),
        ..ChangeMeeting::default()
    };
    let changed = world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await;
    changed.expect("everybody who comes is free");
    assert_eq!(world.claims("Tom").await, 0);
    assert_eq!(world.claims("Mia").await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_has_said_no_is_asked_again_when_it_moves(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let (tom, id) = (world.actor("Tom"), booked.id.to_string());
    let no = world
        .service
        .answer(&tom, &id, None, Response::Declined)
        .await;
    no.expect("he is asked");
    let renamed = ChangeMeeting {
        title: Some("Renamed".into()),
        ..ChangeMeeting::default()
    };
    let renamed = world
        .service
        .change(&ana, booked.id, Some(1), &renamed)
        .await;
    let renamed = renamed.expect("it is hers");
    assert_eq!(renamed.attendees[0].response, Response::Declined);
    assert_eq!(world.claims("Tom").await, 0);
    crate::mail::run(&world).await;
    let moved = world
        .service
        .change(&ana, booked.id, Some(2), &to("13:00", "14:00"))
        .await;
    let moved = moved.expect("the time is free");
    assert_eq!(moved.attendees[0].response, Response::NeedsAction);
    assert_eq!(world.claims("Tom").await, 1);
    crate::mail::run(&world).await;
    let (_, _, _, text, words) = crate::mail::mails(&world).await.pop().expect("a mail");
    let text = text.expect("a calendar").replace("\r\n ", "");
    assert!(text.contains("PARTSTAT=NEEDS-ACTION;RSVP=TRUE"), "{text}");
    assert!(words.contains("Will you come?"), "{words}");
}
