//! Rows of `payments.payment`.

use chrono::{DateTime, Utc};
use model::payments::{DeclineCode, PaymentStatus};
use model::{Currency, Money, OrderId, PaymentId};
use sqlx::PgConnection;

/// A payment as stored.
#[derive(Clone, Debug)]
pub struct Payment {
    pub id: PaymentId,
    pub order_id: OrderId,
    pub status: PaymentStatus,
    pub amount_minor: i64,
    pub currency: Currency,
    pub captured_minor: i64,
    pub refunded_minor: i64,
    pub disputed_minor: i64,
    pub gateway: String,
    pub gateway_reference: Option<String>,
    pub gateway_charge: Option<String>,
    pub method_token: String,
    pub client_key: String,
    pub decline: Option<DeclineCode>,
    pub next_action: Option<serde_json::Value>,
    pub capture_requested_minor: Option<i64>,
    pub void_requested: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub authorised_at: Option<DateTime<Utc>>,
    pub captured_at: Option<DateTime<Utc>>,
    pub settled_at: Option<DateTime<Utc>>,
}

impl Payment {
    pub const fn money(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

pub async fn insert(conn: &mut PgConnection, payment: &Payment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.payment
            (id, order_id, status, amount_minor, currency, gateway, method_token, client_key,
             capture_requested_minor, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        payment.id.0,
        payment.order_id.0,
        payment.status.as_str(),
        payment.amount_minor,
        payment.currency.code(),
        payment.gateway,
        payment.method_token,
        payment.client_key,
        payment.capture_requested_minor,
        payment.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! select_payment {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Payment,
            "select id, order_id, status, amount_minor, currency, captured_minor, refunded_minor,
                    disputed_minor, gateway, gateway_reference, gateway_charge, method_token,
                    client_key, decline, next_action, capture_requested_minor, void_requested,
                    version, created_at, authorised_at, captured_at, settled_at
             from payments.payment " + $tail,
            $($arg),*
        )
    };
}

pub async fn find(conn: &mut PgConnection, id: PaymentId) -> Result<Option<Payment>, sqlx::Error> {
    select_payment!("where id = $1", id.0)
        .fetch_optional(conn)
        .await
}

/// Finds a payment and locks it until the transaction ends.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: PaymentId,
) -> Result<Option<Payment>, sqlx::Error> {
    select_payment!("where id = $1 for update", id.0)
        .fetch_optional(conn)
        .await
}

pub async fn find_by_client_key(
    conn: &mut PgConnection,
    order: OrderId,
    key: &str,
) -> Result<Option<Payment>, sqlx::Error> {
    select_payment!("where order_id = $1 and client_key = $2", order.0, key)
        .fetch_optional(conn)
        .await
}

/// The payments of an order, newest first.
pub async fn of_order(
    conn: &mut PgConnection,
    order: OrderId,
) -> Result<Vec<Payment>, sqlx::Error> {
    select_payment!(
        "where order_id = $1 order by created_at desc, id desc limit 100",
        order.0
    )
    .fetch_all(conn)
    .await
}

/// Whether an order has a payment that is not dead. Under the order's lock the answer stays true.
pub async fn order_has_live(conn: &mut PgConnection, order: OrderId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select exists (
               select from payments.payment
               where order_id = $1 and status not in ('declined', 'voided', 'expired')) as "live!""#,
        order.0
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Finds a payment by what the gateway calls it: the payment itself or its charge.
pub async fn find_by_gateway_reference(
    conn: &mut PgConnection,
    gateway: &str,
    reference: &str,
) -> Result<Option<Payment>, sqlx::Error> {
    select_payment!(
        "where gateway = $1 and (gateway_reference = $2 or gateway_charge = $2) limit 1",
        gateway,
        reference
    )
    .fetch_optional(conn)
    .await
}

/// Writes everything that changes over a payment's life, if nobody else has meanwhile.
/// False when the version has moved on.
pub async fn update(conn: &mut PgConnection, payment: &Payment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update payments.payment
         set status = $3, captured_minor = $4, refunded_minor = $5, disputed_minor = $6,
             gateway_reference = $7, gateway_charge = $8, decline = $9, next_action = $10,
             capture_requested_minor = $11, void_requested = $12, authorised_at = $13,
             captured_at = $14, settled_at = $15, version = version + 1
         where id = $1 and version = $2",
        payment.id.0,
        payment.version,
        payment.status.as_str(),
        payment.captured_minor,
        payment.refunded_minor,
        payment.disputed_minor,
        payment.gateway_reference,
        payment.gateway_charge,
        payment.decline.map(DeclineCode::as_str),
        payment.next_action,
        payment.capture_requested_minor,
        payment.void_requested,
        payment.authorised_at,
        payment.captured_at,
        payment.settled_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
