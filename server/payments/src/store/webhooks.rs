//! Rows of `payments.webhook`: deliveries as they arrived.

use chrono::{DateTime, Utc};
use model::WebhookId;
use sqlx::PgConnection;

/// A delivery as stored.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub gateway: String,
    pub body: Vec<u8>,
    pub processed_at: Option<DateTime<Utc>>,
}

/// Stores a delivery. False when the gateway delivered this event before, with a good signature.
#[expect(clippy::too_many_arguments, reason = "one for each column of the row")]
pub async fn insert(
    conn: &mut PgConnection,
    id: WebhookId,
    gateway: &str,
    event_id: Option<&str>,
    kind: Option<&str>,
    signature_ok: bool,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into payments.webhook (id, gateway, event_id, kind, signature_ok, body, received_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint webhook_event_unique do nothing",
        id.0,
        gateway,
        event_id,
        kind,
        signature_ok,
        body,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find_locked(
    conn: &mut PgConnection,
    id: WebhookId,
) -> Result<Option<Webhook>, sqlx::Error> {
    sqlx::query_as!(
        Webhook,
        "select gateway, body, processed_at
         from payments.webhook
         where id = $1 and signature_ok
         for update",
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub async fn mark_processed(
    conn: &mut PgConnection,
    id: WebhookId,
    outcome: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.webhook set processed_at = $2, outcome = $3 where id = $1",
        id.0,
        now,
        outcome
    )
    .execute(conn)
    .await?;
    Ok(())
}
