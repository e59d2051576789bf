//! Rows of `payments.attempt`: what was asked of a gateway, written before it was asked.

use chrono::{DateTime, Utc};
use model::payments::DeclineCode;
use model::{AttemptId, PaymentId};
use sqlx::PgConnection;

/// An attempt as stored.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: AttemptId,
    pub verb: String,
    pub outcome: String,
    pub decline: Option<DeclineCode>,
    pub gateway_reference: Option<String>,
    pub message: Option<String>,
    pub sends: i32,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// Notes that a call is about to be sent. A second send under the same key counts up.
pub async fn begin(
    conn: &mut PgConnection,
    id: AttemptId,
    payment: PaymentId,
    verb: &str,
    key: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.attempt (id, payment_id, verb, key, outcome, started_at)
         values ($1, $2, $3, $4, 'pending', $5)
         on conflict (key) do update
         set sends = attempt.sends + 1, outcome = 'pending', ended_at = null",
        id.0,
        payment.0,
        verb,
        key,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes how a call ended.
pub async fn end(
    conn: &mut PgConnection,
    key: &str,
    outcome: &str,
    decline: Option<DeclineCode>,
    gateway_reference: Option<&str>,
    message: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.attempt
         set outcome = $2, decline = $3, gateway_reference = coalesce($4, gateway_reference),
             message = $5, ended_at = $6
         where key = $1",
        key,
        outcome,
        decline.map(DeclineCode::as_str),
        gateway_reference,
        message,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes the last key of a verb: a look-up has shown that its call did nothing, so the next call
/// takes a new key.
pub async fn close_last(
    conn: &mut PgConnection,
    payment: PaymentId,
    verb: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.attempt
         set outcome = 'refused'
         where outcome = 'unknown'
           and key = (select key from payments.attempt
                      where payment_id = $1 and verb = $2
                      order by started_at desc, id desc
                      limit 1)",
        payment.0,
        verb
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many keys of a verb are closed, and the outcome of the last one.
pub async fn standing_of(
    conn: &mut PgConnection,
    payment: PaymentId,
    verb: &str,
) -> Result<(i64, Option<String>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where outcome = 'refused') as "closed!",
                (array_agg(outcome order by started_at desc, id desc))[1] as last
         from payments.attempt
         where payment_id = $1 and verb = $2"#,
        payment.0,
        verb
    )
    .fetch_one(conn)
    .await?;
    Ok((row.closed, row.last))
}

/// The attempts of a payment, newest first.
pub async fn of_payment(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> Result<Vec<Attempt>, sqlx::Error> {
    sqlx::query_as!(
        Attempt,
        "select id, verb, outcome, decline, gateway_reference, message, sends,
                started_at, ended_at
         from payments.attempt
         where payment_id = $1
         order by started_at desc, id desc
         limit 200",
        payment.0
    )
    .fetch_all(conn)
    .await
}
