//! Rows of `payments.orders`.

use chrono::{DateTime, Utc};
use model::payments::{CaptureMode, OrderStatus};
use model::{Currency, Money, OrderId};
use sqlx::PgConnection;

/// An order as stored.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub reference: String,
    pub status: OrderStatus,
    pub amount_minor: i64,
    pub currency: Currency,
    pub description: String,
    pub customer_email: String,
    pub customer_name: String,
    pub capture: CaptureMode,
    pub link_token: String,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
}

impl Order {
    pub const fn total(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

pub async fn insert(conn: &mut PgConnection, order: &Order) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.orders
            (id, reference, status, amount_minor, currency, description, customer_email,
             customer_name, capture, link_token, expires_at, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        order.id.0,
        order.reference,
        order.status.as_str(),
        order.amount_minor,
        order.currency.code(),
        order.description,
        order.customer_email,
        order.customer_name,
        order.capture.as_str(),
        order.link_token,
        order.expires_at,
        order.created_by,
        order.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: OrderId) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as!(
        Order,
        "select id, reference, status, amount_minor, currency, description, customer_email,
                customer_name, capture, link_token, expires_at, created_by, created_at
         from payments.orders
         where id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// Finds an order and locks it, so that two payments of it queue up behind each other.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: OrderId,
) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as!(
        Order,
        "select id, reference, status, amount_minor, currency, description, customer_email,
                customer_name, capture, link_token, expires_at, created_by, created_at
         from payments.orders
         where id = $1
         for update",
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub async fn find_by_link(
    conn: &mut PgConnection,
    token: &str,
) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as!(
        Order,
        "select id, reference, status, amount_minor, currency, description, customer_email,
                customer_name, capture, link_token, expires_at, created_by, created_at
         from payments.orders
         where link_token = $1",
        token
    )
    .fetch_optional(conn)
    .await
}

/// Orders, newest first, beginning after the cursor.
pub async fn list(
    conn: &mut PgConnection,
    after: Option<(DateTime<Utc>, OrderId)>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    let (at, id) = match after {
        Some((at, id)) => (Some(at), Some(id.0)),
        None => (None, None),
    };
    sqlx::query_as!(
        Order,
        "select id, reference, status, amount_minor, currency, description, customer_email,
                customer_name, capture, link_token, expires_at, created_by, created_at
         from payments.orders
         where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid)
         order by created_at desc, id desc
         limit $3",
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Moves an order to another state if it is still in `from`; false if it is not.
pub async fn set_status(
    conn: &mut PgConnection,
    id: OrderId,
    from: OrderStatus,
    to: OrderStatus,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update payments.orders set status = $3 where id = $1 and status = $2",
        id.0,
        from.as_str(),
        to.as_str()
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Expires open orders whose time is over and which no payment is under way for.
pub async fn expire_due(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update payments.orders o
         set status = 'expired'
         where o.status = 'open' and o.expires_at <= $1
           and not exists (
               select 1 from payments.payment p
               where p.order_id = o.id and p.status not in ('declined', 'voided', 'expired'))",
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
