//! Rows of `attendance.kiosk_try` and `attendance.kiosk_lock`: tries at kiosks, and numbers that are
//! locked because of them.

use chrono::{DateTime, Utc};
use model::DeviceId;
use sqlx::PgConnection;

/// Makes everybody wait who counts for the same thing, until the transaction ends.
pub async fn wait_for(conn: &mut PgConnection, what: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('attendance.kiosk:' || $1::text, 0))",
        what,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the `nth` newest try with a number since `since` was; nothing when there are fewer.
pub async fn newest_of_number(
    conn: &mut PgConnection,
    number_hash: &[u8],
    since: DateTime<Utc>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select at
         from attendance.kiosk_try
         where number_hash = $1 and at > $2
         order by at desc, id desc
         offset $3
         limit 1",
        number_hash,
        since,
        nth - 1,
    )
    .fetch_optional(conn)
    .await
}

/// When the `nth` newest try at a kiosk since `since` was; nothing when there are fewer.
pub async fn newest_of_device(
    conn: &mut PgConnection,
    device: DeviceId,
    since: DateTime<Utc>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select at
         from attendance.kiosk_try
         where device_id = $1 and at > $2
         order by at desc, id desc
         offset $3
         limit 1",
        device.0,
        since,
        nth - 1,
    )
    .fetch_optional(conn)
    .await
}

/// When the `nth` newest try to set a kiosk up since `since` was, from a network or from anywhere;
/// nothing when there are fewer.
pub async fn newest_of_network(
    conn: &mut PgConnection,
    network: Option<&str>,
    since: DateTime<Utc>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select at
         from attendance.kiosk_try
         where network is not null and ($1::text is null or network = $1) and at > $2
         order by at desc, id desc
         offset $3
         limit 1",
        network,
        since,
        nth - 1,
    )
    .fetch_optional(conn)
    .await
}

/// Counts a try to be known at a kiosk, and says under which id.
pub async fn insert_entry(
    conn: &mut PgConnection,
    device: DeviceId,
    number_hash: Option<&[u8]>,
    at: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into attendance.kiosk_try (at, device_id, number_hash)
         values ($1, $2, $3)
         returning id",
        at,
        device.0,
        number_hash,
    )
    .fetch_one(conn)
    .await
}

/// Counts a try to set a kiosk up.
pub async fn insert_setup(
    conn: &mut PgConnection,
    network: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.kiosk_try (at, network) values ($1, $2)",
        at,
        network,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets one try.
pub async fn delete(conn: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from attendance.kiosk_try where id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the tries with a number, and with them that it is locked.
pub async fn forgive(conn: &mut PgConnection, number_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with tries as (
             delete from attendance.kiosk_try where number_hash = $1
         )
         delete from attendance.kiosk_lock where number_hash = $1",
        number_hash,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Until when a number is locked, if it is.
pub async fn locked_until(
    conn: &mut PgConnection,
    number_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select until from attendance.kiosk_lock where number_hash = $1 and until > $2",
        number_hash,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Locks a number; false when it was locked already.
pub async fn lock(
    conn: &mut PgConnection,
    number_hash: &[u8],
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.kiosk_lock (number_hash, until)
         values ($1, $2)
         on conflict (number_hash) do update
         set until = excluded.until
         where kiosk_lock.until <= $3",
        number_hash,
        until,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes what no longer counts: tries and tickets of before, and what has run out by then.
pub async fn delete_old(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "with tries as (
             delete from attendance.kiosk_try where at < $1
         ), locks as (
             delete from attendance.kiosk_lock where until < $1
         ), codes as (
             delete from attendance.kiosk_code where until < $1
         )
         delete from attendance.kiosk_ticket where until < $1",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
