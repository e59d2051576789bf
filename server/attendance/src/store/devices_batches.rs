//! Rows of `attendance.device_batch`, `device_line` and `device_hour`: what devices have sent, what of
//! it could not be read, and how many punches it came to.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use model::DeviceId;
use sqlx::PgConnection;

/// A batch that is about to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch<'a> {
    pub device: DeviceId,
    pub kind: &'static str,
    pub stamp: Option<&'a str>,
    pub body: &'a [u8],
    pub address: Option<&'a str>,
    pub received_at: DateTime<Utc>,
    pub lines: i32,
}

/// Keeps a batch, and its stamp with the device.
pub async fn insert(conn: &mut PgConnection, batch: NewBatch<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "with stamped as (
             update attendance.device
             set attlog_stamp = case when $2 = 'attlog' then $3 else attlog_stamp end,
                 operlog_stamp = case when $2 = 'operlog' then $3 else operlog_stamp end
             where id = $1 and $3::text is not null
               and $3 is distinct from
                   (case $2 when 'attlog' then attlog_stamp when 'operlog' then operlog_stamp else $3 end)
         )
         insert into attendance.device_batch
             (device_id, kind, stamp, body, address, received_at, lines)
         values ($1, $2, $3, $4, $5, $6, $7)
         returning id",
        batch.device.0,
        batch.kind,
        batch.stamp,
        batch.body,
        batch.address,
        batch.received_at,
        batch.lines,
    )
    .fetch_one(conn)
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

/// A batch by id, locked; nothing if it was worked off or somebody is at it. The transaction then
/// commits without waiting for the disk: what it does can be done again from the batch.
pub async fn open(conn: &mut PgConnection, id: i64) -> Result<Option<OpenBatch>, sqlx::Error> {
    sqlx::query_as!(
        OpenBatch,
        r#"select id, device_id as "device_id: DeviceId", kind, body, address, received_at
         from attendance.device_batch, set_config('synchronous_commit', 'off', true)
         where id = $1 and done_at is null
         for update of device_batch skip locked"#,
        id,
    )
    .fetch_optional(conn)
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

/// Marks a batch as worked off and counts what it came to; new punches are also added to the hours that
/// the device's clock showed. Nothing is counted for one that is marked already, and false comes back.
pub async fn close(
    conn: &mut PgConnection,
    id: i64,
    device: DeviceId,
    outcome: Outcome,
    hours: &BTreeMap<NaiveDateTime, i32>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let (hours, counts): (Vec<NaiveDateTime>, Vec<i32>) = hours.iter().unzip();
    let done = sqlx::query!(
        "with closed as (
             update attendance.device_batch
             set accepted = $3, repeated = $4, unreadable = $5, newest_at = $6, done_at = $7
             where id = $1 and done_at is null
             returning id
         ), counted as (
             update attendance.device d
             set punches = d.punches + $3, unreadable = d.unreadable + $8
             from closed
             where d.id = $2 and ($3 > 0 or $8::bigint > 0)
         ), hours as (
             insert into attendance.device_hour (device_id, hour, punches, changed_at)
             select $2, h.hour, h.punches, $7
             from closed, unnest($9::timestamp[], $10::integer[]) as h (hour, punches)
             order by h.hour
             on conflict (device_id, hour) do update
             set punches = device_hour.punches + excluded.punches,
                 changed_at = excluded.changed_at
         )
         select id from closed",
        id,
        device.0,
        outcome.accepted,
        outcome.repeated,
        outcome.unreadable,
        outcome.newest_at,
        now,
        outcome.newly_unreadable,
        &hours,
        &counts,
    )
    .fetch_optional(conn)
    .await?;
    Ok(done.is_some())
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
    lines: &[Unreadable],
) -> Result<u64, sqlx::Error> {
    let numbers: Vec<i32> = lines.iter().map(|line| line.line).collect();
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let reasons: Vec<String> = lines.iter().map(|line| line.reason.clone()).collect();
    let done = sqlx::query!(
        "insert into attendance.device_line (batch_id, line, device_id, text, reason)
         select $1, line, $2, text, reason
         from unnest($3::integer[], $4::text[], $5::text[]) as l (line, text, reason)
         on conflict do nothing",
        batch,
        device.0,
        &numbers,
        &texts,
        &reasons,
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
