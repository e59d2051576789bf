//! What whoever organizes a meeting is told of by mail.

use model::scheduling::meeting::{ChangeMeeting, Response, Scope};
use model::{Actor, Permission, TokenId};
use sqlx::PgPool;

use crate::mail::mails;
use crate::world::{World, world};

/// The mails to Ana so far: subject and the first sentence.
async fn told(world: &World) -> Vec<(String, String)> {
    let ana = &world.find("Ana").email;
    let all = mails(world).await.into_iter();
    let own = all.filter(|(to, ..)| to == ana);
    own.map(|(_, subject, _, _, text)| {
        let line = text.lines().nth(2).unwrap_or_default();
        (subject, line.to_owned())
    })
    .collect()
}

fn pair(subject: &str, line: &str) -> (String, String) {
    (subject.to_owned(), line.to_owned())
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_no_is_told_once_and_a_yes_only_after_it(pool: PgPool) {
    let world = world(pool).await;
    let request = world.request(&["Tom"], "09:00", 60);
    let booked = world.book("Ana", &request, "one").await;
    let (tom, id) = (world.actor("Tom"), booked.id.to_string());
    for response in [
        Response::Accepted,
        Response::Declined,
        Response::Declined,
        Response::Accepted,
        Response::Tentative,
    ] {
        let answered = world.service.answer(&tom, &id, None, response).await;
        answered.expect("his time is free");
    }
    let expected = [
        pair("Declined: Review", "Tom Becker is not coming."),
        pair("Accepted: Review", "Tom Becker is coming after all."),
    ];
    assert_eq!(told(&world).await, expected);
    let text = &mails(&world).await[0].4;
    assert!(
        text.contains("When:    Tue 3 Nov 2026, 10:00–11:00 (Berlin)"),
        "{text}"
    );
    assert!(
        text.contains(&format!("https://punctual.example/meetings/{id}")),
        "{text}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_a_program_changes_is_told_and_what_she_does_herself_is_not(pool: PgPool) {
    let world = world(pool).await;
    let request = world.request(&["Tom"], "09:00", 60);
    let booked = world.book("Ana", &request, "one").await;
    let rename = |title: &str| ChangeMeeting {
        title: Some(title.into()),
        ..ChangeMeeting::default()
    };
    let own = world
        .service
        .change(
            &world.actor("Ana"),
            booked.id,
            Some(booked.version),
            &rename("By her"),
        )
        .await
        .expect("it is hers");
    assert_eq!(told(&world).await, []);

    let may = [Permission::MeetingsRead, Permission::MeetingsWrite];
    let program = Actor::token(world.test.deps.new_id::<TokenId>(), "Room planner", &may);
    world
        .service
        .change(&program, own.id, Some(own.version), &rename("By a program"))
        .await
        .expect("it may");
    world
        .service
        .cancel(&program, own.id, None, Scope::All, None)
        .await
        .expect("it may");
    let expected = [
        pair(
            "Changed: By a program",
            "Room planner has changed this meeting.",
        ),
        pair(
            "Cancelled: By a program",
            "Room planner has cancelled this meeting.",
        ),
    ];
    assert_eq!(told(&world).await, expected);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_over_a_meeting_is_told_once_and_without_a_reason(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Tom"], "09:00", 60);
    request.recurrence = Some("FREQ=DAILY;COUNT=5".into());
    world.book("Ana", &request, "one").await;
    let own = world.request(&["Ana"], "13:00", 60);
    world.book("Tom", &own, "his own").await;
    // Three of the five times; told again, nothing is said, and then only of what is new.
    for until in [
        "2026-11-05T23:00:00Z",
        "2026-11-05T23:00:00Z",
        "2026-11-06T23:00:00Z",
    ] {
        let during = ("2026-11-02T23:00:00Z", until);
        world.leave("Tom", "sick", Some(during)).await;
    }
    world.leave("Tom", "sick", None).await;
    let expected = [
        pair(
            "Away: Review",
            "Tom Becker is away then and at 2 more times.",
        ),
        pair("Away: Review", "Tom Becker is away then."),
    ];
    assert_eq!(told(&world).await, expected);
    let his = mails(&world).await.into_iter();
    assert_eq!(his.filter(|(to, ..)| to.starts_with("tom")).count(), 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_was_told_of_one_time_is_told_when_it_is_over(pool: PgPool) {
    let world = world(pool).await;
    let mut request = world.request(&["Tom"], "09:00", 60);
    request.recurrence = Some("FREQ=DAILY;COUNT=5".into());
    request.zone = Some("Europe/Berlin".into());
    let booked = world.book("Ana", &request, "one").await;
    let (tom, id) = (world.actor("Tom"), booked.id.to_string());
    let second = "2026-11-04T10:00:00".parse().ok();
    for (only, response) in [
        (None, Response::Accepted),
        (second, Response::Declined),
        (second, Response::NeedsAction),
        (second, Response::Declined),
        (None, Response::Accepted),
        (second, Response::Declined),
        (None, Response::Declined),
        (second, Response::Accepted),
        (None, Response::Declined),
    ] {
        let answered = world.service.answer(&tom, &id, only, response).await;
        answered.expect("his time is free");
    }
    let (no, yes) = (
        "Tom Becker is not coming.",
        "Tom Becker is coming after all.",
    );
    let lines: Vec<String> = told(&world)
        .await
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    assert_eq!(lines, [no, yes, no, yes, no, no, yes, no]);
}
