//! What a render and a server function find in their context. Only on the server.

use leptos::prelude::*;
use model::zone::Zone;
use model::{Actor, Problem};

/// Who asks, as the server's edge found out; it comes with the request. Without one, or with nobody
/// in it, nothing is allowed.
#[derive(Clone, Debug)]
pub struct Principal(pub Option<Actor>);

/// What pages need to know of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name that customers read.
    pub organisation: String,
    /// Stripe, if it is set up.
    pub stripe: Option<StripePublic>,
    /// The address of the sandbox, if that is what payments go to.
    pub sandbox: Option<String>,
}

/// What the browser may know of Stripe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripePublic {
    /// Where its script is.
    pub script: String,
    /// The publishable key.
    pub key: String,
}

/// Whoever asks, or 401.
///
/// # Errors
/// 401 when nobody is signed in.
pub fn actor() -> Result<Actor, Problem> {
    use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<Principal>().cloned())
        .and_then(|principal| principal.0)
        .ok_or_else(Problem::unauthenticated)
}

/// A service that the edge has put into the context.
///
/// # Errors
/// 500 when it is missing, which is a defect of the wiring.
pub fn service<T: Clone + Send + Sync + 'static>() -> Result<T, Problem> {
    use_context::<T>().ok_or_else(|| {
        leptos::logging::error!("{} is not in the context", std::any::type_name::<T>());
        Problem::internal()
    })
}

/// The zone in which an actor reads times; one that has left the database reads as UTC.
pub fn zone_of(actor: &Actor) -> Zone {
    Zone::named(&actor.zone).unwrap_or_else(|_| Zone::utc())
}

/// The network address that the request came from.
pub fn address() -> std::net::IpAddr {
    use_context::<http::request::Parts>()
        .and_then(|parts| {
            parts
                .extensions
                .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
                .map(|info| info.0.ip())
        })
        .unwrap_or_else(|| std::net::IpAddr::from([127, 0, 0, 1]))
}

/// Makes the browser's session that of a person, under a fresh id.
///
/// # Errors
/// 500 when the session cannot be kept.
pub async fn begin_session(person: model::PersonId) -> Result<(), Problem> {
    let session = use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<tower_sessions::Session>().cloned());
    let Some(session) = session else {
        return Err(Problem::internal());
    };
    let kept = async {
        session.insert(identity::PERSON_KEY, person).await?;
        // A fresh id, so that one that was planted before the sign-in is worth nothing.
        session.cycle_id().await
    };
    kept.await.map_err(|error| {
        leptos::logging::error!("a session could not be kept: {error}");
        Problem::internal()
    })
}
