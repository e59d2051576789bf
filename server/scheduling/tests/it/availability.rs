//! Who is free, and what suits.

use chrono::TimeDelta;
use model::Actor;
use model::scheduling::availability::{BusyStatus, Freshness};
use model::scheduling::hours::{LocalRange, WeeklyHours, WorkingHours};
use model::scheduling::interval::Interval;
use model::scheduling::views::{Preferences, WeekQuery};
use scheduling::Error;
use scheduling::absences::Away;
use scheduling::availability::AvailabilityRequest;
use sqlx::PgPool;

use crate::world::{World, at, world};

fn ask(world: &World, people: &[&str]) -> AvailabilityRequest {
    AvailabilityRequest {
        users: people.iter().map(|p| world.find(p).email.clone()).collect(),
        rooms: Vec::new(),
        range: Interval::new(at("2026-11-03T00:00:00Z"), at("2026-11-04T00:00:00Z")),
        duration_minutes: 60,
        zone: Some("Europe/Berlin".into()),
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn common_time_is_within_everybodys_hours_and_outside_of_meetings(pool: PgPool) {
    let world = world(pool).await;
    world
        .book("Tom", &world.request(&[], "15:00", 30), "own")
        .await;
    let view = world
        .service
        .availability(&Actor::system("test"), &ask(&world, &["Tom", "Grace"]))
        .await
        .expect("both are here");
    // Berlin works until 16:00 UTC, New York begins at 14:00 UTC; Tom is taken at 15:00.
    assert_eq!(view.common, [Interval::new(at("14:00"), at("15:00"))]);
    assert_eq!(view.users[0].busy.len(), 1);
    assert_eq!(view.users[0].busy[0].status, BusyStatus::Busy);
    assert_eq!(view.users[0].sources[0].state, Freshness::Fresh);
    assert_eq!(view.suggestions[0].from, at("14:00"));
    assert!(!view.suggestions[0].reasons.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_roster_and_holidays_say_when_somebody_works(pool: PgPool) {
    let world = world(pool).await;
    let tom = world.find("Tom").id;
    let tell = async |kind: &str, all: &[(&str, &str, &str)]| {
        let away = all.iter().map(|(key, from, to)| Away {
            person: tom,
            kind: kind.into(),
            during: Interval::new(at(from), at(to)),
            source_key: (*key).into(),
        });
        let away: Vec<Away> = away.collect();
        let mut conn = world.pool.acquire().await.expect("a connection");
        let told = world
            .service
            .set_absences_in_tx(&mut conn, tom, kind, &away);
        told.await.expect("good absences");
    };
    let common = async || {
        let request = ask(&world, &["Tom"]);
        let view = world
            .service
            .availability(&Actor::system("test"), &request)
            .await;
        view.expect("he is here").common
    };
    let usual = Interval::new(at("08:00"), at("16:00"));
    assert_eq!(common().await, [usual]);
    // On the day of a shift the weekly hours say nothing.
    tell("shift", &[("late", "13:00", "19:00")]).await;
    assert_eq!(common().await, [Interval::new(at("13:00"), at("19:00"))]);
    tell("shift", &[]).await;
    assert_eq!(common().await, [usual]);
    for kind in ["holiday", "day_off"] {
        let (from, to) = ("2026-11-02T23:00:00Z", "2026-11-03T23:00:00Z");
        tell(kind, &[("one", from, to), ("other", "20:00", "21:00")]).await;
        assert_eq!(common().await, []);
        // What is not told again is taken back.
        tell(kind, &[("other", "20:00", "21:00")]).await;
        assert_eq!(common().await, [usual]);
        tell(kind, &[]).await;
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_room_narrows_what_is_common(pool: PgPool) {
    let world = world(pool).await;
    let mut taken = world.request(&[], "09:00", 60);
    taken.rooms = vec!["Oak".into()];
    world.book("Mia", &taken, "oak").await;
    let mut request = ask(&world, &["Tom"]);
    request.rooms = vec!["Oak".into()];
    let view = world
        .service
        .availability(&Actor::system("test"), &request)
        .await
        .expect("both are here");
    let slot = Interval::new(at("09:00"), at("10:00"));
    assert!(view.common.iter().all(|c| !c.overlaps(&slot)));
    assert_eq!(view.rooms[0].busy.len(), 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wrong_question_names_its_field(pool: PgPool) {
    let world = world(pool).await;
    let system = Actor::system("test");
    let field = async |request: AvailabilityRequest| match world
        .service
        .availability(&system, &request)
        .await
    {
        Err(Error::Invalid(problem)) => problem.errors[0].field.clone(),
        other => panic!("it was not refused: {:?}", other.map(|_| ())),
    };
    let good = ask(&world, &["Tom"]);
    let mut wrong = good.clone();
    wrong.range = Interval::new(good.range.to, good.range.from);
    assert_eq!(field(wrong).await, "range");
    let mut wrong = good.clone();
    wrong.users.push("nobody@example.org".into());
    assert_eq!(field(wrong).await, "users[1]");
    let mut wrong = good.clone();
    wrong.zone = Some("Mars/Base".into());
    assert_eq!(field(wrong).await, "zone");
    let mut wrong = good;
    wrong.duration_minutes = 0;
    assert_eq!(field(wrong).await, "durationMinutes");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_meeting_of_two_weeks_is_seen_on_its_last_day(pool: PgPool) {
    let world = world(pool).await;
    let mut long = world.request(&[], "2026-10-20T06:00:00Z", 20_160);
    long.zone = Some("Europe/Berlin".into());
    world.book("Tom", &long, "long").await;
    let view = world
        .service
        .availability(&Actor::system("test"), &ask(&world, &["Tom"]))
        .await
        .expect("he is here");
    let [busy] = view.users[0].busy.as_slice() else {
        panic!("not seen: {:?}", view.users[0].busy);
    };
    assert_eq!(busy.to, at("06:00"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_early_hour_is_not_always_the_same_persons(pool: PgPool) {
    let world = world(pool).await;
    // Seven in New York is one in the afternoon in Berlin, and there is no other common hour.
    for (first, from, until) in [("Grace", 7, 17), ("Ana", 9, 14)] {
        let wants = Preferences {
            hours: WorkingHours {
                weekly: WeeklyHours::weekdays(LocalRange::hours(from, until).as_slice()),
                overrides: Vec::new(),
            },
            ..Preferences::default()
        };
        let who = world.actor(first);
        let kept = world.service.save_preferences(&who, 0, &wants).await;
        kept.expect("good settings");
    }
    let reasons = async || {
        let query = WeekQuery {
            day: "2026-12-14".parse().ok(),
            people: vec![world.find("Grace").id],
            minutes: Some(60),
            ..WeekQuery::default()
        };
        let week = world.service.week(&world.actor("Ana"), &query).await;
        week.expect("both are here").suggestions[0].reasons.clone()
    };
    let spared = |reasons: &[String]| reasons.iter().any(|text| text.starts_with("Spares Ana"));
    assert!(!spared(&reasons().await));

    // Twice it was late in Berlin and afternoon in New York. Alone in the night nobody is spared for.
    for (day, others) in [("2026-11-03", ["Grace"]), ("2026-11-04", ["Grace"])] {
        let from = format!("{day}T20:00:00Z");
        world
            .book("Ana", &world.request(&others, &from, 30), day)
            .await;
    }
    world
        .book(
            "Grace",
            &world.request(&[], "2026-11-05T06:00:00Z", 30),
            "alone",
        )
        .await;
    world
        .test
        .advance(at("2026-11-06T00:00:00Z") - world.test.now());
    assert!(spared(&reasons().await), "{:?}", reasons().await);
    // After four weeks it is forgotten.
    world.test.advance(TimeDelta::days(29));
    assert!(!spared(&reasons().await));
}
