//! What is planned, set and due makes days: shifts, leave, holidays, terms, limits, and the hour.

use chrono::TimeDelta;
use sqlx::PgPool;

use crate::world::{d1, punch, world};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_shift_leave_or_holiday_makes_days_anew(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    world.clock("2026-11-25T12:00+01:00");
    world
        .tell(&[
            punch("1", &ana, "2026-11-23T09:00"),
            punch("2", &ana, "2026-11-23T18:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("unscheduled".into(), 540, 1)
    );
    world
        .plan("Ana", &["2026-11-23", "2026-11-24"], &d1())
        .await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("present".into(), 480, 2)
    );
    assert_eq!(
        world.day("Ana", "2026-11-24").await,
        ("absent".into(), 0, 1)
    );

    sqlx::query(
        "with kind as (
             insert into attendance.leave_type (id, name, paid, told_as, accrual, version)
             values (gen_random_uuid(), 'Sick', true, 'sick', '{}', 1)
             returning id
         ), request as (
             insert into attendance.leave_request
                 (id, employee_id, type_id, from_day, to_day, part, note, state, minutes, version,
                  client_key, created_by, created_at)
             select gen_random_uuid(), $1, id, '2026-11-24', '2026-11-24', 'full', '', 'approved', 480,
                 1, 'k', 'test', now()
             from kind
             returning id, type_id
         )
         insert into attendance.leave_day (employee_id, day, halves, request_id, type_id, minutes)
         select $1, '2026-11-24', '[0,2)', id, type_id, 480 from request",
    )
    .bind(world.id("Ana").0)
    .execute(&world.pool)
    .await
    .expect("leave");
    world.mark("Ana", "2026-11-24", "2026-11-24").await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-24").await,
        ("on_leave".into(), 0, 2)
    );

    sqlx::query(
        "insert into attendance.holiday_calendar (region, name, document, version, updated_at)
         values ('DE-BE', 'Berlin', '{\"2026-11-23\": {\"name\": \"Founders\", \"part\": \"full\"}}', 1, now())",
    )
    .execute(&world.pool)
    .await
    .expect("holidays");
    sqlx::query("update attendance.employment set region = 'DE-BE'")
        .execute(&world.pool)
        .await
        .expect("a region");
    world.mark("Ana", "2026-11-23", "2026-11-23").await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("holiday+worked".into(), 480, 3)
    );
    // Whoever has no shift has a holiday all the same, once the day has come.
    world.tick("attendance.due").await;
    assert_eq!(
        world.day("Tom", "2026-11-23").await,
        ("holiday".into(), 0, 1)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_is_absent_while_a_reader_is_silent(pool: PgPool) {
    let world = world(pool).await;
    sqlx::query(
        "with site as (
             insert into attendance.site (id, name, zone)
             values (gen_random_uuid(), 'Hall', 'Europe/Berlin')
             returning id
         ), reader as (
             insert into attendance.device
                 (id, kind, serial, name, site_id, zone, state, last_seen_at, created_at)
             select gen_random_uuid(), 'adms', 'A1', 'Front door', id, 'Europe/Berlin', 'active',
                 '2026-11-23 07:40Z', '2026-01-01 00:00Z'
             from site
         )
         update attendance.employment set site_id = (select id from site)",
    )
    .execute(&world.pool)
    .await
    .expect("a reader");
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    world.clock("2026-11-24T08:00+01:00");
    world.tick("attendance.due").await;
    assert_eq!(world.day("Ana", "2026-11-23").await.0, "absent_provisional");
    sqlx::query("update attendance.device set last_seen_at = '2026-11-24 07:00Z'")
        .execute(&world.pool)
        .await
        .expect("it reports");
    world.clock("2026-11-24T08:15+01:00");
    world.tick("attendance.due").await;
    assert_eq!(world.day("Ana", "2026-11-23").await.0, "absent");
    // And then it is settled: the timer has nothing more to do.
    world.tick("attendance.due").await;
    assert_eq!(
        world
            .count("select count(*) from attendance.stale_day")
            .await,
        0
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_the_law_says_is_an_exception_until_it_is_settled(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    world.clock("2026-11-24T18:00+01:00");
    world
        .tell(&[
            punch("1", &ana, "2026-11-23T15:00"),
            punch("2", &ana, "2026-11-23T19:00"),
            punch("3", &ana, "2026-11-23T19:30"),
            punch("4", &ana, "2026-11-23T23:30"),
            punch("5", &ana, "2026-11-24T08:00"),
            punch("6", &ana, "2026-11-24T12:00"),
        ])
        .await;
    world.derive().await;
    let short = |state: &str| {
        (
            "2026-11-24".to_owned(),
            "short_rest".to_owned(),
            state.to_owned(),
        )
    };
    assert_eq!(world.exceptions("Ana").await, [short("open")]);
    let minutes = "select minutes::bigint from attendance.exception";
    assert_eq!(world.count(minutes).await, 150);
    // Explained, it stays explained, whatever the day becomes.
    sqlx::query("update attendance.exception set state = 'explained', note = 'asked for'")
        .execute(&world.pool)
        .await
        .expect("explained");
    world
        .tell(&[
            punch("7", &ana, "2026-11-24T13:00"),
            punch("8", &ana, "2026-11-24T14:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(world.exceptions("Ana").await, [short("explained")]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_week_that_is_over_is_held_against_the_law(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    world.clock("2026-12-02T14:00+01:00");
    // Ten hours on each of fourteen days: 70 hours a week, and never 35 hours of rest.
    for day in 0..14 {
        let mut begins = punch(&format!("{day} in"), &ana, "2026-11-16T08:00");
        begins.occurred_at += TimeDelta::days(day);
        let mut ends = begins.clone();
        ends.client_key = format!("{day} out");
        ends.occurred_at += TimeDelta::hours(10);
        world.tell(&[begins, ends]).await;
    }
    world.derive().await;
    world.tick("attendance.weeks").await;
    let found = world.exceptions("Ana").await;
    let of = |kind: &str| found.iter().filter(|(_, k, _)| k == kind).count();
    assert_eq!(of("week_rest"), 2, "{found:?}");
    // 140 hours over 17 weeks are no 48 a week.
    assert_eq!(of("weekly_average"), 0);
    assert_eq!(of("long_without_break"), 14);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn overtime_of_a_week_follows_its_first_day(pool: PgPool) {
    let world = world(pool).await;
    sqlx::query("update attendance.policy set document = document || '{\"overtime\": \"flsa\"}'")
        .execute(&world.pool)
        .await
        .expect("a policy");
    let ana = world.email("Ana");
    world.clock("2026-11-29T12:00+01:00");
    for (n, hours) in [8, 13, 8, 8].into_iter().enumerate() {
        let mut begins = punch(&format!("{n} in"), &ana, "2026-11-24T08:00");
        begins.occurred_at += TimeDelta::days(n as i64);
        let mut ends = begins.clone();
        ends.client_key = format!("{n} out");
        ends.occurred_at += TimeDelta::hours(hours);
        world.tell(&[begins, ends]).await;
    }
    world.derive().await;
    let overtime = "select sum(overtime_minutes)::bigint from attendance.day";
    assert_eq!(world.count(overtime).await, 0);
    // Monday comes late, and makes Friday's last hours overtime: 47 hours in all.
    world
        .tell(&[
            punch("a", &ana, "2026-11-23T08:00"),
            punch("b", &ana, "2026-11-23T18:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(world.count(overtime).await, 7 * 60);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn terms_change_from_their_day_on(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    sqlx::query(
        "with policy as (
             insert into attendance.policy (id, name, document, version, updated_at)
             values (gen_random_uuid(), 'Early', '{\"payEarly\": true}', 1, now())
             returning id
         )
         insert into attendance.employment (employee_id, from_day, policy_id, team)
         select $1, '2026-11-24', id, 'Support' from policy",
    )
    .bind(world.id("Ana").0)
    .execute(&world.pool)
    .await
    .expect("terms");
    world
        .plan("Ana", &["2026-11-23", "2026-11-24"], &d1())
        .await;
    world.clock("2026-11-24T20:00+01:00");
    for day in ["2026-11-23", "2026-11-24"] {
        let begins = punch(&format!("{day} in"), &ana, &format!("{day}T08:30"));
        let ends = punch(&format!("{day} out"), &ana, &format!("{day}T18:00"));
        world.tell(&[begins, ends]).await;
    }
    world.derive().await;
    assert_eq!(world.day("Ana", "2026-11-23").await.1, 480);
    assert_eq!(world.day("Ana", "2026-11-24").await.1, 510);
}
