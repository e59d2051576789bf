//! Rows of `attendance.badge`: whose a badge is, and when; and badges that are nobody's.

use chrono::{DateTime, NaiveDate, Utc};
use model::{BadgeId, PersonId};
use sqlx::PgConnection;

/// That a badge is somebody's, from when on and until when, and where they are.
#[derive(Clone, Debug)]
pub struct BadgeRow {
    pub id: BadgeId,
    pub badge: String,
    pub employee_id: PersonId,
    pub zone: String,
    pub from_at: DateTime<Utc>,
    pub to_at: Option<DateTime<Utc>>,
}

/// Who has a badge at some time from `from` on, earliest first, locked.
pub async fn owners_since(
    conn: &mut PgConnection,
    badge: &str,
    from: DateTime<Utc>,
) -> Result<Vec<BadgeRow>, sqlx::Error> {
    sqlx::query_as!(
        BadgeRow,
        r#"select b.id as "id: BadgeId", b.badge, b.employee_id as "employee_id: PersonId", e.zone,
                lower(b.during) as "from_at!", upper(b.during) as to_at
         from attendance.badge b
         join attendance.employee e on e.id = b.employee_id
         where b.badge = $1 and b.during && tstzrange($2, null)
         order by lower(b.during)
         for update of b"#,
        badge,
        from,
    )
    .fetch_all(conn)
    .await
}

/// That a badge is somebody's, locked.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: BadgeId,
) -> Result<Option<BadgeRow>, sqlx::Error> {
    sqlx::query_as!(
        BadgeRow,
        r#"select b.id as "id: BadgeId", b.badge, b.employee_id as "employee_id: PersonId", e.zone,
                lower(b.during) as "from_at!", upper(b.during) as to_at
         from attendance.badge b
         join attendance.employee e on e.id = b.employee_id
         where b.id = $1
         for update of b"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Gives a badge to somebody from an instant on, until another one if there is one.
pub async fn insert(
    conn: &mut PgConnection,
    id: BadgeId,
    badge: &str,
    employee: PersonId,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.badge (id, badge, employee_id, during)
         values ($1, $2, $3, tstzrange($4, $5, '[)'))",
        id.0,
        badge,
        employee.0,
        from,
        to,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets somebody have had a badge earlier.
pub async fn begin_earlier(
    conn: &mut PgConnection,
    id: BadgeId,
    from: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.badge
         set during = tstzrange($2, upper(during), '[)')
         where id = $1",
        id.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends what somebody has of a badge at an instant. What begins only then, or later, is gone.
pub async fn end(
    conn: &mut PgConnection,
    id: BadgeId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ended = sqlx::query!(
        "update attendance.badge
         set during = tstzrange(lower(during), $2::timestamptz, '[)')
         where id = $1 and lower(during) < $2::timestamptz",
        id.0,
        at,
    )
    .execute(&mut *conn)
    .await?;
    if ended.rows_affected() == 0 {
        sqlx::query!("delete from attendance.badge where id = $1", id.0)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// A badge, and who has it, as it is listed.
#[derive(Clone, Debug)]
pub struct ListedRow {
    pub id: BadgeId,
    pub badge: String,
    pub employee_id: PersonId,
    pub name: String,
    pub active: bool,
    pub zone: String,
    pub from_at: DateTime<Utc>,
    pub to_at: Option<DateTime<Utc>>,
}

/// Who has and had which badge: by badge, the last owner first, beginning behind `after`. `search` is a
/// badge, a number, or part of a name or address.
pub async fn listed(
    conn: &mut PgConnection,
    search: Option<&str>,
    after: Option<BadgeId>,
    limit: i64,
) -> Result<Vec<ListedRow>, sqlx::Error> {
    sqlx::query_as!(
        ListedRow,
        r#"select b.id as "id: BadgeId", b.badge, b.employee_id as "employee_id: PersonId",
                e.name, e.active, e.zone, lower(b.during) as "from_at!", upper(b.during) as to_at
         from attendance.badge b
         join attendance.employee e on e.id = b.employee_id
         left join attendance.badge a on a.id = $2
         where ($1::text is null
                or b.badge = $1
                or e.number = $1
                or strpos(lower(e.name), lower($1)) > 0
                or strpos(lower(e.email), lower($1)) > 0)
           and ($2::uuid is null
                or (length(b.badge), b.badge collate "C") > (length(a.badge), a.badge collate "C")
                or b.badge = a.badge and lower(b.during) < lower(a.during))
         order by length(b.badge), b.badge collate "C", lower(b.during) desc
         limit $3"#,
        search,
        after.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The days, in a zone, on which a badge was used from `from` on and before `to`, and those that
/// decisions brought such punches to.
pub async fn days_used(
    conn: &mut PgConnection,
    badge: &str,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
    zone: &str,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct (used.at at time zone $4)::date as "day!"
         from attendance.punch p
         cross join lateral (
             select p.occurred_at
             union all
             select a.at
             from attendance.punch_annotation a
             where a.punch_id = p.id and a.kind = 'set_time'
         ) used (at)
         where p.badge = $1 and p.occurred_at >= $2
           and ($3::timestamptz is null or p.occurred_at < $3)
         order by 1
         limit 5000"#,
        badge,
        from,
        to,
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
