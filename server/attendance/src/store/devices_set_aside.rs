//! What devices sent and does not count: lines that could not be read, and punches whose time may not be
//! true.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::{DeviceId, PersonId, PunchId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A line that could not be read.
#[derive(Clone, Debug)]
pub struct LineRow {
    pub id: i64,
    pub name: String,
    pub serial: String,
    pub received_at: DateTime<Utc>,
    pub reason: String,
    pub text: String,
    pub seen_by: Option<String>,
    pub seen_at: Option<DateTime<Utc>>,
}

/// Lines that somebody has looked at, or nobody: the latest to come first, beginning behind `after`.
pub async fn lines(
    conn: &mut PgConnection,
    seen: bool,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<LineRow>, sqlx::Error> {
    sqlx::query_as!(
        LineRow,
        "select l.id, d.name, d.serial, l.received_at, l.reason, l.text, l.seen_by, l.seen_at
         from attendance.device_line l
         join attendance.device d on d.id = l.device_id
         where (l.seen_at is not null) = $1
           and ($2::bigint is null
                or (l.received_at, l.id) < (
                    select a.received_at, a.id
                    from attendance.device_line a
                    where a.id = $2
                ))
         order by l.received_at desc, l.id desc
         limit $3",
        seen,
        after,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many lines nobody has looked at.
pub async fn open_lines(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "open!" from attendance.device_line where seen_at is null"#
    )
    .fetch_one(conn)
    .await
}

/// Which device a line came from, and whether somebody has looked at it, locked.
pub async fn line_locked(
    conn: &mut PgConnection,
    id: i64,
) -> Result<Option<(DeviceId, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select device_id as "device_id: DeviceId", seen_at is not null as "seen!"
         from attendance.device_line
         where id = $1
         for update"#,
        id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.device_id, row.seen)))
}

/// Notes that somebody has looked at a line.
pub async fn see(
    conn: &mut PgConnection,
    id: i64,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device_line set seen_by = $2, seen_at = $3 where id = $1",
        id,
        by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A punch of a device, and whose it is.
#[derive(Clone, Debug)]
pub struct DoubtfulRow {
    pub id: PunchId,
    pub device: String,
    pub badge: Option<String>,
    pub occurred_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub raw_local: Option<NaiveDateTime>,
    pub employee_id: Option<PersonId>,
    pub name: Option<String>,
    pub zone: Option<String>,
}

/// Punches of devices whose time may not be true, and that nobody has taken out or set to another time:
/// the latest to come first, beginning behind `after`. They are told more than five minutes ahead or 88
/// days late by a clock that may be wrong itself, or lie before the device was in use, and the rules
/// decide about each.
pub async fn doubtful(
    conn: &mut PgConnection,
    after: Option<(DateTime<Utc>, PunchId)>,
    limit: i64,
) -> Result<Vec<DoubtfulRow>, sqlx::Error> {
    let (at, id): (Option<DateTime<Utc>>, Option<Uuid>) = after.map(|(at, id)| (at, id.0)).unzip();
    sqlx::query_as!(
        DoubtfulRow,
        r#"with early as materialized (
             select k.punch_id, k.occurred_at
             from attendance.device d
             join attendance.punch_key k
               on k.source = d.id::text
              and k.occurred_at
                  < (d.in_use_from::timestamp at time zone d.zone) + interval '2 days'
             where d.kind = 'adms' and d.in_use_from is not null
         ), doubtful as (
             select p.id, p.occurred_at, p.received_at, p.source, p.badge, p.raw_local, p.employee_id
             from early
             join attendance.punch p on p.id = early.punch_id and p.occurred_at = early.occurred_at
             where p.source_kind = 'device'
             union
             select p.id, p.occurred_at, p.received_at, p.source, p.badge, p.raw_local, p.employee_id
             from attendance.punch p
             where p.source_kind = 'device'
               and (p.occurred_at - p.received_at > interval '5 minutes'
                   or p.received_at - p.occurred_at > interval '88 days')
         )
         select p.id as "id!: PunchId", p.source as "device!", p.badge,
             p.occurred_at as "occurred_at!", p.received_at as "received_at!", p.raw_local,
             e.id as "employee_id?: PersonId", e.name as "name?", e.zone as "zone?"
         from doubtful p
         left join attendance.badge b
           on p.employee_id is null and b.badge = p.badge and b.during @> p.occurred_at
         left join lateral (
             select a.employee_id
             from attendance.punch_annotation a
             where a.punch_id = p.id and a.kind = 'reassign'
             order by a.decided_at desc, a.id desc
             limit 1
         ) given on true
         left join attendance.employee e
           on e.id = coalesce(given.employee_id, p.employee_id, b.employee_id)
         where ($1::timestamptz is null or (p.received_at, p.id) < ($1, $2::uuid))
           and not exists (
               select from attendance.punch_annotation a
               where a.punch_id = p.id and a.kind = 'set_time'
           )
           and 'void' is distinct from (
               select a.kind
               from attendance.punch_annotation a
               where a.punch_id = p.id and a.kind in ('void', 'restore')
               order by a.decided_at desc, a.id desc
               limit 1
           )
         order by p.received_at desc, p.id desc
         limit $3"#,
        at,
        id,
        limit,
    )
    .fetch_all(conn)
    .await
}
