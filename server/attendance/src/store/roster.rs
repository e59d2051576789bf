//! Rows of `attendance.roster_day`, and what a page of the roster shows beside them.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use model::attendance::holidays::Calendar;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::calendars::RosterInstance;

/// Who has written a day.
pub mod source {
    /// A rotation: it may be written again.
    pub const ROTATION: &str = "rotation";
    /// A person.
    pub const MANUAL: &str = "manual";
    /// Two people, with leave to.
    pub const SWAP: &str = "swap";
}

/// Somebody whose days are planned.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub zone: String,
}

/// Those who work here, by name; of a manager, those whom they manage today.
pub async fn people(
    conn: &mut PgConnection,
    manager: Option<PersonId>,
    today: NaiveDate,
) -> Result<Vec<PersonRow>, sqlx::Error> {
    sqlx::query_as!(
        PersonRow,
        r#"select e.id as "id: PersonId", e.name, e.zone
         from attendance.employee e
         where e.active
           and ($1::uuid is null or $1 = (select manager_id from attendance.manager_on(e.id, $2)))
         order by lower(e.name) collate "C", e.id
         limit 10000"#,
        manager.map(|id| id.0),
        today,
    )
    .fetch_all(conn)
    .await
}

/// One person, if they work here and, for a manager, are managed by them today.
pub async fn person(
    conn: &mut PgConnection,
    id: PersonId,
    manager: Option<PersonId>,
    today: NaiveDate,
) -> Result<Option<PersonRow>, sqlx::Error> {
    sqlx::query_as!(
        PersonRow,
        r#"select e.id as "id: PersonId", e.name, e.zone
         from attendance.employee e
         where e.id = $1 and e.active
           and ($2::uuid is null
               or $2 = (select manager_id from attendance.manager_on(e.id, $3)))"#,
        id.0,
        manager.map(|id| id.0),
        today,
    )
    .fetch_optional(conn)
    .await
}

/// One day of somebody, as it was written.
pub struct DayRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub source: String,
    pub shifts: Json<Vec<RosterInstance>>,
    pub version: i32,
}

/// The days of people that are written, from one to another, by person and date.
pub async fn days(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DayRow>, sqlx::Error> {
    sqlx::query_as!(
        DayRow,
        r#"select employee_id as "employee_id: PersonId", work_date, source,
             shifts as "shifts: Json<Vec<RosterInstance>>", version
         from attendance.roster_day
         where employee_id = any($1) and work_date between $2 and $3
         order by employee_id, work_date"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// Who is away on which day, and how many of its halves.
pub async fn leave(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(PersonId, NaiveDate, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select employee_id as "employee_id: PersonId", day,
             sum(upper(halves) - lower(halves)) as "halves!"
         from attendance.leave_day
         where employee_id = any($1) and day between $2 and $3
         group by employee_id, day"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.employee_id, row.day, row.halves))
        .collect())
}

/// The holidays of regions.
pub async fn calendars(
    conn: &mut PgConnection,
    regions: &[String],
) -> Result<Vec<(String, Calendar)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select region, document as "calendar: Json<Calendar>"
         from attendance.holiday_calendar
         where region = any($1)"#,
        regions,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.region, row.calendar.0)).collect())
}

/// Locked stretches that touch a range: the first day of each, and the first after it.
pub async fn locked(
    conn: &mut PgConnection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select lower(during) as "from_day!", upper(during) as "to_day!"
         from attendance.period
         where state = 'locked' and during && daterange($1, $2, '[]')
         order by lower(during)"#,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.from_day, row.to_day)).collect())
}

/// A day that is about to be written, by hand or by a swap.
pub struct NewDay<'a> {
    pub employee: PersonId,
    pub date: NaiveDate,
    pub source: &'static str,
    pub shifts: &'a [RosterInstance],
    pub by: &'a str,
    pub now: DateTime<Utc>,
}

/// Writes a day if it is still at `version` (0: nothing is written); false if not.
pub async fn keep(
    conn: &mut PgConnection,
    day: &NewDay<'_>,
    version: i32,
) -> Result<bool, sqlx::Error> {
    let done = if version == 0 {
        sqlx::query!(
            "insert into attendance.roster_day
                 (employee_id, work_date, source, shifts, version, updated_by, updated_at)
             values ($1, $2, $6, $3, 1, $4, $5)
             on conflict (employee_id, work_date) do nothing",
            day.employee.0,
            day.date,
            Json(day.shifts) as _,
            day.by,
            day.now,
            day.source,
        )
        .execute(conn)
        .await?
    } else {
        sqlx::query!(
            "update attendance.roster_day
             set source = $7, shifts = $3, version = version + 1, updated_by = $4,
                 updated_at = $5
             where employee_id = $1 and work_date = $2 and version = $6",
            day.employee.0,
            day.date,
            Json(day.shifts) as _,
            day.by,
            day.now,
            version,
            day.source,
        )
        .execute(conn)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

/// Many days that are about to be written.
#[derive(Default)]
pub struct Batch {
    employees: Vec<Uuid>,
    dates: Vec<NaiveDate>,
    shifts: Vec<Json<Vec<RosterInstance>>>,
    rewritable: Vec<bool>,
}

impl Batch {
    /// Adds a day. One that is not `rewritable` is only written if there is nothing yet.
    pub fn push(
        &mut self,
        employee: PersonId,
        date: NaiveDate,
        shifts: Vec<RosterInstance>,
        rewritable: bool,
    ) {
        self.employees.push(employee.0);
        self.dates.push(date);
        self.shifts.push(Json(shifts));
        self.rewritable.push(rewritable);
    }

    pub fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }
}

/// Writes days where nothing was decided by hand or swapped and the period is not locked. Gives those that have
/// changed, by person and date.
pub async fn write(
    conn: &mut PgConnection,
    batch: &Batch,
    source: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(PersonId, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with new as (
             select n.employee_id, n.work_date, n.shifts
             from unnest($1::uuid[], $2::date[], $3::jsonb[], $4::boolean[])
               as n (employee_id, work_date, shifts, rewritable)
             left join attendance.roster_day r using (employee_id, work_date)
             where (
                 r.source is null
                 or (r.source = 'rotation' and n.rewritable and r.shifts <> n.shifts)
             ) and not exists (
                 select 1
                 from attendance.period p
                 where p.state = 'locked' and p.during @> n.work_date
             )
         ), written as (
             insert into attendance.roster_day
                 (employee_id, work_date, source, shifts, version, updated_by, updated_at)
             select employee_id, work_date, $5, shifts, 1, $6, $7
             from new
             order by employee_id, work_date
             on conflict (employee_id, work_date) do update
             set source = excluded.source, shifts = excluded.shifts,
                 version = roster_day.version + 1, updated_by = excluded.updated_by,
                 updated_at = excluded.updated_at
             where roster_day.source = 'rotation'
             returning employee_id, work_date
         )
         select employee_id as "employee_id!: PersonId", work_date as "work_date!"
         from written
         order by employee_id, work_date"#,
        &batch.employees,
        &batch.dates,
        &batch.shifts as _,
        &batch.rewritable,
        source,
        by,
        now,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.employee_id, row.work_date)).collect())
}

/// Takes away what a rotation has written for somebody from a day on, except for days that the
/// caller writes anew or that are locked. Gives the dates.
pub async fn drop_rotation(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    let rows = sqlx::query!(
        "delete from attendance.roster_day r
         where employee_id = $1 and work_date >= $2 and source = 'rotation'
           and not exists (
               select 1
               from attendance.period p
               where p.state = 'locked' and p.during @> r.work_date
           )
         returning work_date",
        employee.0,
        from,
    )
    .fetch_all(conn)
    .await?;
    let mut dates: Vec<NaiveDate> = rows.into_iter().map(|row| row.work_date).collect();
    dates.sort_unstable();
    Ok(dates)
}
