//! The server is killed with SIGKILL at every point of a payment. After a restart the customer is
//! charged once and the books have it once.

use serde_json::json;
use sqlx::PgPool;

use super::harness::{Gateway, Server, await_value, order, payment, token};

/// Every step of the saga, and where in a step the process can die: before the gateway is asked,
/// after it answered, after the answer is written down.
const STEPS: [&str; 5] = ["begin", "open", "authorise", "capture", "receipt"];
const PLACES: [&str; 3] = ["acting", "acted", "applied"];

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_payment_survives_a_kill_at_every_point(pool: PgPool) {
    let gateway = Gateway::start().await;
    let token = token(&pool).await;
    for (round, (step, place)) in STEPS
        .iter()
        .flat_map(|s| PLACES.iter().map(move |p| (s, p)))
        .enumerate()
    {
        let point = format!("saga.checkout.{step}.{place}");
        let mut dying = Server::start(&pool, &gateway, Some(&point)).await;
        let id = order(&dying, &token, &format!("kill-{round}")).await;
        let answer = dying
            .post(&token, "/payments", &payment(&id, &format!("key-{round}")))
            .await;
        assert!(
            answer.is_err(),
            "{point}: the server answered {answer:?} instead of dying"
        );
        let status = dying.await_end().await;
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&status),
            Some(9),
            "{point}"
        );
        drop(dying);

        let _alive = Server::start(&pool, &gateway, None).await;
        await_value(
            &pool,
            "select status from payments.payment order by created_at desc, id desc limit 1",
            "captured",
            &point,
        )
        .await;
        await_value(
            &pool,
            "select status from platform.saga order by created_at desc, id desc limit 1",
            "finished",
            &point,
        )
        .await;
    }

    let rounds = STEPS.len() * PLACES.len();
    let count = async |query: &'static str| -> usize {
        let count: i64 = sqlx::query_scalar(query)
            .fetch_one(&pool)
            .await
            .expect("a count");
        usize::try_from(count).expect("a small count")
    };
    assert_eq!(count("select count(*) from payments.payment").await, rounds);
    assert_eq!(
        count("select count(*) from ledger.entry where kind = 'captured'").await,
        rounds
    );
    assert_eq!(
        count("select count(*) from payments.orders where status = 'paid'").await,
        rounds
    );
    assert_eq!(
        count("select count(*) from platform.mail").await,
        rounds,
        "one receipt for each"
    );
    let charges = gateway.truth().await;
    let charges = charges["charges"].as_array().expect("charges").clone();
    assert_eq!(charges.len(), rounds, "one charge for each order");
    assert!(
        charges.iter().all(|charge| charge["captured"] == 4990),
        "{charges:?}"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_gateway_that_takes_the_money_and_never_answers_takes_it_once(pool: PgPool) {
    let gateway = Gateway::start().await;
    let token = token(&pool).await;
    let server = Server::start(&pool, &gateway, None).await;
    let faults = [
        ("payment_intents.confirm", "drop_after"),
        ("payment_intents.confirm", "error_after"),
        ("payment_intents.confirm", "error_before"),
        ("payment_intents.capture", "drop_after"),
        ("payment_intents.capture", "error_after"),
        ("payment_intents.capture", "error_before"),
        ("payment_intents.create", "drop_after"),
        ("payment_intents.create", "error_after"),
    ];
    for (round, (operation, kind)) in faults.iter().enumerate() {
        let context = format!("{operation} {kind}");
        gateway
            .fault(&json!({ "operation": operation, "kind": kind, "times": 1 }))
            .await;
        let id = order(&server, &token, &format!("fault-{round}")).await;
        let (status, paid) = server
            .post(&token, "/payments", &payment(&id, &format!("key-{round}")))
            .await
            .expect("an answer");
        assert_eq!(status, 201, "{operation} {kind}: {paid}");
        assert_ne!(
            paid["status"], "declined",
            "{operation} {kind}: an unknown outcome is no failure"
        );
        await_value(
            &pool,
            "select status from payments.payment order by created_at desc, id desc limit 1",
            "captured",
            &context,
        )
        .await;
    }
    let truth = gateway.truth().await;
    assert_eq!(
        truth["charges"].as_array().expect("charges").len(),
        faults.len()
    );
    let booked: i64 =
        sqlx::query_scalar("select count(*) from ledger.entry where kind = 'captured'")
            .fetch_one(&pool)
            .await
            .expect("a count");
    assert_eq!(booked, i64::try_from(faults.len()).expect("a few"));
}
