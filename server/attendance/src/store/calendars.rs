//! What is planned for people: rosters, leave, holidays; and what periods and devices say of it.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::shift::ShiftTemplate;
use model::{PeriodId, ShiftTemplateId, SiteId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// A shift as it stands in a day of the roster, and the template that it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterInstance {
    /// Which template, if it is one.
    pub template: Option<ShiftTemplateId>,
    /// What it said when the day was written.
    pub shift: ShiftTemplate,
}

/// What is planned for a day, and what was decided about its overtime, as it is stored: one of the two
/// at least.
pub struct RosterRow {
    /// Which of the windows that were asked for, from 1.
    pub window: i64,
    pub work_date: NaiveDate,
    pub shifts: Option<Value>,
    pub early_approved: Option<bool>,
    pub approved_minutes: Option<i32>,
    pub decided_by: Option<String>,
}

/// What rosters and decisions say of people within ranges of dates, both ends included.
pub async fn rosters(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[NaiveDate],
    to: &[NaiveDate],
) -> Result<Vec<RosterRow>, sqlx::Error> {
    sqlx::query_as!(
        RosterRow,
        r#"with w as materialized (
             select *
             from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality
                 as w (employee_id, from_day, to_day, place)
         ), planned as (
             select w.place, r.work_date, r.shifts
             from w
             join attendance.roster_day r
               on r.employee_id = w.employee_id and r.work_date between w.from_day and w.to_day
         ), decided as (
             select distinct on (w.place, o.work_date) w.place, o.work_date, o.early_approved,
                 o.overtime_minutes, o.decided_by_label
             from w
             join attendance.overtime_decision o
               on o.employee_id = w.employee_id and o.work_date between w.from_day and w.to_day
             order by w.place, o.work_date, o.version desc
         )
         select place as "window!", work_date as "work_date!", planned.shifts as "shifts?",
                decided.early_approved as "early_approved?",
                decided.overtime_minutes as "approved_minutes?",
                decided.decided_by_label as "decided_by?"
         from planned
         full join decided using (place, work_date)
         order by place, work_date"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// Leave on a day.
pub struct LeaveRow {
    /// Which of the windows that were asked for, from 1.
    pub window: i64,
    pub day: NaiveDate,
    /// Whether its first half is leave.
    pub am: bool,
    /// Whether its second half is.
    pub pm: bool,
    /// The names of its kinds.
    pub name: String,
}

/// The leave that people have within ranges of dates, both ends included.
pub async fn leave(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[NaiveDate],
    to: &[NaiveDate],
) -> Result<Vec<LeaveRow>, sqlx::Error> {
    sqlx::query_as!(
        LeaveRow,
        r#"select w.place as "window!", l.day, bool_or(l.halves @> 0) as "am!",
                bool_or(l.halves @> 1) as "pm!", string_agg(t.name, ', ' order by l.halves) as "name!"
         from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality
             as w (employee_id, from_day, to_day, place)
         join attendance.leave_day l
           on l.employee_id = w.employee_id and l.day between w.from_day and w.to_day
         join attendance.leave_type t on t.id = l.type_id
         group by w.place, l.day
         order by w.place, l.day"#,
        people,
        from,
        to,
    )
    .fetch_all(conn)
    .await
}

/// The holidays of regions, as they are stored.
pub async fn holidays(
    conn: &mut PgConnection,
    regions: &[String],
) -> Result<Vec<(String, Value)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select region, document
         from attendance.holiday_calendar
         where region = any($1)",
        regions,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.region, row.document))
        .collect())
}

/// Until when all active wall devices of sites have reported. A site without any is absent.
pub async fn reported_until(
    conn: &mut PgConnection,
    sites: &[Uuid],
) -> Result<Vec<(SiteId, DateTime<Utc>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id as "site_id!: SiteId",
                min(coalesce(last_seen_at, installed_at, created_at)) as "until!"
         from attendance.device
         where kind = 'adms' and state = 'active' and site_id = any($1)
         group by site_id"#,
        sites,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.site_id, row.until))
        .collect())
}

/// Locked periods that touch a range: which, the first day of each, and the first after it.
pub async fn locked(
    conn: &mut PgConnection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(PeriodId, NaiveDate, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: PeriodId", lower(during) as "from_day!", upper(during) as "to_day!"
         from attendance.period
         where state = 'locked' and during && daterange($1, $2, '[]')
         order by lower(during)"#,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.id, row.from_day, row.to_day)).collect())
}
