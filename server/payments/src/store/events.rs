//! Rows of `payments.event`: the history of a payment, only ever added to.

use chrono::{DateTime, Utc};
use model::{PaymentEventId, PaymentId};
use sqlx::PgConnection;

/// A line of history as stored.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: PaymentEventId,
    pub payment_id: PaymentId,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub actor: String,
    pub text: String,
    pub machine: bool,
}

pub async fn insert(
    conn: &mut PgConnection,
    event: &Event,
    detail: &serde_json::Value,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.event (id, payment_id, at, kind, actor, text, machine, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        event.id.0,
        event.payment_id.0,
        event.at,
        event.kind,
        event.actor,
        event.text,
        event.machine,
        detail
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The history of a payment, newest first.
pub async fn of_payment(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as!(
        Event,
        "select id, payment_id, at, kind, actor, text, machine
         from payments.event
         where payment_id = $1
         order by at desc, id desc
         limit 500",
        payment.0
    )
    .fetch_all(conn)
    .await
}
