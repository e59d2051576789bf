//! What a browser loads from the provider: the script, the hosted card field and the challenge.
//!
//! The card field is a page of the sandbox's own origin in an iframe of the shop's page. The two
//! talk by messages and each checks the other's origin; the shop's page never sees a digit.

use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use crate::Sandbox;
use crate::money;
use crate::stripe::confirm;
use crate::stripe::intents::{Intent, Status};

const SCRIPT: &str = include_str!("script.js");
const CARD_PAGE: &str = include_str!("card.html");
const CARD_STYLE: &str = include_str!("card.css");
const CARD_SCRIPT: &str = include_str!("card.js");
const CHALLENGE_PAGE: &str = include_str!("challenge.html");
const CHALLENGE_STYLE: &str = include_str!("challenge.css");

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/stripe/js", get(script))
        .route("/v3/", get(script))
        .route("/v3", get(script))
        .route("/stripe/fields/card", get(card))
        .route("/stripe/challenge/{id}", get(challenge).post(decide))
}

async fn script() -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/javascript; charset=utf-8",
        ),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, SCRIPT).into_response()
}

/// A page whose one style and one script are its own.
fn page(sandbox: &Sandbox, html: &str, form_action: &str) -> Response {
    let nonce = sandbox.write(|state| state.letters(22));
    let parents = sandbox.config().allowed_frame_parents.join(" ");
    let parents = if parents.is_empty() {
        "'none'"
    } else {
        &parents
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
         connect-src 'self'; base-uri 'none'; form-action {form_action}; frame-ancestors {parents}"
    );
    let Ok(policy) = HeaderValue::from_str(&policy) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, html.replace("{{nonce}}", &nonce)).into_response()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[derive(Deserialize)]
struct Embedding {
    /// The origin of the page around the frame.
    parent: String,
    /// The publishable key of that page.
    key: String,
}

/// The hosted card field. It speaks to the one parent that is named and allowed.
async fn card(Shared(sandbox): Shared<Sandbox>, Query(embedding): Query<Embedding>) -> Response {
    let config = sandbox.config();
    let allowed = |parent: &&String| **parent == embedding.parent || parent.as_str() == "*";
    if config.allowed_frame_parents.iter().find(allowed).is_none() {
        return (
            StatusCode::FORBIDDEN,
            "This page may not embed the card field.",
        )
            .into_response();
    }
    let settings = json!({ "parent": embedding.parent, "key": embedding.key }).to_string();
    let html = CARD_PAGE
        .replace("{{style}}", CARD_STYLE)
        .replace("{{script}}", CARD_SCRIPT)
        .replace("{{settings}}", &escape(&settings));
    page(&sandbox, &html, "'none'")
}

#[derive(Deserialize)]
struct Proof {
    client_secret: String,
}

fn waiting(sandbox: &Sandbox, id: &str, secret: &str) -> Option<Intent> {
    sandbox.read(|state| {
        state
            .find::<Intent>(id)
            .filter(|i| i.client_secret == secret)
            .cloned()
    })
}

/// The bank's page: who asks for how much, and two buttons.
async fn challenge(
    Shared(sandbox): Shared<Sandbox>,
    Path(id): Path<String>,
    Query(proof): Query<Proof>,
) -> Response {
    let Some(intent) = waiting(&sandbox, &id, &proof.client_secret) else {
        return (StatusCode::NOT_FOUND, "There is no such payment.").into_response();
    };
    if intent.status != Status::RequiresAction {
        return back(&intent, intent.last_payment_error.is_none());
    }
    let amount = money::report_text(intent.amount, &intent.currency);
    let html = CHALLENGE_PAGE
        .replace("{{style}}", CHALLENGE_STYLE)
        .replace(
            "{{amount}}",
            &format!("{amount} {}", intent.currency.to_uppercase()),
        )
        .replace(
            "{{purpose}}",
            &escape(intent.description.as_deref().unwrap_or("Card payment")),
        )
        .replace("{{secret}}", &escape(&proof.client_secret));
    // Browsers hold the redirect after a form to the form's policy too.
    let target = intent
        .return_url
        .as_deref()
        .and_then(origin)
        .unwrap_or_default();
    page(&sandbox, &html, &format!("'self' {target}"))
}

/// Scheme, host and port of a URL, if they can stand in a policy.
fn origin(url: &str) -> Option<String> {
    let url = reqwest::Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization()).filter(|origin| origin.starts_with("http"))
}

#[derive(Deserialize)]
struct Decision {
    client_secret: String,
    outcome: String,
}

async fn decide(
    Shared(sandbox): Shared<Sandbox>,
    Path(id): Path<String>,
    Form(decision): Form<Decision>,
) -> Response {
    if waiting(&sandbox, &id, &decision.client_secret).is_none() {
        return (StatusCode::NOT_FOUND, "There is no such payment.").into_response();
    }
    let passed = decision.outcome == "complete";
    let moved = sandbox.write(|state| confirm::challenged(state, &id, passed));
    match moved.or_else(|| waiting(&sandbox, &id, &decision.client_secret)) {
        Some(intent) => {
            let paid = matches!(intent.status, Status::Succeeded | Status::RequiresCapture);
            back(&intent, paid)
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Sends the customer back to the shop with what the provider adds to its address.
fn back(intent: &Intent, paid: bool) -> Response {
    let status = if paid { "succeeded" } else { "failed" };
    let url = intent
        .return_url
        .as_deref()
        .and_then(|url| reqwest::Url::parse(url).ok());
    let Some(mut url) = url else {
        let text = "Done. You can close this page.";
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
    };
    url.query_pairs_mut()
        .append_pair("payment_intent", &intent.id)
        .append_pair("payment_intent_client_secret", &intent.client_secret)
        .append_pair("redirect_status", status);
    Redirect::to(url.as_str()).into_response()
}
