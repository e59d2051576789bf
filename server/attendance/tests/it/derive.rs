//! Stale days become days: whatever the order, once, and by as many workers as there are.

use chrono::TimeDelta;
use model::attendance::day::Direction;
use model::attendance::views::NewPunch;
use serde_json::json;
use sqlx::PgPool;

use crate::world::{World, at, d1, date, night, punch, shift, world};

/// A month of two people's punches, with repeats and forgotten ones: the first comes by day, the
/// second by night.
fn month(world: &World, people: [&str; 2]) -> Vec<NewPunch> {
    let mut punches = Vec::new();
    for day in 2..=20 {
        for (who, first) in people.into_iter().zip([6, 22]) {
            let begins = at(&format!("2026-11-{day:02}T{first:02}:00"));
            for (n, minutes) in [-3, 240, 270, 487].into_iter().enumerate() {
                // Some are forgotten, some told twice within seconds.
                if (day + n) % 11 == 0 {
                    continue;
                }
                let mut one = punch(
                    &format!("{who} {day} {n}"),
                    &world.email(who),
                    "2026-11-02T00:00",
                );
                one.occurred_at = begins + TimeDelta::minutes(minutes);
                if (day + n) % 5 == 0 {
                    let mut again = one.clone();
                    again.client_key += " again";
                    again.occurred_at += TimeDelta::seconds(20);
                    punches.push(again);
                }
                punches.push(one);
            }
        }
    }
    punches
}

async fn everything(world: &World, people: [&str; 2]) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    for who in people {
        for day in world.days(who, "2026-11-01", "2026-11-23").await {
            let mut value = serde_json::to_value(&day.day).expect("JSON");
            // Each punch has an id of its own.
            for line in value["explanation"].as_array_mut().expect("a list") {
                line["punches"] = json!([]);
            }
            all.push(value);
        }
    }
    all
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn in_any_order_the_days_are_the_same(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T20:00+01:00");
    let dates: Vec<String> = (2..=20).map(|day| format!("2026-11-{day:02}")).collect();
    let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
    for who in ["Tom", "Mia", "Fay"] {
        world.plan(who, &dates, &night()).await;
    }
    world.tell(&month(&world, ["Ana", "Tom"])).await;
    world.derive().await;
    let in_order = everything(&world, ["Ana", "Tom"]).await;
    assert!(in_order.len() > 30, "{}", in_order.len());

    for (people, step) in [(["Marta", "Mia"], 7), (["Henry", "Fay"], 31)] {
        // Shuffled, in small batches, with resends, and derived in between.
        let punches = month(&world, people);
        let mut order: Vec<usize> = (0..punches.len()).collect();
        order.sort_by_key(|n| (n * step * 7919 + step) % 101);
        for batch in order.chunks(9) {
            let batch: Vec<_> = batch.iter().map(|n| punches[*n].clone()).collect();
            world.tell(&batch).await;
            world.derive().await;
            world.tell(&batch).await;
        }
        world.derive().await;
        let shuffled = everything(&world, people).await;
        assert_eq!(shuffled.len(), in_order.len());
        for (one, other) in shuffled.iter().zip(&in_order) {
            assert_eq!(one, other, "step {step}, {}", one["workDate"]);
        }
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_punch_that_comes_late_makes_another_version(pool: PgPool) {
    let world = world(pool).await;
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    let ana = world.email("Ana");
    world.clock("2026-11-23T19:00+01:00");
    world.tell(&[punch("in", &ana, "2026-11-23T09:00")]).await;
    world.derive().await;
    assert_eq!(world.day("Ana", "2026-11-23").await.0, "pending");
    world.clock("2026-11-24T01:00+01:00");
    world.tick("attendance.due").await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("incomplete".into(), 0, 2)
    );
    assert_eq!(
        world.exceptions("Ana").await,
        [("2026-11-23".into(), "missing_out".into(), "open".into())]
    );
    world.clock("2026-11-26T10:00+01:00");
    world.tell(&[punch("out", &ana, "2026-11-23T18:10")]).await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-23").await,
        ("present".into(), 490, 3)
    );
    assert_eq!(
        world.exceptions("Ana").await,
        [("2026-11-23".into(), "missing_out".into(), "gone".into())]
    );
    let page = world
        .service
        .day_page(&world.actor("Ana"), None, date("2026-11-23"))
        .await
        .expect("her own day");
    assert_eq!(page.version, 3);
    assert_eq!(page.history.len(), 2);
    assert_eq!(
        page.history[0].text,
        "Counted 0 → 490, incomplete → present"
    );
    assert_eq!(page.punches.len(), 2);
    // Derived once more, it is the same, and nothing is written.
    world.mark("Ana", "2026-11-23", "2026-11-23").await;
    let told = world.told("attendance.day").await;
    assert_eq!(world.derive().await, 1);
    assert_eq!(world.day("Ana", "2026-11-23").await.2, 3);
    assert_eq!(world.told("attendance.day").await, told);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_badge_counts_for_who_had_it_then(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-24T20:00+01:00");
    world
        .tell(&[
            punch("1", "77", "2026-11-20T09:00"),
            punch("2", "77", "2026-11-20T18:00"),
            punch("3", "77", "2026-11-23T09:00"),
            punch("4", "77", "2026-11-23T17:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(world.day("Ana", "2026-11-20").await.0, "nothing");
    // Ana had it until Friday, Tom has it from Monday on.
    world
        .badge("77", "Ana", "2026-01-01T00:00", Some("2026-11-21T00:00"))
        .await;
    world.badge("77", "Tom", "2026-11-23T00:00", None).await;
    world.mark("Ana", "2026-11-20", "2026-11-24").await;
    world.mark("Tom", "2026-11-20", "2026-11-24").await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-20").await,
        ("unscheduled".into(), 540, 1)
    );
    assert_eq!(world.day("Ana", "2026-11-23").await.0, "nothing");
    assert_eq!(
        world.day("Tom", "2026-11-23").await,
        ("unscheduled".into(), 480, 1)
    );
    // A late upload of Friday goes to Ana.
    world
        .tell(&[
            punch("5", "77", "2026-11-20T19:00"),
            punch("6", "77", "2026-11-20T20:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2026-11-20").await,
        ("unscheduled".into(), 600, 2)
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_nights_on_which_clocks_change_keep_their_length(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    world
        .plan("Ana", &["2027-03-27", "2027-10-30"], &night())
        .await;
    world.clock("2027-03-28T12:00+02:00");
    world
        .tell(&[
            punch("1", &ana, "2027-03-27T22:00"),
            punch("2", &ana, "2027-03-28T06:00+02:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2027-03-27").await,
        ("present".into(), 390, 1)
    );
    world.clock("2027-10-31T12:00+01:00");
    world
        .tell(&[
            punch("3", &ana, "2027-10-30T22:00+02:00"),
            punch("4", &ana, "2027-10-31T06:00"),
        ])
        .await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", "2027-10-30").await,
        ("present".into(), 510, 1)
    );
    let day = &world.days("Ana", "2027-10-30", "2027-10-30").await[0].day;
    assert_eq!((day.expected_minutes, day.balance_minutes), (510, 0));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nights_without_a_roster_stay_whole(pool: PgPool) {
    let world = world(pool).await;
    let ana = world.email("Ana");
    world.clock("2026-12-20T12:00+01:00");
    let mut punches = Vec::new();
    for day in 1..=19 {
        for (hour, n) in [(6, "out"), (20, "in")] {
            let when = format!("2026-12-{day:02}T{hour:02}:00");
            if (day, n) != (1, "out") && (day, n) != (19, "in") {
                punches.push(punch(&format!("{day} {n}"), &ana, &when));
            }
        }
    }
    for one in punches.iter().rev() {
        world.tell(std::slice::from_ref(one)).await;
        world.derive().await;
    }
    for day in world.days("Ana", "2026-12-01", "2026-12-18").await {
        assert_eq!(day.day.counted_minutes, 600, "{}", day.day.work_date);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn many_marks_of_one_person_are_one_derivation(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T20:00+01:00");
    let ana = world.email("Ana");
    for n in 0..40 {
        let mut one = punch(&format!("{n}"), &ana, "2026-11-23T09:00");
        one.occurred_at += TimeDelta::minutes(10 * n);
        world.tell(&[one]).await;
    }
    let told = world.told("attendance.day").await;
    let marks = world
        .count("select count(*) from attendance.stale_day")
        .await;
    assert_eq!(marks, 40);
    assert_eq!(world.service.derive_stale().await.expect("a database"), 40);
    assert_eq!(world.told("attendance.day").await, told + 1);
    assert_eq!(world.day("Ana", "2026-11-23").await.2, 1);
    assert_eq!(world.derive().await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn several_workers_derive_each_day_once(pool: PgPool) {
    let world = world(pool).await;
    world.clock("2026-11-23T20:00+01:00");
    let people = ["Ana", "Tom", "Mia", "Marta", "Henry", "Fay"];
    for round in 0..5 {
        for who in people {
            for n in 0..30 {
                let key = format!("{who} {round} {n}");
                let mut one = punch(&key, &world.email(who), "2026-11-02T09:00");
                one.occurred_at += TimeDelta::hours(n * 12 + round);
                world.tell(&[one]).await;
            }
        }
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let service = world.service.clone();
                tokio::spawn(async move {
                    while service.derive_stale().await.expect("no deadlock") > 0 {}
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("no panic");
        }
        world.derive().await;
    }
    // A version more than versions kept: nothing was written twice.
    let lost = world
        .count(
            "select count(*) from attendance.day d
             where d.version <> 1 + (
                 select count(*) from attendance.day_version v
                 where v.employee_id = d.employee_id and v.work_date = d.work_date
             )",
        )
        .await;
    assert_eq!(lost, 0);
    // Derived afresh, every day is as it stands.
    let before = world
        .count("select sum(version)::bigint from attendance.day")
        .await;
    for who in people {
        world.mark(who, "2026-11-01", "2026-11-23").await;
    }
    world.derive().await;
    let after = world
        .count("select sum(version)::bigint from attendance.day")
        .await;
    assert_eq!(before, after);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_locked_day_stays_and_the_difference_waits(pool: PgPool) {
    let world = world(pool).await;
    world.plan("Ana", &["2026-11-23"], &d1()).await;
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    world.clock("2026-11-24T08:00+01:00");
    world.tick("attendance.due").await;
    assert_eq!(world.day("Ana", "2026-11-23").await.0, "incomplete");
    sqlx::query(
        "insert into attendance.period (id, during, state, version, locked_by_label, locked_at)
         values (gen_random_uuid(), '[2026-11-01,2026-11-24)', 'locked', 2, 'Henry', now())",
    )
    .execute(&world.pool)
    .await
    .expect("a locked period");
    world.clock("2026-11-26T10:00+01:00");
    world
        .tell(&[punch("out", &world.email("Ana"), "2026-11-23T18:10")])
        .await;
    world.derive().await;
    let day = world.day("Ana", "2026-11-23").await;
    assert_eq!((day.0.as_str(), day.1), ("incomplete", 0));
    let page = world
        .service
        .day_page(&world.actor("Ana"), None, date("2026-11-23"))
        .await
        .expect("her own day");
    assert!(page.locked);
    assert_eq!(page.adjustment, Some((490, "pending".to_owned())));
    // Told again, it changes nothing.
    world.mark("Ana", "2026-11-23", "2026-11-23").await;
    world.derive().await;
    assert_eq!(
        world
            .count("select count(*) from attendance.adjustment")
            .await,
        1
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_persons_broken_row_stops_nobody_else(pool: PgPool) {
    let world = world(pool).await;
    world
        .plan("Ana", &["2026-11-23"], &shift("Odd", "09:00", "18:00", &[]))
        .await;
    sqlx::query("update attendance.roster_day set shifts = '[{\"what\": 1}]'")
        .execute(&world.pool)
        .await
        .expect("a broken row");
    world.clock("2026-11-23T20:00+01:00");
    for who in ["Ana", "Tom"] {
        let email = world.email(who);
        world
            .tell(&[
                punch(&format!("{who} 1"), &email, "2026-11-23T09:00"),
                punch(&format!("{who} 2"), &email, "2026-11-23T18:00"),
            ])
            .await;
    }
    world.service.derive_stale().await.expect("a database");
    let written = world.count("select count(*) from attendance.day").await;
    assert_eq!(written, 1);
    // What could not be derived waits, and is there once it can be read.
    assert!(
        world
            .count("select count(*) from attendance.stale_day")
            .await
            > 0
    );
    sqlx::query("update attendance.roster_day set shifts = '[]'")
        .execute(&world.pool)
        .await
        .expect("a good row");
    world.derive().await;
    assert_eq!(world.day("Ana", "2026-11-23").await.1, 540);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_loop_derives_when_it_is_nudged_and_ends_when_told(pool: PgPool) {
    let world = world(pool).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let service = world.service.clone();
    let derives = tokio::spawn(async move {
        service
            .keep_deriving(async {
                let _ = stopped.await;
            })
            .await;
    });
    world.press("Ana", "2026-11-23T09:00", Direction::In).await;
    let mut waited = 0;
    while world.count("select count(*) from attendance.day").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        waited += 1;
        assert!(waited < 200, "nothing is derived");
    }
    stop.send(()).expect("it runs");
    derives.await.expect("it ends");
}
