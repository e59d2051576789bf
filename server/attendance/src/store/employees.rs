//! Rows of `attendance.employee` and `attendance.employment`: people, and under which terms they work.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::policy::Policy;
use model::scheduling::meeting::Colleague;
use model::{PersonId, PolicyId, SiteId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// Somebody.
#[derive(Clone, Debug)]
pub struct EmployeeRow {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub zone: String,
    pub active: bool,
    pub number: Option<String>,
}

/// Terms, from a day on.
#[derive(Clone, Debug)]
pub struct EmploymentRow {
    pub employee_id: PersonId,
    pub from_day: NaiveDate,
    pub policy_id: PolicyId,
    pub region: Option<String>,
    pub site_id: Option<SiteId>,
    /// The zone of the site.
    pub site_zone: Option<String>,
    pub manager_id: Option<PersonId>,
    pub team: String,
}

/// Terms as stored, not read yet.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    pub id: PolicyId,
    pub document: Value,
    pub version: i32,
}

/// Makes or changes a person, and says in which zone it was before; nothing for a new one. One who is
/// the same already is left alone.
pub async fn keep(
    conn: &mut PgConnection,
    person: &Colleague,
    active: bool,
) -> Result<Option<String>, sqlx::Error> {
    let before = sqlx::query_scalar!(
        "select zone from attendance.employee where id = $1 for update",
        person.id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into attendance.employee (id, email, name, zone, active)
         values ($1, $2, $3, $4, $5)
         on conflict (id) do update
         set email = excluded.email, name = excluded.name, zone = excluded.zone,
             active = excluded.active
         where (employee.email, employee.name, employee.zone, employee.active)
            is distinct from (excluded.email, excluded.name, excluded.zone, excluded.active)",
        person.id.0,
        person.email,
        person.name,
        person.zone,
        active,
    )
    .execute(conn)
    .await?;
    Ok(before)
}

/// Gives somebody without any terms the usual ones, from long ago on. The terms are made if they are
/// missing.
pub async fn keep_terms(
    conn: &mut PgConnection,
    employee: PersonId,
    policy: PolicyId,
    usual: &Policy,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let has_some = sqlx::query_scalar!(
        r#"select exists (
             select from attendance.employment where employee_id = $1
         ) as "has_some!""#,
        employee.0
    )
    .fetch_one(&mut *conn)
    .await?;
    if has_some {
        return Ok(());
    }
    sqlx::query!(
        "insert into attendance.policy (id, name, document, version, updated_at)
         values ($1, 'Standard', $2, 1, $3)
         on conflict (name) do nothing",
        policy.0,
        sqlx::types::Json(usual) as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into attendance.employment (employee_id, from_day, policy_id, team)
         select $1, date '2000-01-01', id, ''
         from attendance.policy
         where name = 'Standard'
         on conflict do nothing",
        employee.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// People by id, in no order; those who left as well.
pub async fn by_ids(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<EmployeeRow>, sqlx::Error> {
    sqlx::query_as!(
        EmployeeRow,
        r#"select id as "id: PersonId", email, name, zone, active, number
         from attendance.employee
         where id = any($1)"#,
        ids
    )
    .fetch_all(conn)
    .await
}

/// People by id, address (in lower case) or number, in no order; those who left as well.
pub async fn by_any_name(
    conn: &mut PgConnection,
    ids: &[Uuid],
    emails: &[String],
    numbers: &[String],
) -> Result<Vec<EmployeeRow>, sqlx::Error> {
    sqlx::query_as!(
        EmployeeRow,
        r#"select id as "id: PersonId", email, name, zone, active, number
         from attendance.employee
         where id = any($1) or lower(email) = any($2) or number = any($3)"#,
        ids,
        emails,
        numbers,
    )
    .fetch_all(conn)
    .await
}

/// All terms of people, oldest first for each.
pub async fn employments(
    conn: &mut PgConnection,
    people: &[Uuid],
) -> Result<Vec<EmploymentRow>, sqlx::Error> {
    sqlx::query_as!(
        EmploymentRow,
        r#"select t.employee_id as "employee_id: PersonId", t.from_day,
                t.policy_id as "policy_id: PolicyId", t.region,
                t.site_id as "site_id?: SiteId", s.zone as "site_zone?",
                t.manager_id as "manager_id?: PersonId", t.team
         from attendance.employment t
         left join attendance.site s on s.id = t.site_id
         where t.employee_id = any($1)
         order by t.employee_id, t.from_day"#,
        people
    )
    .fetch_all(conn)
    .await
}

/// Policies by id.
pub async fn policies(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<PolicyRow>, sqlx::Error> {
    sqlx::query_as!(
        PolicyRow,
        r#"select id as "id: PolicyId", document, version
         from attendance.policy
         where id = any($1)"#,
        ids
    )
    .fetch_all(conn)
    .await
}

/// Some of those who are there, as address and name, by name.
pub async fn to_offer(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select email, name
         from attendance.employee
         where active
         order by lower(name) collate "C", id
         limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.email, row.name)).collect())
}
