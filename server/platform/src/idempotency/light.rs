//! Keys of work that knows by itself what it has done already, such as punches that are told. A crash may
//! cost the claims and answers of its last moments, so they do not wait for the disk, and those of many
//! requests share a statement.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Claim, Error, TAKEOVER_SECONDS, claim, is_key, store};
use crate::db::Db;
use crate::together::{Limits, Together};

/// Claims and answers that many make at once; cheap to clone.
#[derive(Clone, Debug)]
pub struct LightKeys {
    claims: Together<Db, Claiming, Claim>,
    answers: Together<Db, Answered, ()>,
}

/// A key that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claiming {
    pub scope: String,
    pub key: String,
    pub body_hash: [u8; 32],
    pub now: DateTime<Utc>,
}

/// What is to be told to whoever comes again with a key.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub scope: String,
    pub key: String,
    pub status: i16,
    pub body: Value,
}

impl Default for LightKeys {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            claims: Together::new("idempotency.claims", limits, claim_all),
            answers: Together::new("idempotency.answers", limits, answer_all),
        }
    }
}

impl LightKeys {
    /// [`claim`], outside of a transaction.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn claim(
        &self,
        db: &Db,
        scope: &str,
        key: &str,
        body_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Claim, Error> {
        if !is_key(key) {
            return Err(Error::BadKey);
        }
        let claiming = Claiming {
            scope: scope.to_owned(),
            key: key.to_owned(),
            body_hash: *body_hash,
            now,
        };
        Ok(self.claims.ask(db, claiming).await?)
    }

    /// [`finish`](super::finish), outside of a transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish(
        &self,
        db: &Db,
        scope: &str,
        key: &str,
        status: u16,
        body: Value,
    ) -> Result<(), sqlx::Error> {
        let answered = Answered {
            scope: scope.to_owned(),
            key: key.to_owned(),
            status: i16::try_from(status).unwrap_or(500),
            body,
        };
        self.answers.ask(db, answered).await
    }
}

async fn claim_all(db: Db, claiming: Vec<Claiming>) -> Result<Vec<Claim>, sqlx::Error> {
    let mut conn = db.read().await?;
    let takeover = TimeDelta::seconds(TAKEOVER_SECONDS);
    let mut fresh = store::insert_all(&mut conn, &claiming, takeover).await?;
    let mut claims = Vec::with_capacity(claiming.len());
    for one in &claiming {
        // Of two with the same key, the first has it.
        if fresh.remove(&(one.scope.clone(), one.key.clone())) {
            claims.push(Claim::Fresh);
            continue;
        }
        let known = claim(&mut conn, &one.scope, &one.key, &one.body_hash, one.now).await;
        claims.push(known.unwrap_or_else(|error| {
            // The others have their claims already; this one may ask again.
            tracing::error!(%error, "a key could not be looked up");
            Claim::InFlight
        }));
    }
    Ok(claims)
}

async fn answer_all(db: Db, answered: Vec<Answered>) -> Result<Vec<()>, sqlx::Error> {
    let mut conn = db.read().await?;
    store::finish_all(&mut conn, &answered).await?;
    Ok(answered.iter().map(|_| ()).collect())
}
