//! Who sees what of whom: what one may not see is not there.

use attendance::Error;
use attendance::days::DaysQuery;
use model::attendance::day::Direction;
use model::{Actor, Permission};
use sqlx::PgPool;

use crate::desk::desk;
use crate::world::{World, d1, date, world};

/// How three ways to see Ana's days end for somebody: `200`, `403` or `404`.
async fn tries(world: &World, actor: &Actor) -> [u16; 3] {
    let ana = world.id("Ana");
    let status = |error: Error| model::Problem::from(error).status;
    let query = DaysQuery {
        employee: Some(ana.to_string()),
        from: date("2026-11-23"),
        to: date("2026-11-23"),
        cursor: None,
        limit: 10,
    };
    let service = &world.service;
    [
        service
            .days(actor, &query)
            .await
            .map_or_else(status, |_| 200),
        service
            .month(actor, Some(ana), None)
            .await
            .map_or_else(status, |_| 200),
        service
            .day_page(actor, Some(ana), date("2026-11-23"))
            .await
            .map_or_else(status, |_| 200),
    ]
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_oneself_the_manager_and_hr_see_days(pool: PgPool) {
    let world = world(pool).await;
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    world.derive().await;
    let cases = [
        ("Ana", 200),
        ("Tom", 404),
        ("Mia", 404),
        ("Marta", 200),
        ("Henry", 200),
        ("Fay", 404),
        ("Ada", 404),
    ];
    for (who, status) in cases {
        assert_eq!(tries(&world, &world.actor(who)).await, [status; 3], "{who}");
    }
    let token = |scopes: &[Permission]| Actor::token(world.test.deps.new_id(), "x", scopes);
    assert_eq!(
        tries(&world, &token(&[Permission::AttendanceManage])).await,
        [200; 3]
    );
    assert_eq!(
        tries(&world, &token(&[Permission::AttendanceApprove])).await,
        [404; 3]
    );
    assert_eq!(
        tries(&world, &token(&[Permission::PayrollRead])).await,
        [403; 3]
    );
    // Somebody who is not there and somebody one may not see are the same.
    let nobody = world.test.deps.new_id();
    let day = world
        .service
        .day_page(&world.hr(), Some(nobody), date("2026-11-23"))
        .await;
    assert!(matches!(day, Err(Error::NotFound("person"))));
    let day = world
        .service
        .day_page(&world.actor("Tom"), Some(nobody), date("2026-11-23"))
        .await;
    assert!(matches!(day, Err(Error::NotFound("person"))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_manages_no_longer_sees_no_longer(pool: PgPool) {
    let world = world(pool).await;
    sqlx::query(
        "insert into attendance.employment (employee_id, from_day, policy_id, team)
         select employee_id, date '2026-11-24', policy_id, team
         from attendance.employment where employee_id = $1",
    )
    .bind(world.id("Ana").0)
    .execute(&world.pool)
    .await
    .expect("terms");
    assert_eq!(tries(&world, &world.actor("Marta")).await, [200; 3]);
    world.clock("2026-11-24T06:00+01:00");
    assert_eq!(tries(&world, &world.actor("Marta")).await, [404; 3]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_look_at_others_days_is_told(pool: PgPool) {
    let world = world(pool).await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    world.derive().await;
    tries(&world, &world.actor("Ana")).await;
    tries(&world, &world.actor("Tom")).await;
    assert_eq!(world.told("attendance.viewed").await, 0);
    tries(&world, &world.actor("Marta")).await;
    assert_eq!(world.told("attendance.viewed").await, 3);
    let payload: serde_json::Value = sqlx::query_scalar(
        "select payload from platform.outbox where topic = 'attendance.viewed' limit 1",
    )
    .fetch_one(&world.pool)
    .await
    .expect("an event");
    let viewed: attendance::privacy::Viewed = serde_json::from_value(payload).expect("as told");
    assert_eq!(viewed.employee, world.id("Ana"));
    assert_eq!(viewed.actor().who.label(), "Marta Klein");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn why_somebody_is_on_leave_is_for_hr_and_themselves(pool: PgPool) {
    let desk = desk(pool).await;
    let ana = desk.actor("Ana");
    for (kind, day) in [("Annual leave", "2026-12-07"), ("Sick leave", "2026-12-08")] {
        let mut form = desk.leave_form(kind, day, day).await;
        form.note = format!("Why {kind}");
        desk.test.advance(chrono::TimeDelta::minutes(1));
        let asked = desk.service.request_leave(&ana, &form, kind).await;
        assert_eq!(asked.expect("a good request").note, form.note);
    }
    let notes = async |reader: &Actor| {
        let inbox = desk.service.inbox(reader).await.expect("an inbox");
        let notes = inbox.leave.into_iter().map(|one| one.note);
        notes.collect::<Vec<_>>()
    };
    let whys = ["Why Annual leave", "Why Sick leave"];
    // The manager sees which leave it is, and of no kind why.
    let (tom, hana) = (desk.actor("Tom"), desk.actor("Hana"));
    assert_eq!(notes(&tom).await, ["", ""]);
    assert_eq!(notes(&hana).await, whys);
    let inbox = desk.service.inbox(&tom).await.expect("an inbox");
    assert_eq!(inbox.leave[1].kind, "Sick leave");
    let annual = &inbox.leave[0];
    let granted = desk
        .service
        .decide_leave(&tom, annual.id, annual.version, true, "Enjoy it")
        .await;
    let granted = granted.expect("his to decide");
    assert_eq!(
        (granted.note.as_str(), granted.decision_note.as_str()),
        ("", "Enjoy it")
    );
    // The page of her leave says the same to each.
    let of_page = async |reader: &Actor, employee: Option<model::PersonId>| {
        let page = match employee {
            Some(employee) => desk.service.leave_page_of(reader, employee).await,
            None => desk.service.leave_page(reader).await,
        };
        let requests = page.expect("somebody who sees her leave").requests;
        let notes = requests.into_iter().map(|one| one.note);
        notes.collect::<Vec<_>>()
    };
    let employee = Some(desk.id("Ana"));
    assert_eq!(of_page(&ana, None).await, whys);
    assert_eq!(of_page(&hana, employee).await, whys);
    assert_eq!(of_page(&tom, employee).await, ["", ""]);
    // What a manager enters himself he does not read again either; she does.
    let mut form = desk
        .leave_form("Sick leave", "2026-12-09", "2026-12-09")
        .await;
    form.note = "She rang".into();
    let given = desk
        .service
        .give_leave(&tom, desk.id("Ana"), &form, "one")
        .await;
    assert_eq!(given.expect("his to give").note, "");
    assert!(of_page(&ana, None).await.contains(&form.note));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_the_manager_and_hr_see_the_leave_of_somebody(pool: PgPool) {
    let desk = desk(pool).await;
    let ana = desk.id("Ana");
    let status = async |first: &str| {
        let page = desk.service.leave_page_of(&desk.actor(first), ana).await;
        page.map_or_else(|error| model::Problem::from(error).status, |_| 200)
    };
    for (first, expected) in [("Tom", 200), ("Hana", 200), ("Ravi", 404), ("Ben", 403)] {
        assert_eq!(status(first).await, expected, "{first}");
    }
    let viewed = "select count(*) from platform.outbox where topic = 'attendance.viewed'";
    assert_eq!(desk.count(viewed).await, 2);
    let page = desk.service.leave_page_of(&desk.actor("Tom"), ana).await;
    let page = page.expect("his to see");
    assert!(page.may_give && !page.own);
    assert_eq!(page.employee.id, ana);
    let own = desk.service.leave_page(&desk.actor("Hana")).await;
    assert!(own.is_ok_and(|page| page.own && !page.may_give));
}
