//! Rows of `attendance.holiday_calendar`.

use chrono::{DateTime, Utc};
use model::PersonId;
use model::attendance::holidays::Calendar;
use sqlx::PgConnection;
use sqlx::types::Json;

/// The holidays of a region as stored.
pub struct CalendarRow {
    pub region: String,
    pub name: String,
    pub calendar: Json<Calendar>,
    pub version: i32,
}

/// Every region, by its code.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<CalendarRow>, sqlx::Error> {
    sqlx::query_as!(
        CalendarRow,
        r#"select region, name, document as "calendar: Json<Calendar>", version
         from attendance.holiday_calendar
         order by region
         limit 1000"#
    )
    .fetch_all(conn)
    .await
}

/// Some regions, by code.
pub async fn of_regions(
    conn: &mut PgConnection,
    regions: &[String],
) -> Result<Vec<CalendarRow>, sqlx::Error> {
    sqlx::query_as!(
        CalendarRow,
        r#"select region, name, document as "calendar: Json<Calendar>", version
         from attendance.holiday_calendar
         where region = any($1)
         order by region"#,
        regions,
    )
    .fetch_all(conn)
    .await
}

/// Those whose terms name a region, now or at another time.
pub async fn people_of(
    conn: &mut PgConnection,
    region: &str,
) -> Result<Vec<PersonId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct employee_id as "id!: PersonId"
         from attendance.employment
         where region = $1
         order by 1"#,
        region,
    )
    .fetch_all(conn)
    .await
}

/// A region that nobody else may change until the transaction ends.
pub async fn find_locked(
    conn: &mut PgConnection,
    region: &str,
) -> Result<Option<CalendarRow>, sqlx::Error> {
    sqlx::query_as!(
        CalendarRow,
        r#"select region, name, document as "calendar: Json<Calendar>", version
         from attendance.holiday_calendar
         where region = $1
         for update"#,
        region,
    )
    .fetch_optional(conn)
    .await
}

/// Makes a region, or changes one that the caller has locked. False if there is one that was made
/// meanwhile.
pub async fn keep(
    conn: &mut PgConnection,
    row: &CalendarRow,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.holiday_calendar as c (region, name, document, version, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (region) do update
         set name = excluded.name, document = excluded.document, version = excluded.version,
             updated_at = excluded.updated_at
         where c.version = excluded.version - 1",
        row.region,
        row.name,
        Json(&row.calendar.0) as _,
        row.version,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
