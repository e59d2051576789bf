//! One answer for one key.

use chrono::TimeDelta;
use platform::idempotency::{Claim, Error, TAKEOVER_SECONDS, claim, finish, release};
use platform::jobs::Registry;
use serde_json::{Value, json};
use sqlx::PgPool;

const HASH: [u8; 32] = [1; 32];
const OTHER_HASH: [u8; 32] = [2; 32];

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_fifty_twins_one_works(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let twins = (0..50).map(|_| {
        let (db, now) = (world.db().clone(), world.now());
        tokio::spawn(async move {
            let mut conn = db.read().await.unwrap();
            claim(&mut conn, "test", "key", &HASH, now).await.unwrap()
        })
    });
    let claims = futures::future::join_all(twins).await;
    let claims: Vec<Claim> = claims.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        claims
            .iter()
            .filter(|claim| **claim == Claim::Fresh)
            .count(),
        1
    );
    assert_eq!(
        claims
            .iter()
            .filter(|claim| **claim == Claim::InFlight)
            .count(),
        49
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_first_answer_is_the_only_one(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    let now = world.now();
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, now).await.unwrap(),
        Claim::Fresh
    );
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, now).await.unwrap(),
        Claim::InFlight
    );
    assert_eq!(
        claim(&mut conn, "b", "k", &HASH, now).await.unwrap(),
        Claim::Fresh
    );
    finish(&mut conn, "a", "k", 201, &json!({"id": 7}))
        .await
        .unwrap();
    finish(&mut conn, "a", "k", 500, &json!({})).await.unwrap();
    release(&mut conn, "a", "k").await.unwrap();
    let answer = Claim::Replay {
        status: 201,
        body: json!({"id": 7}),
    };
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, now).await.unwrap(),
        answer
    );
    assert_eq!(
        claim(&mut conn, "a", "k", &OTHER_HASH, now).await.unwrap(),
        Claim::Reused
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_twin_of_a_claim_in_a_transaction_waits_for_the_answer(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let now = world.now();
    let mut tx = world.db().begin("test.work").await.unwrap();
    assert_eq!(
        claim(&mut tx, "a", "k", &HASH, now).await.unwrap(),
        Claim::Fresh
    );
    let db = world.db().clone();
    let twin = tokio::spawn(async move {
        claim(&mut db.read().await.unwrap(), "a", "k", &HASH, now)
            .await
            .unwrap()
    });
    finish(&mut tx, "a", "k", 204, &Value::Null).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        twin.await.unwrap(),
        Claim::Replay {
            status: 204,
            body: Value::Null
        }
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_key_given_back_is_free(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
    release(&mut conn, "a", "k").await.unwrap();
    assert_eq!(
        claim(&mut conn, "a", "k", &OTHER_HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_abandoned_claim_is_taken_over_once(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
    world.advance(TimeDelta::seconds(TAKEOVER_SECONDS - 1));
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, world.now())
            .await
            .unwrap(),
        Claim::InFlight
    );
    world.advance(TimeDelta::seconds(1));
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
    assert_eq!(
        claim(&mut conn, "a", "k", &HASH, world.now())
            .await
            .unwrap(),
        Claim::InFlight
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_key_is_visible_ascii_of_bounded_length(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    for bad in ["", "a b", "tab\t", "schlüssel", &"x".repeat(256)] {
        let refused = claim(&mut conn, "a", bad, &HASH, world.now()).await;
        assert!(matches!(refused, Err(Error::BadKey)), "{bad:?}");
    }
    let longest = "x".repeat(255);
    assert_eq!(
        claim(&mut conn, "a", &longest, &HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn answers_are_forgotten_after_a_week(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut registry = Registry::new();
    let clock = world.deps.clock.clone();
    platform::idempotency::register(&mut registry, world.db().clone(), clock);
    let mut conn = world.db().read().await.unwrap();
    claim(&mut conn, "a", "k", &HASH, world.now())
        .await
        .unwrap();
    finish(&mut conn, "a", "k", 200, &json!({})).await.unwrap();
    world.advance(TimeDelta::days(7));
    registry.run("idempotency.tidy", Value::Null).await.unwrap();
    assert_eq!(
        claim(&mut conn, "a", "k", &OTHER_HASH, world.now())
            .await
            .unwrap(),
        Claim::Reused
    );
    world.advance(TimeDelta::seconds(1));
    registry.run("idempotency.tidy", Value::Null).await.unwrap();
    assert_eq!(
        claim(&mut conn, "a", "k", &OTHER_HASH, world.now())
            .await
            .unwrap(),
        Claim::Fresh
    );
}
