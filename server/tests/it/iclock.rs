//! Wall devices over HTTP: every conversation over a socket, and the whole program at the other end.

use std::net::SocketAddr;

use attendance::Attendance;
use sqlx::PgPool;

use crate::conversation::{self, Exchange};
use crate::harness::{Gateway, Server};
use crate::terminal::{PUNCHES, Terminal};

/// A terminal, and the address at which its server listens.
async fn listening(pool: &PgPool) -> (Terminal, SocketAddr) {
    let test = testkit::world(pool).await;
    let config = attendance::Config {
        public_url: "https://punctual.example".into(),
        organisation: "Aldertree".into(),
    };
    let service = Attendance::new(test.deps.clone(), config);
    let router: axum::Router = server::http::device_router(&service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let addr = listener.local_addr().expect("a bound address");
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let terminal = Terminal {
        test,
        service,
        pool: pool.clone(),
    };
    (terminal, addr)
}

/// Sends a request as it stands, without a library that would put its target right.
async fn send(addr: SocketAddr, request: &Exchange, target: &str, body: &[u8]) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut head = format!(
        "{} {target} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\nContent-Length: {}\r\n",
        request.method,
        body.len()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut stream = tokio::net::TcpStream::connect(addr)
        .await
        .expect("it listens");
    stream.write_all(head.as_bytes()).await.expect("it reads");
    stream.write_all(body).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    let head = head.to_lowercase();
    if status == 200 {
        assert!(
            head.contains("\r\ndate: ") && head.contains("\r\ncontent-type: text/plain"),
            "{head}"
        );
        assert!(
            head.contains("\r\ncontent-length: "),
            "old firmware knows no chunks: {head}"
        );
    }
    assert!(!head.contains("set-cookie"), "{head}");
    (status, body.to_owned())
}

async fn play(pool: PgPool, name: &str) {
    let (terminal, addr) = listening(&pool).await;
    let (_, text) = conversation::ALL
        .iter()
        .find(|(found, _)| *found == name)
        .expect("it is there");
    let carry = async |exchange: &Exchange, target: &str, body: &[u8]| {
        send(addr, exchange, target, body).await
    };
    terminal.play(name, text, carry).await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_working_day_over_a_socket(pool: PgPool) {
    play(pool, "working_day").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn old_firmware_over_a_socket(pool: PgPool) {
    play(pool, "old_firmware").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn missing_punches_over_a_socket(pool: PgPool) {
    play(pool, "completeness").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_door_controller_over_a_socket(pool: PgPool) {
    play(pool, "door").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_stranger_over_a_socket(pool: PgPool) {
    play(pool, "stranger").await;
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_body_that_is_too_large_is_refused(pool: PgPool) {
    let (terminal, addr) = listening(&pool).await;
    terminal.device("CQZ7", "Europe/Berlin").await;
    let url = format!("http://{addr}/iclock/cdata?SN=CQZ7&table=ATTLOG&Stamp=1");
    let body = "31\t2026-11-02 09:00:00\t0\t1\n".repeat(45_000);
    assert!(body.len() > 1 << 20);
    let answer = reqwest::Client::new().post(&url).body(body).send().await;
    // It may have hung up before everything was sent.
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), 413);
    }
    assert_eq!(terminal.count(PUNCHES).await, 0);
}

/// The whole program: no session, no gate, no sign-in stands before a device, and what it was told is
/// kept is there after it was killed.
#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_device_reaches_the_program(pool: PgPool) {
    testkit::prepare(&pool).await;
    sqlx::query(
        "insert into attendance.device (id, kind, serial, name, zone, state, installed_at, created_at)
         values (gen_random_uuid(), 'adms', 'CQZ7', 'Gate', 'Europe/Berlin', 'active', now(), now())",
    )
    .execute(&pool)
    .await
    .expect("a device");
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let post = async |serial: &str| {
        let url = format!(
            "{}/iclock/cdata?SN={serial}&table=ATTLOG&Stamp=1",
            server.base
        );
        let body = "31\t2026-11-02 09:00:00\t0\t1\n32\t2026-11-02 09:00:01\t0\t1\nnonsense\n";
        let request = server
            .http
            .post(url)
            .header("User-Agent", "iClock Proxy/1.09")
            .body(body);
        let answer = request.send().await.expect("an answer");
        assert!(answer.headers().get("set-cookie").is_none());
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    assert_eq!(post("CQZ7").await, (200, "OK: 3".to_owned()));
    assert_eq!(post("CQZ7").await, (200, "OK: 3".to_owned()));
    assert_eq!(post("STRANGER").await.0, 403);
    drop(server);
    let counted: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from attendance.punch),
                (select count(*) from attendance.device_line),
                (select count(*) from attendance.device where state = 'pending')",
    )
    .fetch_one(&pool)
    .await
    .expect("a row");
    assert_eq!(counted, (2, 1, 1));
}

/// Killed between keeping a batch and reading it: the next process reads it by itself, and the device,
/// which never heard that it was kept, adds nothing when it sends it again.
#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_was_kept_is_read_after_a_crash(pool: PgPool) {
    testkit::prepare(&pool).await;
    sqlx::query(
        "insert into attendance.device (id, kind, serial, name, zone, state, installed_at, created_at)
         values (gen_random_uuid(), 'adms', 'CQZ7', 'Gate', 'Europe/Berlin', 'active', now(), now())",
    )
    .execute(&pool)
    .await
    .expect("a device");
    let gateway = Gateway::start().await;
    let body = "31\t2026-11-02 09:00:00\t0\t1\n32\t2026-11-02 09:00:01\t0\t1\n";
    let mut server = Server::start(&pool, &gateway, Some("devices.kept")).await;
    let url = format!("{}/iclock/cdata?SN=CQZ7&table=ATTLOG&Stamp=1", server.base);
    let cut = server.http.post(url).body(body).send().await;
    assert!(cut.is_err(), "it died before it answered");
    server.await_end().await;
    let punches = async || -> i64 {
        let counted = sqlx::query_scalar("select count(*) from attendance.punch");
        counted.fetch_one(&pool).await.expect("a count")
    };
    assert_eq!(punches().await, 0);
    let server = Server::start(&pool, &gateway, None).await;
    let began = std::time::Instant::now();
    while punches().await < 2 {
        assert!(
            began.elapsed().as_secs() < 60,
            "what was kept was never read"
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let url = format!("{}/iclock/cdata?SN=CQZ7&table=ATTLOG&Stamp=1", server.base);
    let again = server
        .http
        .post(url)
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.text().await.expect("text"), "OK: 2");
    assert_eq!(punches().await, 2);
}
