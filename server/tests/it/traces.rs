//! What the program tells a collector of traces.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use sqlx::PgPool;

use super::harness::{Gateway, Server};

type Taken = Arc<Mutex<Vec<u8>>>;

/// A collector that keeps what it is sent.
async fn collector() -> (SocketAddr, Taken) {
    async fn keep(State(taken): State<Taken>, batch: Bytes) {
        taken.lock().expect("no panic").extend_from_slice(&batch);
    }
    let taken = Taken::default();
    let routes = Router::new()
        .route("/v1/traces", post(keep))
        .with_state(taken.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let addr = listener.local_addr().expect("a bound address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (addr, taken)
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_trace_has_the_pattern_of_a_route_and_no_secret(pool: PgPool) {
    let gateway = Gateway::start().await;
    let (addr, taken) = collector().await;
    let endpoint = format!("http://{addr}");
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str())];
    let mut server = Server::start_with(&pool, &gateway, &settings).await;
    let asked = [
        "/pay/secret-of-a-link?session=secret-of-a-query",
        "/api/v1/orders?cursor=secret-of-a-query",
        "/no/such/page/secret-of-a-path",
    ];
    for path in asked {
        let url = format!("{}{path}", server.base);
        let request = server.http.get(url).bearer_auth("secret-of-a-token");
        request.send().await.expect("an answer");
    }
    server.stop();
    assert!(server.await_end().await.success());

    // Text stands in protobuf as it is.
    let taken = taken.lock().expect("no panic");
    let has = |text: &str| {
        taken
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(has("http.request"), "no span of a request came");
    assert!(has("/pay/{link}") && has("/api/v1/orders"), "no patterns");
    assert!(!has("secret"), "a secret left the house");
}
