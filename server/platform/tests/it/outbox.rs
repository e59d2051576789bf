//! Events: once each, in order, whatever fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use model::EventId;
use platform::jobs::{JobError, Registry};
use platform::outbox::{PATIENCE, Relay, Subscribers, publish};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestWorld;

/// A table for the effects of subscribers, which has no constraint that would hide a second one.
async fn effects(pool: &PgPool) {
    sqlx::query("create table effect (consumer text not null, n bigint not null)")
        .execute(pool)
        .await
        .unwrap();
}

async fn effects_of(pool: &PgPool, consumer: &str) -> Vec<i64> {
    sqlx::query_scalar("select n from effect where consumer = $1 order by ctid")
        .bind(consumer)
        .fetch_all(pool)
        .await
        .unwrap()
}

/// Subscribes a consumer that writes the event's number down, and fails *after* that as long as
/// `fails` says so for the number.
fn writer(
    subscribers: &mut Subscribers,
    consumer: &'static str,
    fails: impl Fn(i64) -> bool + Send + Sync + Clone + 'static,
) {
    subscribers.on("test.counted", consumer, move |tx, event| {
        let fails = fails.clone();
        Box::pin(async move {
            let n = event.payload["n"].as_i64().unwrap();
            sqlx::query("insert into effect (consumer, n) values ($1, $2)")
                .bind(consumer)
                .bind(n)
                .execute(&mut **tx)
                .await?;
            if fails(n) {
                Err(JobError::retry("not now"))
            } else {
                Ok(())
            }
        })
    });
}

fn relay(world: &TestWorld, subscribers: Subscribers) -> (Relay, Registry) {
    let relay = Relay::new(world.db().clone(), world.deps.clock.clone(), subscribers);
    let mut registry = Registry::new();
    relay.register(&mut registry);
    (relay, registry)
}

async fn publish_numbers(world: &TestWorld, numbers: impl IntoIterator<Item = i64>) {
    for n in numbers {
        let mut tx = world.db().begin("test.publish").await.unwrap();
        let id: EventId = world.deps.new_id();
        publish(&mut tx, id, world.now(), "test.counted", &json!({ "n": n }))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

async fn open_events(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from platform.outbox where relayed_at is null")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_event_goes_with_its_transaction(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.writer", |_| false);
    let (_, registry) = relay(&world, subscribers);
    let mut tx = world.db().begin("test.publish").await.unwrap();
    let id: EventId = world.deps.new_id();
    publish(&mut tx, id, world.now(), "test.counted", &json!({"n": 1}))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.drain(&registry).await, 0);
    assert_eq!(effects_of(&pool, "test.writer").await, [] as [i64; 0]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_subscriber_that_fails_twice_has_each_effect_once_and_in_order(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let failures = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&failures);
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.flaky", move |n| {
        n == 2 && count.fetch_add(1, Ordering::SeqCst) < 2
    });
    writer(&mut subscribers, "test.steady", |_| false);
    let (_, registry) = relay(&world, subscribers);
    publish_numbers(&world, 1..=3).await;

    world.drain(&registry).await;
    assert_eq!(
        effects_of(&pool, "test.flaky").await,
        [1],
        "2 failed and holds up 3"
    );
    assert_eq!(
        effects_of(&pool, "test.steady").await,
        [1, 2, 3],
        "the other does not wait"
    );
    world.advance(TimeDelta::seconds(1));
    world.drain(&registry).await;
    assert_eq!(effects_of(&pool, "test.flaky").await, [1]);
    world.advance(TimeDelta::seconds(2));
    world.drain(&registry).await;
    assert_eq!(effects_of(&pool, "test.flaky").await, [1, 2, 3]);
    assert_eq!(failures.load(Ordering::SeqCst), 3);

    registry.run("outbox.sweep", Value::Null).await.unwrap();
    assert_eq!(open_events(&pool).await, 0);
    registry.run("outbox.sweep", Value::Null).await.unwrap();
    assert_eq!(effects_of(&pool, "test.steady").await, [1, 2, 3]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_event_that_never_succeeds_lets_the_others_pass_in_the_end(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.writer", |n| n == 1);
    let (_, registry) = relay(&world, subscribers);
    publish_numbers(&world, 1..=2).await;
    for _ in 0..PATIENCE {
        assert_eq!(effects_of(&pool, "test.writer").await, [] as [i64; 0]);
        world.drain(&registry).await;
        world.advance(TimeDelta::minutes(1));
    }
    assert_eq!(effects_of(&pool, "test.writer").await, [2]);
    assert_eq!(
        open_events(&pool).await,
        2,
        "2 is closed by the next sweep, 1 stays owed"
    );
    registry.run("outbox.sweep", Value::Null).await.unwrap();
    assert_eq!(open_events(&pool).await, 1);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_panic_is_a_failure_of_that_subscriber_alone(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.a_panics", |_| {
        panic!("out of cheese")
    });
    writer(&mut subscribers, "test.b_works", |_| false);
    let (_, registry) = relay(&world, subscribers);
    publish_numbers(&world, [1]).await;
    world.drain(&registry).await;
    assert_eq!(effects_of(&pool, "test.a_panics").await, [] as [i64; 0]);
    assert_eq!(effects_of(&pool, "test.b_works").await, [1]);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn two_relays_at_once_deliver_once(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.writer", |_| false);
    let (_, registry) = relay(&world, subscribers);
    publish_numbers(&world, 0..20).await;
    let sweeps = (0..4).map(|_| registry.run("outbox.sweep", Value::Null));
    for sweep in futures::future::join_all(sweeps).await {
        sweep.unwrap();
    }
    assert_eq!(
        effects_of(&pool, "test.writer").await,
        (0..20).collect::<Vec<_>>()
    );
    assert_eq!(open_events(&pool).await, 0);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn listeners_hear_each_event_once_even_while_a_subscriber_fails(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.broken", |_| true);
    let (relay, registry) = relay(&world, subscribers);
    let mut listener = relay.listen();
    publish_numbers(&world, 1..=2).await;
    world.drain(&registry).await;
    world.advance(TimeDelta::minutes(1));
    world.drain(&registry).await;
    for n in 1..=2 {
        let event = listener.try_recv().unwrap();
        assert_eq!(
            (&*event.topic, event.payload),
            ("test.counted", json!({ "n": n }))
        );
    }
    assert!(listener.try_recv().is_err());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn old_events_are_tidied_away_and_open_ones_stay(pool: PgPool) {
    let world = testkit::world(&pool).await;
    effects(&pool).await;
    let mut subscribers = Subscribers::new();
    writer(&mut subscribers, "test.writer", |n| n == 2);
    let (_, registry) = relay(&world, subscribers);
    publish_numbers(&world, 1..=2).await;
    world.drain(&registry).await;
    world.advance(TimeDelta::days(31));
    registry.run("outbox.tidy", Value::Null).await.unwrap();
    let left: Vec<Value> = sqlx::query_scalar("select payload from platform.outbox")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(left, [json!({"n": 2})]);
}
