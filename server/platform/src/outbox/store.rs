//! The SQL of the outbox.

use chrono::{DateTime, Utc};
use model::EventId;
use serde_json::Value;
use sqlx::PgConnection;

use super::Event;

pub(super) async fn insert(
    conn: &mut PgConnection,
    id: EventId,
    topic: &str,
    payload: &Value,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into platform.outbox (id, topic, payload, occurred_at)
         values ($1, $2, $3, $4)",
        id.0,
        topic,
        payload,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An event that is still open.
pub(super) async fn find_open(
    conn: &mut PgConnection,
    id: EventId,
) -> Result<Option<Event>, sqlx::Error> {
    sqlx::query_as!(
        Event,
        "select id, topic, payload, occurred_at as at
         from platform.outbox
         where id = $1
           and relayed_at is null",
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// The oldest open events, for the sweep.
pub(super) async fn list_open(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<EventId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: EventId"
         from platform.outbox
         where relayed_at is null
         order by seq
         limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Makes this transaction the only one that delivers to a consumer, waiting for one before it.
pub(super) async fn lock_consumer(
    conn: &mut PgConnection,
    consumer: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('platform.inbox:' || $1, 0)) as locked",
        consumer,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The next event that a consumer is owed at `now`: the oldest open one that it has not had,
/// unless that one failed before and is to hold up the others (fewer than `patience` tries) until
/// its next try is due.
pub(super) async fn next_owed(
    conn: &mut PgConnection,
    consumer: &str,
    topic: &str,
    patience: i32,
    now: DateTime<Utc>,
) -> Result<Option<Event>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select
             event.id,
             event.topic,
             event.payload,
             event.occurred_at,
             failure.next_at as "next_at?"
         from platform.outbox as event
         left join platform.inbox_failure as failure
             on failure.event_id = event.id
             and failure.consumer = $1
         where event.topic = $2
           and event.relayed_at is null
           and not exists (
               select 1
               from platform.inbox
               where inbox.consumer = $1
                 and inbox.event_id = event.id
           )
           and (failure.attempts is null or failure.attempts < $3 or failure.next_at <= $4)
         order by event.seq
         limit 1"#,
        consumer,
        topic,
        patience,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row
        .filter(|row| row.next_at.is_none_or(|at| at <= now))
        .map(|row| Event {
            id: row.id,
            topic: row.topic,
            payload: row.payload,
            at: row.occurred_at,
        }))
}

/// Says that a consumer has had an event; commits with the consumer's work.
pub(super) async fn mark_handled(
    conn: &mut PgConnection,
    consumer: &str,
    id: EventId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into platform.inbox (consumer, event_id, handled_at)
         values ($1, $2, $3)",
        consumer,
        id.0,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from platform.inbox_failure
         where consumer = $1
           and event_id = $2",
        consumer,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts a failed delivery, and returns how many there have been.
pub(super) async fn count_failure(
    conn: &mut PgConnection,
    consumer: &str,
    id: EventId,
    error: &str,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into platform.inbox_failure as failure
             (consumer, event_id, attempts, next_at, error)
         values ($1, $2, 1, now(), $3)
         on conflict (consumer, event_id) do update
         set attempts = failure.attempts + 1,
             error = excluded.error
         returning attempts",
        consumer,
        id.0,
        error,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn set_next_try(
    conn: &mut PgConnection,
    consumer: &str,
    id: EventId,
    next_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update platform.inbox_failure
         set next_at = $3
         where consumer = $1
           and event_id = $2",
        consumer,
        id.0,
        next_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks an event as broadcast; true for the one caller who gets to do it.
pub(super) async fn mark_broadcast(
    conn: &mut PgConnection,
    id: EventId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update platform.outbox
         set broadcast_at = $2
         where id = $1
           and broadcast_at is null",
        id.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes an event once every one of these consumers has had it.
pub(super) async fn close(
    conn: &mut PgConnection,
    id: EventId,
    consumers: &[String],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update platform.outbox as event
         set relayed_at = $3
         where event.id = $1
           and event.relayed_at is null
           and not exists (
               select 1
               from unnest($2::text[]) as wanted (consumer)
               where not exists (
                   select 1
                   from platform.inbox
                   where inbox.consumer = wanted.consumer
                     and inbox.event_id = event.id
               )
           )",
        id.0,
        consumers,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes events that were closed before an instant, with their inbox rows.
pub(super) async fn delete_closed(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from platform.outbox where relayed_at < $1", before)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
