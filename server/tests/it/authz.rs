//! Deny by default. Every route and every server function is asked by nobody, and then by a person
//! and a token that may do nothing. All say no, but for what stands in the short lists below.

use http::Method;
use model::{Permission, Role};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::harness::{Gateway, Server, identity_on, session, token_with};

/// Server functions that anybody may call: getting in, what a secret link allows, and a kiosk.
const OPEN_FUNCTIONS: &[&str] = &[
    "/fn/app/api/identity/sign_in",
    "/fn/app/api/checkout/checkout_page",
    "/fn/app/api/scheduling/invitation",
    "/fn/app/api/kiosk/kiosk_page",
];

/// What every role may do, so that nobody who is signed in is refused: meetings, and the own part of
/// attendance. The token below is.
const EVERYBODYS: &[&str] = &[
    "/fn/app/api/scheduling/",
    "/meetings",
    "/availability",
    "/fn/app/api/attendance/clock",
    "/fn/app/api/attendance/press",
    "/fn/app/api/attendance/presence",
    "/fn/app/api/attendance/month",
    "/fn/app/api/attendance/day",
    "/fn/app/api/attendance/preview_correction",
    "/fn/app/api/attendance/withdraw_correction",
    "/fn/app/api/attendance/forms/ask_correction",
    "/fn/app/api/attendance/leave",
    "/fn/app/api/attendance/withdraw_leave",
    "/fn/app/api/attendance/kiosk_form/kiosk_access",
    "/fn/app/api/attendance/kiosk_form/kiosk_code",
    "/fn/app/api/attendance/kiosk_form/set_pin",
    "/fn/app/api/attendance/swaps/own_shifts",
    "/fn/app/api/attendance/swaps/swap_choices",
    "/fn/app/api/attendance/swaps/waiting_swaps",
    "/fn/app/api/attendance/swaps/request_swap",
    "/fn/app/api/attendance/swaps/ask_swap",
    "/fn/app/api/attendance/swaps/answer_swap",
    "/fn/app/api/attendance/swaps/withdraw_swap",
    "/attendance/days",
];

/// Server functions that anybody may call who is signed in: each tells only of the caller.
const OWN_FUNCTIONS: &[&str] = &[
    "/fn/app/api/identity/frame",
    "/fn/app/api/identity/first_page",
    "/fn/app/api/settlement/settlement_may_import",
];

/// An id of the right form that is nobody's.
const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_gets_anything_but_the_open_pages(pool: PgPool) {
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let http = client();

    for (method, url) in operations(&server).await {
        let nobody = send(http.request(method.clone(), &url)).await;
        assert_eq!(nobody.status(), 401, "{method} {url}");
        assert_eq!(
            nobody.headers()["content-type"],
            "application/problem+json",
            "{method} {url}"
        );
        let stranger = http.request(method.clone(), &url).bearer_auth("pun_wrong");
        let stranger = send(stranger).await;
        assert_eq!(stranger.status(), 401, "{method} {url} with a wrong token");
    }

    let [(kind, fields), ..] = arguments();
    for path in functions() {
        let url = format!("{}{path}", server.base);
        let ask = http.post(url).header("content-type", kind);
        let answer = send(ask.body(fields.clone())).await;
        if !OPEN_FUNCTIONS.contains(&path) {
            assert_eq!(answer.status(), 401, "{path}");
        }
    }

    // Pages send to the sign-in.
    for page in [
        "/",
        "/payments",
        "/orders/new",
        "/ledger",
        "/settlement",
        "/reconciliation",
        "/admin/people",
        "/gallery",
        "/events",
        "/nowhere",
    ] {
        let answer = send(http.get(format!("{}{page}", server.base))).await;
        assert_eq!(answer.status(), 303, "{page}");
        assert!(location(&answer).starts_with("/sign-in"), "{page}");
    }
    let metrics = send(http.get(format!("{}/metrics", server.base))).await;
    assert_eq!(metrics.status(), 401);
    let forged = http
        .post(format!("{}/webhooks/stripe", server.base))
        .header("stripe-signature", "t=1,v1=00")
        .body("{}");
    let forged = send(forged).await;
    assert_eq!(forged.status(), 400, "a webhook with a wrong signature");
}

/// The edge lets these callers through, as the functions show that tell of the caller. What refuses
/// them is behind it, before it looks at anything: no id here leads anywhere, so whoever looked first
/// would say 404 or 422, and neither is taken for a refusal.
#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_may_do_nothing_is_refused_behind_the_edge(pool: PgPool) {
    let identity = identity_on(&pool).await;
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let http = client();
    let person = session(&server, &identity, Role::Employee).await;
    let token = token_with(&identity, &[Permission::SelfRead]).await;
    let person = ("cookie", person);
    let token = ("authorization", format!("Bearer {token}"));

    for path in functions() {
        if OPEN_FUNCTIONS.contains(&path) {
            continue;
        }
        let url = format!("{}{path}", server.base);
        for caller in refused(path, &person, &token) {
            let (status, body) = call(&http, &url, caller).await;
            if OWN_FUNCTIONS.contains(&path) {
                assert_eq!(status, 200, "{path}: {body}");
            } else {
                assert_eq!(
                    (status, body["code"].as_str()),
                    (403, Some("forbidden")),
                    "{path} forgets to ask for a permission, or `arguments` lacks one of its own: {body}"
                );
            }
        }
    }

    for (method, url) in operations(&server).await {
        // Some need a query; the others pass over it.
        let query = format!("account=Assets&employee={NOWHERE}&from=2026-11-01&to=2026-11-30");
        let url = format!("{url}?{query}");
        for (name, value) in refused(&url, &person, &token) {
            let mut ask = http.request(method.clone(), &url).header(*name, value);
            if method != Method::GET {
                ask = ask.json(&every_body());
            }
            let answer = send(ask).await;
            let status = answer.status().as_u16();
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(
                (status, body["code"].as_str()),
                (403, Some("forbidden")),
                "{method} {url} with a {name}, or `every_body` lacks a field of its body: {body}"
            );
        }
    }

    // The routes that are in neither list.
    for (name, value) in [&person, &token] {
        let metrics = http.get(format!("{}/metrics", server.base));
        assert_eq!(send(metrics.header(*name, value)).await.status(), 403);
        let upload = http
            .post(format!("{}/settlement/upload", server.base))
            .header(*name, value)
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(UPLOAD);
        assert_eq!(
            location(&send(upload).await),
            "/settlement?problem=forbidden"
        );
        let upload = http
            .post(format!("{}/attendance/import/upload", server.base))
            .header(*name, value)
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(UPLOAD);
        assert_eq!(
            location(&send(upload).await),
            "/attendance/import?problem=forbidden"
        );
    }
}

/// Who must be refused: the person and the token, or the token alone where every role may.
fn refused<'a>(path: &str, person: &'a Caller, token: &'a Caller) -> Vec<&'a Caller> {
    if EVERYBODYS.iter().any(|part| path.contains(part)) {
        vec![token]
    } else {
        vec![person, token]
    }
}

/// A header that says who calls.
type Caller = (&'static str, String);

/// A form with a file in it.
const UPLOAD: &str = "--edge\r\n\
    content-disposition: form-data; name=\"file\"; filename=\"report.csv\"\r\n\
    content-type: text/csv\r\n\r\na,b\r\n--edge--\r\n";

/// A client that shows redirects instead of following them.
fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

async fn send(ask: RequestBuilder) -> reqwest::Response {
    ask.send().await.expect("an answer")
}

/// Where an answer sends to.
fn location(answer: &reqwest::Response) -> &str {
    let header = answer.headers().get("location").expect("a redirect");
    header.to_str().expect("text")
}

/// Every operation of the API, from its own description, with ids that lead nowhere.
async fn operations(server: &Server) -> Vec<(Method, String)> {
    let api = server.http.get(format!("{}/api/openapi.json", server.base));
    let api: Value = send(api).await.json().await.expect("JSON");
    let mut found = Vec::new();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let path = path.replace("{id}", NOWHERE);
            found.push((method, format!("{}/api/v1{path}", server.base)));
        }
    }
    assert!(found.len() >= 10, "the description names only {found:?}");
    found
}

/// A body that has every field of every operation's.
fn every_body() -> Value {
    json!({
        "reference": "x", "amount": "49.90", "currency": "EUR", "description": "x",
        "customer": {"email": "a@b.example", "name": "x"},
        "orderId": NOWHERE, "method": {"type": "card", "token": "pm_card_visa"},
        "idempotencyKey": "x", "note": "x",
        "title": "x", "response": "accepted",
        "slot": {"from": "2027-01-04T09:00:00Z", "to": "2027-01-04T09:30:00Z"},
        "punches": [],
    })
}

/// Every server function that the program has.
fn functions() -> Vec<&'static str> {
    let functions = server::http::function_paths();
    assert!(functions.len() >= 10, "only {functions:?}");
    for listed in OPEN_FUNCTIONS.iter().chain(OWN_FUNCTIONS) {
        assert!(functions.contains(listed), "there is no {listed} any more");
    }
    functions
}

/// Arguments for server functions, with their content type. Each function finds all of its own in
/// one of them, and passes over the others.
fn arguments() -> [(&'static str, String); 3] {
    const FORM: &str = "application/x-www-form-urlencoded";
    let fields = "email=a%40b.example&password=x&name=x&link=x&zone=UTC&text=x\
        &place=cycle&kind=drop&times=1&form[reference]=x&response=accepted&words=x&version=1&scope=all&occurrence=\
        &date=2026-11-24&month=2026-11-01&day=2026-11-24&monday=2026-11-23&from=2026-11-01&to=2026-11-30\
        &approve=true&agree=true&badge=7&note=x&blocked=true&secret_pin=x&secret_again=x\
        &retired=true&reason=x";
    [
        (
            FORM,
            format!("id={NOWHERE}&item={NOWHERE}&employee={NOWHERE}&state=waived&{fields}"),
        ),
        // Jobs have numbers.
        (FORM, format!("id=1&{fields}")),
        (
            "application/json",
            json!({
                "filter": {}, "as_of": null, "id": NOWHERE, "version": 1, "key": "x",
                "query": {"people": [], "optional": [], "rooms": []}, "days": 7,
                "request": every_body(), "change": {}, "scope": "all",
                "form": {
                    "name": "x", "zone": "UTC", "capacity": 4, "state": "active",
                    "work_date": "2026-11-24", "reason": "x", "changes": [],
                    "type_id": NOWHERE, "from_day": "2026-11-24", "to_day": "2026-11-24",
                    "part": "full", "note": "x", "colleague": NOWHERE,
                    "person": NOWHERE, "date": "2026-11-24", "templates": [], "version": 0,
                },
                "press": {"key": "x", "direction": "in"},
                "approve": true, "note": "x", "name": "x",
                "preferences": {"hours": {"weekly": [[], [], [], [], [], [], []]}},
            })
            .to_string(),
        ),
    ]
}

/// Calls a server function until it takes the arguments; gives the status and body of its answer.
async fn call(http: &Client, url: &str, (name, value): &Caller) -> (u16, Value) {
    let mut last = (0, Value::Null);
    for (kind, body) in arguments() {
        let ask = http.post(url).header(*name, value).body(body);
        let answer = send(ask.header("content-type", kind)).await;
        last = (
            answer.status().as_u16(),
            answer.json().await.expect("every answer is JSON"),
        );
        // What a function of another encoding says to them.
        if !matches!(last.0, 400 | 422 | 500) {
            break;
        }
    }
    last
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn another_site_cannot_post_in_a_browsers_name(pool: PgPool) {
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    for path in ["/sign-out", "/fn/app/api/identity/sign_in", "/theme"] {
        let answer = server
            .http
            .post(format!("{}{path}", server.base))
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "cross-site")
            .body("")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 403, "{path}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_an_address_does_not_take_is_told_as_a_problem(pool: PgPool) {
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    for (method, path, status, code) in [
        (Method::GET, "/api/v1/nowhere", 404, "not_found"),
        (
            Method::DELETE,
            "/api/v1/availability",
            405,
            "method_not_allowed",
        ),
        (Method::PUT, "/api/v1/orders", 405, "method_not_allowed"),
    ] {
        let url = format!("{}{path}", server.base);
        let answer = send(client().request(method, &url)).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        assert_eq!(answer.headers().contains_key("allow"), status == 405);
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["code"], code, "{path}");
    }
}
