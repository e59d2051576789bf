//! What goes to payroll: days of a period, leave as it was settled, granted adjustments.

use chrono::NaiveDate;
use model::attendance::overtime::Bucket;
use model::{PeriodId, PersonId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Leave of days long before a period is not looked at again: two years.
const SETTLED_DAYS: i32 = 731;

/// Somebody who may be paid.
#[derive(Clone, Debug)]
pub struct PayeeRow {
    pub id: PersonId,
    pub number: Option<String>,
    pub name: String,
}

/// What a day brings into pay.
#[derive(Clone, Debug)]
pub struct PayDayRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub counted_minutes: i32,
    pub expected_minutes: i32,
    pub balance_minutes: i32,
    pub overtime: Option<Json<Vec<Bucket>>>,
    pub unapproved_minutes: i64,
    pub holiday_minutes: i64,
}

/// Leave that a period has to tell.
#[derive(Clone, Debug)]
pub struct LeaveRow {
    pub employee_id: PersonId,
    pub day: NaiveDate,
    pub paid: bool,
    pub minutes: i64,
}

/// An adjustment that a period pays.
#[derive(Clone, Debug)]
pub struct PaidRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub minutes: i32,
}

/// Employees by name, those who have left among them, after the last one of the page before.
pub async fn payees(
    conn: &mut PgConnection,
    after: Option<(&str, PersonId)>,
    limit: i64,
) -> Result<Vec<PayeeRow>, sqlx::Error> {
    let (name, id) = after.map_or((None, None), |(name, id)| (Some(name), Some(id.0)));
    sqlx::query_as!(
        PayeeRow,
        r#"select id as "id: PersonId", number, name
         from attendance.employee
         where $1::text is null
            or (lower(name) collate "C", id) > (lower($1::text) collate "C", $2::uuid)
         order by lower(name) collate "C", id
         limit $3"#,
        name,
        id,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Days of some employees, by date.
pub async fn days(
    conn: &mut PgConnection,
    employees: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<PayDayRow>, sqlx::Error> {
    sqlx::query_as!(
        PayDayRow,
        r#"select employee_id as "employee_id: PersonId", work_date, counted_minutes,
                expected_minutes, balance_minutes,
                document -> 'overtime' as "overtime: Json<Vec<Bucket>>",
                coalesce((document ->> 'unapprovedOvertimeMinutes')::bigint, 0)
                    as "unapproved_minutes!",
                coalesce((document ->> 'holidayMinutes')::bigint, 0) as "holiday_minutes!"
         from attendance.day
         where employee_id = any($1) and work_date between $2 and $3
         order by employee_id, work_date"#,
        employees,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// Leave that a locked period has told.
pub async fn settled_leave(
    conn: &mut PgConnection,
    period: PeriodId,
) -> Result<Vec<LeaveRow>, sqlx::Error> {
    sqlx::query_as!(
        LeaveRow,
        r#"select employee_id as "employee_id: PersonId", day, paid, minutes::bigint as "minutes!"
         from attendance.settled_leave
         where period_id = $1
         order by employee_id, day, paid"#,
        period.0,
    )
    .fetch_all(conn)
    .await
}

/// Leave that a period would tell if it were locked now: its own, and what has changed in locked
/// ones since they told theirs.
pub async fn open_leave(
    conn: &mut PgConnection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<LeaveRow>, sqlx::Error> {
    sqlx::query_as!(
        LeaveRow,
        r#"with granted as (
             select l.employee_id, l.day, t.paid, sum(l.minutes) as minutes
             from attendance.leave_day l
             join attendance.leave_type t on t.id = l.type_id
             where l.day between $1::date and $2::date
                or (
                    l.day >= $1::date - $3::integer
                    and exists (
                        select 1 from attendance.period p
                        where p.state = 'locked' and p.during @> l.day
                    )
                )
             group by l.employee_id, l.day, t.paid
         ), told as (
             select employee_id, day, paid, sum(minutes) as minutes
             from attendance.settled_leave
             where day >= $1::date - $3::integer
             group by employee_id, day, paid
         )
         select employee_id as "employee_id!: PersonId", day as "day!", paid as "paid!",
                coalesce(granted.minutes, 0) - coalesce(told.minutes, 0) as "minutes!"
         from granted
         full join told using (employee_id, day, paid)
         where coalesce(granted.minutes, 0) <> coalesce(told.minutes, 0)
         order by 1, 2, 3"#,
        from,
        to,
        SETTLED_DAYS,
    )
    .fetch_all(conn)
    .await
}

/// Writes down what [`open_leave`] says, as told by a period that is being locked.
pub async fn settle_leave(
    conn: &mut PgConnection,
    period: PeriodId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), sqlx::Error> {
    let rows = open_leave(conn, from, to).await?;
    let employees: Vec<_> = rows.iter().map(|row| row.employee_id.0).collect();
    let days: Vec<_> = rows.iter().map(|row| row.day).collect();
    let paid: Vec<_> = rows.iter().map(|row| row.paid).collect();
    let minutes: Vec<_> = rows.iter().map(|row| row.minutes).collect();
    sqlx::query!(
        "insert into attendance.settled_leave (period_id, employee_id, day, paid, minutes)
         select $1, employee_id, day, paid, minutes
         from unnest($2::uuid[], $3::date[], $4::boolean[], $5::bigint[])
             as told (employee_id, day, paid, minutes)",
        period.0,
        &employees,
        &days,
        &paid,
        &minutes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adjustments that are paid in a period.
pub async fn paid(conn: &mut PgConnection, period: PeriodId) -> Result<Vec<PaidRow>, sqlx::Error> {
    sqlx::query_as!(
        PaidRow,
        r#"select employee_id as "employee_id: PersonId", work_date, minutes
         from attendance.adjustment
         where payable_period_id = $1 and state = 'approved'
         order by employee_id, work_date, id"#,
        period.0,
    )
    .fetch_all(conn)
    .await
}
