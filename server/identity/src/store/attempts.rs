//! Tries to sign in, by keyed hash of e-mail and network address.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::limits::Counted;

/// The two families of advisory locks, always taken in this order.
const EMAIL_LOCKS: i32 = 0x1D_01;
const ADDRESS_LOCKS: i32 = 0x1D_02;

/// Makes everybody wait who counts for the same e-mail or address, until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection, counted: &Counted) -> Result<(), sqlx::Error> {
    lock_one(&mut *conn, EMAIL_LOCKS, &counted.email).await?;
    if let Some(address) = &counted.address {
        lock_one(&mut *conn, ADDRESS_LOCKS, address).await?;
    }
    Ok(())
}

async fn lock_one(
    conn: &mut PgConnection,
    family: i32,
    hash: &[u8; 32],
) -> Result<(), sqlx::Error> {
    // Two hashes that begin alike only wait for each other needlessly.
    let key = i32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    sqlx::query!("select pg_advisory_xact_lock($1, $2)", family, key)
        .execute(conn)
        .await?;
    Ok(())
}

/// When the `nth` newest try for the e-mail since `since` was; `None` when there are fewer.
pub(crate) async fn newest_of_email(
    conn: &mut PgConnection,
    email_hash: &[u8; 32],
    since: DateTime<Utc>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select at
        from identity.sign_in_attempt
        where email_hash = $1 and at > $2
        order by at desc, id desc
        offset $3
        limit 1
        "#,
        &email_hash[..],
        since,
        nth - 1,
    )
    .fetch_optional(conn)
    .await
}

/// When the `nth` newest try from the address since `since` was; `None` when there are fewer.
pub(crate) async fn newest_of_address(
    conn: &mut PgConnection,
    address_hash: &[u8; 32],
    since: DateTime<Utc>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select at
        from identity.sign_in_attempt
        where address_hash = $1 and at > $2
        order by at desc, id desc
        offset $3
        limit 1
        "#,
        &address_hash[..],
        since,
        nth - 1,
    )
    .fetch_optional(conn)
    .await
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    counted: &Counted,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        insert into identity.sign_in_attempt (email_hash, address_hash, at)
        values ($1, $2, $3)
        "#,
        &counted.email[..],
        counted.address.as_ref().map(|hash| &hash[..]),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn clear_email(
    conn: &mut PgConnection,
    email_hash: &[u8; 32],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from identity.sign_in_attempt where email_hash = $1",
        &email_hash[..]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes up to `limit` tries that no longer count, and gives their number.
pub(crate) async fn delete_before(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        r#"
        delete from identity.sign_in_attempt
        where id in (
            select id
            from identity.sign_in_attempt
            where at < $1
            order by at, id
            limit $2
            for update skip locked
        )
        "#,
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Keeps the sealed key if there is none yet, and gives the one that is kept.
pub(crate) async fn keep_hash_key(
    conn: &mut PgConnection,
    name: &str,
    sealed: &[u8],
) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query!(
        "insert into identity.hash_key (name, sealed) values ($1, $2) on conflict (name) do nothing",
        name,
        sealed,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!("select sealed from identity.hash_key where name = $1", name)
        .fetch_one(conn)
        .await
}

/// Puts another key in the place of one that cannot be opened.
pub(crate) async fn replace_hash_key(
    conn: &mut PgConnection,
    name: &str,
    sealed: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update identity.hash_key set sealed = $2 where name = $1",
        name,
        sealed
    )
    .execute(conn)
    .await?;
    Ok(())
}
