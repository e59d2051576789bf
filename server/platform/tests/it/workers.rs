//! The real worker loop. What it does is waited for, never slept for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use platform::jobs::{
    Config, JobError, NewJob, Registry, Workers, enqueue, figures, list, record_figures,
};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::Semaphore;

const PATIENCE: Duration = Duration::from_secs(60);

fn config() -> Config {
    Config {
        concurrency: 3,
        poll_interval: Duration::from_millis(200),
        ..Config::default()
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_backlog_is_drained_by_real_workers(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let done = Arc::new(Semaphore::new(0));
    let mut registry = Registry::new();
    let signal = Arc::clone(&done);
    registry.register("test.one", move |_| {
        signal.add_permits(1);
        async { Ok(()) }
    });
    let started = Arc::new(Semaphore::new(0));
    let signal = Arc::clone(&started);
    registry.register("test.start", move |_| {
        signal.add_permits(1);
        async { Ok(()) }
    });
    registry.at_start("test.start");
    registry.cron("test.start", "0 0 1 1 *");

    let mut tx = world.db().begin("test.backlog").await.unwrap();
    for number in 0..500 {
        enqueue(&mut tx, NewJob::new("test.one", &json!({ "n": number })))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();

    let workers = Workers::start(world.db(), registry, config())
        .await
        .unwrap();
    let all = tokio::time::timeout(PATIENCE, done.acquire_many(500)).await;
    all.expect("the backlog is drained in time")
        .unwrap()
        .forget();
    let start = tokio::time::timeout(PATIENCE, started.acquire()).await;
    start
        .expect("what is to run at start has run")
        .unwrap()
        .forget();
    workers.stop().await;

    let figures = record_figures(world.db()).await.unwrap();
    assert_eq!((figures.ready, figures.locked, figures.failed), (0, 0, 0));
    assert_eq!(done.available_permits(), 0, "none ran twice");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_panic_and_a_failure_for_good_leave_the_worker_alive(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let done = Arc::new(Semaphore::new(0));
    let mut registry = Registry::new();
    registry.register("test.panic", |_| async { panic!("out of cheese") });
    let tries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tries);
    registry.register("test.broken", move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        async { Err(JobError::permanent("no such order")) }
    });
    let signal = Arc::clone(&done);
    registry.register("test.after", move |_| {
        signal.add_permits(1);
        async { Ok(()) }
    });
    let mut conn = world.db().read().await.unwrap();
    enqueue(&mut conn, NewJob::new("test.panic", &json!({})))
        .await
        .unwrap();
    enqueue(&mut conn, NewJob::new("test.broken", &json!({})))
        .await
        .unwrap();
    let config = Config {
        concurrency: 1,
        ..config()
    };
    let workers = Workers::start(world.db(), registry, config).await.unwrap();
    // One worker, so this one comes after the other two.
    enqueue(&mut conn, NewJob::new("test.after", &json!({})))
        .await
        .unwrap();
    let after = tokio::time::timeout(PATIENCE, done.acquire()).await;
    after.expect("the worker lives").unwrap().forget();
    workers.stop().await;

    assert_eq!(tries.load(Ordering::SeqCst), 1);
    assert_eq!(figures(&mut conn).await.unwrap().failed, 1);
    let jobs = list(&mut conn, None, None, 10).await.unwrap().items;
    let errors: Vec<_> = jobs
        .iter()
        .map(|job| (&*job.kind, job.last_error.as_deref()))
        .collect();
    let panicked = errors
        .iter()
        .find(|(kind, _)| *kind == "test.panic")
        .unwrap();
    assert!(panicked.1.unwrap().contains("out of cheese"), "{errors:?}");
    let broken = errors
        .iter()
        .find(|(kind, _)| *kind == "test.broken")
        .unwrap();
    assert!(broken.1.unwrap().contains("no such order"), "{errors:?}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_wrong_schedule_stops_the_start(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    registry.register("test.cron", |_| async { Ok(()) });
    registry.cron("test.cron", "every now and then");
    let error = Workers::start(world.db(), registry, config())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the job test.cron cannot run by the clock"),
        "{error}"
    );
}
