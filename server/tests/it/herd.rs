//! Many at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use sqlx::PgPool;

use super::harness::{Gateway, Server, order, payment, token};

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn two_hundred_posts_with_one_key_make_one_payment(pool: PgPool) {
    const HERD: usize = 200;
    let gateway = Gateway::start().await;
    let token = Arc::new(token(&pool).await);
    let server = Arc::new(Server::start(&pool, &gateway, None).await);
    let id = order(&server, &token, "herd-1").await;
    let body = Arc::new(payment(&id, "the-one-key"));

    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..HERD {
        let (server, token, body) = (server.clone(), token.clone(), body.clone());
        posts.spawn(async move { server.post(&token, "/payments", &body).await });
    }
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    let mut payments = std::collections::BTreeSet::new();
    while let Some(answer) = posts.join_next().await {
        let (status, body) = answer.expect("a post").expect("an answer for each");
        match status {
            201 => {
                payments.insert(text(&body, "id"));
                *answers.entry("201".into()).or_default() += 1;
            }
            _ => {
                *answers
                    .entry(format!("{status} {}", text(&body, "code")))
                    .or_default() += 1
            }
        }
    }
    assert_eq!(answers.values().sum::<usize>(), HERD);
    assert_eq!(payments.len(), 1, "{answers:?}");
    let defined = |answer: &String| answer == "201" || answer == "409 idempotency_in_flight";
    assert!(answers.keys().all(defined), "{answers:?}");

    let (status, again) = server
        .post(&token, "/payments", &body)
        .await
        .expect("an answer");
    assert_eq!((status, text(&again, "status").as_str()), (201, "captured"));
    let stored: i64 = sqlx::query_scalar("select count(*) from payments.payment")
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(stored, 1);
    assert_eq!(
        gateway.truth().await["charges"]
            .as_array()
            .expect("charges")
            .len(),
        1
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn many_keys_for_one_order_pay_it_once(pool: PgPool) {
    const HERD: usize = 40;
    let gateway = Gateway::start().await;
    let token = Arc::new(token(&pool).await);
    let server = Arc::new(Server::start(&pool, &gateway, None).await);
    let id = order(&server, &token, "herd-2").await;
    let mut posts = tokio::task::JoinSet::new();
    for n in 0..HERD {
        let (server, token, body) = (
            server.clone(),
            token.clone(),
            payment(&id, &format!("key-{n}")),
        );
        posts.spawn(async move { server.post(&token, "/payments", &body).await });
    }
    let mut paid = 0;
    while let Some(answer) = posts.join_next().await {
        let (status, body) = answer.expect("a post").expect("an answer for each");
        match status {
            201 => paid += 1,
            409 => assert_eq!(text(&body, "code"), "order_has_live_payment"),
            other => panic!("{other}: {body}"),
        }
    }
    assert_eq!(paid, 1);
    assert_eq!(
        gateway.truth().await["charges"]
            .as_array()
            .expect("charges")
            .len(),
        1
    );
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_default().to_owned()
}
