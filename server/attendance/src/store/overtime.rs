//! Rows of `attendance.overtime_decision`, and the days that wait for one. Decisions are only ever added.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use model::attendance::day::Day;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A day that waits.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    pub employee_id: PersonId,
    pub name: String,
    pub document: Json<Day>,
    pub version: i32,
}

/// Days of open periods within a range, both ends included, that have come to more overtime than was
/// decided about, or to more work before a start; oldest first. Of everybody without `employees`, and
/// never of `own`. Days that are not over are left out.
pub async fn waiting(
    conn: &mut PgConnection,
    employees: Option<&[Uuid]>,
    own: Option<PersonId>,
    (from, to): (NaiveDate, NaiveDate),
    early_minutes: i64,
    limit: i64,
) -> Result<Vec<WaitingRow>, sqlx::Error> {
    sqlx::query_as!(
        WaitingRow,
        r#"select w.employee_id as "employee_id!: PersonId", e.name,
                w.document as "document!: Json<Day>", w.version as "version!"
         from attendance.waiting_overtime w
         join attendance.employee e on e.id = w.employee_id
         where w.work_date between $3 and $4
           and ($1::uuid[] is null or w.employee_id = any($1))
           and w.employee_id is distinct from $2::uuid
           and (w.has_overtime or w.early_minutes >= greatest($5::bigint, 1))
         order by w.work_date, lower(e.name), w.employee_id
         limit $6"#,
        employees,
        own.map(|id| id.0),
        from,
        to,
        early_minutes,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A day, and what was decided about it last.
#[derive(Clone, Debug)]
pub struct StandingRow {
    pub overtime_minutes: i32,
    pub locked: bool,
    /// 0 if nothing was decided yet.
    pub version: i32,
    pub early_approved: bool,
    pub approved_minutes: i32,
    pub seen_early_minutes: i32,
    pub seen_overtime_minutes: i32,
    pub decided_by: String,
}

/// One day as it stands; nothing if nothing was derived for it.
pub async fn standing(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Option<StandingRow>, sqlx::Error> {
    sqlx::query_as!(
        StandingRow,
        r#"select d.overtime_minutes, coalesce(o.version, 0) as "version!",
                coalesce(o.early_approved, false) as "early_approved!",
                coalesce(o.overtime_minutes, 0) as "approved_minutes!",
                coalesce(o.seen_early_minutes, 0) as "seen_early_minutes!",
                coalesce(o.seen_overtime_minutes, 0) as "seen_overtime_minutes!",
                coalesce(o.decided_by, '') as "decided_by!",
                exists (
                    select from attendance.period p
                    where p.state = 'locked' and p.during @> d.work_date
                ) as "locked!"
         from attendance.day d
         left join lateral (
             select *
             from attendance.overtime_decision
             where employee_id = d.employee_id and work_date = d.work_date
             order by version desc
             limit 1
         ) o on true
         where d.employee_id = $1 and d.work_date = $2"#,
        employee.0,
        work_date,
    )
    .fetch_optional(conn)
    .await
}

/// A decision that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    pub employee: PersonId,
    pub work_date: NaiveDate,
    pub version: i32,
    pub early: bool,
    pub minutes: i32,
    pub seen_early: i32,
    pub seen_overtime: i32,
    pub note: &'a str,
    pub by: &'a str,
    pub by_label: &'a str,
    pub at: DateTime<Utc>,
}

/// Keeps a decision; the constraint `overtime_decision_once` refuses a version that is there.
pub async fn insert(conn: &mut PgConnection, new: &NewDecision<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.overtime_decision
             (employee_id, work_date, version, early_approved, overtime_minutes,
              seen_early_minutes, seen_overtime_minutes, note, decided_by, decided_by_label,
              decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.employee.0,
        new.work_date,
        new.version,
        new.early,
        new.minutes,
        new.seen_early,
        new.seen_overtime,
        new.note,
        new.by,
        new.by_label,
        new.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was decided last about a day.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    pub version: i32,
    pub early_approved: bool,
    pub overtime_minutes: i32,
    /// Whether it was about anything: what was taken back is about nothing.
    pub stands: bool,
    pub note: String,
    pub decided_by_label: String,
    pub decided_at: DateTime<Utc>,
}

/// What was decided last about a day, if anything was.
pub async fn last(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Option<DecisionRow>, sqlx::Error> {
    sqlx::query_as!(
        DecisionRow,
        r#"select version, early_approved, overtime_minutes,
                (seen_early_minutes > 0 or seen_overtime_minutes > 0) as "stands!", note,
                decided_by_label, decided_at
         from attendance.overtime_decision
         where employee_id = $1 and work_date = $2
         order by version desc
         limit 1"#,
        employee.0,
        work_date,
    )
    .fetch_optional(conn)
    .await
}
