//! Rows of `attendance.badge`: whose a badge is, and when; and badges that are nobody's.

use chrono::{DateTime, NaiveDate, Utc};
use model::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

/// Whose a badge is, from when on.
#[derive(Clone, Debug)]
pub struct BadgeRow {
    pub id: Uuid,
    pub employee_id: PersonId,
    pub from_at: DateTime<Utc>,
}

/// Who has a badge at some time from `from` on, earliest first, locked.
pub async fn owners_since(
    conn: &mut PgConnection,
    badge: &str,
    from: DateTime<Utc>,
) -> Result<Vec<BadgeRow>, sqlx::Error> {
    sqlx::query_as!(
        BadgeRow,
        r#"select id, employee_id as "employee_id: PersonId", lower(during) as "from_at!"
         from attendance.badge
         where badge = $1 and during && tstzrange($2, null)
         order by lower(during)
         for update"#,
        badge,
        from,
    )
    .fetch_all(conn)
    .await
}

/// Gives a badge to somebody from an instant on.
pub async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    badge: &str,
    employee: PersonId,
    from: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.badge (id, badge, employee_id, during)
         values ($1, $2, $3, tstzrange($4, null, '[)'))",
        id,
        badge,
        employee.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets somebody have had a badge earlier.
pub async fn begin_earlier(
    conn: &mut PgConnection,
    id: Uuid,
    from: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.badge
         set during = tstzrange($2, upper(during), '[)')
         where id = $1",
        id,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where somebody is who has a badge.
#[derive(Clone, Debug)]
pub struct OwnerRow {
    pub zone: String,
}

/// Who has a badge when a day begins where they are.
pub async fn owner_on(
    conn: &mut PgConnection,
    badge: &str,
    day: NaiveDate,
) -> Result<Option<OwnerRow>, sqlx::Error> {
    sqlx::query_as!(
        OwnerRow,
        "select e.zone
         from attendance.badge b
         join attendance.employee e on e.id = b.employee_id
         where b.badge = $1 and b.during @> ($2::date::timestamp at time zone e.zone)
         for update of b",
        badge,
        day,
    )
    .fetch_optional(conn)
    .await
}

/// Ends what somebody has of a badge at an instant, and says who has it no more; nothing if nobody had
/// it then. One that begins only then is gone.
pub async fn end(
    conn: &mut PgConnection,
    badge: &str,
    at: DateTime<Utc>,
) -> Result<Option<PersonId>, sqlx::Error> {
    let ended = sqlx::query_scalar!(
        r#"update attendance.badge
         set during = tstzrange(lower(during), $2::timestamptz, '[)')
         where badge = $1 and during @> $2::timestamptz and lower(during) < $2::timestamptz
         returning employee_id as "employee_id: PersonId""#,
        badge,
        at,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if ended.is_some() {
        return Ok(ended);
    }
    sqlx::query_scalar!(
        r#"delete from attendance.badge
         where badge = $1 and lower(during) = $2
         returning employee_id as "employee_id: PersonId""#,
        badge,
        at,
    )
    .fetch_optional(conn)
    .await
}

/// The days, in a zone, on which a badge was used from `from` on.
pub async fn days_used(
    conn: &mut PgConnection,
    badge: &str,
    from: DateTime<Utc>,
    zone: &str,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct (occurred_at at time zone $3)::date as "day!"
         from attendance.punch
         where badge = $1 and occurred_at >= $2
         order by 1
         limit 5000"#,
        badge,
        from,
        zone,
    )
    .fetch_all(conn)
    .await
}

/// Notes badges that were used while they were nobody's; they come sorted.
pub async fn want(conn: &mut PgConnection, badges: &[&str]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.badge_wanted (badge)
         select badge from unnest($1::text[]) as used (badge)
         on conflict do nothing",
        badges as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the note of a badge away, if everything that was punched with it is somebody's.
pub async fn want_no_more(conn: &mut PgConnection, badge: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from attendance.badge_wanted w
         where w.badge = $1 and not exists (
             select from attendance.punch p
             where p.badge = w.badge and p.employee_id is null
               and not exists (
                   select from attendance.badge b
                   where b.badge = p.badge and b.during @> p.occurred_at
               )
         )",
        badge,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A badge that is nobody's.
#[derive(Clone, Debug)]
pub struct UnknownRow {
    pub badge: String,
    pub punches: i64,
    pub last_at: DateTime<Utc>,
}

/// Badges that were nobody's when they were used, and how often that was; the latest first.
pub async fn unknown(conn: &mut PgConnection, limit: i64) -> Result<Vec<UnknownRow>, sqlx::Error> {
    sqlx::query_as!(
        UnknownRow,
        r#"select p.badge as "badge!", count(*) as "punches!", max(p.occurred_at) as "last_at!"
         from (
             select badge from attendance.badge_wanted order by badge limit 1000
         ) w
         join attendance.punch p on p.badge = w.badge and p.employee_id is null
         where not exists (
             select from attendance.badge b
             where b.badge = p.badge and b.during @> p.occurred_at
         )
         group by p.badge
         order by max(p.occurred_at) desc, p.badge
         limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await
}
