//! Rows of `attendance.device_batch`, `device_line` and `device_hour`: what devices have sent, what of
//! it could not be read, and how many punches it came to.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use model::DeviceId;
use sqlx::PgConnection;
use uuid::Uuid;

/// A batch that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewBatch {
    pub device: DeviceId,
    pub kind: &'static str,
    pub stamp: Option<String>,
    pub body: Vec<u8>,
    pub address: Option<String>,
    pub received_at: DateTime<Utc>,
    pub lines: i32,
}

/// Keeps batches, and the last stamp of each kind with its device.
pub async fn insert(
    conn: &mut PgConnection,
    batches: &[NewBatch],
) -> Result<Vec<i64>, sqlx::Error> {
    let devices: Vec<Uuid> = batches.iter().map(|batch| batch.device.0).collect();
    let kinds: Vec<&str> = batches.iter().map(|batch| batch.kind).collect();
    let stamps: Vec<Option<&str>> = batches.iter().map(|b| b.stamp.as_deref()).collect();
    let bodies: Vec<&[u8]> = batches.iter().map(|batch| batch.body.as_slice()).collect();
    let addresses: Vec<Option<&str>> = batches.iter().map(|b| b.address.as_deref()).collect();
    let received: Vec<DateTime<Utc>> = batches.iter().map(|batch| batch.received_at).collect();
    let lines: Vec<i32> = batches.iter().map(|batch| batch.lines).collect();
    // Devices are locked in the order of ids: others write to several of them as well.
    sqlx::query_scalar!(
        r#"with told as materialized (
             select *
             from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[],
                 $6::timestamptz[], $7::integer[]) with ordinality
                 as t (device_id, kind, stamp, body, address, received_at, lines, place)
         ), stamps as (
             select device_id,
                 (array_agg(stamp order by place desc) filter (where kind = 'attlog'))[1] as attlog,
                 (array_agg(stamp order by place desc) filter (where kind = 'operlog'))[1] as operlog
             from told
             where stamp is not null
             group by device_id
         ), held as (
             select d.id
             from attendance.device d
             join stamps s on s.device_id = d.id
             where (coalesce(s.attlog, d.attlog_stamp), coalesce(s.operlog, d.operlog_stamp))
                 is distinct from (d.attlog_stamp, d.operlog_stamp)
             order by d.id
             for no key update of d
         ), stamped as (
             update attendance.device d
             set attlog_stamp = coalesce(s.attlog, d.attlog_stamp),
                 operlog_stamp = coalesce(s.operlog, d.operlog_stamp)
             from held
             join stamps s on s.device_id = held.id
             where d.id = held.id
         )
         insert into attendance.device_batch
             (device_id, kind, stamp, body, address, received_at, lines)
         select device_id, kind, stamp, body, address, received_at, lines
         from told
         order by place
         returning id"#,
        &devices,
        &kinds as _,
        &stamps as _,
        &bodies as _,
        &addresses as _,
        &received,
        &lines,
    )
    .fetch_all(conn)
    .await
}

/// A batch that was not worked off yet.
#[derive(Clone, Debug)]
pub struct OpenBatch {
    pub id: i64,
    pub device_id: DeviceId,
    pub kind: String,
    pub body: Vec<u8>,
    pub address: Option<String>,
    pub received_at: DateTime<Utc>,
}

/// Batches by id, locked, oldest first; without those that were worked off or that somebody is at. The
/// transaction then commits without waiting for the disk: what it does can be done again from the batches.
pub async fn open(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<OpenBatch>, sqlx::Error> {
    sqlx::query_as!(
        OpenBatch,
        r#"select id, device_id as "device_id: DeviceId", kind, body, address, received_at
         from attendance.device_batch, set_config('synchronous_commit', 'off', true)
         where id = any($1) and done_at is null
         order by id
         for update of device_batch skip locked"#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// Batches after `after` that were not worked off, oldest first.
pub async fn all_open(
    conn: &mut PgConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from attendance.device_batch
         where done_at is null and id > $1
         order by id
         limit $2",
        after,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// What a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub accepted: i32,
    pub repeated: i32,
    pub unreadable: i32,
    /// How many of the unreadable lines never came before.
    pub newly_unreadable: i64,
    pub newest_at: Option<DateTime<Utc>>,
}

/// What one batch came to, and how many new punches in which hour of its device's clock.
#[derive(Clone, Debug)]
pub struct Closed {
    pub id: i64,
    pub device: DeviceId,
    pub outcome: Outcome,
    pub hours: BTreeMap<NaiveDateTime, i32>,
}

/// Marks batches as worked off and counts what they came to; new punches are also added to the hours that
/// the devices' clocks showed. Nothing is counted for one that is marked already; how many were not
/// comes back.
pub async fn close(
    conn: &mut PgConnection,
    closed: &[Closed],
    now: DateTime<Utc>,
) -> Result<usize, sqlx::Error> {
    let ids: Vec<i64> = closed.iter().map(|c| c.id).collect();
    let devices: Vec<Uuid> = closed.iter().map(|c| c.device.0).collect();
    let accepted: Vec<i32> = closed.iter().map(|c| c.outcome.accepted).collect();
    let repeated: Vec<i32> = closed.iter().map(|c| c.outcome.repeated).collect();
    let unreadable: Vec<i32> = closed.iter().map(|c| c.outcome.unreadable).collect();
    let newest: Vec<Option<DateTime<Utc>>> = closed.iter().map(|c| c.outcome.newest_at).collect();
    let newly: Vec<i64> = closed.iter().map(|c| c.outcome.newly_unreadable).collect();
    let hours = closed.iter().flat_map(|c| {
        let hours = c.hours.iter();
        hours.map(|(hour, count)| (c.id, c.device.0, *hour, *count))
    });
    let (mut of, mut whose, mut hour, mut counts) = (vec![], vec![], vec![], vec![]);
    for (id, device, at, count) in hours {
        of.push(id);
        whose.push(device);
        hour.push(at);
        counts.push(count);
    }
    // Devices are locked in the order of ids: others write to several of them as well.
    let done = sqlx::query!(
        "with told as materialized (
             select *
             from unnest($1::bigint[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[],
                 $6::timestamptz[], $7::bigint[])
                 as t (id, device_id, accepted, repeated, unreadable, newest_at, newly_unreadable)
         ), closed as (
             update attendance.device_batch b
             set accepted = t.accepted, repeated = t.repeated, unreadable = t.unreadable,
                 newest_at = t.newest_at, done_at = $8
             from told t
             where b.id = t.id and b.done_at is null
             returning b.id
         ), sums as (
             select t.device_id, sum(t.accepted) as accepted, sum(t.newly_unreadable) as unreadable
             from told t
             join closed using (id)
             group by t.device_id
             having sum(t.accepted) > 0 or sum(t.newly_unreadable) > 0
         ), held as (
             select d.id
             from attendance.device d
             join sums s on s.device_id = d.id
             order by d.id
             for no key update of d
         ), counted as (
             update attendance.device d
             set punches = d.punches + s.accepted::bigint,
                 unreadable = d.unreadable + s.unreadable::bigint
             from held
             join sums s on s.device_id = held.id
             where d.id = held.id
         ), hours as (
             insert into attendance.device_hour (device_id, hour, punches, changed_at)
             select h.device_id, h.hour, sum(h.punches)::integer, $8
             from unnest($9::bigint[], $10::uuid[], $11::timestamp[], $12::integer[])
                 as h (batch_id, device_id, hour, punches)
             join closed on closed.id = h.batch_id
             group by h.device_id, h.hour
             order by h.device_id, h.hour
             on conflict (device_id, hour) do update
             set punches = device_hour.punches + excluded.punches,
                 changed_at = excluded.changed_at
         )
         select id from closed",
        &ids,
        &devices,
        &accepted,
        &repeated,
        &unreadable,
        &newest as _,
        &newly,
        now,
        &of,
        &whose,
        &hour,
        &counts,
    )
    .fetch_all(conn)
    .await?;
    Ok(done.len())
}

/// A line that is no punch.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub line: i32,
    pub text: String,
    pub reason: String,
}

/// Keeps lines that could not be read, and says how many of them did not come before.
pub async fn insert_lines(
    conn: &mut PgConnection,
    device: DeviceId,
    batch: i64,
    received_at: DateTime<Utc>,
    lines: &[Unreadable],
) -> Result<u64, sqlx::Error> {
    let numbers: Vec<i32> = lines.iter().map(|line| line.line).collect();
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let reasons: Vec<String> = lines.iter().map(|line| line.reason.clone()).collect();
    let done = sqlx::query!(
        "insert into attendance.device_line (batch_id, line, device_id, text, reason, received_at)
         select $1, line, $2, text, reason, $6
         from unnest($3::integer[], $4::text[], $5::text[]) as l (line, text, reason)
         on conflict do nothing",
        batch,
        device.0,
        &numbers,
        &texts,
        &reasons,
        received_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How many punches of a device are kept, from one hour of its clock and before another.
pub async fn stored_between(
    conn: &mut PgConnection,
    device: DeviceId,
    from: NaiveDateTime,
    before: NaiveDateTime,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(punches), 0) as "stored!"
         from attendance.device_hour
         where device_id = $1 and hour >= $2 and hour < $3"#,
        device.0,
        from,
        before,
    )
    .fetch_one(conn)
    .await
}

/// The punches of one hour, and of the same hour on the days before on which there were any.
#[derive(Clone, Debug)]
pub struct HourRow {
    pub device_id: DeviceId,
    pub hour: NaiveDateTime,
    pub punches: i32,
    pub before: Vec<i32>,
}

/// Hours since `from` that have changed since `changed`, of devices that are listened to.
pub async fn hours(
    conn: &mut PgConnection,
    from: NaiveDateTime,
    changed: DateTime<Utc>,
) -> Result<Vec<HourRow>, sqlx::Error> {
    sqlx::query_as!(
        HourRow,
        r#"select h.device_id as "device_id: DeviceId", h.hour, h.punches,
                array(
                    select b.punches
                    from generate_series(1, 28) as n
                    join attendance.device_hour b
                      on b.device_id = h.device_id and b.hour = h.hour - n * interval '1 day'
                ) as "before!"
         from attendance.device d
         join attendance.device_hour h on h.device_id = d.id and h.hour >= $1
         where d.kind = 'adms' and d.state = 'active' and h.changed_at >= $2
         order by h.device_id, h.hour
         limit 100000"#,
        from,
        changed,
    )
    .fetch_all(conn)
    .await
}

/// A batch of punches, as evidence of how its device's clock goes.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    pub device_id: DeviceId,
    pub newest_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
}

/// The last batches of each device in the present epoch of its clock, since `since`.
pub async fn deliveries(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> Result<Vec<DeliveryRow>, sqlx::Error> {
    sqlx::query_as!(
        DeliveryRow,
        r#"select b.device_id as "device_id: DeviceId", b.newest_at as "newest_at!", b.received_at
         from attendance.device d
         cross join lateral (
             select device_id, newest_at, received_at
             from attendance.device_batch
             where device_id = d.id
             order by id desc
             limit 60
         ) b
         where d.kind = 'adms' and d.state = 'active' and b.newest_at is not null
           and b.received_at >= greatest($1, d.epoch_from)
         order by b.device_id, b.received_at
         limit 1000000"#,
        since,
    )
    .fetch_all(conn)
    .await
}
