//! Series that are cut in two: the first part ends, and a new one goes on.

use chrono::TimeDelta;
use model::scheduling::meeting::{ChangeMeeting, Response, Scope, Slot};
use scheduling::Error;
use sqlx::PgPool;

use crate::series::{
    answered, change, except, exceptions, following, local, said, seen, slot, starts, title, weekly,
};
use crate::world::{at, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn this_and_what_follows_becomes_a_series_of_its_own(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let change = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-18T09:00:00Z"),
            to: at("2026-11-18T10:00:00Z"),
        }),
        scope: Scope::Following,
        occurrence: Some(local("2026-11-17T09:00:00")),
        ..ChangeMeeting::default()
    };
    let next = world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await
        .expect("the time is free");
    assert_ne!(next.id, booked.id);
    assert_ne!(next.uid, booked.uid);
    assert_eq!(
        starts(&world, &booked).await,
        ["2026-11-03 09:00:00", "2026-11-10 09:00:00"]
    );
    let later = starts(&world, &next).await;
    assert_eq!(later[0], "2026-11-18 10:00:00");
    assert_eq!(later[1], "2026-11-25 10:00:00");
    assert!(later.len() > 50);
    assert_eq!(next.attendees.len(), 1);
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_split_series_asks_nobody_again_who_has_said_no(pool: PgPool) {
    let world = world(pool).await;
    let request = weekly(&world, &["Tom", "Mia"]);
    let booked = world.book("Ana", &request, "one").await;
    answered(&world, &booked).await;
    let ana = world.actor("Ana");
    let renamed = following("2026-11-17T09:00:00", title("Renamed"));
    let next = world
        .service
        .change(&ana, booked.id, None, &renamed)
        .await
        .err();
    assert!(matches!(next, Some(Error::VersionMissing)));
    let next = change(&world, &booked, &renamed).await;
    assert_eq!(said(&next, "Tom"), (true, Response::Declined));
    assert_eq!(said(&next, "Mia"), (true, Response::Accepted));
    // His time is his own, hers is not.
    let others = world.request(&["Tom"], "2026-11-17T08:00:00Z", 30);
    world.book("Lena", &others, "two").await;
    let others = world.request(&["Mia"], "2026-11-17T08:00:00Z", 30);
    world.taken("Lena", &others, "three").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_split_keeps_what_is_different_about_single_times(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    except(&world, &booked).await;
    let claims = world.claims("Tom").await;
    let renamed = following("2026-11-17T09:00:00", title("Renamed"));
    let next = change(&world, &booked, &renamed).await;
    assert_eq!(
        exceptions(&world, &next).await,
        [
            "11-24 09:00 11-24 09:00 cancelled ",
            "12-01 09:00 12-02 11:00 confirmed ",
            "12-08 09:00 12-08 09:00 confirmed Party",
        ]
    );
    assert_eq!(next.title, "Renamed");
    assert_eq!(world.claims("Tom").await, claims);
    // Its regular time for it and all that follow is its time as well.
    let regular = ChangeMeeting {
        slot: slot("2026-12-01T08:00:00Z", 30),
        ..ChangeMeeting::default()
    };
    let next = change(&world, &next, &following("2026-12-01T09:00:00", regular)).await;
    assert_eq!(
        exceptions(&world, &next).await,
        ["12-08 09:00 12-08 09:00 confirmed Party"]
    );
    // What is said of it and all that follow is said of it.
    let again = following("2026-12-08T09:00:00", title("Christmas"));
    let last = change(&world, &next, &again).await;
    assert_eq!(exceptions(&world, &last).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_a_running_series_only_what_is_to_come_moves(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let mut request = world.request(&["Tom"], "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=DAILY".into());
    let booked = world.book("Ana", &request, "one").await;
    world.test.advance(TimeDelta::days(60));
    let extended = world
        .registry
        .run("scheduling.extend", serde_json::json!({}));
    extended.await.expect("the job runs");
    // It is the 1st of January at nine in Berlin: more than 400 times, 60 of them over.
    let all = starts(&world, &booked).await;
    assert!(all.len() > 420, "{}", all.len());
    let other = world.request(&["Tom"], "2027-01-20T13:00:00Z", 30);
    world.book("Lena", &other, "two").await;
    let next = seen(&world, &booked).await;
    assert_eq!(next.slot.from, at("2027-01-02T08:00:00Z"));

    let onto = |text: &str| ChangeMeeting {
        slot: slot(text, 30),
        ..ChangeMeeting::default()
    };
    let lost = world
        .service
        .change(&ana, booked.id, Some(1), &onto("2027-01-02T13:00:00Z"))
        .await;
    let Err(Error::SlotTaken(taken)) = lost else {
        panic!("it was not taken: {lost:?}");
    };
    let offered = taken.alternatives.first().expect("a better time").clone();
    assert!(offered.from > world.test.now(), "{offered:?}");
    let taken = ChangeMeeting {
        slot: Some(Slot {
            from: offered.from,
            to: offered.to,
        }),
        ..ChangeMeeting::default()
    };
    let moved = change(&world, &booked, &taken).await;
    assert_ne!(moved.id, booked.id);
    assert_eq!(moved.slot.from, offered.from);
    // What is over stays as it was.
    let over = starts(&world, &booked).await;
    assert_eq!(over, all[..60]);
    assert_eq!(world.overlaps().await, 0);

    // By one of its times that is named, all move by as much.
    let named = ChangeMeeting {
        occurrence: Some((moved.slot.from + TimeDelta::days(7)).naive_utc() + TimeDelta::hours(1)),
        slot: Some(Slot {
            from: moved.slot.from + TimeDelta::days(7) + TimeDelta::minutes(15),
            to: moved.slot.to + TimeDelta::days(7) + TimeDelta::minutes(15),
        }),
        ..ChangeMeeting::default()
    };
    let again = change(&world, &moved, &named).await;
    assert_eq!(again.slot.from, moved.slot.from + TimeDelta::minutes(15));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_split_series_is_not_moved_onto_leave(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let day = ("2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z");
    world.leave("Tom", "leave", Some(day)).await;
    let moved = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-18T09:00:00Z"),
            to: at("2026-11-18T10:00:00Z"),
        }),
        scope: Scope::Following,
        occurrence: Some(local("2026-11-17T09:00:00")),
        ..ChangeMeeting::default()
    };
    let refused = world.service.change(&ana, booked.id, Some(1), &moved).await;
    assert!(matches!(refused, Err(Error::SlotTaken(_))));
    assert!(starts(&world, &booked).await.len() > 50);
}
