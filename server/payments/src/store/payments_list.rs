//! The filtered list of payments and the figures above it.

use chrono::{DateTime, NaiveDate, Utc};
use model::payments::PaymentStatus;
use model::{Currency, Money, PaymentId};
use sqlx::{PgConnection, QueryBuilder, Row};

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: PaymentId,
    pub reference: String,
    pub customer: String,
    pub status: PaymentStatus,
    pub money: Money,
    pub gateway: String,
    pub created_at: DateTime<Utc>,
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    pub status: Option<PaymentStatus>,
    pub search: Option<String>,
    pub after: Option<(DateTime<Utc>, PaymentId)>,
    pub limit: i64,
}

pub async fn list(conn: &mut PgConnection, narrow: &Narrow) -> Result<Vec<Listed>, sqlx::Error> {
    let mut query = QueryBuilder::new(
        "select p.id, o.reference, o.customer_name, p.status, p.amount_minor, p.currency, p.gateway,
                p.created_at
         from payments.payment p
         join payments.orders o on o.id = p.order_id
         where true",
    );
    if let Some(status) = narrow.status {
        query.push(" and p.status = ").push_bind(status.as_str());
    }
    if let Some(search) = &narrow.search {
        let like = format!("%{}%", search.replace(['\\', '%', '_'], "").trim());
        query
            .push(" and (o.reference ilike ")
            .push_bind(like.clone())
            .push(" or o.customer_name ilike ")
            .push_bind(like.clone())
            .push(" or o.customer_email ilike ")
            .push_bind(like)
            .push(" or p.gateway_reference = ")
            .push_bind(search.trim().to_owned())
            .push(" or p.gateway_charge = ")
            .push_bind(search.trim().to_owned())
            .push(")");
    }
    if let Some((at, id)) = narrow.after {
        query
            .push(" and (p.created_at, p.id) < (")
            .push_bind(at)
            .push(", ")
            .push_bind(id.0)
            .push(")");
    }
    query
        .push(" order by p.created_at desc, p.id desc limit ")
        .push_bind(narrow.limit);
    let rows = query.build().fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            let currency: Currency = row.try_get("currency")?;
            Ok(Listed {
                id: PaymentId(row.try_get("id")?),
                reference: row.try_get("reference")?,
                customer: row.try_get("customer_name")?,
                status: row.try_get("status")?,
                money: Money::new(row.try_get("amount_minor")?, currency),
                gateway: row.try_get("gateway")?,
                created_at: row.try_get("created_at")?,
            })
        })
        .collect()
}

/// Ended and paid payments since an instant.
pub async fn ended_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        "select count(*) filter (where status in ('captured', 'settled', 'declined', 'expired')) as ended,
                count(*) filter (where status in ('captured', 'settled')) as paid
         from payments.payment
         where created_at >= $1",
        since
    )
    .fetch_one(conn)
    .await?;
    Ok((row.ended.unwrap_or(0), row.paid.unwrap_or(0)))
}

/// What was captured since an instant, for each currency.
pub async fn volume_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> Result<Vec<Money>, sqlx::Error> {
    let rows = sqlx::query!(
        "select currency, sum(captured_minor)::bigint as minor
         from payments.payment
         where captured_at >= $1
         group by currency
         order by currency",
        since
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Money::new(row.minor.unwrap_or(0), row.currency))
        .collect())
}

/// The median seconds from capture to the bank line, of what settled since an instant.
pub async fn settle_median_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select (percentile_cont(0.5) within group (order by extract(epoch from settled_at - captured_at)))::bigint
         from payments.payment
         where settled_at >= $1",
        since
    )
    .fetch_one(conn)
    .await
}

/// Captured payments a day since an instant; days are those of UTC moved by `offset_minutes`.
pub async fn daily_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    offset_minutes: i32,
) -> Result<Vec<(NaiveDate, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select (captured_at at time zone 'UTC' + make_interval(mins => $2))::date as "day!",
                count(*) as "count!"
         from payments.payment
         where captured_at >= $1
         group by 1
         order by 1"#,
        since,
        offset_minutes
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.day, row.count)).collect())
}
