//! The SQL of idempotency keys.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::light::{Answered, Claiming};

pub(super) struct Row {
    pub(super) body_hash: Vec<u8>,
    pub(super) status: Option<i16>,
    pub(super) body: Option<Value>,
    pub(super) locked_until: DateTime<Utc>,
}

/// Returns whether the key was free. Waits for a transaction that is about to take or free it.
pub(super) async fn insert(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    body_hash: &[u8; 32],
    locked_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into platform.idempotency
             (scope, key, body_hash, state, locked_until, created_at)
         values ($1, $2, $3, 'running', $4, $5)
         on conflict on constraint idempotency_pkey do nothing",
        scope,
        key,
        body_hash.as_slice(),
        locked_until,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The keys, with their scopes, that were free. Does not wait for the disk.
pub(super) async fn insert_all(
    conn: &mut PgConnection,
    claiming: &[Claiming],
    takeover: TimeDelta,
) -> Result<HashSet<(String, String)>, sqlx::Error> {
    let scopes: Vec<&str> = claiming.iter().map(|one| one.scope.as_str()).collect();
    let keys: Vec<&str> = claiming.iter().map(|one| one.key.as_str()).collect();
    let hashes: Vec<&[u8]> = claiming.iter().map(|one| &one.body_hash[..]).collect();
    let until: Vec<DateTime<Utc>> = claiming.iter().map(|one| one.now + takeover).collect();
    let now: Vec<DateTime<Utc>> = claiming.iter().map(|one| one.now).collect();
    let rows = sqlx::query!(
        "insert into platform.idempotency
             (scope, key, body_hash, state, locked_until, created_at)
         select scope, key, body_hash, 'running', locked_until, created_at
         from unnest($1::text[], $2::text[], $3::bytea[], $4::timestamptz[], $5::timestamptz[])
                 with ordinality as t (scope, key, body_hash, locked_until, created_at, place),
             set_config('synchronous_commit', 'off', true)
         order by scope, key, place
         on conflict on constraint idempotency_pkey do nothing
         returning scope, key",
        &scopes as _,
        &keys as _,
        &hashes as _,
        &until,
        &now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.scope, row.key)).collect())
}

pub(super) async fn find(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select body_hash, status, body, locked_until
         from platform.idempotency
         where scope = $1
           and key = $2",
        scope,
        key,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn take_over(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    was_locked_until: DateTime<Utc>,
    locked_until: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update platform.idempotency
         set locked_until = $4
         where scope = $1
           and key = $2
           and state = 'running'
           and locked_until = $3",
        scope,
        key,
        was_locked_until,
        locked_until,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn finish(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    status: i16,
    body: &Value,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update platform.idempotency
         set state = 'done',
             status = $3,
             body = $4
         where scope = $1
           and key = $2
           and state = 'running'",
        scope,
        key,
        status,
        body,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Leaves many answers, in the order of keys. Does not wait for the disk.
pub(super) async fn finish_all(
    conn: &mut PgConnection,
    answered: &[Answered],
) -> Result<(), sqlx::Error> {
    let scopes: Vec<&str> = answered.iter().map(|one| one.scope.as_str()).collect();
    let keys: Vec<&str> = answered.iter().map(|one| one.key.as_str()).collect();
    let statuses: Vec<i16> = answered.iter().map(|one| one.status).collect();
    let bodies: Vec<&Value> = answered.iter().map(|one| &one.body).collect();
    sqlx::query!(
        "with told as materialized (
             select *
             from unnest($1::text[], $2::text[], $3::smallint[], $4::jsonb[])
                 as t (scope, key, status, body)
         ), held as materialized (
             select i.scope, i.key
             from platform.idempotency i
             join told using (scope, key)
             where i.state = 'running'
             order by i.scope, i.key
             for no key update of i
         )
         update platform.idempotency i
         set state = 'done', status = told.status, body = told.body
         from held
         join told using (scope, key), set_config('synchronous_commit', 'off', true)
         where i.scope = held.scope and i.key = held.key and i.state = 'running'",
        &scopes as _,
        &keys as _,
        &statuses,
        &bodies as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn release(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from platform.idempotency
         where scope = $1
           and key = $2
           and state = 'running'",
        scope,
        key,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_older(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from platform.idempotency where created_at < $1",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
