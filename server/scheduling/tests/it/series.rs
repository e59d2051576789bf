//! Meetings that repeat.

use chrono::{NaiveDateTime, TimeDelta};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::{
    ChangeMeeting, CreateMeeting, MeetingView, Response, Scope, Slot,
};
use model::zone::Zone;
use scheduling::Error;
use scheduling::absences::Away;
use sqlx::PgPool;

use crate::world::{World, at, world};

/// Every Tuesday at nine in Berlin, from 6 October 2026 on.
fn weekly(world: &World, others: &[&str]) -> CreateMeeting {
    let mut request = world.request(others, "2026-11-03T08:00:00Z", 30);
    request.recurrence = Some("FREQ=WEEKLY;BYDAY=TU".into());
    request.zone = Some("Europe/Berlin".into());
    request
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

/// Local starts of a series in Berlin, as the database has them.
async fn starts(world: &World, meeting: &MeetingView) -> Vec<String> {
    let zone = Zone::named("Europe/Berlin").expect("a zone");
    let rows: Vec<chrono::DateTime<chrono::Utc>> = sqlx::query_scalar(
        "select from_at from scheduling.occurrence
         where meeting_id = $1 and state <> 'cancelled'
         order by from_at",
    )
    .bind(meeting.id.0)
    .fetch_all(&world.pool)
    .await
    .expect("a database");
    rows.iter()
        .map(|at| zone.local_of(*at).to_string())
        .collect()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nine_o_clock_stays_nine_o_clock_across_the_clock_changes(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let starts = starts(&world, &booked).await;
    // A year of Tuesdays: across March and October.
    assert_eq!(starts.len(), 53);
    assert!(starts.iter().all(|s| s.ends_with("09:00:00")), "{starts:?}");
    assert_eq!(world.claims("Tom").await, 53);
    // In summer the same wall-clock time is another instant.
    let summer = world.request(&["Tom"], "2027-07-06T07:00:00Z", 30);
    world.taken("Mia", &summer, "two").await;
    let beside = world.request(&["Tom"], "2027-07-06T08:00:00Z", 30);
    world.book("Mia", &beside, "three").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_is_booked_at_all_its_times_or_not_at_all(pool: PgPool) {
    let world = world(pool).await;
    let blocked = world.request(&["Tom"], "2026-12-01T08:15:00Z", 30);
    world.book("Mia", &blocked, "block").await;
    let taken = world.taken("Ana", &weekly(&world, &["Tom"]), "one").await;
    assert_eq!(taken.conflicts.len(), 1);
    assert_eq!(taken.conflicts[0].from, at("2026-12-01T08:15:00Z"));
    assert_eq!(world.claims("Tom").await, 1);
    // What is offered is free in every week.
    let offered = taken.alternatives.first().expect("there is a better time");
    let mut request = weekly(&world, &["Tom"]);
    let by = offered.from - request.slot.from;
    let days = by.num_days();
    request.slot = Slot {
        from: offered.from,
        to: offered.to,
    };
    if days != 0 || offered.from.date_naive() != at("2026-11-03T08:00:00Z").date_naive() {
        request.recurrence = Some("FREQ=WEEKLY".into());
    }
    world.book("Ana", &request, "two").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_time_is_moved_and_the_others_stay(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let change = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-11T10:00:00Z"),
            to: at("2026-11-11T10:30:00Z"),
        }),
        scope: Scope::This,
        occurrence: Some(local("2026-11-10T09:00:00")),
        ..ChangeMeeting::default()
    };
    world
        .service
        .change(&ana, booked.id, Some(1), &change)
        .await
        .expect("the time is free");
    let starts = starts(&world, &booked).await;
    assert_eq!(starts[0], "2026-11-03 09:00:00");
    assert_eq!(starts[1], "2026-11-11 11:00:00");
    assert_eq!(starts[2], "2026-11-17 09:00:00");
    world
        .book(
            "Mia",
            &world.request(&["Tom"], "2026-11-10T08:00:00Z", 30),
            "two",
        )
        .await;
    world
        .taken(
            "Mia",
            &world.request(&["Tom"], "2026-11-11T10:15:00Z", 30),
            "three",
        )
        .await;
}

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
    let ana = world.actor("Ana");
    let booked = world
        .book("Ana", &weekly(&world, &["Tom", "Mia"]), "one")
        .await;
    let id = booked.id.to_string();
    for (first, answer) in [("Tom", Response::Declined), ("Mia", Response::Accepted)] {
        let who = world.actor(first);
        let answered = world.service.answer(&who, &id, answer).await;
        answered.expect("they are asked");
    }
    let moved = ChangeMeeting {
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
        .change(&ana, booked.id, None, &moved)
        .await
        .err();
    assert!(matches!(next, Some(Error::VersionMissing)));
    let version = world.service.meeting(&ana, booked.id).await;
    let version = version.expect("it is hers").version;
    let next = world
        .service
        .change(&ana, booked.id, Some(version), &moved)
        .await
        .expect("the time is free");
    let said = |first: &str| {
        let own = next.attendees.iter().find(|a| a.name.starts_with(first));
        own.map(|a| (a.required, a.response)).expect("is asked")
    };
    assert_eq!(said("Tom"), (true, Response::Declined));
    assert_eq!(said("Mia"), (true, Response::NeedsAction));
    // His time is his own, hers is not.
    let others = world.request(&["Tom"], "2026-11-18T09:00:00Z", 30);
    world.book("Lena", &others, "two").await;
    let others = world.request(&["Mia"], "2026-11-18T09:30:00Z", 30);
    world.taken("Lena", &others, "three").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_split_series_is_not_moved_onto_leave(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let away = Away {
        person: world.find("Tom").id,
        kind: "leave".into(),
        during: Interval::new(at("2026-11-18T00:00:00Z"), at("2026-11-19T00:00:00Z")),
        source_key: "leave:test".into(),
    };
    let mut tx = world
        .test
        .db()
        .begin("test.leave")
        .await
        .expect("a database");
    let kept = world.service.keep_absence_in_tx(&mut tx, &away).await;
    kept.expect("a database");
    tx.commit().await.expect("a database");
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

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_whole_series_moves_and_what_was_cancelled_stays_so(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    let gone = Some(local("2026-11-10T09:00:00"));
    world
        .service
        .cancel(&ana, booked.id, Some(1), Scope::This, gone)
        .await
        .expect("it is hers");
    let change = ChangeMeeting {
        slot: Some(Slot {
            from: at("2026-11-04T13:00:00Z"),
            to: at("2026-11-04T13:30:00Z"),
        }),
        ..ChangeMeeting::default()
    };
    let moved = world
        .service
        .change(&ana, booked.id, Some(2), &change)
        .await;
    let moved = moved.expect("the time is free");
    assert_eq!(moved.recurrence.as_deref(), Some("FREQ=WEEKLY;BYDAY=WE"));
    let starts = starts(&world, &booked).await;
    assert_eq!(starts[0], "2026-11-04 14:00:00");
    assert_eq!(starts[1], "2026-11-18 14:00:00");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rule_that_is_wrong_or_without_measure_is_refused(pool: PgPool) {
    let world = world(pool).await;
    for rule in [
        "FREQ=SOMETIMES",
        "FREQ=MINUTELY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        let mut request = weekly(&world, &[]);
        request.recurrence = Some(rule.into());
        let refused = world
            .service
            .book(&world.actor("Ana"), &request, rule)
            .await;
        let Err(Error::Invalid(problem)) = refused else {
            panic!("{rule} was not refused");
        };
        assert_eq!(problem.errors[0].field, "recurrence", "{rule}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_series_goes_on_beyond_its_first_year(pool: PgPool) {
    let world = world(pool).await;
    let booked = world.book("Ana", &weekly(&world, &["Tom"]), "one").await;
    world.test.advance(TimeDelta::days(100));
    world
        .registry
        .run("scheduling.extend", serde_json::json!({}))
        .await
        .expect("the job runs");
    let starts = starts(&world, &booked).await;
    assert!(starts.len() > 60, "{}", starts.len());
    assert!(starts.iter().all(|s| s.ends_with("09:00:00")));
    let claims = world.claims("Tom").await;
    assert_eq!(usize::try_from(claims), Ok(starts.len()));
}
