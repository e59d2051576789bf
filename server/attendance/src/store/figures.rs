//! Sums of days for charts: by week and team, and by hour of the week.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a week comes to in a team.
#[derive(Clone, Debug)]
pub struct WeekRow {
    pub week: NaiveDate,
    pub team: String,
    pub days: i64,
    pub late_days: i64,
    pub late_minutes: i64,
    pub absent_days: i64,
    pub overtime_minutes: i64,
}

/// How many were at work in one hour of the week.
#[derive(Clone, Debug)]
pub struct HourRow {
    pub weekday: i32,
    pub hour: i32,
    pub people: i64,
}

/// Weeks by their Mondays, and teams as they were on each day; of everybody without `employees`.
pub async fn weeks(
    conn: &mut PgConnection,
    from: NaiveDate,
    to: NaiveDate,
    employees: Option<&[Uuid]>,
) -> Result<Vec<WeekRow>, sqlx::Error> {
    sqlx::query_as!(
        WeekRow,
        r#"with terms as (
             select employee_id, team, from_day,
                 lead(from_day) over (partition by employee_id order by from_day) as to_day
             from attendance.employment
         )
         select d.work_date - (extract(isodow from d.work_date)::integer - 1) as "week!",
                coalesce(terms.team, '') as "team!",
                count(*) filter (where d.expected_minutes > 0) as "days!",
                count(*) filter (where d.late_minutes > 0) as "late_days!",
                coalesce(sum(d.late_minutes), 0) as "late_minutes!",
                count(*) filter (where split_part(d.status, '+', 1) = 'absent') as "absent_days!",
                coalesce(sum(d.overtime_minutes), 0) as "overtime_minutes!"
         from attendance.day d
         left join terms
           on terms.employee_id = d.employee_id and terms.from_day <= d.work_date
          and (terms.to_day is null or d.work_date < terms.to_day)
         where d.work_date between $1 and $2
           and ($3::uuid[] is null or d.employee_id = any($3))
         group by 1, 2
         order by 1, 2
         limit 10000"#,
        from,
        to,
        employees,
    )
    .fetch_all(conn)
    .await
}

/// How many people were at work in each hour of the week, over all dates, in the local time of the
/// shift. Who is there at half past counts for the hour, so nobody counts twice for two stretches of
/// work in one hour.
pub async fn hours(
    conn: &mut PgConnection,
    from: NaiveDate,
    to: NaiveDate,
    employees: Option<&[Uuid]>,
) -> Result<Vec<HourRow>, sqlx::Error> {
    sqlx::query_as!(
        HourRow,
        r#"with stretch as (
             select date_trunc(
                        'hour',
                        left(segment ->> 'from', 19)::timestamp + interval '29 minutes 59 seconds'
                    ) as first,
                    date_trunc(
                        'hour',
                        left(segment ->> 'to', 19)::timestamp + interval '29 minutes 59 seconds'
                    ) as past,
                    count(*) as people
             from attendance.day d
             cross join lateral jsonb_array_elements(d.document -> 'segments') segment
             where d.work_date between $1 and $2
               and segment ->> 'kind' <> 'break'
               and ($3::uuid[] is null or d.employee_id = any($3))
             group by 1, 2
         )
         select extract(isodow from hours.hour)::integer as "weekday!",
                extract(hour from hours.hour)::integer as "hour!",
                sum(stretch.people)::bigint as "people!"
         from stretch
         cross join lateral generate_series(
             stretch.first,
             stretch.past - interval '1 hour',
             interval '1 hour'
         ) as hours (hour)
         group by 1, 2
         order by 1, 2"#,
        from,
        to,
        employees,
    )
    .fetch_all(conn)
    .await
}
