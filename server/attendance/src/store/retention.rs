//! What is cleared and dropped once it is old, in slices.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

/// Makes the partitions of a month and of so many after it.
pub async fn keep_months(
    conn: &mut PgConnection,
    from: NaiveDate,
    more: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select attendance.keep_month(
             (date_trunc('month', $1::date::timestamp) + n * interval '1 month')::date
         )
         from generate_series(0, $2::integer) n",
        from,
        more,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the addresses away from punches that came before an instant; how many.
pub async fn clear_addresses(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "with old as (
             select id, occurred_at
             from attendance.punch
             where address is not null and received_at < $1
             order by received_at
             limit $2
         )
         update attendance.punch p
         set address = null
         from old
         where p.id = old.id and p.occurred_at = old.occurred_at",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes what devices sent, and was worked off before an instant; how many batches.
pub async fn delete_batches(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.device_batch
         where id = any(array(
             select id
             from attendance.device_batch
             where done_at < $1
             order by done_at
             limit $2
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes lines that could not be read and came before an instant; how many.
pub async fn delete_lines(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.device_line
         where id = any(array(
             select id
             from attendance.device_line
             where received_at < $1
             order by received_at
             limit $2
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Drops the months of punches that ended before a day; how many. Gives up soon when somebody holds
/// the table, so that no punch has to wait.
pub async fn drop_months(conn: &mut PgConnection, before: NaiveDate) -> Result<i32, sqlx::Error> {
    sqlx::query!("set local lock_timeout = '2s'")
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar!(
        r#"select attendance.drop_months_before($1) as "dropped!""#,
        before,
    )
    .fetch_one(conn)
    .await
}

/// Deletes punches that lie in no month and came before an instant; how many.
pub async fn delete_strays(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.punch_elsewhen where received_at < $1",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes the keys of punches that are no more; how many.
pub async fn delete_keys(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.punch_key k
         where k.occurred_at < $1
           and not exists (
               select 1 from attendance.punch p
               where p.id = k.punch_id and p.occurred_at = k.occurred_at
           )",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
