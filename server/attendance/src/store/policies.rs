//! Rows of `attendance.policy`.

use chrono::{DateTime, NaiveDate, Utc};
use model::PolicyId;
use model::attendance::policy::Policy;
use sqlx::PgConnection;
use sqlx::types::Json;

/// A policy as stored.
pub struct PolicyRow {
    pub id: PolicyId,
    pub name: String,
    pub policy: Json<Policy>,
    pub version: i32,
    /// How many people it holds for on a day.
    pub people: i64,
}

/// Every policy, by name, with how many it holds for on a day.
pub async fn all(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<PolicyRow>, sqlx::Error> {
    sqlx::query_as!(
        PolicyRow,
        r#"with held as (
             select t.policy_id, count(*) as people
             from attendance.employee e
             cross join lateral (
                 select policy_id
                 from attendance.employment
                 where employee_id = e.id and from_day <= $1
                 order by from_day desc
                 limit 1
             ) t
             where e.active
             group by t.policy_id
         )
         select p.id as "id: PolicyId", p.name, p.document as "policy: Json<Policy>", p.version,
             coalesce(h.people, 0) as "people!"
         from attendance.policy p
         left join held h on h.policy_id = p.id
         order by lower(p.name), p.id
         limit 1000"#,
        today,
    )
    .fetch_all(conn)
    .await
}

/// What every policy says.
pub async fn documents(conn: &mut PgConnection) -> Result<Vec<(PolicyId, Policy)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: PolicyId", document as "policy: Json<Policy>"
         from attendance.policy
         order by id
         limit 1000"#
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.id, row.policy.0)).collect())
}

pub async fn insert(
    conn: &mut PgConnection,
    id: PolicyId,
    name: &str,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.policy (id, name, document, version, updated_at)
         values ($1, $2, $3, 1, $4)",
        id.0,
        name,
        Json(policy) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A policy with its name, which nobody else changes until the transaction ends.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: PolicyId,
) -> Result<Option<(String, Policy)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select name, document as "policy: Json<Policy>"
         from attendance.policy
         where id = $1
         for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.name, row.policy.0)))
}

/// Changes a policy that is still at `version`; false if it is not.
pub async fn update(
    conn: &mut PgConnection,
    id: PolicyId,
    version: i32,
    name: &str,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.policy
         set name = $3, document = $4, version = version + 1, updated_at = $5
         where id = $1 and version = $2",
        id.0,
        version,
        name,
        Json(policy) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
