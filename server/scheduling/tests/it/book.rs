//! Booking: all or nothing, once.

use model::scheduling::meeting::{Invitee, MeetingState};
use scheduling::Error;
use sqlx::PgPool;

use crate::world::{at, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_is_in_two_meetings_at_once(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    // Not the same time, only a common quarter of an hour, and only Tom in common.
    let late = world.request(&["Tom", "Grace"], "09:45", 60);
    let taken = world.taken("Mia", &late, "two").await;
    assert_eq!(taken.conflicts.len(), 1);
    assert_eq!(taken.conflicts[0].name, "Tom Becker");
    assert_eq!(taken.conflicts[0].from, at("09:00"));
    // Nothing of the second is left behind.
    assert_eq!(world.claims("Grace").await, 0);
    // Back to back is no conflict.
    world
        .book("Mia", &world.request(&["Tom"], "10:00", 30), "three")
        .await;
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_offered_instead_can_be_booked(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let mut request = world.request(&["Tom", "Ana"], "09:00", 60);
    let taken = world.taken("Mia", &request, "two").await;
    assert!(!taken.alternatives.is_empty());
    for (index, alternative) in taken.alternatives.iter().enumerate().take(1) {
        assert!(!alternative.reasons.is_empty());
        request.slot.from = alternative.from;
        request.slot.to = alternative.to;
        world
            .book("Mia", &request, &format!("instead {index}"))
            .await;
    }
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_same_key_books_once(pool: PgPool) {
    let world = world(pool).await;
    let request = world.request(&["Tom"], "09:00", 60);
    let first = world.book("Ana", &request, "key").await;
    let again = world.book("Ana", &request, "key").await;
    assert_eq!(first.id, again.id);
    let mut other = request.clone();
    other.title = "Something else".into();
    let reused = world.service.book(&world.actor("Ana"), &other, "key").await;
    assert!(matches!(reused, Err(Error::KeyReused)));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_room_is_taken_like_a_person(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Tom"], "09:00", 60);
    request.rooms = vec!["oak".into()];
    let booked = world.book("Ana", &request, "one").await;
    assert_eq!(booked.rooms[0].name, "Oak");
    let mut other = world.request(&["Grace"], "09:30", 60);
    other.rooms = vec!["Oak".into()];
    let taken = world.taken("Mia", &other, "two").await;
    assert!(taken.conflicts[0].room.is_some() && taken.conflicts[0].name == "Oak");
    other.rooms = vec!["Elm".into()];
    world.book("Mia", &other, "three").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn those_who_need_not_come_block_nothing(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Tom", &world.request(&[], "09:00", 60), "own")
        .await;
    let mut request = world.request(&[], "09:00", 60);
    request.attendees = vec![Invitee::Full {
        user: world.find("Tom").email.clone(),
        required: false,
    }];
    world.book("Ana", &request, "one").await;
    assert_eq!(world.overlaps().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nothing_is_booked_over_leave(pool: PgPool) {
    let world = world(pool).await;
    world.leave("Tom", "sick", Some(("07:00", "17:00"))).await;
    let taken = world
        .taken("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    assert_eq!(taken.conflicts[0].name, "Tom Becker");
    let day = at("17:00");
    assert!(taken.alternatives.iter().all(|a| a.from >= day));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_held_time_is_given_back_when_nobody_confirms(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let request = world.request(&["Tom"], "09:00", 60);
    let (held, _) = world
        .service
        .hold(&ana, &request, "held", 10)
        .await
        .expect("the time is free");
    assert_eq!(held.state, MeetingState::Held);
    // A held time is taken as well.
    world
        .taken("Mia", &world.request(&["Tom"], "09:00", 30), "two")
        .await;
    world.test.advance(chrono::TimeDelta::minutes(11));
    world
        .registry
        .run("scheduling.hold", serde_json::json!({}))
        .await
        .expect("the job runs");
    world
        .book("Mia", &world.request(&["Tom"], "09:00", 30), "three")
        .await;
    let seen = world
        .service
        .meeting(&ana, held.id)
        .await
        .expect("it is known");
    assert_eq!(seen.state, MeetingState::Cancelled);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wrong_request_names_each_field(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&[], "09:00", 60);
    request.attendees = vec![Invitee::Plain("nobody at all".into())];
    request.title = "  ".into();
    let refused = world
        .service
        .book(&world.actor("Ana"), &request, "one")
        .await;
    let Err(Error::Invalid(problem)) = refused else {
        panic!("it was not refused");
    };
    assert_eq!(problem.errors[0].field, "title");
    request.title = "Review".into();
    let refused = world
        .service
        .book(&world.actor("Ana"), &request, "one")
        .await;
    let Err(Error::Invalid(problem)) = refused else {
        panic!("it was not refused");
    };
    assert_eq!(problem.errors[0].field, "attendees[0]");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_invites_in_anothers_name(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&[], "09:00", 60);
    request.organizer = Some(world.find("Tom").email.clone());
    let refused = world
        .service
        .book(&world.actor("Ana"), &request, "one")
        .await;
    assert!(matches!(refused, Err(Error::NotTheOrganizer)));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_meeting_of_others_is_not_there(pool: PgPool) {
    let world = world(pool).await;
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let seen = world.service.meeting(&world.actor("Mia"), booked.id).await;
    assert!(matches!(seen, Err(Error::NotFound(_))));
    let seen = world.service.meeting(&world.actor("Tom"), booked.id).await;
    assert_eq!(seen.expect("he takes part").title, "Review");
}
