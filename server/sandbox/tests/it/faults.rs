//! Faults strike as often as they were asked to.

use std::time::Duration;

use serde_json::json;

use crate::world::World;

const FORM: &str = "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";

async fn charges(world: &World) -> usize {
    world.truth().await["charges"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_error_before_leaves_nothing_and_may_be_retried() {
    let world = World::new().await;
    world
        .fault("payment_intents.*", "error_before", json!({ "times": 2 }))
        .await;
    for _ in 0..2 {
        assert_eq!(
            world.post_as("payment_intents", FORM, "k").await.status,
            500
        );
        assert_eq!(charges(&world).await, 0);
    }
    world.post_as("payment_intents", FORM, "k").await.ok();
    assert_eq!(charges(&world).await, 1);
}

#[tokio::test]
async fn a_time_out_after_has_taken_the_money_and_the_key_knows() {
    let world = World::new().await;
    world
        .fault(
            "payment_intents.create",
            "timeout_after",
            json!({ "ms": 30_000 }),
        )
        .await;
    let call = world.try_post("payment_intents", FORM, "k");
    let outcome = tokio::time::timeout(Duration::from_millis(400), call).await;
    assert!(outcome.is_err(), "no answer comes");
    assert_eq!(charges(&world).await, 1);
    let again = world.post_as("payment_intents", FORM, "k").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok()["status"], "succeeded");
    assert_eq!(charges(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn connections_are_cut_before_or_after_the_deed() {
    let world = World::new().await;
    world
        .fault("payment_intents.create", "drop", json!({}))
        .await;
    world
        .try_post("payment_intents", FORM, "a")
        .await
        .expect_err("the connection is cut");
    assert_eq!(charges(&world).await, 0);
    world
        .fault("payment_intents.create", "drop_after", json!({}))
        .await;
    world
        .try_post("payment_intents", FORM, "b")
        .await
        .expect_err("the connection is cut");
    assert_eq!(charges(&world).await, 1);
    world.fault("*", "timeout_before", json!({ "ms": 1 })).await;
    world
        .try_post("payment_intents", FORM, "c")
        .await
        .expect_err("the connection is cut");
    assert_eq!(charges(&world).await, 1);
}

#[tokio::test]
async fn a_slow_provider_finishes_although_the_caller_left() {
    let world = World::new().await;
    world
        .fault("payment_intents.create", "latency", json!({ "ms": 300 }))
        .await;
    let call = world.try_post("payment_intents", FORM, "k");
    assert!(
        tokio::time::timeout(Duration::from_millis(50), call)
            .await
            .is_err()
    );
    while charges(&world).await == 0 {
        tokio::task::yield_now().await;
    }
    world
        .fault("payment_intents.create", "rate_limit", json!({}))
        .await;
    world
        .post("payment_intents", FORM)
        .await
        .error(429, "rate_limit");
}

#[tokio::test]
async fn faults_are_listed_and_cleared() {
    let world = World::new().await;
    world
        .fault("refunds.create", "error_after", json!({ "times": -1 }))
        .await;
    assert_eq!(
        world.look("/sandbox/faults").await["faults"][0]["kind"],
        "error_after"
    );
    world
        .http
        .delete(format!("{}/sandbox/faults", world.url))
        .send()
        .await
        .unwrap();
    assert_eq!(world.look("/sandbox/faults").await["faults"], json!([]));
}
