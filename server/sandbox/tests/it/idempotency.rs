//! The contract of `Idempotency-Key`, as a client sees it.

use std::sync::Arc;

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_first_answer_is_the_answer() {
    let world = World::new().await;
    let form = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";
    let first = world.post_as("payment_intents", form, "k").await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    assert_eq!(first.headers["idempotency-key"], "k");
    let second = world.post_as("payment_intents", form, "k").await;
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_ne!(first.headers["request-id"], second.headers["request-id"]);
    assert_eq!(first.ok(), second.ok());

    let other = "amount=2000&currency=eur&confirm=true&payment_method=pm_card_visa";
    let reused = world.post_as("payment_intents", other, "k").await;
    assert_eq!(reused.status, 400);
    assert_eq!(reused.body["error"]["type"], "idempotency_error");
    let elsewhere = world.post_as("customers", form, "k").await;
    assert_eq!(elsewhere.body["error"]["type"], "idempotency_error");
    let long = world
        .post_as("payment_intents", form, &"x".repeat(256))
        .await;
    assert_eq!(long.status, 400);
    assert_eq!(world.truth().await["charges"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn declines_and_breakdowns_are_kept_but_what_did_not_begin_is_not() {
    let world = World::new().await;
    let form = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_chargeDeclined";
    let first = world.post_as("payment_intents", form, "declined").await;
    let again = world.post_as("payment_intents", form, "declined").await;
    assert_eq!((first.status, again.status), (402, 402));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(first.body, again.body);

    world
        .fault("payment_intents.create", "error_500_after", json!({}))
        .await;
    let form = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";
    for _ in 0..2 {
        assert_eq!(
            world
                .post_as("payment_intents", form, "broken")
                .await
                .status,
            500
        );
    }
    assert_eq!(world.truth().await["charges"].as_array().unwrap().len(), 1);

    let refused = world
        .post_as("payment_intents", "amount=1000", "typo")
        .await;
    assert_eq!(refused.status, 400);
    world
        .post_as("payment_intents", "amount=1000&currency=eur", "typo")
        .await
        .ok();
}

#[tokio::test]
async fn fifty_at_once_with_one_key_are_one_charge() {
    let world = Arc::new(World::new().await);
    world
        .fault("payment_intents.create", "latency", json!({ "ms": 50 }))
        .await;
    let form = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";
    let twins: Vec<_> = (0..50)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.post_as("payment_intents", form, "one").await })
        })
        .collect();
    let (mut ids, mut busy) = (std::collections::BTreeSet::new(), 0);
    for twin in twins {
        let answer = twin.await.unwrap();
        if answer.status == 409 {
            busy += 1;
            answer.error(409, "idempotency_key_in_use");
        } else {
            ids.insert(answer.ok()["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(ids.len(), 1);
    assert!(busy < 50);
    assert_eq!(world.truth().await["charges"].as_array().unwrap().len(), 1);
    // Whoever was told to come back finds the answer.
    let late = world.post_as("payment_intents", form, "one").await;
    assert_eq!(late.headers["idempotent-replayed"], "true");
}
