//! Rows of `attendance.period` and `attendance.adjustment`, and the lock that keeps derivation and
//! the locking of a period apart; its shared half is [`super::stale::share_periods`].

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::views::{AdjustmentState, PeriodState};
use model::{AdjustmentId, PeriodId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// A period as stored.
#[derive(Clone, Debug)]
pub struct PeriodRow {
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub state: PeriodState,
    pub version: i32,
}

/// A period on its page.
#[derive(Clone, Debug)]
pub struct PeriodListed {
    pub id: PeriodId,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub state: PeriodState,
    pub version: i32,
    pub locked_by_label: Option<String>,
    pub locked_at: Option<DateTime<Utc>>,
    pub open_days: i64,
    pub open_exceptions: i64,
    pub open_requests: i64,
    pub open_overtime: i64,
}

/// An adjustment as stored.
#[derive(Clone, Debug)]
pub struct AdjustmentRow {
    pub id: AdjustmentId,
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub period_id: PeriodId,
    pub minutes: i32,
    pub document: Value,
    pub state: AdjustmentState,
}

/// An adjustment on the page of periods.
#[derive(Clone, Debug)]
pub struct AdjustmentListed {
    pub id: AdjustmentId,
    pub employee_id: PersonId,
    pub name: String,
    pub work_date: NaiveDate,
    pub minutes: i32,
    pub state: AdjustmentState,
    pub created_at: DateTime<Utc>,
    pub decided_by_label: Option<String>,
}

/// Waits until nobody writes days or adjustments, and keeps everybody from it until the transaction
/// ends.
pub async fn keep_closed(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('attendance.periods', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn insert(
    conn: &mut PgConnection,
    id: PeriodId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.period (id, during, state, version)
         values ($1, daterange($2, $3, '[]'), 'open', 1)",
        id.0,
        from,
        to,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: PeriodId) -> Result<Option<PeriodRow>, sqlx::Error> {
    sqlx::query_as!(
        PeriodRow,
        r#"select lower(during) as "from_day!", upper(during) - 1 as "to_day!",
                state as "state: PeriodState", version
         from attendance.period
         where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

pub async fn find_locked(
    conn: &mut PgConnection,
    id: PeriodId,
) -> Result<Option<PeriodRow>, sqlx::Error> {
    sqlx::query_as!(
        PeriodRow,
        r#"select lower(during) as "from_day!", upper(during) - 1 as "to_day!",
                state as "state: PeriodState", version
         from attendance.period
         where id = $1
         for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Signs a period that is open and still at `version`; false if it is not.
pub async fn sign(
    conn: &mut PgConnection,
    id: PeriodId,
    version: i32,
    label: &str,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.period
         set state = 'locked', locked_by_label = $3, locked_at = $4, version = version + 1
         where id = $1 and version = $2 and state = 'open'",
        id.0,
        version,
        label,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The open period in which something granted today is paid: the first one that is not over, else
/// the last one that is.
pub async fn payable(
    conn: &mut PgConnection,
    today: NaiveDate,
) -> Result<Option<PeriodId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: PeriodId"
         from attendance.period
         where state = 'open'
         order by (upper(during) > $1) desc,
                  case when upper(during) > $1 then lower(during) end,
                  lower(during) desc
         limit 1"#,
        today,
    )
    .fetch_optional(conn)
    .await
}

/// Where those who are there work: the zones of people and of sites.
pub async fn zones(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select zone as "zone!"
         from attendance.employee
         where active
         union
         select zone
         from attendance.site"#,
    )
    .fetch_all(conn)
    .await
}

/// What is not derived or not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Days of people.
    pub days: i64,
    /// What devices have delivered.
    pub batches: i64,
}

/// How many days within a range, both ends included, are still to be derived or are being derived
/// right now, and how much of what devices had delivered by an instant is not read. Both as of one
/// moment: what is read marks its days in the same transaction.
pub async fn under_way(
    conn: &mut PgConnection,
    (from, to): (NaiveDate, NaiveDate),
    delivered_by: DateTime<Utc>,
) -> Result<UnderWay, sqlx::Error> {
    sqlx::query_as!(
        UnderWay,
        r#"select
             (
                 select count(distinct (employee_id, work_date))
                 from attendance.stale_day
                 where work_date between $1 and $2
             ) as "days!",
             (
                 select count(*)
                 from attendance.device_batch
                 where done_at is null and received_at <= $3
             ) as "batches!""#,
        from,
        to,
        delivered_by,
    )
    .fetch_one(conn)
    .await
}

/// The first day of the first open period.
pub async fn first_open_day(conn: &mut PgConnection) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!("select min(lower(during)) from attendance.period where state = 'open'")
        .fetch_one(conn)
        .await
}

/// Every period with what waits in it, newest first. Work before a start waits from `early_minutes`
/// on, as in [`super::overtime::waiting`].
pub async fn listed(
    conn: &mut PgConnection,
    early_minutes: i64,
    limit: i64,
) -> Result<Vec<PeriodListed>, sqlx::Error> {
    sqlx::query_as!(
        PeriodListed,
        r#"select p.id as "id: PeriodId", lower(p.during) as "from_day!",
                upper(p.during) - 1 as "to_day!", p.state as "state: PeriodState", p.version,
                p.locked_by_label, p.locked_at,
                (
                    select count(*)
                    from attendance.day d
                    where d.work_date >= lower(p.during) and d.work_date < upper(p.during)
                      and split_part(d.status, '+', 1) in ('pending', 'incomplete')
                ) as "open_days!",
                (
                    select count(*)
                    from attendance.exception x
                    where x.state = 'open'
                      and x.work_date >= lower(p.during) and x.work_date < upper(p.during)
                ) as "open_exceptions!",
                (
                    select count(*)
                    from attendance.correction c
                    where c.state = 'requested'
                      and c.work_date >= lower(p.during) and c.work_date < upper(p.during)
                ) + (
                    select count(*)
                    from attendance.leave_request l
                    where l.state = 'requested'
                      and l.from_day < upper(p.during) and l.to_day >= lower(p.during)
                ) as "open_requests!",
                (
                    select count(*)
                    from attendance.waiting_overtime w
                    where p.state = 'open'
                      and w.work_date >= lower(p.during) and w.work_date < upper(p.during)
                      and (w.has_overtime or w.early_minutes >= greatest($1::bigint, 1))
                ) as "open_overtime!"
         from attendance.period p
         order by lower(p.during) desc, p.id
         limit $2"#,
        early_minutes,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Adjustments: those that wait first, then newest first.
pub async fn adjustments(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<AdjustmentListed>, sqlx::Error> {
    sqlx::query_as!(
        AdjustmentListed,
        r#"select a.id as "id: AdjustmentId", a.employee_id as "employee_id: PersonId", e.name,
                a.work_date, a.minutes, a.state as "state: AdjustmentState", a.created_at,
                a.decided_by_label
         from attendance.adjustment a
         join attendance.employee e on e.id = a.employee_id
         order by (a.state = 'pending') desc, a.created_at desc, a.id
         limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

pub async fn find_adjustment_locked(
    conn: &mut PgConnection,
    id: AdjustmentId,
) -> Result<Option<AdjustmentRow>, sqlx::Error> {
    sqlx::query_as!(
        AdjustmentRow,
        r#"select id as "id: AdjustmentId", employee_id as "employee_id: PersonId", work_date,
                period_id as "period_id: PeriodId", minutes, document,
                state as "state: AdjustmentState"
         from attendance.adjustment
         where id = $1
         for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// The adjustment of a day that waits, if there is one.
pub async fn find_pending_locked(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Option<AdjustmentRow>, sqlx::Error> {
    sqlx::query_as!(
        AdjustmentRow,
        r#"select id as "id: AdjustmentId", employee_id as "employee_id: PersonId", work_date,
                period_id as "period_id: PeriodId", minutes, document,
                state as "state: AdjustmentState"
         from attendance.adjustment
         where employee_id = $1 and work_date = $2 and state = 'pending'
         for update"#,
        employee.0,
        work_date,
    )
    .fetch_optional(conn)
    .await
}

/// Which of some days have an adjustment that waits or was granted.
pub async fn adjusted(
    conn: &mut PgConnection,
    employees: &[Uuid],
    dates: &[NaiveDate],
) -> Result<Vec<(PersonId, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct a.employee_id as "employee_id: PersonId", a.work_date
         from unnest($1::uuid[], $2::date[]) as d (employee_id, work_date)
         join attendance.adjustment a
           on a.employee_id = d.employee_id and a.work_date = d.work_date
         where a.state in ('pending', 'approved')"#,
        employees,
        dates,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.employee_id, row.work_date))
        .collect())
}

/// What was granted for a day so far, in minutes.
pub async fn approved_minutes(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(minutes), 0) as "minutes!"
         from attendance.adjustment
         where employee_id = $1 and work_date = $2 and state = 'approved'"#,
        employee.0,
        work_date,
    )
    .fetch_one(conn)
    .await
}

/// What the day counted when somebody decided about it last, if that was a refusal.
pub async fn refused_counted(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Option<i64>, sqlx::Error> {
    let last = sqlx::query!(
        r#"select state as "state: AdjustmentState",
                coalesce((document ->> 'countedMinutes')::bigint, 0) as "counted!"
         from attendance.adjustment
         where employee_id = $1 and work_date = $2 and state in ('approved', 'refused')
         order by decided_at desc, id desc
         limit 1"#,
        employee.0,
        work_date,
    )
    .fetch_optional(conn)
    .await?;
    Ok(last
        .filter(|row| row.state == AdjustmentState::Refused)
        .map(|row| row.counted))
}

/// Writes an adjustment that waits.
pub async fn insert_adjustment(
    conn: &mut PgConnection,
    row: &AdjustmentRow,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.adjustment
             (id, employee_id, work_date, period_id, minutes, document, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id.0,
        row.employee_id.0,
        row.work_date,
        row.period_id.0,
        row.minutes,
        row.document,
        row.state.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The same minutes, of a day that has become another otherwise.
pub async fn replace_document(
    conn: &mut PgConnection,
    id: AdjustmentId,
    document: &Value,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.adjustment set document = $2 where id = $1 and state = 'pending'",
        id.0,
        document,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes an adjustment that waits to another state; false if it waits no longer.
pub async fn decide(
    conn: &mut PgConnection,
    id: AdjustmentId,
    state: AdjustmentState,
    payable: Option<PeriodId>,
    label: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.adjustment
         set state = $2, payable_period_id = $3, decided_by_label = $4, decided_at = $5
         where id = $1 and state = 'pending'",
        id.0,
        state.as_str(),
        payable.map(|period| period.0),
        label,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
