//! A form that is sent without scripts and refused: the browser is led back to it, and what was
//! typed stands in it again, but for the password.

use reqwest::Response;
use sqlx::PgPool;

use super::harness::{Gateway, Server};

const EMAIL: &str = "ana@lindenau.example";
const PASSWORD: &str = "not the right one";

/// Tries to sign in from a page, as a browser without scripts or as a script of ours does.
async fn sign_in(http: &reqwest::Client, server: &Server, page: &str, accept: &str) -> Response {
    http.post(format!("{}/fn/app/api/identity/sign_in", server.base))
        .header("accept", accept)
        .header("referer", page)
        .form(&[
            ("email", EMAIL),
            ("password", PASSWORD),
            ("next", "/orders"),
        ])
        .send()
        .await
        .expect("an answer")
}

/// The cookie that carries what was typed, with its attributes.
fn typed(answer: &Response) -> Option<String> {
    let cookies = answer.headers().get_all("set-cookie");
    let mut texts = cookies.iter().filter_map(|cookie| cookie.to_str().ok());
    texts
        .find(|text| text.starts_with("punctual-typed="))
        .map(str::to_owned)
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_refused_form_leads_back_and_keeps_what_was_typed(pool: PgPool) {
    let gateway = Gateway::start().await;
    let server = Server::start(&pool, &gateway, None).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let page = format!("{}/sign-in?next=%2Forders&__path=x&__err=x", server.base);

    let refused = sign_in(&http, &server, &page, "text/html,*/*;q=0.8").await;
    assert_eq!(refused.status(), 303);
    let back = refused.headers()["location"].to_str().expect("text");
    assert!(back.starts_with(&format!("{}/sign-in?next=%2Forders&", server.base)));
    assert_eq!(back.matches("__err=").count(), 1, "{back}");
    let cookie = typed(&refused).expect("what was typed");
    let (pair, _) = cookie.split_once(';').expect("attributes");

    let again = http.get(back).header("cookie", pair).send().await;
    let again = again.expect("an answer");
    assert_eq!(again.status(), 200);
    let cleared = typed(&again).expect("the cookie is cleared");
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    let html = again.text().await.expect("a page");
    assert!(html.contains(&format!("value=\"{EMAIL}\"")), "{html}");
    assert!(html.contains("Check both and try again"), "{html}");
    assert!(!html.contains(PASSWORD));

    // Without the cookie, and on a page without the problem, nothing is given back.
    for (address, cookie) in [(back, ""), (page.as_str(), pair)] {
        let other = http.get(address).header("cookie", cookie).send().await;
        let html = other.expect("an answer").text().await.expect("a page");
        assert!(!html.contains(EMAIL), "{address}");
    }

    let script = sign_in(&http, &server, &page, "application/json").await;
    assert_eq!(script.status(), 401);
    assert_eq!(typed(&script), None);
}
