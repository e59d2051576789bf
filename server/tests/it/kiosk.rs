//! A kiosk over HTTP: its cookies, its plain forms, and that it gets nothing else.

use std::time::{Duration, Instant};

use model::Role;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use sqlx::PgPool;

use super::harness::{Gateway, Server, identity_on, session};

const PIN: &str = "507142";

/// A tablet: it keeps cookies as a browser does, and shows redirects instead of following them.
struct Tablet<'a> {
    server: &'a Server,
    http: Client,
    cookies: Vec<(String, String)>,
}

impl<'a> Tablet<'a> {
    fn new(server: &'a Server) -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            server,
            http,
            cookies: Vec::new(),
        }
    }

    async fn send(&self, ask: RequestBuilder) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let ask = ask.header("cookie", cookies.join("; "));
        ask.send().await.expect("an answer")
    }

    async fn get(&self, path: &str) -> Response {
        self.send(self.http.get(format!("{}{path}", self.server.base)))
            .await
    }

    async fn page(&self) -> String {
        let answer = self.get("/kiosk").await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        answer.text().await.expect("a page")
    }

    /// Sends a form, keeps the cookies, and says where it leads.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let ask = self.http.post(format!("{}{path}", self.server.base));
        let answer = self.send(ask.form(fields)).await;
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        for cookie in answer.headers().get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            assert!(
                text.contains("; Path=/kiosk; ") && text.contains("; HttpOnly; SameSite=Strict"),
                "{text}"
            );
            let (pair, _) = text.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.cookies.retain(|(known, _)| known != name);
            if !text.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let location = answer.headers()["location"].to_str().expect("text");
        location.to_owned()
    }
}

/// Calls a server function as somebody, until the event that makes them an employee has come.
async fn call(server: &Server, cookie: &str, name: &str, fields: &[(&str, &str)]) -> Value {
    let started = Instant::now();
    loop {
        let url = format!("{}/fn/app/api/attendance/kiosk_form/{name}", server.base);
        let ask = server.http.post(url).header("cookie", cookie).form(fields);
        let answer = ask.send().await.expect("an answer");
        let status = answer.status();
        let body: Value = answer.json().await.expect("JSON");
        if status == 200 {
            return body;
        }
        assert_eq!(status, 404, "{name}: {body}");
        assert!(started.elapsed() < Duration::from_secs(30), "{body}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_tablet_is_set_up_and_takes_a_punch_without_scripts(pool: PgPool) {
    let identity = identity_on(&pool).await;
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let hr = session(&server, &identity, Role::Hr).await;
    let employee = session(&server, &identity, Role::Employee).await;

    let pin = [("secret_pin", PIN), ("secret_again", PIN)];
    call(&server, &employee, "set_pin", &pin).await;
    let access = call(&server, &employee, "kiosk_access", &[]).await;
    let number = access["number"].as_str().expect("a number").to_owned();
    let form = [("form[name]", "Front door"), ("form[zone]", "UTC")];
    let setup = call(&server, &hr, "add_kiosk", &form).await;
    let code = setup["code"].as_str().expect("a code").to_owned();

    let mut tablet = Tablet::new(&server);
    assert!(tablet.page().await.contains("Set-up code"));
    assert_eq!(tablet.get("/kiosk/alive").await.status(), 401);
    let wrong = tablet.post("/kiosk/set-up", &[("code", "AAAA-AAAA")]).await;
    assert_eq!(wrong, "/kiosk?problem=kiosk_code_refused");
    assert_eq!(
        tablet.post("/kiosk/set-up", &[("code", &code)]).await,
        "/kiosk"
    );
    assert_eq!(tablet.get("/kiosk/alive").await.status(), 204);
    let start = tablet.page().await;
    assert!(
        start.contains("Front door") && start.contains("name=\"secret_pin\""),
        "{start}"
    );
    assert!(!start.contains(".wasm"), "a kiosk runs no browser part");

    // What makes it a kiosk opens nothing else, not even under another path.
    let home = tablet.get("/").await;
    assert_eq!(home.status(), 303);
    let api = tablet.get("/api/v1/attendance/days").await;
    assert_eq!(api.status(), 401);

    let enter = [("number", number.as_str()), ("secret_pin", "507143")];
    let wrong = tablet.post("/kiosk/enter", &enter).await;
    assert_eq!(wrong, "/kiosk?problem=kiosk_refused");
    let enter = [("number", number.as_str()), ("secret_pin", PIN)];
    assert_eq!(tablet.post("/kiosk/enter", &enter).await, "/kiosk");
    let card = tablet.get("/kiosk").await;
    assert_eq!(card.headers()["refresh"], "61;url=/kiosk");
    let card = card.text().await.expect("a page");
    assert!(
        card.contains("Clock in") && card.contains("employee"),
        "{card}"
    );
    assert!(!card.contains("employee@test.example"));

    let press = [("direction", "in")];
    for _ in 0..2 {
        assert_eq!(tablet.post("/kiosk/press", &press).await, "/kiosk");
    }
    assert!(tablet.page().await.contains("Clocked in"));
    let kept: i64 =
        sqlx::query_scalar("select count(*) from attendance.punch where source_kind = 'kiosk'")
            .fetch_one(&pool)
            .await
            .expect("a number");
    assert_eq!(kept, 1);
    assert_eq!(tablet.post("/kiosk/leave", &[]).await, "/kiosk");
    assert!(tablet.page().await.contains("name=\"secret_pin\""));

    // A code of the own page does as well.
    let code = call(&server, &employee, "kiosk_code", &[]).await;
    let scanned = [("number", code["text"].as_str().expect("a code"))];
    assert_eq!(tablet.post("/kiosk/enter", &scanned).await, "/kiosk");
    assert!(tablet.page().await.contains("Clock out"));

    // Blocked, the cookie is worth nothing.
    let id = setup["id"].as_str().expect("an id");
    let block = [("id", id), ("version", "1"), ("blocked", "true")];
    call(&server, &hr, "block_kiosk", &block).await;
    let press = tablet.post("/kiosk/press", &[("direction", "out")]).await;
    assert_eq!(press, "/kiosk?problem=kiosk_signed_out");
    assert!(tablet.page().await.contains("Set-up code"));
}
