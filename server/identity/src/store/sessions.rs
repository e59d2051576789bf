//! Sessions, under the hash of their id.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::PersonId;
use serde_json::Value;
use sqlx::PgConnection;

pub(crate) struct Row {
    pub(crate) id_hash: [u8; 32],
    pub(crate) person_id: Option<PersonId>,
    pub(crate) data: Value,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Inserts; `false` when the id is taken.
pub(crate) async fn insert(conn: &mut PgConnection, row: &Row) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        r#"
        insert into identity.session (id_hash, person_id, data, expires_at)
        values ($1, $2, $3, $4)
        on conflict (id_hash) do nothing
        "#,
        &row.id_hash[..],
        row.person_id.map(|id| id.0),
        row.data,
        row.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Updates; `false` when the session is no longer there.
pub(crate) async fn update(conn: &mut PgConnection, row: &Row) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        r#"
        update identity.session
        set person_id = $2, data = $3, expires_at = $4
        where id_hash = $1
        "#,
        &row.id_hash[..],
        row.person_id.map(|id| id.0),
        row.data,
        row.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What sessions that have not expired hold, and until when, by the hashes of their ids.
pub(crate) async fn find_all(
    conn: &mut PgConnection,
    id_hashes: &[[u8; 32]],
    now: DateTime<Utc>,
) -> Result<HashMap<[u8; 32], (Value, DateTime<Utc>)>, sqlx::Error> {
    let hashes: Vec<&[u8]> = id_hashes.iter().map(<[u8; 32]>::as_slice).collect();
    let rows = sqlx::query!(
        r#"
        select id_hash, data, expires_at
        from identity.session
        where id_hash = any($1) and expires_at > $2
        "#,
        &hashes as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    let rows = rows.filter_map(|row| {
        let hash = row.id_hash.try_into().ok()?;
        Some((hash, (row.data, row.expires_at)))
    });
    Ok(rows.collect())
}

pub(crate) async fn delete(conn: &mut PgConnection, id_hash: &[u8; 32]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from identity.session where id_hash = $1",
        &id_hash[..]
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn delete_of_person(
    conn: &mut PgConnection,
    id: PersonId,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from identity.session where person_id = $1", id.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Removes up to `limit` sessions that have expired, and gives their number.
pub(crate) async fn delete_expired(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        r#"
        delete from identity.session
        where id_hash in (
            select id_hash
            from identity.session
            where expires_at <= $1
            order by expires_at
            limit $2
            for update skip locked
        )
        "#,
        now,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
