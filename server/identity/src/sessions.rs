//! Where the sessions of the web edge are kept. A session that was deleted stays deleted: saving
//! only updates, so a request that was still under way cannot bring it back.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::PersonId;
use platform::Deps;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error};

use crate::asked::Asked;
use crate::store::sessions::{self, Row};

/// The key under which the edge keeps the id of the signed-in person in the session. The store
/// reads it to know whose session it is.
pub const PERSON_KEY: &str = "person";

/// The session store of this house, for the session layer.
#[derive(Clone)]
pub struct SessionStore {
    deps: Deps,
    asked: Asked,
}

impl SessionStore {
    pub(crate) fn new(deps: Deps, asked: Asked) -> Self {
        Self { deps, asked }
    }
}

impl std::fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionStore")
    }
}

#[async_trait]
impl tower_sessions::SessionStore for SessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let mut conn = self.deps.db.read().await.map_err(backend)?;
        // An id that is taken is somebody's session: never touch it, draw another.
        while !sessions::insert(&mut conn, &row_of(record)?)
            .await
            .map_err(backend)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let mut conn = self.deps.db.read().await.map_err(backend)?;
        if !sessions::update(&mut conn, &row_of(record)?)
            .await
            .map_err(backend)?
        {
            tracing::debug!("a session that has ended was not saved");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self
            .asked
            .sessions
            .ask(&self.deps, hash_of(id))
            .await
            .map_err(backend)?;
        found
            .map(|(data, expires_at)| record_of(*id, data, expires_at))
            .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let mut conn = self.deps.db.read().await.map_err(backend)?;
        sessions::delete(&mut conn, &hash_of(id))
            .await
            .map_err(backend)
    }
}

/// Only the hash of an id is kept, so that a leaked table is no set of keys.
fn hash_of(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_be_bytes()).into()
}

fn row_of(record: &Record) -> session_store::Result<Row> {
    let data = serde_json::to_value(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
    let expiry = record.expiry_date;
    let expires_at = DateTime::from_timestamp(expiry.unix_timestamp(), expiry.nanosecond())
        .ok_or_else(|| Error::Encode("the expiry is out of range".to_owned()))?;
    let person = record.data.get(PERSON_KEY).and_then(Value::as_str);
    let person = person.map(str::parse::<PersonId>).transpose();
    Ok(Row {
        id_hash: hash_of(&record.id),
        person_id: person.map_err(|e| Error::Encode(e.to_string()))?,
        data,
        expires_at,
    })
}

fn record_of(id: Id, data: Value, expires_at: DateTime<Utc>) -> session_store::Result<Record> {
    let data: HashMap<String, Value> =
        serde_json::from_value(data).map_err(|e| Error::Decode(e.to_string()))?;
    let nanos = i128::from(expires_at.timestamp_micros()) * 1000;
    let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(nanos)
        .map_err(|e| Error::Decode(e.to_string()))?;
    Ok(Record {
        id,
        data,
        expiry_date,
    })
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
