//! Overtime and early arrivals: told while nobody decides, paid once somebody does.

use attendance::Error;
use attendance::payroll::PayrollFile;
use chrono::TimeDelta;
use model::attendance::day::Day;
use model::attendance::views::{AdjustmentState, OvertimeChoice, OvertimeDay};
use model::{Actor, PeriodId, Problem};
use sqlx::PgPool;

use crate::world::{World, at, d1, date, punch, world};

const MONDAY: &str = "2026-11-23";

/// Ana under California's law, at work on Monday; it is Tuesday morning.
async fn long_day(pool: PgPool, begins: &str, ends: &str) -> World {
    let world = world(pool).await;
    sqlx::query(
        "update attendance.policy set document = document || '{\"overtime\": \"california\"}'",
    )
    .execute(&world.pool)
    .await
    .expect("a policy");
    world.plan("Ana", &[MONDAY], &d1()).await;
    world.clock("2026-11-24T08:00+01:00");
    let ana = world.email("Ana");
    let told = [
        punch("in", &ana, &format!("{MONDAY}T{begins}")),
        punch("out", &ana, &format!("{MONDAY}T{ends}")),
    ];
    world.tell(&told).await;
    world.derive().await;
    world
}

async fn waiting(world: &World, who: &str) -> Vec<OvertimeDay> {
    let inbox = world.service.inbox(&world.actor(who)).await;
    inbox.expect("an inbox").overtime
}

fn choice(day: &OvertimeDay, minutes: i64) -> OvertimeChoice {
    OvertimeChoice {
        employee: day.employee.id,
        work_date: day.work_date,
        version: day.version,
        early: false,
        minutes,
        seen_early: day.early_minutes,
        seen_overtime: day.overtime_minutes,
    }
}

async fn decide(world: &World, who: &str, choice: OvertimeChoice) -> Result<usize, Error> {
    let done = world
        .service
        .decide_overtime(&world.actor(who), &[choice], "The stocktaking")
        .await;
    world.derive().await;
    done
}

fn status<T>(done: Result<T, Error>) -> u16 {
    match done {
        Ok(_) => 200,
        Err(error) => Problem::from(error).status,
    }
}

async fn day(world: &World) -> Day {
    world.days("Ana", MONDAY, MONDAY).await.remove(0).day
}

/// A column of Ana's line in payroll.
async fn paid(world: &World, period: PeriodId, column: &str) -> String {
    let fay: Actor = world.actor("Fay");
    let file = world
        .service
        .payroll_file(&fay, period, PayrollFile::Totals)
        .await;
    let csv = String::from_utf8(file.expect("the file").1).expect("text");
    let mut lines = csv.lines();
    let header = lines.next().expect("a header").split(',');
    let line = lines.find(|line| line.contains("Ana")).expect("a line");
    let mut cells = header.zip(line.split(','));
    let found = cells.find(|(name, _)| *name == column);
    found.expect("a column").1.to_owned()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn overtime_is_paid_as_far_as_it_is_approved(pool: PgPool) {
    let world = long_day(pool, "09:00", "20:00").await;
    let period = world
        .service
        .make_period(&world.hr(), date("2026-11-23"), date("2026-11-30"))
        .await
        .expect("a new period");
    let [one] = &waiting(&world, "Marta").await[..] else {
        panic!("one day waits");
    };
    assert_eq!((one.overtime_minutes, one.early_minutes), (120, 0));
    assert_eq!(day(&world).await.unapproved_overtime_minutes, 120);
    assert_eq!(paid(&world, period, "overtime_1.5_minutes").await, "0");
    assert_eq!(
        paid(&world, period, "overtime_unapproved_minutes").await,
        "120"
    );

    // Less than all of it, and sent twice.
    let less = choice(one, 90);
    assert_eq!(status(decide(&world, "Marta", less).await), 200);
    assert_eq!(status(decide(&world, "Marta", less).await), 200);
    assert_eq!(waiting(&world, "Marta").await, []);
    let decided = day(&world).await;
    assert_eq!(decided.unapproved_overtime_minutes, 30);
    assert_eq!(
        decided.counted_minutes, 600,
        "what counts is another matter"
    );
    let says = |text: &str| decided.explanation.iter().any(|line| line.text == text);
    assert!(says(
        "Marta Klein has approved 1 h 30 min of 2 h of overtime."
    ));
    assert_eq!(paid(&world, period, "overtime_1.5_minutes").await, "90");
    assert_eq!(
        paid(&world, period, "overtime_unapproved_minutes").await,
        "30"
    );
    let months = world.service.month(&world.actor("Ana"), None, None).await;
    let totals = months.expect("her month").totals;
    assert_eq!((totals.overtime, totals.unapproved), (120, 30));

    // Her own page names who decided; taken back, the day waits again, and nothing is forgotten.
    let ana = world.actor("Ana");
    let page = world.service.day_page(&ana, None, date(MONDAY)).await;
    let told = page.expect("her day").overtime.expect("a decision");
    assert_eq!((told.by.as_str(), told.minutes), ("Marta Klein", 90));
    assert!(!told.may_undo);
    let marta = world.actor("Marta");
    let undone = world
        .service
        .undo_overtime(&marta, world.id("Ana"), date(MONDAY), told.version)
        .await;
    assert_eq!(status(undone), 200);
    world.derive().await;
    assert_eq!(waiting(&world, "Marta").await.len(), 1);
    assert_eq!(day(&world).await.unapproved_overtime_minutes, 120);
    let kept = "select count(*) from attendance.overtime_decision";
    assert_eq!(world.count(kept).await, 2);
    let audited = "select count(*) from platform.outbox
                   where topic = 'attendance.audited' and payload ->> 'action' = 'attendance.overtime'";
    assert_eq!(world.count(audited).await, 2);
    let export = world.service.export_own(&ana).await.expect("her record");
    let minutes: Vec<_> = export["overtime"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|decision| decision["minutes"].as_i64())
        .collect();
    assert_eq!(minutes, [Some(90), Some(0)]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_was_refused_waits_again_once_there_is_more(pool: PgPool) {
    let world = long_day(pool, "09:00", "19:00").await;
    let one = waiting(&world, "Marta").await.remove(0);
    decide(&world, "Marta", choice(&one, 0))
        .await
        .expect("hers");
    assert_eq!(waiting(&world, "Marta").await, []);
    assert_eq!(day(&world).await.unapproved_overtime_minutes, 60);
    let ana = world.email("Ana");
    let later = punch("later", &ana, &format!("{MONDAY}T20:00"));
    let mut back = later.clone();
    back.client_key = "back".into();
    back.occurred_at = at(&format!("{MONDAY}T19:01"));
    world.tell(&[back, later]).await;
    world.derive().await;
    let more = waiting(&world, "Marta").await.remove(0);
    assert_eq!(more.version, 1);
    assert!(more.overtime_minutes > 60, "{more:?}");
    // A decision about what was seen before is refused.
    assert_eq!(status(decide(&world, "Marta", choice(&one, 30)).await), 409);
    let all = choice(&more, more.overtime_minutes);
    assert_eq!(status(decide(&world, "Marta", all).await), 200);
    assert_eq!(day(&world).await.unapproved_overtime_minutes, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn coming_early_counts_once_it_is_approved(pool: PgPool) {
    let world = long_day(pool, "08:30", "17:30").await;
    assert_eq!(day(&world).await.counted_minutes, 450);
    let one = waiting(&world, "Marta").await.remove(0);
    assert_eq!((one.overtime_minutes, one.early_minutes), (0, 30));
    let early = OvertimeChoice {
        early: true,
        ..choice(&one, 0)
    };
    decide(&world, "Marta", early).await.expect("hers");
    let decided = day(&world).await;
    assert_eq!(
        (decided.counted_minutes, decided.uncounted_early_minutes),
        (480, 0)
    );
    assert_eq!(waiting(&world, "Marta").await, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_few_minutes_before_the_start_are_no_matter(pool: PgPool) {
    let world = long_day(pool, "08:50", "18:00").await;
    assert_eq!(day(&world).await.uncounted_early_minutes, 10);
    assert_eq!(waiting(&world, "Marta").await, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_the_manager_and_hr_decide(pool: PgPool) {
    let world = long_day(pool, "09:00", "20:00").await;
    let one = waiting(&world, "Henry").await.remove(0);
    for (who, expected) in [("Tom", 403), ("Ana", 403), ("Fay", 403)] {
        let done = decide(&world, who, choice(&one, 60)).await;
        assert_eq!(status(done), expected, "{who}");
    }
    // A manager of others does not learn that there is such a day, and nobody decides about their own.
    sqlx::query("update attendance.employment set manager_id = null where employee_id = $1")
        .bind(world.id("Ana").0)
        .execute(&world.pool)
        .await
        .expect("terms");
    assert_eq!(waiting(&world, "Marta").await, []);
    assert_eq!(status(decide(&world, "Marta", choice(&one, 60)).await), 404);
    let own = OvertimeChoice {
        employee: world.id("Henry"),
        ..choice(&one, 60)
    };
    assert_eq!(status(decide(&world, "Henry", own).await), 404);
    // Nobody approves more than there is.
    assert_eq!(
        status(decide(&world, "Henry", choice(&one, 121)).await),
        422
    );
    assert_eq!(
        status(decide(&world, "Henry", choice(&one, 120)).await),
        200
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn in_a_locked_period_early_work_becomes_an_adjustment(pool: PgPool) {
    let world = long_day(pool, "08:30", "20:00").await;
    let hr = world.hr();
    let made = world
        .service
        .make_period(&hr, date(MONDAY), date(MONDAY))
        .await;
    let one = waiting(&world, "Marta").await.remove(0);
    let locked = world
        .service
        .lock_period(&hr, made.expect("a new period"), 1)
        .await;
    locked.expect("it is over");
    assert_eq!(waiting(&world, "Marta").await, []);
    // What was paid above the straight rate went to payroll.
    assert_eq!(status(decide(&world, "Marta", choice(&one, 60)).await), 409);
    let early = OvertimeChoice {
        early: true,
        ..choice(&one, 0)
    };
    assert_eq!(status(decide(&world, "Marta", early).await), 200);
    let page = world.service.periods_page(&hr).await.expect("the page");
    let found = page.adjustments.iter();
    let found: Vec<_> = found.map(|one| (one.minutes, one.state)).collect();
    assert_eq!(found, [(30, AdjustmentState::Pending)]);
    assert_eq!(day(&world).await.counted_minutes, 600, "the row stays");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn terms_may_pay_overtime_without_a_word(pool: PgPool) {
    let world = long_day(pool, "09:00", "20:00").await;
    let policies = world.service.policies(&world.hr()).await.expect("terms");
    let known = policies.into_iter().next().expect("the usual ones");
    let mut policy = known.policy;
    policy.overtime_needs_approval = false;
    let saved = world
        .service
        .save_policy(
            &world.hr(),
            Some(known.id),
            known.version,
            &known.name,
            &policy,
        )
        .await;
    saved.expect("good terms");
    world.test.advance(TimeDelta::minutes(1));
    world.derive().await;
    assert_eq!(day(&world).await.unapproved_overtime_minutes, 0);
    assert_eq!(waiting(&world, "Marta").await, []);
}
