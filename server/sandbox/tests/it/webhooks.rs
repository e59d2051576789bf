//! Webhooks as their receiver sees them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use sandbox::{Config, WEBHOOK_SECRET, signature_header};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::world::World;

#[derive(Clone)]
struct Receiver {
    told: mpsc::UnboundedSender<(String, Vec<u8>)>,
    /// How many more to refuse.
    refusals: Arc<AtomicU16>,
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    let _open = receiver.told.send((signature, body.to_vec()));
    let refuse = receiver
        .refusals
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_ok();
    if refuse {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

type Mail = mpsc::UnboundedReceiver<(String, Vec<u8>)>;

async fn world(refusals: u16) -> (World, Mail) {
    let (told, mail) = mpsc::unbounded_channel();
    let receiver = Receiver {
        told,
        refusals: Arc::new(AtomicU16::new(refusals)),
    };
    let app = axum::Router::new().fallback(receive).with_state(receiver);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let config = Config {
        seed: 5,
        webhook_url: Some(url),
        ..Config::default()
    };
    (World::with(config).await, mail)
}

async fn next(mail: &mut Mail) -> Value {
    let wait = tokio::time::timeout(Duration::from_secs(20), mail.recv());
    let (signature, body) = wait.await.expect("a delivery within 20 s").unwrap();
    let at: i64 = signature
        .split(',')
        .next()
        .unwrap()
        .strip_prefix("t=")
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(signature, signature_header(WEBHOOK_SECRET, at, &body));
    assert!(
        (chrono::Utc::now().timestamp() - at).abs() < 60,
        "signed in real time"
    );
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn events_arrive_signed_whatever_the_sandboxs_clock_says() {
    let (world, mut mail) = world(0).await;
    world
        .control("/sandbox/clock", json!({ "now": "2026-03-01T10:00:00Z" }))
        .await;
    let intent = world.pay(1_000, "eur", "pm_card_visa", "").await.ok();
    let mut kinds = Vec::new();
    for _ in 0..4 {
        let event = next(&mut mail).await;
        assert_eq!(event["object"], "event");
        assert_eq!(event["created"], 1_772_359_200);
        if event["type"] == "charge.succeeded" {
            assert_eq!(event["data"]["object"]["balance_transaction"], Value::Null);
            assert_eq!(event["data"]["object"]["payment_intent"], intent["id"]);
        }
        kinds.push(event["type"].as_str().unwrap().to_owned());
    }
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "charge.succeeded",
            "charge.updated",
            "payment_intent.created",
            "payment_intent.succeeded"
        ]
    );
}

#[tokio::test]
async fn a_delivery_that_was_refused_comes_again() {
    let (world, mut mail) = world(1).await;
    world.post("customers", "name=Ada").await.ok();
    let (first, second) = (next(&mut mail).await, next(&mut mail).await);
    assert_eq!(first["id"], second["id"]);
    // The courier notes the outcome after the receiver has answered; ask until it has.
    let attempts = loop {
        let told = world.look("/sandbox/deliveries?status=delivered").await;
        if let Some(delivery) = told["deliveries"].as_array().unwrap().first() {
            break delivery["attempts"].clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (&attempts[0]["status"], &attempts[1]["status"]),
        (&503.into(), &200.into())
    );
}

#[tokio::test]
async fn events_can_be_dropped_doubled_and_turned_round() {
    let (world, mut mail) = world(0).await;
    world.fault("customer.created", "drop", json!({})).await;
    world.post("customers", "name=Nobody").await.ok();
    world.fault("webhooks", "duplicate", json!({})).await;
    world.post("customers", "name=Twice").await.ok();
    let (one, two) = (next(&mut mail).await, next(&mut mail).await);
    assert_eq!(
        (&one["data"]["object"]["name"], &one["id"]),
        (&"Twice".into(), &two["id"])
    );

    world
        .fault("webhooks", "reorder", json!({ "times": 2, "ms": 400 }))
        .await;
    for name in ["First", "Second"] {
        world.post("customers", &format!("name={name}")).await.ok();
    }
    let names = [next(&mut mail).await, next(&mut mail).await];
    let names: Vec<_> = names
        .iter()
        .map(|event| event["data"]["object"]["name"].clone())
        .collect();
    assert_eq!(names, ["Second", "First"]);
}
