//! The plain forms of a kiosk. Two cookies of its own say which kiosk it is and who stands before it; a
//! session is neither needed nor looked at. As with payments, the answer is a page to look at, so that
//! going back or reloading sends nothing again.

use std::net::SocketAddr;

use app::api::kiosk::{KIOSK_COOKIE, TICKET_COOKIE};
use app::preferences::find_cookie;
use attendance::kiosk::TICKET_SECONDS;
use attendance::kiosk::enter::Entry;
use axum::extract::{ConnectInfo, State};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use http::{HeaderMap, StatusCode, header};
use model::Problem;
use model::attendance::day::Direction;
use serde::Deserialize;

use super::problem::HttpProblem;
use super::router::AppState;
use crate::wiring::Services;

/// As long as browsers keep a cookie at most. What ends a kiosk is that it is blocked.
const YEAR_AND_MORE: i64 = 400 * 24 * 60 * 60;

/// The routes of a kiosk, but for its page.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(app::paths::KIOSK_SET_UP, post(set_up))
        .route(app::paths::KIOSK_ENTER, post(enter))
        .route(app::paths::KIOSK_PRESS, post(press))
        .route(app::paths::KIOSK_LEAVE, post(leave))
        .route("/kiosk/alive", get(alive))
}

#[derive(Deserialize)]
struct SetUpForm {
    #[serde(default)]
    code: String,
}

/// `POST /kiosk/set-up`: the browser becomes the kiosk whose code it has.
async fn set_up(
    State(services): State<Services>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Form(form): Form<SetUpForm>,
) -> Response {
    match services
        .attendance
        .set_kiosk_up(&form.code, from.ip())
        .await
    {
        Ok(secret) => to_page(&[
            cookie(&services, KIOSK_COOKIE, &secret, YEAR_AND_MORE),
            cookie(&services, TICKET_COOKIE, "", 0),
        ]),
        Err(error) => refused(error.into()),
    }
}

#[derive(Deserialize)]
struct EnterForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    secret_pin: String,
}

/// `POST /kiosk/enter`: somebody says who they are. The ticket stands in a cookie, and nowhere else.
async fn enter(
    State(services): State<Services>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<EnterForm>,
) -> Response {
    let secret = sent(&headers, KIOSK_COOKIE);
    let entry = Entry {
        number: form.number,
        pin: form.secret_pin,
    };
    let entered = services
        .attendance
        .kiosk_enter(&secret, &entry, Some(from.ip()));
    match entered.await {
        Ok(ticket) => to_page(&[
            cookie(&services, TICKET_COOKIE, &ticket, TICKET_SECONDS),
            // A kiosk that is used stays one.
            cookie(&services, KIOSK_COOKIE, &secret, YEAR_AND_MORE),
        ]),
        Err(error) => refused(error.into()),
    }
}

#[derive(Deserialize)]
struct PressForm {
    #[serde(default)]
    direction: String,
}

/// `POST /kiosk/press`: clocks in or out.
async fn press(
    State(services): State<Services>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<PressForm>,
) -> Response {
    let (secret, ticket) = (sent(&headers, KIOSK_COOKIE), sent(&headers, TICKET_COOKIE));
    let direction = form.direction.parse().unwrap_or(Direction::Unknown);
    let pressed = services
        .attendance
        .kiosk_press(&secret, &ticket, direction, Some(from.ip()));
    match pressed.await {
        Ok(()) => to_page(&[]),
        Err(error) => refused(error.into()),
    }
}

/// `POST /kiosk/leave`: it was somebody else, or it is done.
async fn leave(State(services): State<Services>, headers: HeaderMap) -> Response {
    let (secret, ticket) = (sent(&headers, KIOSK_COOKIE), sent(&headers, TICKET_COOKIE));
    match services.attendance.kiosk_leave(&secret, &ticket).await {
        Ok(()) => to_page(&[cookie(&services, TICKET_COOKIE, "", 0)]),
        Err(error) => refused(error.into()),
    }
}

/// `GET /kiosk/alive`: 204 as long as the browser is a kiosk.
async fn alive(
    State(services): State<Services>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let secret = sent(&headers, KIOSK_COOKIE);
    let is_there = services.attendance.kiosk_is_there(&secret, Some(from.ip()));
    is_there.await?;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::NO_CONTENT, no_store).into_response())
}

/// The value of a cookie; empty without one, which is no kiosk's and nobody's.
fn sent(headers: &HeaderMap, name: &str) -> String {
    let all = headers.get_all(header::COOKIE).iter();
    let mut texts = all.filter_map(|header| header.to_str().ok());
    texts
        .find_map(|text| find_cookie(text, name))
        .unwrap_or_default()
}

/// A cookie that no script reads, that no other site sends, and that goes to kiosks' addresses alone. Over
/// plain http a browser would drop a `Secure` one, as with sessions.
fn cookie(services: &Services, name: &str, value: &str, seconds: i64) -> String {
    let secure = match services.config.public_url.starts_with("https://") {
        true => "; Secure",
        false => "",
    };
    let path = app::paths::KIOSK;
    format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// To the page, which knows by the cookies what to show.
fn to_page(cookies: &[String]) -> Response {
    answer(app::paths::KIOSK, cookies)
}

/// To the page, which says what went wrong. Of what was typed nothing goes with it.
fn refused(problem: Problem) -> Response {
    let code = app::paths::encode(&problem.code);
    answer(&format!("{}?problem={code}", app::paths::KIOSK), &[])
}

fn answer(to: &str, cookies: &[String]) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    let cookies = cookies
        .iter()
        .map(|cookie| (header::SET_COOKIE, cookie.as_str()));
    (no_store, AppendHeaders(cookies), Redirect::to(to)).into_response()
}
