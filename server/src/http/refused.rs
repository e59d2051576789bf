//! Forms that are sent without scripts, or before they are there, and refused: the browser is led
//! back to the form, and the form keeps what was typed.
//!
//! Leptos answers a plain post to a server function with a redirect to the page that it came from,
//! with the problem in the query (`__path`, `__err`). Two things are added here. The answer's status
//! is that of a redirect; without it, it would be the problem's own, and browsers follow no 422. And
//! what was typed goes along in a sealed cookie, which the next page with that problem takes and
//! clears. How the fields get it says [`app::typed`].
//!
//! Secrets are never kept, and a cookie opens only for whoever it was made for.

use app::preferences::find_cookie;
use app::ssr::Principal;
use app::typed::{Typed, is_secret};
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use model::Problem;
use platform::Entropy;
use platform::vault::Vault;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::problem::HttpProblem;
use crate::wiring::Services;

/// How long the page may take to come back for it, in seconds.
const LIFE: i64 = 60;
/// The largest form that is looked into, in bytes.
const LARGEST_FORM: usize = 64 << 10;
/// How much of it is kept, in bytes: sealed and named it must fit into the 4,096 of a cookie.
const LARGEST_KEPT: usize = 2_800;

/// What lies in the cookie.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// When it was made, in seconds since 1970.
    at: i64,
    /// The server function that refused it.
    function: String,
    /// What was typed.
    fields: Typed,
}

/// Sees plain posts to server functions, and the pages that they lead back to.
pub async fn layer(State(services): State<Services>, request: Request, next: Next) -> Response {
    let cookie = Cookie::of(&services, &request);
    if is_plain_form(&request) {
        post(services, cookie, request, next).await
    } else if request.method() == Method::GET {
        page(services, cookie, request, next).await
    } else {
        next.run(request).await
    }
}

/// Whether a browser itself sends it, and not a script of ours, which asks for JSON.
fn is_plain_form(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT);
    request.method() == Method::POST
        && request.uri().path().starts_with("/fn/")
        && accepts.is_some_and(|kinds| kinds.to_str().is_ok_and(|k| k.contains("text/html")))
}

async fn post(services: Services, cookie: Cookie, mut request: Request, next: Next) -> Response {
    forget_last_problem(request.headers_mut());
    let function = request.uri().path().to_owned();
    let (request, fields) = match read(request).await {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let mut response = next.run(request).await;
    let refused = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    // A browser that does not say where it came from is shown the problem as it is.
    if !refused || !leads_back(response.headers()) {
        return response;
    }
    *response.status_mut() = StatusCode::SEE_OTHER;
    let deps = &services.deps;
    let kept = Kept {
        at: deps.now().timestamp(),
        function,
        fields: worth_keeping(fields),
    };
    if let Some(sealed) = seal(&deps.vault, &*deps.entropy, &cookie.context, &kept) {
        cookie.set(response.headers_mut(), &sealed, LIFE);
    }
    response
}

async fn page(services: Services, cookie: Cookie, mut request: Request, next: Next) -> Response {
    let Some(function) = refused_function(request.uri()) else {
        return next.run(request).await;
    };
    let now = services.deps.now().timestamp();
    let typed = cookie
        .value(request.headers())
        .and_then(|sealed| open(&services.deps.vault, &cookie.context, &sealed, now))
        .filter(|kept| kept.function == function);
    let Some(kept) = typed else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(kept.fields);
    let mut response = next.run(request).await;
    cookie.set(response.headers_mut(), "", 0);
    response
}

/// The request again, and the fields of its form. One that is long goes through unread.
async fn read(request: Request) -> Result<(Request, Vec<(String, String)>), HttpProblem> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_none_or(|length| length > LARGEST_FORM) {
        return Ok((request, Vec::new()));
    }
    let (parts, body) = request.into_parts();
    let broken = |_| HttpProblem(Problem::new(400, "malformed", "The form came incomplete."));
    let body = to_bytes(body, LARGEST_FORM).await.map_err(broken)?;
    let form = Request::from_parts(parts.clone(), Body::from(body.clone()));
    // What is no form has no fields; the server function says so itself.
    let fields = Form::<Vec<(String, String)>>::from_request(form, &()).await;
    let fields = fields.map(|form| form.0).unwrap_or_default();
    Ok((Request::from_parts(parts, Body::from(body)), fields))
}

/// The fields in their order, as far as there is room. A field that does not fit is left out: half
/// a text would look like the whole.
fn worth_keeping(fields: Vec<(String, String)>) -> Typed {
    let mut room = LARGEST_KEPT;
    let mut fits = |field: &(String, String)| {
        let size = serde_json::to_vec(field).map_or(usize::MAX, |json| json.len());
        let left = room.checked_sub(size);
        room = left.unwrap_or(room);
        left.is_some()
    };
    fields
        .into_iter()
        .filter(|field| !is_secret(&field.0) && fits(field))
        .collect()
}

fn seal(vault: &Vault, entropy: &dyn Entropy, context: &str, kept: &Kept) -> Option<String> {
    let plain = serde_json::to_vec(kept).ok()?;
    Some(BASE64.encode(vault.seal(entropy, context, &plain)))
}

fn open(vault: &Vault, context: &str, sealed: &str, now: i64) -> Option<Kept> {
    let sealed = BASE64.decode(sealed).ok()?;
    let plain = vault.open(context, &sealed).ok()?;
    let kept: Kept = serde_json::from_str(plain.expose_secret()).ok()?;
    (0..=LIFE).contains(&(now - kept.at)).then_some(kept)
}

/// Whether an answer leads to a page that will show its problem.
fn leads_back(headers: &HeaderMap) -> bool {
    let location = headers.get(header::LOCATION);
    location.is_some_and(|to| to.to_str().is_ok_and(|to| to.contains("__err=")))
}

/// The server function whose problem a page is asked to show.
fn refused_function(uri: &Uri) -> Option<String> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let function = query.0.into_iter().rev().find(|(key, _)| key == "__path");
    function.map(|(_, function)| function)
}

/// Takes the problem of the last try out of the address that the form came from; else the problems
/// of all tries would pile up in it.
fn forget_last_problem(headers: &mut HeaderMap) {
    let referer = headers.get(header::REFERER).and_then(|r| r.to_str().ok());
    let clean = referer.and_then(|referer| HeaderValue::from_str(&without_problem(referer)).ok());
    if let Some(clean) = clean {
        headers.insert(header::REFERER, clean);
    }
}

fn without_problem(address: &str) -> String {
    let Some((page, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let of_problem = |pair: &&str| pair.starts_with("__path=") || pair.starts_with("__err=");
    let kept: Vec<&str> = query.split('&').filter(|pair| !of_problem(pair)).collect();
    if kept.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{}", kept.join("&"))
    }
}

/// The cookie that carries it.
struct Cookie {
    /// Over plain http, a browser would drop a `__Host-` or `Secure` cookie.
    secure: bool,
    /// Under what the vault seals it: who typed it.
    context: String,
}

impl Cookie {
    fn of(services: &Services, request: &Request) -> Self {
        let who = request
            .extensions()
            .get::<Principal>()
            .and_then(|principal| principal.0.as_ref())
            .map_or_else(|| "nobody".to_owned(), |actor| actor.who.reference());
        Self {
            secure: services.config.public_url.starts_with("https://"),
            context: format!("form:typed:{who}"),
        }
    }

    const fn name(&self) -> &'static str {
        if self.secure {
            "__Host-punctual-typed"
        } else {
            "punctual-typed"
        }
    }

    fn value(&self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .find_map(|text| find_cookie(text, self.name()))
    }

    /// Has the browser keep a value for some seconds; for none, it forgets it.
    fn set(&self, headers: &mut HeaderMap, value: &str, seconds: i64) {
        let name = self.name();
        let secure = if self.secure { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        // Name and value are ours and plain ASCII, so this cannot fail.
        if let Ok(header) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, header);
        }
    }
}

#[cfg(test)]
#[path = "refused_tests.rs"]
mod tests;
