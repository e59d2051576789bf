//! Rows of `attendance.day`, of the versions that days had before, and of what days of locked periods
//! have come to.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use model::attendance::day::{Day, PunchOut};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::load::Span;

/// A day and its punches, as they are stored. Whoever wants only the day reads a [`Day`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayDocument {
    /// The day.
    #[serde(flatten)]
    pub day: Day,
    /// What became of the punches that count on it.
    #[serde(default)]
    pub punches: Vec<PunchOut>,
}

/// What a stored day was made from, without reading it.
#[derive(Clone, Debug)]
pub struct StandingRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub inputs_hash: Vec<u8>,
}

/// The stored days of people within ranges of dates, both ends included.
pub async fn standing(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[NaiveDate],
    to: &[NaiveDate],
) -> Result<Vec<StandingRow>, sqlx::Error> {
    sqlx::query_as!(
        StandingRow,
        r#"select d.employee_id as "employee_id: PersonId", d.work_date, d.inputs_hash
         from unnest($1::uuid[], $2::date[], $3::date[]) as w (employee_id, from_day, to_day)
         join attendance.day d
           on d.employee_id = w.employee_id and d.work_date between w.from_day and w.to_day"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// A day that is to be written.
#[derive(Clone, Debug)]
pub struct NewDay {
    pub employee: PersonId,
    pub document: DayDocument,
    pub policy_version: i32,
    pub inputs_hash: [u8; 32],
}

impl NewDay {
    fn day(&self) -> &Day {
        &self.document.day
    }
}

/// A day that was written and is another than it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    /// Whether nothing was written of it before.
    pub is_new: bool,
}

fn small(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
}

/// Writes days, all in one statement, and says which of them are new or have become others. What such a
/// day was before becomes one of its versions. A day that comes out the same from other inputs keeps
/// its version.
pub async fn write(
    conn: &mut PgConnection,
    days: &[NewDay],
    now: DateTime<Utc>,
) -> Result<Vec<Written>, sqlx::Error> {
    if days.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = days.iter().map(|d| d.employee.0).collect();
    let dates: Vec<NaiveDate> = days.iter().map(|d| d.day().work_date).collect();
    let statuses: Vec<String> = days.iter().map(|d| d.day().status.to_string()).collect();
    let numbers =
        |of: fn(&Day) -> i64| -> Vec<i32> { days.iter().map(|d| small(of(d.day()))).collect() };
    let flags = days.iter().map(|d| {
        let words: Vec<&str> = d.day().flags.iter().map(|flag| flag.as_str()).collect();
        words.join(",")
    });
    let flags: Vec<String> = flags.collect();
    let documents: Vec<Json<&DayDocument>> = days.iter().map(|d| Json(&d.document)).collect();
    let policies: Vec<i32> = days.iter().map(|d| d.policy_version).collect();
    let hashes: Vec<&[u8]> = days.iter().map(|d| d.inputs_hash.as_slice()).collect();
    sqlx::query_as!(
        Written,
        r#"with fresh as materialized (
             select *
             from unnest($1::uuid[], $2::date[], $3::text[], $4::int4[], $5::int4[], $6::int4[],
                 $7::int4[], $8::int4[], $9::int4[], $10::int4[], $11::text[], $12::jsonb[],
                 $13::int4[], $14::bytea[])
                 as f (employee_id, work_date, status, counted, actual, expected, balance, late,
                     early, overtime, flags, document, policy_version, hash)
         ), changed as materialized (
             select f.employee_id, f.work_date, d.version, d.document, d.derived_at
             from fresh f
             left join attendance.day d using (employee_id, work_date)
             where d.document is distinct from f.document
         ), kept as (
             insert into attendance.day_version
                 (employee_id, work_date, version, document, derived_at)
             select employee_id, work_date, version, document, derived_at
             from changed
             where version is not null
         ), written as (
             insert into attendance.day as d
                 (employee_id, work_date, status, counted_minutes, actual_minutes,
                  expected_minutes, balance_minutes, late_minutes, early_minutes,
                  overtime_minutes, flags, document, version, policy_version, inputs_hash,
                  derived_at)
             select employee_id, work_date, status, counted, actual, expected, balance, late, early,
                 overtime, coalesce(string_to_array(nullif(flags, ''), ','), '{}'), document, 1,
                 policy_version, hash, $15
             from fresh
             order by employee_id, work_date
             on conflict (employee_id, work_date) do update
             set status = excluded.status, counted_minutes = excluded.counted_minutes,
                 actual_minutes = excluded.actual_minutes,
                 expected_minutes = excluded.expected_minutes,
                 balance_minutes = excluded.balance_minutes,
                 late_minutes = excluded.late_minutes, early_minutes = excluded.early_minutes,
                 overtime_minutes = excluded.overtime_minutes, flags = excluded.flags,
                 document = excluded.document, policy_version = excluded.policy_version,
                 inputs_hash = excluded.inputs_hash,
                 version = d.version + (d.document is distinct from excluded.document)::int,
                 derived_at = case when d.document is distinct from excluded.document
                     then excluded.derived_at else d.derived_at end
         )
         select employee_id as "employee_id!: PersonId", work_date as "work_date!",
             version is null as "is_new!"
         from changed
         order by employee_id, work_date"#,
        &people,
        &dates,
        &statuses,
        &numbers(|day| day.counted_minutes),
        &numbers(|day| day.actual_minutes),
        &numbers(|day| day.expected_minutes),
        &numbers(|day| day.balance_minutes),
        &numbers(|day| day.late_minutes),
        &numbers(|day| day.early_minutes),
        &numbers(|day| day.overtime.iter().map(|bucket| bucket.minutes).sum()),
        &flags,
        &documents as _,
        &policies,
        &hashes as _,
        now,
    )
    .fetch_all(conn)
    .await
}

/// What stored days of locked periods count, in minutes.
pub async fn counted(
    conn: &mut PgConnection,
    people: &[Uuid],
    dates: &[NaiveDate],
) -> Result<Vec<((PersonId, NaiveDate), i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.employee_id as "employee_id: PersonId", d.work_date, d.counted_minutes
         from unnest($1::uuid[], $2::date[]) as w (employee_id, work_date)
         join attendance.day d using (employee_id, work_date)"#,
        people,
        dates,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| {
            (
                (row.employee_id, row.work_date),
                i64::from(row.counted_minutes),
            )
        })
        .collect())
}

/// A stored day as it is read.
#[derive(Clone, Debug)]
pub struct DayRow {
    pub work_date: NaiveDate,
    pub document: Json<Day>,
    pub version: i32,
    pub derived_at: DateTime<Utc>,
    /// Whether its period is locked.
    pub locked: bool,
}

/// The stored days of somebody, both ends included, by date.
pub async fn of_person(
    conn: &mut PgConnection,
    employee: PersonId,
    from: NaiveDate,
    to: NaiveDate,
    limit: i64,
) -> Result<Vec<DayRow>, sqlx::Error> {
    sqlx::query_as!(
        DayRow,
        r#"select work_date, document as "document: Json<Day>", version, derived_at,
                exists (
                    select from attendance.period p
                    where p.state = 'locked' and p.during @> d.work_date
                ) as "locked!"
         from attendance.day d
         where employee_id = $1 and work_date between $2 and $3
         order by work_date
         limit $4"#,
        employee.0,
        from,
        to,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// One version of a day.
#[derive(Clone, Debug)]
pub struct VersionRow {
    pub version: i32,
    pub document: Json<Day>,
    pub derived_at: DateTime<Utc>,
}

/// What a day was before, newest first.
pub async fn versions(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Vec<VersionRow>, sqlx::Error> {
    sqlx::query_as!(
        VersionRow,
        r#"select version, document as "document: Json<Day>", derived_at
         from attendance.day_version
         where employee_id = $1 and work_date = $2
         order by version desc
         limit 100"#,
        employee.0,
        work_date,
    )
    .fetch_all(conn)
    .await
}

/// A day that somebody may have to look at.
#[derive(Clone, Copy, Debug)]
pub struct OpenRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    /// Something is asked about it; else it lacks a punch.
    pub requested: bool,
}

/// Days of people that lack a punch and about which nothing was asked yet, from `back` days before the
/// first day of each span to before its last, and those of that last day and the one before about which
/// something was.
pub async fn open(
    conn: &mut PgConnection,
    spans: &[Span],
    back: i32,
) -> Result<Vec<OpenRow>, sqlx::Error> {
    let people: Vec<Uuid> = spans.iter().map(|span| span.employee.0).collect();
    let from: Vec<NaiveDate> = spans.iter().map(|span| span.from).collect();
    let to: Vec<NaiveDate> = spans.iter().map(|span| span.to).collect();
    sqlx::query_as!(
        OpenRow,
        r#"select w.employee_id as "employee_id!: PersonId", o.work_date as "work_date!",
             o.requested as "requested!"
         from unnest($1::uuid[], $2::date[], $3::date[]) as w (employee_id, from_day, today)
         cross join lateral (
             (
                 select d.work_date, false as requested
                 from attendance.day d
                 where d.employee_id = w.employee_id
                   and d.work_date between w.from_day - $4::integer and w.today - 1
                   and d.status = 'incomplete'
                   and not exists (
                       select from attendance.correction c
                       where c.employee_id = d.employee_id and c.work_date = d.work_date
                         and c.state = 'requested'
                   )
                 order by d.work_date desc
                 limit 10
             )
             union all
             (
                 select distinct c.work_date, true
                 from attendance.correction c
                 where c.employee_id = w.employee_id
                   and c.work_date between w.today - 1 and w.today
                   and c.state = 'requested'
                 order by c.work_date
                 limit 2
             )
         ) o"#,
        &people,
        &from,
        &to,
        back,
    )
    .fetch_all(conn)
    .await
}

/// What somebody worked on a date.
#[derive(Clone, Debug)]
pub struct WorkedRow {
    pub employee_id: PersonId,
    pub work_date: NaiveDate,
    pub minutes: i32,
    /// Whether the date was leave.
    pub neutral: bool,
}

/// What people worked within ranges of dates, both ends included.
pub async fn worked(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[NaiveDate],
    to: &[NaiveDate],
) -> Result<Vec<WorkedRow>, sqlx::Error> {
    sqlx::query_as!(
        WorkedRow,
        r#"select d.employee_id as "employee_id: PersonId", d.work_date,
                d.counted_minutes as minutes, d.status like 'on\_leave%' as "neutral!"
         from unnest($1::uuid[], $2::date[], $3::date[]) as w (employee_id, from_day, to_day)
         join attendance.day d
           on d.employee_id = w.employee_id and d.work_date between w.from_day and w.to_day"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// What a day of a locked period has come to last, in minutes, and how far that is.
pub async fn adjustment(
    conn: &mut PgConnection,
    employee: PersonId,
    work_date: NaiveDate,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "select minutes, state
         from attendance.adjustment
         where employee_id = $1 and work_date = $2 and state <> 'overtaken'
         order by created_at desc, id desc
         limit 1",
        employee.0,
        work_date,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (i64::from(row.minutes), row.state)))
}
