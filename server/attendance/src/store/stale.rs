//! Rows of `attendance.stale_day`: days that may have become other ones. Only ever added to and taken
//! from, so nobody who adds waits for anybody who takes.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    /// Since when the day is stale.
    pub since: DateTime<Utc>,
}

/// So many days marked at once are nobody's alone: they wait for the days of single people.
const BULK: usize = 200;

/// Marks every date of the ranges, both ends included.
pub async fn mark(
    conn: &mut PgConnection,
    ranges: &[(PersonId, NaiveDate, NaiveDate)],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let people: Vec<Uuid> = ranges.iter().map(|(person, ..)| person.0).collect();
    let from: Vec<NaiveDate> = ranges.iter().map(|(_, from, _)| *from).collect();
    let to: Vec<NaiveDate> = ranges.iter().map(|(.., to)| *to).collect();
    let days = ranges
        .iter()
        .map(|(_, from, to)| (*to - *from).num_days() + 1);
    let days: usize = days.filter_map(|days| usize::try_from(days).ok()).sum();
    sqlx::query!(
        "insert into attendance.stale_day (employee_id, work_date, since, bulk)
         select employee_id, from_day + n, $4, $5
         from unnest($1::uuid[], $2::date[], $3::date[]) as range (employee_id, from_day, to_day),
              generate_series(0, to_day - from_day) n",
        &people,
        &from,
        &to,
        now,
        days > BULK,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks once more what could not be derived; it does not hold up the others.
pub async fn put_back(conn: &mut PgConnection, marks: &[Mark]) -> Result<(), sqlx::Error> {
    let people: Vec<Uuid> = marks.iter().map(|mark| mark.employee_id.0).collect();
    let dates: Vec<NaiveDate> = marks.iter().map(|mark| mark.work_date).collect();
    let since: Vec<DateTime<Utc>> = marks.iter().map(|mark| mark.since).collect();
    sqlx::query!(
        "insert into attendance.stale_day (employee_id, work_date, since, bulk)
         select employee_id, work_date, since, true
         from unnest($1::uuid[], $2::date[], $3::timestamptz[])
             as mark (employee_id, work_date, since)",
        &people,
        &dates,
        &since,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the oldest marks that nobody else is taking, those of single people first. They come back if the transaction does not
/// commit.
pub async fn take(conn: &mut PgConnection, limit: i64) -> Result<Vec<Mark>, sqlx::Error> {
    sqlx::query_as!(
        Mark,
        r#"delete from attendance.stale_day
         where id = any(array(
             select id from attendance.stale_day
             order by bulk, id
             limit $1
             for update skip locked
         ))
         returning employee_id as "employee_id: PersonId", work_date, since"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Takes the marks of one person.
pub async fn take_of(
    conn: &mut PgConnection,
    employee: PersonId,
    limit: i64,
) -> Result<Vec<Mark>, sqlx::Error> {
    sqlx::query_as!(
        Mark,
        r#"delete from attendance.stale_day
         where id = any(array(
             select id from attendance.stale_day
             where employee_id = $1
             order by id
             limit $2
             for update skip locked
         ))
         returning employee_id as "employee_id: PersonId", work_date, since"#,
        employee.0,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Whether days of somebody are stale, or are being derived right now.
pub async fn is_stale(conn: &mut PgConnection, employee: PersonId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from attendance.stale_day where employee_id = $1
         ) as "is_stale!""#,
        employee.0,
    )
    .fetch_one(conn)
    .await
}

/// Waits for a period that is being locked, and has one that is to be locked wait for this
/// transaction.
pub async fn share_periods(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended('attendance.periods', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// Waits for whoever derives days of these people. In the order of ids, so that nobody waits in a
/// circle.
pub async fn lock_people(conn: &mut PgConnection, people: &[Uuid]) -> Result<(), sqlx::Error> {
    let mut sorted = people.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('attendance.day:' || id::text, 0))
         from unnest($1::uuid[]) as person (id)",
        &sorted,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks days that have become others by the passing of time: shifts, leave and holidays that have
/// begun and of which nothing is written, and days that were still open when they were derived. Says
/// how many.
pub async fn mark_due(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        r#"with begun as (
             select r.employee_id, r.work_date
             from attendance.roster_day r
             where r.work_date between $1::date - 3 and $1 and jsonb_array_length(r.shifts) > 0
             union
             select l.employee_id, l.day
             from attendance.leave_day l
             where l.day between $1 - 3 and $1
             union
             select t.employee_id, h.day
             from (
                 select c.region, $1 - n as day
                 from attendance.holiday_calendar c, generate_series(0, 3) n
                 where jsonb_exists(c.document, to_char($1 - n, 'YYYY-MM-DD'))
             ) h
             join attendance.employment t on t.region = h.region and t.from_day <= h.day
             where not exists (
                 select from attendance.employment later
                 where later.employee_id = t.employee_id
                   and later.from_day > t.from_day and later.from_day <= h.day
             )
         ), due as (
             select b.employee_id, b.work_date
             from begun b
             join attendance.employee e on e.id = b.employee_id and e.active
             where not exists (
                 select from attendance.day d
                 where d.employee_id = b.employee_id and d.work_date = b.work_date
                   and d.work_date between $1 - 3 and $1
             )
             union
             select d.employee_id, d.work_date
             from attendance.day d
             where d.status in ('pending', 'absent_provisional')
               and d.work_date between $1 - 40 and $1 + 1
               and coalesce((d.document -> 'instances' -> -1 ->> 'end')::timestamptz < $2,
                   d.work_date < $1)
         )
         insert into attendance.stale_day (employee_id, work_date, since, bulk)
         select employee_id, work_date, $2, true
         from due
         where not exists (
             select from attendance.period p
             where p.state = 'locked' and p.during @> due.work_date
         )
         order by employee_id, work_date"#,
        today,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Marks the last days of the workweeks that have been over for two days, since only then it is known
/// how long the rests around them were. Says how many.
pub async fn mark_weeks(
    conn: &mut PgConnection,
    today: NaiveDate,
    week_start: &str,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.stale_day (employee_id, work_date, since, bulk)
         select d.employee_id, max(d.work_date), $3, true
         from attendance.day d
         join lateral (
             select policy_id
             from attendance.employment
             where employee_id = d.employee_id and from_day <= $1
             order by from_day desc
             limit 1
         ) t on true
         join attendance.policy p on p.id = t.policy_id
         where d.work_date between $1::date - 9 and $1 - 3
           and coalesce(p.document ->> 'workweekStart', 'monday') = $2
         group by d.employee_id
         order by d.employee_id",
        today,
        week_start,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
