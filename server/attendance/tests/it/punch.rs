//! Punches are taken once and never lost.

use attendance::Error;
use chrono::TimeDelta;
use model::attendance::day::{Direction, Presence};
use model::attendance::views::{NewPunches, Press};
use model::{Actor, Permission, TokenId};
use sqlx::PgPool;

use crate::world::{d1, date, punch, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_same_punches_again_change_nothing(pool: PgPool) {
    let world = world(pool).await;
    world.badge("77", "Ana", "2026-01-01T00:00", None).await;
    world.clock("2026-11-23T20:00+01:00");
    let mut punches: Vec<_> = (0..100)
        .map(|n| {
            let mut one = punch(&format!("key {n}"), "77", "2026-11-23T09:00");
            one.occurred_at += TimeDelta::minutes(5 * n);
            one
        })
        .collect();
    let first = world.tell(&punches).await;
    assert_eq!((first.accepted, first.duplicates), (100, 0));
    // In another order, and one of them twice.
    punches.reverse();
    punches.push(punches[0].clone());
    let again = world.tell(&punches).await;
    assert_eq!((again.accepted, again.duplicates), (0, 101));
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        100
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_cannot_count_yet_is_kept(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    let taken = world
        .tell(&[
            punch("a", &ana, "2026-11-23T05:58"),
            punch("b", "4711", "2026-11-23T05:58"),
            punch("c", "nobody@example.org", "2026-11-23T05:58"),
            punch("d", &ana, "2026-11-23T06:06"),
            punch("e", &ana, "2026-08-01T09:00"),
        ])
        .await;
    assert_eq!((taken.accepted, taken.duplicates), (1, 0));
    let codes: Vec<_> = taken
        .quarantined
        .iter()
        .map(|q| (q.index, q.client_key.as_str(), q.code.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            (1, "b", "unknown_badge"),
            (2, "c", "unknown_employee"),
            (3, "d", "future_time"),
            (4, "e", "old_time"),
        ]
    );
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        5
    );
    world.derive().await;
    let days = world.days("Ana", "2026-07-01", "2026-11-23").await;
    assert_eq!(
        days.len(),
        1,
        "what is too old or to come makes no day: {days:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wrong_punch_is_named_and_nothing_is_kept(pool: PgPool) {
    let world = world(pool).await;
    let good = punch("a", "77", "2026-11-23T05:00");
    let wrong = |change: fn(&mut model::attendance::views::NewPunch)| {
        let mut told = vec![good.clone(), good.clone(), good.clone(), good.clone()];
        for (n, one) in told.iter_mut().enumerate() {
            one.client_key = format!("key {n}");
        }
        change(&mut told[3]);
        NewPunches { punches: told }
    };
    let cases = [
        ("punches[3].zone", wrong(|p| p.zone = "Berlin".into())),
        ("punches[3].clientKey", wrong(|p| p.client_key = " ".into())),
        ("punches[3].source", wrong(|p| p.source = String::new())),
        (
            "punches[3].badge",
            wrong(|p| p.badge = Some("7".repeat(41))),
        ),
        ("punches[3].badge", wrong(|p| p.employee = Some("x".into()))),
        ("punches[3].employee", wrong(|p| p.badge = None)),
        (
            "punches[3].clientKey",
            wrong(|p| p.client_key = "key 0".into()),
        ),
    ];
    for (field, mut told) in cases {
        // Of two with one key, one must be another punch.
        told.punches[0].occurred_at += TimeDelta::minutes(1);
        let refused = world.service.take_punches(&world.hr(), &told).await;
        let Err(Error::Invalid(problem)) = refused else {
            panic!("{field} was not refused");
        };
        assert_eq!(problem.errors[0].field, field);
        assert_eq!(problem.status, 422);
    }
    let many = NewPunches {
        punches: vec![good.clone(); 5_001],
    };
    let refused = world.service.take_punches(&world.hr(), &many).await;
    assert!(matches!(refused, Err(Error::Invalid(p)) if p.errors[0].field == "punches"));
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        0
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_key_for_another_punch_loses_none(pool: PgPool) {
    let world = world(pool).await;
    world.tell(&[punch("a", "77", "2026-11-23T05:00")]).await;
    let told = NewPunches {
        punches: vec![
            punch("b", "77", "2026-11-23T05:20"),
            punch("a", "77", "2026-11-23T05:10"),
        ],
    };
    let refused = world.service.take_punches(&world.hr(), &told).await;
    let Err(Error::Invalid(problem)) = refused else {
        panic!("it was taken for the first");
    };
    assert_eq!(problem.errors[0].field, "punches[1].clientKey");
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        1
    );
    // The same key of another program is another punch.
    let id: TokenId = world.test.deps.new_id();
    let program = Actor::token(id, "Door", &[Permission::PunchesWrite]);
    let taken = world.service.take_punches(&program, &told).await;
    assert_eq!(taken.expect("good punches").quarantined.len(), 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn many_tell_the_same_at_once(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    let told = |reverse: bool| {
        let mut punches: Vec<_> = (0..50)
            .map(|n| {
                let mut one = punch(&format!("key {n}"), &ana, "2026-11-22T09:00");
                one.occurred_at += TimeDelta::minutes(5 * n);
                one
            })
            .collect();
        if reverse {
            punches.reverse();
        }
        NewPunches { punches }
    };
    let calls = (0..8).map(|n| {
        let (service, hr, told) = (world.service.clone(), world.hr(), told(n % 2 == 0));
        tokio::spawn(async move { service.take_punches(&hr, &told).await })
    });
    let calls: Vec<_> = calls.collect();
    let (mut accepted, mut duplicates) = (0, 0);
    for call in calls {
        let taken = call.await.expect("no panic").expect("no deadlock");
        accepted += taken.accepted;
        duplicates += taken.duplicates;
    }
    assert_eq!((accepted, duplicates), (50, 350));
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        50
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_clock_shows_a_press_at_once(pool: PgPool) {
    let world = world(pool).await;
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    let ana = world.actor("Ana");
    let card = world.service.clock(&ana).await.expect("her clock");
    assert_eq!((card.state, card.since), (Presence::Out, None));
    assert_eq!(card.shifts.len(), 1);
    assert_eq!(card.shifts[0].from.clock(), "09:00");

    let card = world.press("Ana", "2026-11-23T08:56", Direction::In).await;
    assert_eq!(card.state, Presence::In);
    assert_eq!(card.since.expect("since when").clock(), "08:56");
    let card = world
        .press("Ana", "2026-11-23T12:00", Direction::BreakOut)
        .await;
    assert_eq!(card.state, Presence::Break);
    let card = world
        .press("Ana", "2026-11-23T12:45", Direction::BreakIn)
        .await;
    assert_eq!(card.state, Presence::In);
    let card = world.press("Ana", "2026-11-23T18:04", Direction::Out).await;
    assert_eq!(card.state, Presence::Out);
    assert_eq!(card.day.expect("a day").counted_minutes, 484);
    // Nothing of this was derived for the card: the day is stale still.
    assert_eq!(world.count("select count(*) from attendance.day").await, 0);
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("present".into(), 484, 1)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_press_counts_once_however_often_it_is_sent(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.actor("Ana");
    let press = Press {
        key: "one".into(),
        direction: Direction::In,
        age_seconds: None,
    };
    for _ in 0..3 {
        let card = world
            .service
            .press(&ana, &press)
            .await
            .expect("it is taken");
        assert_eq!(card.state, Presence::In);
        world.test.advance(TimeDelta::seconds(10));
    }
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        1
    );
    // A double click under another key is kept, and is the same punch to the rules.
    let twice = Press {
        key: "two".into(),
        ..press.clone()
    };
    let card = world
        .service
        .press(&ana, &twice)
        .await
        .expect("it is taken");
    assert_eq!(card.since.expect("since when").clock(), "06:00");
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        2
    );
    // Another person's key is another key.
    world
        .service
        .press(&world.actor("Tom"), &press)
        .await
        .expect("it is taken");
    assert_eq!(
        world.count("select count(*) from attendance.punch").await,
        3
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_press_without_a_network_counts_when_it_was(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T11:00+01:00");
    let ana = world.actor("Ana");
    let mut press = Press {
        key: "late".into(),
        direction: Direction::In,
        age_seconds: Some(2 * 3600),
    };
    let card = world
        .service
        .press(&ana, &press)
        .await
        .expect("it is taken");
    assert_eq!(card.since.expect("since when").clock(), "09:00");
    let flagged = "select count(*) from attendance.punch where 'offline' = any(flags)";
    assert_eq!(world.count(flagged).await, 1);
    press.key = "too late".into();
    press.age_seconds = Some(8 * 24 * 3600);
    let refused = world.service.press(&ana, &press).await;
    assert!(matches!(refused, Err(Error::Invalid(p)) if p.errors[0].field == "age_seconds"));
    press.age_seconds = None;
    press.direction = Direction::Unknown;
    let refused = world.service.press(&ana, &press).await;
    assert!(matches!(refused, Err(Error::Invalid(p)) if p.errors[0].field == "direction"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_press_that_is_told_long_after_it_was_made_is_to_be_looked_at(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T11:00+01:00");
    let press = async |who: &str, minutes: u32| {
        let press = Press {
            key: format!("{who} {minutes}"),
            direction: Direction::In,
            age_seconds: Some(minutes * 60),
        };
        let pressed = world.service.press(&world.actor(who), &press).await;
        pressed.expect("it is taken");
    };
    press("Tom", 30).await;
    press("Ana", 31).await;
    world.derive().await;
    let late = async || {
        let page = world.service.exceptions_page(&world.hr()).await;
        let mut all = page.expect("a page").exceptions;
        all.retain(|one| one.kind == "told_late");
        all
    };
    let found = late().await;
    assert_eq!(found.len(), 1, "half an hour is no reason");
    assert_eq!(
        (found[0].employee.id, found[0].work_date, found[0].minutes),
        (world.id("Ana"), date("2026-11-23"), 31)
    );
    press("Ana", 125).await;
    world.derive().await;
    let found = late().await;
    assert_eq!((found.len(), found[0].minutes), (1, 125));
    assert!(found[0].text.starts_with("2 presses"), "{}", found[0].text);
    let page = world
        .service
        .day_page(&world.hr(), Some(world.id("Ana")), date("2026-11-23"))
        .await
        .expect("her day");
    let notes = page.punches.iter().flat_map(|one| &one.notes);
    let notes: Vec<_> = notes.map(String::as_str).collect();
    assert_eq!(
        notes,
        [
            "Pressed without a network and told 2 h 05 later: the time is that of the browser",
            "Pressed without a network and told 31 min later: the time is that of the browser",
        ]
    );
    // Set to a time by somebody, they were looked at.
    sqlx::query(
        "insert into attendance.punch_annotation
             (id, punch_id, kind, at, reason, actor, actor_label, decided_at)
         select gen_random_uuid(), id, 'set_time', occurred_at, 'As said.', 'test', 'Test', now()
         from attendance.punch where employee_id = $1",
    )
    .bind(world.id("Ana").0)
    .execute(&world.pool)
    .await
    .expect("decisions");
    let mut tx = world
        .test
        .db()
        .begin("test.stale")
        .await
        .expect("a database");
    let day = date("2026-11-23");
    let stale = [(world.id("Ana"), day, day)];
    let marked = world.service.mark_stale_in_tx(&mut tx, &stale).await;
    marked.expect("a database");
    tx.commit().await.expect("a database");
    world.derive().await;
    assert!(late().await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_forgot_to_clock_out_can_clock_in(pool: PgPool) {
    let world = world(pool).await;
    world
        .plan("Ana", &["2026-11-23", "2026-11-24"], &d1())
        .await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    let card = world.press("Ana", "2026-11-24T08:58", Direction::In).await;
    assert_eq!(card.state, Presence::In);
    assert_eq!(card.work_date, date("2026-11-24"));
    assert_eq!(card.incomplete, [date("2026-11-23")]);
    let card = world.press("Ana", "2026-11-24T18:00", Direction::Out).await;
    assert_eq!(card.day.expect("a day").counted_minutes, 480);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn who_works_at_night_sees_last_night_in_the_morning(pool: PgPool) {
    let world = world(pool).await;
    let nights = ["2026-11-23", "2026-11-24"];
    world.plan("Ana", &nights, &crate::world::night()).await;
    world.press("Ana", "2026-11-23T21:52", Direction::In).await;
    world.clock("2026-11-24T03:00+01:00");
    let card = world
        .service
        .clock(&world.actor("Ana"))
        .await
        .expect("her clock");
    assert_eq!(
        (card.state, card.work_date),
        (Presence::In, date("2026-11-23"))
    );
    let card = world.press("Ana", "2026-11-24T06:03", Direction::Out).await;
    assert_eq!(card.work_date, date("2026-11-23"));
    assert_eq!(card.day.expect("a day").counted_minutes, 453);
    world.clock("2026-11-24T15:00+01:00");
    let card = world
        .service
        .clock(&world.actor("Ana"))
        .await
        .expect("her clock");
    assert_eq!(card.work_date, date("2026-11-24"));
    assert_eq!(card.shifts[0].from.clock(), "22:00");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_who_may_hands_in_punches(pool: PgPool) {
    let world = world(pool).await;
    let told = NewPunches {
        punches: vec![punch("a", &world.email("Ana"), "2026-11-23T05:00")],
    };
    for first in ["Ana", "Marta", "Fay"] {
        let refused = world.service.take_punches(&world.actor(first), &told).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{first}");
    }
    let program = Actor::token(world.test.deps.new_id(), "x", &[Permission::AttendanceSelf]);
    assert!(matches!(
        world.service.clock(&program).await,
        Err(Error::NotAPerson)
    ));
    assert!(matches!(
        world.service.take_punches(&program, &told).await,
        Err(Error::Forbidden(_))
    ));
}
