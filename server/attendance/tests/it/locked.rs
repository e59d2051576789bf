//! Cases 48 to 50 of the specification from the punch on: what comes after the lock of a period leaves
//! its days alone and waits for HR.

use attendance::payroll::PayrollFile;
use model::attendance::day::Direction;
use model::attendance::views::{AdjustmentState, AdjustmentView, Change, CorrectionForm};
use model::{PeriodId, PunchId};
use sqlx::PgPool;

use crate::world::{World, d1, date, punch, world};

const MONDAY: &str = "2026-11-23";

/// A house in which Ana has worked the day shift on Monday with these punches, and it is Tuesday
/// evening.
async fn monday(pool: PgPool, punches: &[&str]) -> World {
    let world = world(pool).await;
    world.plan("Ana", &[MONDAY], &d1()).await;
    world.clock("2026-11-24T20:00+01:00");
    let whose = world.email("Ana");
    let punches: Vec<_> = punches
        .iter()
        .map(|time| punch(time, &whose, &format!("{MONDAY}T{time}")))
        .collect();
    world.tell(&punches).await;
    world.derive().await;
    world
}

/// Locks Monday on Wednesday, and opens what follows.
async fn lock(world: &World) -> (PeriodId, PeriodId) {
    world.clock("2026-11-25T12:00+01:00");
    let hr = world.hr();
    let make = |from, to| world.service.make_period(&hr, date(from), date(to));
    let locked = make("2026-11-01", MONDAY).await.expect("a new period");
    let open = make("2026-11-24", "2026-12-31")
        .await
        .expect("a new period");
    let done = world.service.lock_period(&hr, locked, 1).await;
    done.expect("it is over");
    (locked, open)
}

async fn adjustments(world: &World) -> Vec<AdjustmentView> {
    let page = world.service.periods_page(&world.actor("Fay")).await;
    page.expect("finance reads it").adjustments
}

async fn decide(world: &World, one: &AdjustmentView, approve: bool) {
    let decided = world
        .service
        .decide_adjustment(&world.hr(), one.id, approve)
        .await;
    decided.expect("it waits");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn case_48_a_late_punch_out_completes_an_open_day(pool: PgPool) {
    let world = monday(pool, &["09:00"]).await;
    assert_eq!(world.day("Ana", MONDAY).await, ("incomplete".into(), 0, 1));
    world.clock("2026-11-26T08:00+01:00");
    let late = punch("late", &world.email("Ana"), "2026-11-23T18:10");
    world.tell(&[late]).await;
    world.derive().await;
    assert_eq!(world.day("Ana", MONDAY).await, ("present".into(), 490, 2));
    assert!(adjustments(&world).await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn case_49_a_late_punch_out_after_the_lock_waits_in_the_open_period(pool: PgPool) {
    let world = monday(pool, &["09:00"]).await;
    let (_, open) = lock(&world).await;
    world.clock("2026-11-26T08:00+01:00");
    let late = punch("late", &world.email("Ana"), "2026-11-23T18:10");
    world.tell(&[late]).await;
    world.derive().await;
    assert_eq!(world.day("Ana", MONDAY).await, ("incomplete".into(), 0, 1));
    let waiting = adjustments(&world).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].minutes, waiting[0].state),
        (490, AdjustmentState::Pending)
    );

    decide(&world, &waiting[0], true).await;
    // However often it is derived from here, nothing is paid twice.
    world.mark("Ana", MONDAY, MONDAY).await;
    world.derive().await;
    assert_eq!(adjustments(&world).await.len(), 1);
    let (_, csv) = world
        .service
        .payroll_file(&world.actor("Fay"), open, PayrollFile::Totals)
        .await
        .expect("the file");
    let csv = String::from_utf8(csv).expect("text");
    let line = csv
        .lines()
        .find(|line| line.contains("Ana Kowalski"))
        .expect("a line");
    assert!(line.ends_with(",490"), "{line}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn case_50_a_correction_granted_after_the_lock_is_a_difference(pool: PgPool) {
    let world = monday(pool, &["09:00", "17:00"]).await;
    assert_eq!(world.day("Ana", MONDAY).await.1, 420);
    lock(&world).await;
    let out: uuid::Uuid =
        sqlx::query_scalar("select id from attendance.punch order by occurred_at desc limit 1")
            .fetch_one(&world.pool)
            .await
            .expect("the punch out");
    let form = CorrectionForm {
        work_date: date(MONDAY),
        changes: vec![Change::SetTime {
            punch: PunchId(out),
            at: "2026-11-23T18:30:00".parse().expect("a time"),
        }],
        reason: "I left later".into(),
    };
    let asked = world
        .service
        .request_correction(&world.actor("Ana"), &form, "key")
        .await;
    let asked = asked.expect("a wish");
    let granted = world
        .service
        .decide_correction(&world.hr(), asked.id, asked.version, true, "")
        .await;
    granted.expect("granted");
    world.derive().await;
    assert_eq!(
        world.day("Ana", MONDAY).await.1,
        420,
        "the locked row stays"
    );
    let waiting = adjustments(&world).await;
    assert_eq!((waiting.len(), waiting[0].minutes), (1, 90));
    let page = world
        .service
        .day_page(&world.hr(), Some(world.id("Ana")), date(MONDAY))
        .await;
    let page = page.expect("the page");
    assert!(page.locked);
    assert_eq!(page.punches.len(), 2, "the punch as it came is there");
    assert!(page.punches.iter().any(|line| !line.decisions.is_empty()));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_correction_made_unasked_after_the_lock_is_a_difference_too(pool: PgPool) {
    let world = monday(pool, &["09:00"]).await;
    lock(&world).await;
    let form = CorrectionForm {
        work_date: date(MONDAY),
        changes: vec![Change::Add {
            at: "2026-11-23T18:00:00".parse().expect("a time"),
            direction: Direction::Out,
        }],
        reason: "The door was dark".into(),
    };
    let preview = world
        .service
        .preview_correction_of(&world.hr(), world.id("Ana"), &form)
        .await;
    assert!(preview.expect("a good form").locked);
    let made = world
        .service
        .make_correction(&world.hr(), world.id("Ana"), &form, "key")
        .await;
    made.expect("HR may");
    let before = world.day("Ana", MONDAY).await;
    world.derive().await;
    assert_eq!(
        world.day("Ana", MONDAY).await,
        before,
        "the locked row stays"
    );
    let waiting = adjustments(&world).await;
    assert_eq!((waiting.len(), waiting[0].minutes), (1, 480));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_that_is_again_what_was_locked_has_nothing_waiting(pool: PgPool) {
    let world = monday(pool, &["09:00", "18:00"]).await;
    lock(&world).await;
    // A shift is taken away by mistake and put back: what the day is made of is as it was.
    let template = "update attendance.roster_day set shifts = $1";
    let before: serde_json::Value = sqlx::query_scalar("select shifts from attendance.roster_day")
        .fetch_one(&world.pool)
        .await
        .expect("the roster");
    for (shifts, waiting) in [(serde_json::json!([]), 1), (before, 0)] {
        sqlx::query(template)
            .bind(shifts)
            .execute(&world.pool)
            .await
            .expect("the roster");
        world.mark("Ana", MONDAY, MONDAY).await;
        world.derive().await;
        let found = adjustments(&world).await;
        let found = found.iter().filter(|a| a.state == AdjustmentState::Pending);
        assert_eq!(found.count(), waiting);
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_has_come_in_before_the_lock_is_in_the_period(pool: PgPool) {
    let world = monday(pool, &["09:00"]).await;
    let late = punch("late", &world.email("Ana"), "2026-11-23T18:10");
    world.tell(&[late]).await;
    // Nobody has derived it yet when HR locks.
    lock(&world).await;
    assert_eq!(world.day("Ana", MONDAY).await.1, 490);
    world.derive().await;
    assert!(adjustments(&world).await.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn punches_while_a_period_is_being_locked_are_in_it_or_wait(pool: PgPool) {
    let world = monday(pool, &["09:00"]).await;
    world.clock("2026-11-25T12:00+01:00");
    let hr = world.hr();
    let made = world
        .service
        .make_period(&hr, date("2026-11-01"), date(MONDAY))
        .await;
    let period = made.expect("a new period");
    let late = punch("late", &world.email("Ana"), "2026-11-23T18:10");
    let deriving = async {
        world.tell(&[late]).await;
        world.derive().await;
    };
    let (locked, ()) = tokio::join!(world.service.lock_period(&hr, period, 1), deriving);
    locked.expect("it is over");
    world.derive().await;
    let counted = world.day("Ana", MONDAY).await.1;
    let waiting: i64 = adjustments(&world).await.iter().map(|a| a.minutes).sum();
    assert_eq!(counted + waiting, 490);
}
