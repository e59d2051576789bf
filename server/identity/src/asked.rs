//! What every request asks of the database: whose session this is, what somebody may do, whether a token
//! still works. Requests that ask at the same time share a statement; each still hears how things stood
//! after it asked.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use model::PersonId;
use platform::together::Limits;
use platform::{Deps, Together};
use serde_json::Value;

use crate::people::Person;
use crate::store::{people, sessions, tokens};
use crate::tokens::Token;

/// The SHA-256 of a secret.
pub(crate) type Hash32 = [u8; 32];

/// The shared questions.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What a session that has not expired holds, and until when.
    pub sessions: Together<Deps, Hash32, Option<(Value, DateTime<Utc>)>>,
    /// Somebody with their roles.
    pub people: Together<Deps, PersonId, Option<Person>>,
    /// A token, revoked or not.
    pub tokens: Together<Deps, Hash32, Option<Token>>,
}

impl Default for Asked {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            sessions: Together::new("identity.sessions", limits, held),
            people: Together::new("identity.people", limits, known),
            tokens: Together::new("identity.tokens", limits, given),
        }
    }
}

async fn held(
    deps: Deps,
    hashes: Vec<Hash32>,
) -> Result<Vec<Option<(Value, DateTime<Utc>)>>, sqlx::Error> {
    let mut conn = deps.db.read().await?;
    let found = sessions::find_all(&mut conn, &hashes, deps.now()).await?;
    Ok(in_order(&hashes, &found))
}

async fn known(deps: Deps, ids: Vec<PersonId>) -> Result<Vec<Option<Person>>, sqlx::Error> {
    let mut conn = deps.db.read().await?;
    let found = people::find_by_ids(&mut conn, &ids).await?;
    let found = found.into_iter().map(|person| (person.id, person));
    Ok(in_order(&ids, &found.collect()))
}

async fn given(deps: Deps, hashes: Vec<Hash32>) -> Result<Vec<Option<Token>>, sqlx::Error> {
    let mut conn = deps.db.read().await?;
    let found = tokens::find_by_secret_hashes(&mut conn, &hashes).await?;
    Ok(in_order(&hashes, &found))
}

/// What was found of each that was asked for.
fn in_order<K: Eq + Hash, V: Clone>(asked: &[K], found: &HashMap<K, V>) -> Vec<Option<V>> {
    asked.iter().map(|key| found.get(key).cloned()).collect()
}
