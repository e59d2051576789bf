//! Who asks: a session's person or a token's bearer, found once a request, before any route.

use app::ssr::Principal;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{Method, header};
use model::{Actor, PersonId, Problem};
use tower_sessions::Session;

use super::problem::HttpProblem;
use crate::wiring::Services;

/// Finds the actor and leaves it with the request as a [`Principal`]. A token that is wrong is
/// refused here, so that it can never count as nobody.
pub async fn identify(
    State(services): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    let bearer = request.headers().get(header::AUTHORIZATION).map(|value| {
        value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .map(str::to_owned)
    });
    let found = match bearer {
        Some(Some(token)) => services
            .identity
            .actor_of_token(token.trim())
            .await
            .map(|actor| (true, actor)),
        Some(None) => Ok((true, None)),
        None => match person_of(request.extensions().get::<Session>()).await {
            Ok(Some(person)) => services
                .identity
                .actor_of_person(person)
                .await
                .map(|actor| (false, actor)),
            Ok(None) => Ok((false, None)),
            Err(error) => {
                tracing::error!(%error, "a session could not be read");
                return HttpProblem(Problem::busy()).into_response();
            }
        },
    };
    match found {
        Ok((true, None)) => HttpProblem(Problem::unauthenticated()).into_response(),
        Ok((_, actor)) => {
            request.extensions_mut().insert(Principal(actor));
            next.run(request).await
        }
        Err(error) => HttpProblem(error.into()).into_response(),
    }
}

/// Whose session it is. That it cannot be read does not mean that it is nobody's.
async fn person_of(
    session: Option<&Session>,
) -> Result<Option<PersonId>, tower_sessions::session::Error> {
    match session {
        Some(session) => session.get::<PersonId>(identity::PERSON_KEY).await,
        None => Ok(None),
    }
}

/// Pages that anyone may see, and the server functions behind them: getting in, and what the secret
/// of a link allows. Everything else asks for somebody who is signed in.
const OPEN_PAGES: &[&str] = &[
    "/sign-in",
    "/pay",
    "/invitation",
    "/kiosk",
    "/favicon.svg",
    "/checkout.js",
    "/kiosk.js",
    "/pkg",
    "/theme",
    "/sign-out",
    "/fn/app/api/identity/sign_in",
    "/fn/app/api/checkout/checkout_page",
    "/fn/app/api/scheduling/invitation",
    "/fn/app/api/kiosk/kiosk_page",
];

/// Sends whoever is not signed in to the sign-in page, and from there back.
pub async fn gate(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let open = OPEN_PAGES.iter().any(|page| {
        path == *page
            || path
                .strip_prefix(page)
                .is_some_and(|rest| rest.starts_with('/'))
    });
    let known = request
        .extensions()
        .get::<Principal>()
        .is_some_and(|p| p.0.is_some());
    if open || known {
        return next.run(request).await;
    }
    if request.method() != Method::GET {
        return HttpProblem(Problem::unauthenticated()).into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
    Redirect::to(&app::paths::sign_in(wanted)).into_response()
}

/// Somebody: an actor, or 401.
pub struct Somebody(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Somebody {
    type Rejection = HttpProblem;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpProblem> {
        let principal = parts
            .extensions
            .get::<Principal>()
            .and_then(|p| p.0.clone());
        principal
            .map(Self)
            .ok_or_else(|| HttpProblem(Problem::unauthenticated()))
    }
}
