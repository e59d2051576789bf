//! People, what they may do, and how they prove who they are.
//!
//! Words: a *person* has *roles*, which come down to permissions (`model::permission`). A person
//! signs in with a password and then has a *session*; a program has an *API token* with *scopes*.
//! Either becomes an *actor*, which every service of the house asks before it does anything. What
//! an actor changes here leaves a row in the *audit log*, written in the same transaction.
//!
//! * [`sign_in`]: password, limits, one answer for every refusal. [`passwords`]: what is accepted.
//! * [`actors`]: from a session's person or a token's text to an actor.
//!   [`asked`]: what every request asks, many in one statement.
//! * [`people`]: create, find, list. [`roles`]: what a person may do. [`access`]: disable, enable,
//!   sign out everywhere. [`change_password`]: one's own, or another's by an administrator.
//! * [`tokens`]: make, list, revoke. [`audit`]: write and read the log. [`news`]: what others hear.
//! * [`sessions`]: the store under the session layer of the web edge. [`tidy`]: the cron job that
//!   removes what has expired.
//! * `store/`: all SQL, schema `identity`.
//!
//! To add a use case: a file named after what is done, with one `impl Identity` whose function
//! begins with `actor.require(...)`, opens a named transaction, calls `store/`, records the action
//! with `record_in_tx` and commits as its last line; then a test named after what must hold.
//!
//! Deliberately absent: any e-mail address, network address or secret in the logs or in the audit
//! log's details, and any answer that tells whether an account exists.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::Actor;
use model::time::Stamp;
use model::zone::Zone;
use platform::Deps;
use tokio::sync::OnceCell;

pub mod access;
pub mod actors;
mod asked;
pub mod audit;
pub mod change_password;
mod email;
pub mod error;
mod limits;
pub mod news;
pub mod passwords;
pub mod people;
pub mod roles;
pub mod sessions;
pub mod sign_in;
mod store;
pub mod tidy;
pub mod tokens;

pub use error::Error;
pub use sessions::{PERSON_KEY, SessionStore};

/// The service of this domain; cheap to clone.
#[derive(Clone)]
pub struct Identity {
    deps: Deps,
    asked: asked::Asked,
    hash_key: Arc<OnceCell<[u8; 32]>>,
}

impl Identity {
    /// Builds the service.
    pub fn new(deps: Deps) -> Self {
        Self {
            asked: asked::Asked::default(),
            deps,
            hash_key: Arc::new(OnceCell::new()),
        }
    }

    /// The store for the session layer of the web edge.
    pub fn session_store(&self) -> SessionStore {
        SessionStore::new(self.deps.clone(), self.asked.clone())
    }

    /// How many passwords were verified since the start, including those of people who do not
    /// exist.
    pub fn password_verifications(&self) -> u64 {
        self.deps.hasher.comparisons()
    }
}

/// Stamps instants for one reader.
pub(crate) struct Reader(Zone);

impl Reader {
    /// The reader in whose zone times are shown. A zone that has left the database since it was
    /// chosen reads as UTC, since a page with times in UTC is better than none.
    pub(crate) fn of(zone: &str) -> Self {
        Self(Zone::named(zone).unwrap_or_else(|_| Zone::utc()))
    }

    pub(crate) fn actor(actor: &Actor) -> Self {
        Self::of(&actor.zone)
    }

    pub(crate) fn stamp(&self, at: DateTime<Utc>) -> Stamp {
        self.0.stamp(at)
    }
}

/// The number of rows of a page: between 1 and the most that anyone gets.
pub(crate) fn page_size(wanted: i64) -> i64 {
    wanted.clamp(1, model::Page::<()>::MAX)
}

/// Reads a cursor that one of our pages gave out.
pub(crate) fn cursor<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(|text| {
        text.parse()
            .map_err(|_| Error::field("cursor", "This page no longer exists."))
    })
    .transpose()
}
