//! Rows of `attendance.punch`, of the keys that tell a second telling, and of what was decided about
//! punches. They are only ever inserted.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use model::attendance::day::Direction;
use model::{PersonId, PunchId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A punch that is to be kept.
#[derive(Clone, Debug)]
pub struct NewRow<'a> {
    pub id: PunchId,
    pub source_kind: &'static str,
    pub source: &'a str,
    pub key: &'a str,
    pub employee: Option<PersonId>,
    pub badge: Option<&'a str>,
    pub occurred_at: DateTime<Utc>,
    pub raw_local: Option<NaiveDateTime>,
    pub raw_offset_seconds: Option<i32>,
    pub zone: &'a str,
    pub direction: Direction,
    pub trusted: bool,
    pub verify: Option<i32>,
    pub raw_text: Option<&'a str>,
    pub address: Option<&'a str>,
    /// Words without commas.
    pub flags: String,
    /// Whose day it makes stale, and which.
    pub stale: Option<(PersonId, NaiveDate)>,
}

/// Keeps the punches whose keys are new and marks the days that they make stale, all in one statement,
/// and says which punches those are. Keys are taken in their order, so that two batches with keys in
/// common do not wait in a circle.
pub async fn insert(
    conn: &mut PgConnection,
    rows: &[NewRow<'_>],
    received_at: DateTime<Utc>,
) -> Result<Vec<PunchId>, sqlx::Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let kinds: Vec<&str> = rows.iter().map(|row| row.source_kind).collect();
    let sources: Vec<&str> = rows.iter().map(|row| row.source).collect();
    let keys: Vec<&str> = rows.iter().map(|row| row.key).collect();
    let employees: Vec<Option<Uuid>> = rows.iter().map(|r| r.employee.map(|id| id.0)).collect();
    let badges: Vec<Option<&str>> = rows.iter().map(|row| row.badge).collect();
    let occurred: Vec<DateTime<Utc>> = rows.iter().map(|row| row.occurred_at).collect();
    let locals: Vec<Option<NaiveDateTime>> = rows.iter().map(|row| row.raw_local).collect();
    let offsets: Vec<Option<i32>> = rows.iter().map(|row| row.raw_offset_seconds).collect();
    let zones: Vec<&str> = rows.iter().map(|row| row.zone).collect();
    let directions: Vec<&str> = rows.iter().map(|row| row.direction.as_str()).collect();
    let trusted: Vec<bool> = rows.iter().map(|row| row.trusted).collect();
    let verify: Vec<Option<i32>> = rows.iter().map(|row| row.verify).collect();
    let texts: Vec<Option<&str>> = rows.iter().map(|row| row.raw_text).collect();
    let addresses: Vec<Option<&str>> = rows.iter().map(|row| row.address).collect();
    let flags: Vec<&str> = rows.iter().map(|row| row.flags.as_str()).collect();
    let whose: Vec<Option<Uuid>> = rows.iter().map(|r| r.stale.map(|(id, _)| id.0)).collect();
    let days: Vec<Option<NaiveDate>> = rows.iter().map(|r| r.stale.map(|(_, day)| day)).collect();
    sqlx::query_scalar!(
        r#"with told as (
             select *
             from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[],
                 $7::timestamptz[], $8::timestamp[], $9::int4[], $10::text[], $11::text[],
                 $12::bool[], $13::int4[], $14::text[], $15::text[], $16::text[], $17::uuid[],
                 $18::date[])
                 with ordinality
                 as t (id, source_kind, source, key, employee_id, badge, occurred_at, raw_local,
                     raw_offset_seconds, zone, direction, trusted, verify, raw_text, address, flags,
                     whose, stale_day, place)
         ), fresh as (
             insert into attendance.punch_key (source, key, punch_id, occurred_at)
             select source, key, id, occurred_at
             from told
             order by source, key, place
             on conflict do nothing
             returning punch_id
         ), kept as (
             insert into attendance.punch
                 (id, occurred_at, received_at, source_kind, source, employee_id, badge, raw_local,
                  raw_offset_seconds, zone, direction, trusted, verify, raw_text, address, flags)
             select id, occurred_at, $19, source_kind, source, employee_id, badge, raw_local,
                 raw_offset_seconds, zone, direction, trusted, verify, raw_text, address,
                 coalesce(string_to_array(nullif(flags, ''), ','), '{}')
             from told
             where id in (select punch_id from fresh)
         ), marked as (
             insert into attendance.stale_day (employee_id, work_date, since)
             select distinct whose, stale_day, $19
             from told
             where whose is not null and id in (select punch_id from fresh)
             order by whose, stale_day
         )
         select punch_id as "punch_id!: PunchId" from fresh"#,
        &ids,
        &kinds as _,
        &sources as _,
        &keys as _,
        &employees as _,
        &badges as _,
        &occurred,
        &locals as _,
        &offsets as _,
        &zones as _,
        &directions as _,
        &trusted,
        &verify as _,
        &texts as _,
        &addresses as _,
        &flags as _,
        &whose as _,
        &days as _,
        received_at,
    )
    .fetch_all(conn)
    .await
}

/// When punches with these keys of one source occurred, as they were told first.
pub async fn told_before(
    conn: &mut PgConnection,
    sources: &[String],
    keys: &[String],
) -> Result<Vec<(String, String, DateTime<Utc>)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select k.source, k.key, k.occurred_at
         from unnest($1::text[], $2::text[]) as told (source, key)
         join attendance.punch_key k using (source, key)",
        sources,
        keys,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.source, row.key, row.occurred_at))
        .collect())
}

/// Whose badge it was.
#[derive(Clone, Debug)]
pub struct OwnerRow {
    /// The place in the list that was asked about.
    pub place: i64,
    pub employee_id: PersonId,
    pub zone: String,
}

/// Who had the badges at these instants; one that was nobody's is absent.
pub async fn owners(
    conn: &mut PgConnection,
    badges: &[Option<&str>],
    at: &[DateTime<Utc>],
) -> Result<Vec<OwnerRow>, sqlx::Error> {
    sqlx::query_as!(
        OwnerRow,
        r#"select t.place as "place!", e.id as "employee_id: PersonId", e.zone
         from unnest($1::text[], $2::timestamptz[]) with ordinality as t (badge, at, place)
         join attendance.badge b on b.badge = t.badge and b.during @> t.at
         join attendance.employee e on e.id = b.employee_id"#,
        badges as _,
        at,
    )
    .fetch_all(conn)
    .await
}

/// Has a change of badges wait for this transaction, so that a punch is either seen by the change or
/// sees it.
pub async fn share_badges(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended('attendance.badges', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// Waits for punches that are being taken, before badges change.
pub async fn lock_badges(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('attendance.badges', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// A punch as stored.
#[derive(Clone, Debug)]
pub struct PunchRow {
    /// Which of the windows that were asked for, from 1.
    pub window: i64,
    pub id: PunchId,
    pub occurred_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub source_kind: String,
    pub source: String,
    pub raw_local: Option<NaiveDateTime>,
    pub raw_offset_seconds: Option<i32>,
    pub zone: String,
    pub direction: Direction,
    pub trusted: bool,
    pub flags: Vec<String>,
    /// Whether anything was decided about it.
    pub annotated: bool,
}

/// The punches of people within windows of time: told as theirs, or made with a badge that was theirs
/// then. By window and time.
pub async fn within(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[DateTime<Utc>],
    to: &[DateTime<Utc>],
) -> Result<Vec<PunchRow>, sqlx::Error> {
    // Said as numbers of its own, so that months beyond are left out before anything is read.
    let (first, last) = (from.iter().min(), to.iter().max());
    sqlx::query_as!(
        PunchRow,
        r#"with w as materialized (
             select *
             from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) with ordinality
                 as w (employee_id, from_at, to_at, place)
         ), held as materialized (
             select w.place, b.badge, greatest(w.from_at, lower(b.during)) as from_at,
                 least(w.to_at, upper(b.during)) as to_at
             from w
             join attendance.badge b
               on b.employee_id = w.employee_id and b.during && tstzrange(w.from_at, w.to_at, '[)')
         ), found as (
             select w.place, p
             from w
             join attendance.punch p
               on p.employee_id = w.employee_id
              and p.occurred_at >= w.from_at and p.occurred_at < w.to_at
              and p.occurred_at >= $4 and p.occurred_at < $5
             union all
             select held.place, p
             from held
             join attendance.punch p
               on p.badge = held.badge and p.employee_id is null
              and p.occurred_at >= held.from_at and p.occurred_at < held.to_at
              and p.occurred_at >= $4 and p.occurred_at < $5
         )
         select place as "window!", (p).id as "id!: PunchId", (p).occurred_at as "occurred_at!",
             (p).received_at as "received_at!", (p).source_kind as "source_kind!",
             (p).source as "source!", (p).raw_local, (p).raw_offset_seconds, (p).zone as "zone!",
             (p).direction as "direction!: Direction", (p).trusted as "trusted!",
             (p).flags as "flags!",
             exists (
                 select from attendance.punch_annotation a where a.punch_id = (p).id
             ) as "annotated!"
         from found
         order by place, (p).occurred_at, (p).id"#,
        people,
        from,
        to,
        first,
        last,
    )
    .fetch_all(conn)
    .await
}

/// Punches that a decision may have brought to these people and this time: given to one of them, or moved
/// by a correction of one of them.
pub async fn moved(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[DateTime<Utc>],
    to: &[DateTime<Utc>],
) -> Result<Vec<PunchId>, sqlx::Error> {
    let (first, last) = (from.iter().min(), to.iter().max());
    sqlx::query_scalar!(
        r#"select punch_id as "punch_id!: PunchId"
         from attendance.punch_annotation
         where kind = 'reassign' and employee_id = any($1)
         union
         select a.punch_id
         from attendance.punch_annotation a
         left join attendance.correction c on c.id = a.correction_id
         where a.kind = 'set_time' and a.at >= $2 and a.at < $3
           and (c.id is null or c.employee_id = any($1))"#,
        people,
        first,
        last,
    )
    .fetch_all(conn)
    .await
}

/// Which of these punches were given to people, or moved into their windows of time, by a decision. By
/// window and time.
pub async fn moved_into(
    conn: &mut PgConnection,
    people: &[Uuid],
    from: &[DateTime<Utc>],
    to: &[DateTime<Utc>],
    punches: &[PunchId],
) -> Result<Vec<PunchRow>, sqlx::Error> {
    let punches: Vec<Uuid> = punches.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        PunchRow,
        r#"with w as materialized (
             select *
             from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) with ordinality
                 as w (employee_id, from_at, to_at, place)
         ), found as (
             select w.place, p
             from w
             join attendance.punch_annotation a
               on a.kind = 'reassign' and a.employee_id = w.employee_id
             join attendance.punch p
               on p.id = a.punch_id
              and p.occurred_at >= w.from_at - interval '7 days'
              and p.occurred_at < w.to_at + interval '7 days'
             where a.punch_id = any($4)
             union all
             select w.place, p
             from attendance.punch_annotation a
             join attendance.punch p on p.id = a.punch_id
             left join attendance.badge b
               on p.employee_id is null and b.badge = p.badge and b.during @> p.occurred_at
             join w
               on w.employee_id = coalesce(p.employee_id, b.employee_id)
              and a.at >= w.from_at and a.at < w.to_at
             where a.kind = 'set_time' and a.punch_id = any($4)
         )
         select distinct on (place, (p).occurred_at, (p).id)
             place as "window!", (p).id as "id!: PunchId", (p).occurred_at as "occurred_at!",
             (p).received_at as "received_at!", (p).source_kind as "source_kind!",
             (p).source as "source!", (p).raw_local, (p).raw_offset_seconds, (p).zone as "zone!",
             (p).direction as "direction!: Direction", (p).trusted as "trusted!",
             (p).flags as "flags!", true as "annotated!"
         from found
         order by place, (p).occurred_at, (p).id"#,
        people,
        from,
        to,
        &punches,
    )
    .fetch_all(conn)
    .await
}

/// What was decided about a punch.
#[derive(Clone, Debug)]
pub struct AnnotationRow {
    pub punch_id: PunchId,
    pub kind: String,
    pub at: Option<DateTime<Utc>>,
    pub direction: Option<Direction>,
    pub employee_id: Option<PersonId>,
    pub reason: String,
    pub actor_label: String,
    pub decided_at: DateTime<Utc>,
}

/// What was decided about punches, in the order in which it was.
pub async fn annotations(
    conn: &mut PgConnection,
    punches: &[Uuid],
) -> Result<Vec<AnnotationRow>, sqlx::Error> {
    sqlx::query_as!(
        AnnotationRow,
        r#"select punch_id as "punch_id: PunchId", kind, at, direction as "direction: Direction",
                employee_id as "employee_id: PersonId", reason, actor_label, decided_at
         from attendance.punch_annotation
         where punch_id = any($1)
         order by decided_at, id"#,
        punches,
    )
    .fetch_all(conn)
    .await
}

/// A device that punches come from.
#[derive(Clone, Debug)]
pub struct SourceRow {
    pub id: String,
    pub serial: String,
    pub name: String,
    pub skew_seconds: i32,
    /// Where its clock stands.
    pub zone: String,
    /// The first day, by its clock, of which its punches count.
    pub in_use_from: Option<NaiveDate>,
    /// Since when its clock was not set.
    pub epoch_from: Option<DateTime<Utc>>,
    /// When its clock was set before, in order, and by how much it was behind until then.
    pub ended_at: Vec<DateTime<Utc>>,
    pub ended_skews: Vec<i32>,
}

/// Devices by id or serial number.
pub async fn devices(
    conn: &mut PgConnection,
    sources: &[String],
) -> Result<Vec<SourceRow>, sqlx::Error> {
    sqlx::query_as!(
        SourceRow,
        r#"select d.id::text as "id!", d.serial, d.name, d.skew_seconds, d.zone,
                d.in_use_from, d.epoch_from,
                array(
                    select e.until_at from attendance.device_epoch e
                    where e.device_id = d.id
                    order by e.epoch
                ) as "ended_at!",
                array(
                    select e.skew_seconds from attendance.device_epoch e
                    where e.device_id = d.id
                    order by e.epoch
                ) as "ended_skews!"
         from attendance.device d
         where d.id::text = any($1) or d.serial = any($1)"#,
        sources,
    )
    .fetch_all(conn)
    .await
}
