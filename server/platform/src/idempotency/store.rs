//! The SQL of idempotency keys.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

pub(super) struct Row {
    pub(super) body_hash: Vec<u8>,
    pub(super) status: Option<i16>,
    pub(super) body: Option<Value>,
    pub(super) locked_until: DateTime<Utc>,
}

/// Returns whether the key was free. Waits for a transaction that is about to take or free it. What is
/// `light` does not wait for the disk.
pub(super) async fn insert(
    conn: &mut PgConnection,
    scope: &str,
    key: &str,
    body_hash: &[u8; 32],
    locked_until: DateTime<Utc>,
    now: DateTime<Utc>,
    light: bool,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into platform.idempotency
             (scope, key, body_hash, state, locked_until, created_at)
         select $1, $2, $3, 'running', $4, $5
         from set_config('synchronous_commit',
             case when $6 then 'off' else current_setting('synchronous_commit') end, true)
         on conflict on constraint idempotency_pkey do nothing",
        scope,
        key,
        body_hash.as_slice(),
        locked_until,
        now,
        light,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
    light: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update platform.idempotency
         set state = 'done',
             status = $3,
             body = $4
         from set_config('synchronous_commit',
             case when $5 then 'off' else current_setting('synchronous_commit') end, true)
         where scope = $1
           and key = $2
           and state = 'running'",
        scope,
        key,
        status,
        body,
        light,
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
