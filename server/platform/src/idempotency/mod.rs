//! One answer for one idempotency key.
//!
//! A caller who does not know whether a request arrived sends it again with the same key. The first
//! request claims the key ([`claim`]), does its work and leaves its answer there ([`finish`]); any
//! later one gets that answer. One that fails without an effect gives the key back ([`release`]).
//!
//! A claim that is neither finished nor released belongs to a process that died; after
//! [`TAKEOVER_SECONDS`] the next request with the key takes it over. Work under a key must bear
//! that, as must any work that a crash can interrupt. [`LightKeys`] are for work that knows by itself
//! what it has done.

mod light;
mod store;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use model::Problem;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;

use crate::clock::Clock;
use crate::db::Db;
use crate::jobs::Registry;

pub use light::LightKeys;

/// How long a claim stands before it counts as abandoned.
pub const TAKEOVER_SECONDS: i64 = 60;

/// How long answers are kept, in days.
pub const KEEP_DAYS: i64 = 7;

/// The longest key.
pub const LONGEST_KEY: usize = 255;

/// What a key is worth to the one who presents it.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// It is new, or was abandoned: do the work, then [`finish`] or [`release`].
    Fresh,
    /// The work is done; this is the answer.
    Replay {
        /// The HTTP status of the first answer.
        status: u16,
        /// The body of the first answer.
        body: Value,
    },
    /// The first request is still at work.
    InFlight,
    /// The key was used for another request.
    Reused,
}

impl Claim {
    /// What to tell a caller who can be given neither work nor answer.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::Fresh | Self::Replay { .. } => None,
            Self::InFlight => Some(Problem {
                retry_after: Some(1),
                ..Problem::new(
                    409,
                    "idempotency_in_flight",
                    "A request with this idempotency key is still being worked on. Ask again in a moment.",
                )
            }),
            Self::Reused => Some(Problem::new(
                422,
                "idempotency_key_reused",
                "This idempotency key was used for a different request. Choose a new key.",
            )),
        }
    }
}

/// Why a key could not be claimed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is empty, longer than 255 characters, or has others than visible ASCII.
    #[error("an idempotency key has 1 to 255 visible ASCII characters")]
    BadKey,
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::BadKey => Self::invalid_field("idempotencyKey", error.to_string()),
            Error::Database(error) => {
                tracing::error!(%error, "an idempotency key could not be claimed");
                Self::internal()
            }
        }
    }
}

/// Whether a text can serve as a key.
pub fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Claims a key within a scope, which is the caller together with the call, for example
/// `token:<id>:POST /payments`. `body_hash` is the SHA-256 of the request's body.
///
/// In a short transaction of its own, the claim is visible to others at once, and a twin is told
/// [`Claim::InFlight`]. In the transaction of the work itself, a twin waits for that to end and is
/// then given its answer.
///
/// # Errors
/// See [`Error`].
pub async fn claim(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    body_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Claim, Error> {
    if !is_key(key) {
        return Err(Error::BadKey);
    }
    let locked_until = now + TimeDelta::seconds(TAKEOVER_SECONDS);
    // The row that is in the way can be released just before it is read, so look more than once.
    for _ in 0..3 {
        if store::insert(conn, scope, key, body_hash, locked_until, now).await? {
            return Ok(Claim::Fresh);
        }
        let Some(row) = store::find(conn, scope, key).await? else {
            continue;
        };
        if row.body_hash != body_hash {
            return Ok(Claim::Reused);
        }
        if let (Some(status), Some(body)) = (row.status, row.body) {
            return Ok(Claim::Replay {
                status: u16::try_from(status).unwrap_or(500),
                body,
            });
        }
        // Of several who find it abandoned, one gets it.
        let taken = row.locked_until <= now
            && store::take_over(conn, scope, key, row.locked_until, locked_until).await?;
        return Ok(if taken { Claim::Fresh } else { Claim::InFlight });
    }
    Ok(Claim::InFlight)
}

/// Leaves the answer for whoever comes again with the key. An answer that is there already stays.
///
/// # Errors
/// When the database refuses, or the body has no JSON form ([`sqlx::Error::Encode`]).
pub async fn finish(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    status: u16,
    body: &impl Serialize,
) -> Result<(), sqlx::Error> {
    let body = serde_json::to_value(body).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    store::finish(
        conn,
        scope,
        key,
        i16::try_from(status).unwrap_or(500),
        &body,
    )
    .await
}

/// Gives a key back that was claimed for work that came to nothing. An answer stays.
///
/// # Errors
/// When the database does not answer.
pub async fn release(conn: &mut PgConnection, scope: &str, key: &str) -> Result<(), sqlx::Error> {
    store::release(conn, scope, key).await
}

/// Registers the job that deletes old answers every night.
pub fn register(registry: &mut Registry, db: Db, clock: Arc<dyn Clock>) {
    registry.register("idempotency.tidy", move |_| {
        let (db, now) = (db.clone(), clock.now().trunc_subsecs(6));
        async move {
            let before = now - TimeDelta::days(KEEP_DAYS);
            let deleted = store::delete_older(&mut *db.read().await?, before).await?;
            tracing::info!(deleted, "old idempotency keys were deleted");
            Ok(())
        }
    });
    registry.cron("idempotency.tidy", "41 3 * * *");
}
