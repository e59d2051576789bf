//! Rows of `attendance.exception`, and whose a manager may see.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::views::{ExceptionState, Severity};
use model::{ExceptionId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

/// An exception on its page.
#[derive(Clone, Debug)]
pub struct ExceptionListed {
    pub id: ExceptionId,
    pub employee_id: PersonId,
    pub name: String,
    pub work_date: NaiveDate,
    pub kind: String,
    pub severity: Severity,
    pub text: String,
    pub minutes: i32,
    pub state: ExceptionState,
    pub note: String,
}

/// An exception as stored.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub kind: String,
    pub state: ExceptionState,
    pub note: String,
}

/// Those whom somebody manages on a day.
pub async fn reports_of(
    conn: &mut PgConnection,
    manager: PersonId,
    day: NaiveDate,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select distinct m.employee_id
         from attendance.employment m
         where m.manager_id = $1
           and $1 = (select manager_id from attendance.manager_on(m.employee_id, $2))
         order by m.employee_id",
        manager.0,
        day,
    )
    .fetch_all(conn)
    .await
}

/// Exceptions that are open, newest first; of everybody without `employees`.
pub async fn open(
    conn: &mut PgConnection,
    employees: Option<&[Uuid]>,
    limit: i64,
) -> Result<Vec<ExceptionListed>, sqlx::Error> {
    sqlx::query_as!(
        ExceptionListed,
        r#"select x.id as "id: ExceptionId", x.employee_id as "employee_id: PersonId", e.name,
                x.work_date, x.kind, x.severity as "severity: Severity", x.text, x.minutes,
                x.state as "state: ExceptionState", x.note
         from attendance.exception x
         join attendance.employee e on e.id = x.employee_id
         where x.state = 'open' and ($1::uuid[] is null or x.employee_id = any($1))
         order by x.work_date desc, lower(e.name), x.id
         limit $2"#,
        employees,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many exceptions are open; of everybody without `employees`.
pub async fn count_open(
    conn: &mut PgConnection,
    employees: Option<&[Uuid]>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
         from attendance.exception
         where state = 'open' and ($1::uuid[] is null or employee_id = any($1))"#,
        employees,
    )
    .fetch_one(conn)
    .await
}

/// Exceptions that people have settled, of days since one, newest first.
pub async fn settled(
    conn: &mut PgConnection,
    employees: Option<&[Uuid]>,
    since: NaiveDate,
    limit: i64,
) -> Result<Vec<ExceptionListed>, sqlx::Error> {
    sqlx::query_as!(
        ExceptionListed,
        r#"select x.id as "id: ExceptionId", x.employee_id as "employee_id: PersonId", e.name,
                x.work_date, x.kind, x.severity as "severity: Severity", x.text, x.minutes,
                x.state as "state: ExceptionState", x.note
         from attendance.exception x
         join attendance.employee e on e.id = x.employee_id
         where x.state in ('explained', 'waived') and x.work_date >= $2
           and ($1::uuid[] is null or x.employee_id = any($1))
         order by x.work_date desc, lower(e.name), x.id
         limit $3"#,
        employees,
        since,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many are open, by kind, most first.
pub async fn counts(
    conn: &mut PgConnection,
    employees: Option<&[Uuid]>,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select kind, count(*) as "count!"
         from attendance.exception
         where state = 'open' and ($1::uuid[] is null or employee_id = any($1))
         group by kind
         order by count(*) desc, kind
         limit 100"#,
        employees,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.count)).collect())
}

pub async fn find_locked(
    conn: &mut PgConnection,
    id: ExceptionId,
) -> Result<Option<ExceptionRow>, sqlx::Error> {
    sqlx::query_as!(
        ExceptionRow,
        r#"select employee_id as "employee_id: PersonId", work_date, kind,
                state as "state: ExceptionState", note
         from attendance.exception
         where id = $1
         for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Writes down how an exception was settled; by nobody for one that is open again.
pub async fn settle(
    conn: &mut PgConnection,
    id: ExceptionId,
    state: ExceptionState,
    note: &str,
    by: Option<(&str, DateTime<Utc>)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.exception
         set state = $2, note = $3, decided_by_label = $4, decided_at = $5
         where id = $1",
        id.0,
        state.as_str(),
        note,
        by.map(|(label, _)| label),
        by.map(|(_, at)| at),
    )
    .execute(conn)
    .await?;
    Ok(())
}
