//! Signing in, and who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use crate::layout::Navigation;

/// The frame of the signed-in person: name, zone, and the pages that the roles give.
///
/// # Errors
/// 401 when nobody is signed in.
#[server(prefix = "/fn")]
pub async fn frame() -> Result<Navigation, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::nav::navigation_for(&actor))
}

/// The same at once, for a page that is being sent; nothing in the browser, which has to ask.
pub fn frame_at_once() -> Option<Navigation> {
    #[cfg(feature = "ssr")]
    let found = crate::ssr::actor()
        .ok()
        .map(|actor| crate::nav::navigation_for(&actor));
    #[cfg(not(feature = "ssr"))]
    let found = None;
    found
}

/// Signs in with e-mail and password, and goes on to `next`.
///
/// # Errors
/// One answer for every refusal; 429 after too many tries.
#[server(prefix = "/fn")]
pub async fn sign_in(
    email: String,
    password: String,
    next: Option<String>,
) -> Result<(), ApiError> {
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let from = crate::ssr::address();
    let person = identity.sign_in(&email, &password, from).await?;
    crate::ssr::begin_session(person.id).await?;
    leptos_axum::redirect(crate::paths::local(next.as_deref().unwrap_or("/")));
    Ok(())
}

/// What a person finds on the first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// The person: what a browser keeps until there is a network belongs to somebody.
    pub person: Option<model::PersonId>,
    /// Whether requests of others are the person's to decide.
    pub decides: bool,
    /// The figures of payments, for those who may see them.
    pub payments: Option<model::payments::PaymentFigures>,
    /// Whether people may be seen.
    pub sees_people: bool,
    /// Whether the sandbox may be run.
    pub runs_sandbox: bool,
}

/// The first page.
///
/// # Errors
/// 401 when nobody is signed in.
#[server(prefix = "/fn")]
pub async fn first_page() -> Result<Today, ApiError> {
    use model::Permission as P;
    let actor = crate::ssr::actor()?;
    let payments = crate::ssr::service::<::payments::Payments>()?;
    Ok(Today {
        person: actor.person_id(),
        decides: actor.may(P::AttendanceApprove) || actor.may(P::AttendanceManage),
        payments: match actor.may(P::PaymentsRead) {
            true => Some(payments.payment_figures(&actor).await?),
            false => None,
        },
        sees_people: actor.may(P::PeopleRead),
        runs_sandbox: actor.may(P::SandboxRun),
    })
}
