//! Jobs: enqueued with the transaction, tried again, seen by people.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use platform::jobs::{
    JobError, JobState, NewJob, Registry, discard, enqueue, figures, list, retry,
};
use serde_json::json;
use sqlx::PgPool;

fn counting(registry: &mut Registry, kind: &'static str) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    registry.register(kind, move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    count
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_job_goes_with_its_transaction(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    let count = counting(&mut registry, "test.count");

    let mut tx = world.db().begin("test.rollback").await.unwrap();
    enqueue(&mut tx, NewJob::new("test.count", &json!({})))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.drain(&registry).await, 0);

    let mut tx = world.db().begin("test.commit").await.unwrap();
    enqueue(&mut tx, NewJob::new("test.count", &json!({})))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(
        world.drain(&registry).await,
        0,
        "a job that succeeded is gone"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_handler_gets_the_payload_as_it_was(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    registry.register("test.payload", |payload| async move {
        assert_eq!(payload, json!({"order": 7, "kind": "not ours"}));
        Ok(())
    });
    let mut conn = world.db().read().await.unwrap();
    let job = NewJob::new("test.payload", &json!({"order": 7, "kind": "not ours"}));
    enqueue(&mut conn, job).await.unwrap();
    assert_eq!(world.drain(&registry).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_job_waits_for_its_time(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    counting(&mut registry, "test.count");
    let mut conn = world.db().read().await.unwrap();
    let at = world.now() + TimeDelta::hours(1);
    enqueue(&mut conn, NewJob::new("test.count", &json!({})).run_at(at))
        .await
        .unwrap();
    assert_eq!(world.drain(&registry).await, 0);
    world.advance(TimeDelta::hours(1));
    assert_eq!(world.drain(&registry).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn one_key_is_one_waiting_job(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    counting(&mut registry, "test.count");
    let mut conn = world.db().read().await.unwrap();
    for _ in 0..3 {
        enqueue(&mut conn, NewJob::new("test.count", &json!({})).key("only"))
            .await
            .unwrap();
    }
    let kept = NewJob::new("test.count", &json!({}))
        .key("only")
        .unless_queued();
    enqueue(&mut conn, kept).await.unwrap();
    assert_eq!(world.drain(&registry).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_job_may_enqueue_its_own_key_again(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    let rounds = Arc::new(AtomicUsize::new(0));
    let (db, count) = (world.db().clone(), Arc::clone(&rounds));
    registry.register("test.again", move |_| {
        let (db, round) = (db.clone(), count.fetch_add(1, Ordering::SeqCst));
        async move {
            if round < 2 {
                let mut conn = db.read().await?;
                enqueue(&mut conn, NewJob::new("test.again", &json!({})).key("k")).await?;
            }
            Ok(())
        }
    });
    let mut conn = world.db().read().await.unwrap();
    enqueue(&mut conn, NewJob::new("test.again", &json!({})).key("k"))
        .await
        .unwrap();
    assert_eq!(world.drain(&registry).await, 3);
    assert_eq!(
        figures(&mut conn).await.unwrap().failed,
        0,
        "what was replaced is no failure"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_failing_job_is_tried_again_later(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    let tries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tries);
    registry.register("test.flaky", move |_| {
        let failed = count.fetch_add(1, Ordering::SeqCst) < 2;
        async move {
            if failed {
                Err(JobError::retry("not yet"))
            } else {
                Ok(())
            }
        }
    });
    let mut conn = world.db().read().await.unwrap();
    enqueue(&mut conn, NewJob::new("test.flaky", &json!({})))
        .await
        .unwrap();

    let (ran, errors) = world.drain_with_errors(&registry).await;
    assert_eq!((ran, errors.len()), (1, 1));
    assert_eq!(
        errors[0],
        ("test.flaky".to_owned(), JobError::retry("not yet"))
    );
    let page = list(&mut conn, None, None, 10).await.unwrap();
    assert_eq!(page.items[0].last_error.as_deref(), Some("not yet"));
    assert_eq!(page.items[0].attempts, 1);
    assert_eq!(
        world.drain_with_errors(&registry).await.0,
        0,
        "its pause is not over"
    );

    world.advance(TimeDelta::seconds(3));
    assert_eq!(world.drain_with_errors(&registry).await.1.len(), 1);
    world.advance(TimeDelta::seconds(8));
    assert_eq!(world.drain(&registry).await, 1);
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_fails_for_good_waits_for_a_person(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    let broken = Arc::new(AtomicUsize::new(1));
    let state = Arc::clone(&broken);
    registry.register("test.broken", move |_| {
        let broken = state.load(Ordering::SeqCst) == 1;
        async move {
            if broken {
                Err(JobError::permanent("no such order"))
            } else {
                Ok(())
            }
        }
    });
    let mut conn = world.db().read().await.unwrap();
    for number in 0..2 {
        enqueue(
            &mut conn,
            NewJob::new("test.broken", &json!({ "n": number })),
        )
        .await
        .unwrap();
    }
    assert_eq!(world.drain_with_errors(&registry).await.1.len(), 2);
    world.advance(TimeDelta::days(30));
    assert_eq!(
        world.drain(&registry).await,
        0,
        "it is not tried again by itself"
    );
    assert_eq!(figures(&mut conn).await.unwrap().failed, 2);

    let first = list(&mut conn, Some(JobState::Failed), None, 1)
        .await
        .unwrap();
    let rest = list(&mut conn, Some(JobState::Failed), first.next.as_deref(), 1)
        .await
        .unwrap();
    assert_eq!(first.items[0].payload, json!({"n": 1}));
    assert_eq!(rest.items[0].payload, json!({"n": 0}));
    assert_eq!(rest.next, None);

    broken.store(0, Ordering::SeqCst);
    assert!(retry(&mut conn, first.items[0].id).await.unwrap());
    assert!(discard(&mut conn, rest.items[0].id).await.unwrap());
    assert_eq!(figures(&mut conn).await.unwrap().ready, 1);
    assert_eq!(platform::jobs::drain(world.db(), &registry).await, 1);
    assert_eq!(list(&mut conn, None, None, 10).await.unwrap().items, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_figures_tell_ready_from_scheduled(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    let late = chrono::Utc::now() + TimeDelta::days(1);
    enqueue(&mut conn, NewJob::new("test.a", &json!({})))
        .await
        .unwrap();
    enqueue(&mut conn, NewJob::new("test.a", &json!({})).run_at(late))
        .await
        .unwrap();
    let figures = figures(&mut conn).await.unwrap();
    assert_eq!(
        (figures.ready, figures.scheduled, figures.locked),
        (1, 1, 0)
    );
    assert!(figures.oldest_ready_seconds >= 0.0);
}
