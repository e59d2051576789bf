//! Deny by default: every route and every server function is asked by nobody, and says no, unless
//! it is in the short list of what anybody may do.

use serde_json::Value;
use sqlx::PgPool;

use super::harness::{Gateway, Server};

/// Server functions that anybody may call: getting in, and what a secret link allows.
const OPEN_FUNCTIONS: &[&str] = &[
    "/fn/app/api/identity/sign_in",
    "/fn/app/api/checkout/checkout_page",
];

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn nobody_gets_anything_but_the_open_pages(pool: PgPool) {
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");

    // Every operation of the API, from its own description.
    let api: Value = http
        .get(format!("{}/api/openapi.json", server.base))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let url = format!(
                "{}/api/v1{}",
                server.base,
                path.replace("{id}", "01890000-0000-7000-8000-000000000000")
            );
            let method: http::Method = method.to_uppercase().parse().expect("a method");
            let nobody = http
                .request(method.clone(), &url)
                .send()
                .await
                .expect("an answer");
            assert_eq!(nobody.status(), 401, "{method} {path}");
            assert_eq!(
                nobody.headers()["content-type"],
                "application/problem+json",
                "{method} {path}"
            );
            let stranger = http
                .request(method.clone(), &url)
                .bearer_auth("pun_wrong")
                .send()
                .await
                .expect("an answer");
            assert_eq!(stranger.status(), 401, "{method} {path} with a wrong token");
            asked += 1;
        }
    }
    assert!(asked >= 10, "the description names only {asked} operations");

    // Every server function that the program has.
    let functions = server::http::function_paths();
    assert!(functions.len() >= 10, "only {functions:?}");
    for path in functions {
        let answer = http
            .post(format!("{}{path}", server.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(EVERY_FIELD)
            .send()
            .await
            .expect("an answer");
        if OPEN_FUNCTIONS.contains(&path) {
            continue;
        }
        assert_eq!(answer.status(), 401, "{path}");
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
        let answer = http
            .get(format!("{}{page}", server.base))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 303, "{page}");
        assert!(
            answer.headers()["location"]
                .to_str()
                .expect("text")
                .starts_with("/sign-in"),
            "{page}"
        );
    }
    let metrics = http
        .get(format!("{}/metrics", server.base))
        .send()
        .await
        .expect("an answer");
    assert_eq!(metrics.status(), 401);
    let forged = http
        .post(format!("{}/webhooks/stripe", server.base))
        .header("stripe-signature", "t=1,v1=00")
        .body("{}")
        .send()
        .await
        .expect("an answer");
    assert_eq!(forged.status(), 400, "a webhook with a wrong signature");
}

/// Fields that make most functions' arguments complete.
const EVERY_FIELD: &str = "id=01890000-0000-7000-8000-000000000000&email=a%40b.example&password=x&name=x&link=x&note=x&cursor=&roles=&scopes=";

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
