//! Answers: a no gives the time back, a yes takes it.

use model::scheduling::meeting::{Invitee, Response};
use scheduling::Error;
use sqlx::PgPool;

use crate::world::world;

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_no_gives_the_time_back_and_a_late_yes_finds_it_taken(pool: PgPool) {
    let world = world(pool).await;
    let booked = world
        .book("Ana", &world.request(&["Tom"], "09:00", 60), "one")
        .await;
    let (tom, id) = (world.actor("Tom"), booked.id.to_string());
    let answer = |response| world.service.answer(&tom, &id, None, response);
    answer(Response::Declined).await.expect("he is asked");
    assert_eq!(world.claims("Tom").await, 0);
    world
        .book("Mia", &world.request(&["Tom"], "09:30", 60), "two")
        .await;
    let late = answer(Response::Accepted).await;
    assert!(matches!(late, Err(Error::SlotTaken(_))));
    assert_eq!(world.overlaps().await, 0);
    let seen = world
        .service
        .meeting(&tom, booked.id)
        .await
        .expect("he is asked");
    assert_eq!(seen.attendees[0].response, Response::Declined);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_need_not_come_takes_the_time_with_a_yes(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&[], "09:00", 60);
    request.attendees = vec![Invitee::Full {
        user: world.find("Tom").email.clone(),
        required: false,
    }];
    let booked = world.book("Ana", &request, "one").await;
    assert_eq!(world.claims("Tom").await, 0);
    let tom = world.actor("Tom");
    let id = booked.id.to_string();
    world
        .service
        .answer(&tom, &id, None, Response::Accepted)
        .await
        .expect("the time is free");
    assert_eq!(world.claims("Tom").await, 1);
    world
        .taken("Mia", &world.request(&["Tom"], "09:00", 30), "two")
        .await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_link_answers_for_its_holder_alone(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Tom"], "09:00", 60);
    request
        .attendees
        .push(Invitee::Plain("guest@elsewhere.example".into()));
    let booked = world.book("Ana", &request, "one").await;
    let link: String = sqlx::query_scalar(
        "select link_token from scheduling.attendee where email = 'guest@elsewhere.example'",
    )
    .fetch_one(&world.pool)
    .await
    .expect("the guest is asked");
    world
        .service
        .answer_by_link(&link, Response::Tentative)
        .await
        .expect("the link is good");
    let seen = world
        .service
        .invitation(&link)
        .await
        .expect("the link is good");
    assert_eq!(seen.response, Response::Tentative);
    let meeting = world.service.meeting(&world.actor("Ana"), booked.id).await;
    let answers: Vec<_> = meeting
        .expect("it is hers")
        .attendees
        .into_iter()
        .map(|a| (a.email, a.response))
        .collect();
    assert!(answers.contains(&("guest@elsewhere.example".into(), Response::Tentative)));
    assert!(answers.contains(&("tom.becker@example.org".into(), Response::NeedsAction)));
    let nowhere = world
        .service
        .answer_by_link("0123", Response::Accepted)
        .await;
    assert!(matches!(nowhere, Err(Error::NotFound(_))));
}
