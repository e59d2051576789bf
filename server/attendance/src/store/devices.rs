//! Rows of `attendance.device`: wall devices, as they are set up and as they were last heard of.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::views::DeviceState;
use model::{DeviceId, PersonId, SiteId};
use sqlx::PgConnection;
use uuid::Uuid;

/// What is kept in memory of each device.
#[derive(Clone, Debug)]
pub struct KnownRow {
    pub id: DeviceId,
    pub serial: String,
    pub zone: String,
    pub state: DeviceState,
    pub network: Option<String>,
    pub secret_hash: Option<Vec<u8>>,
    pub home_address: Option<String>,
    pub trusts_direction: bool,
    pub attlog_stamp: Option<String>,
    pub operlog_stamp: Option<String>,
    /// Whether a command waits to be fetched.
    pub waiting: bool,
}

/// All wall devices. A command that was fetched before `lost` and not answered waits again.
pub async fn known(
    conn: &mut PgConnection,
    lost: DateTime<Utc>,
) -> Result<Vec<KnownRow>, sqlx::Error> {
    sqlx::query_as!(
        KnownRow,
        r#"select d.id as "id: DeviceId", d.serial, d.zone, d.state as "state: DeviceState",
                d.network, d.secret_hash, d.home_address, d.trusts_direction, d.attlog_stamp,
                d.operlog_stamp,
                exists (
                    select from attendance.device_command c
                    where c.device_id = d.id
                      and (c.state = 'queued'
                          or c.state = 'sent' and c.sent_at < $1 and c.text <> 'REBOOT')
                ) as "waiting!"
         from attendance.device d
         where d.kind = 'adms'
         order by d.id
         limit 100000"#,
        lost,
    )
    .fetch_all(conn)
    .await
}

/// Lists a device that has called and is not known. One that is listed already stays as it is.
pub async fn insert_pending(
    conn: &mut PgConnection,
    id: DeviceId,
    serial: &str,
    address: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.device
             (id, kind, serial, name, zone, state, last_seen_at, last_address, created_at)
         values ($1, 'adms', $2, '', 'UTC', 'pending', $4, $3, $4)
         on conflict (serial) do nothing",
        id.0,
        serial,
        address,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets devices that called once and were never named.
pub async fn forget_pending(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.device d
         where d.state = 'pending' and d.version = 1 and d.last_seen_at < $1
           and not exists (select from attendance.device_batch b where b.device_id = d.id)
           and not exists (select from attendance.device_command c where c.device_id = d.id)
           and not exists (select from attendance.device_alarm a where a.device_id = d.id)",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What was heard of a device since it was last written down.
#[derive(Clone, Debug)]
pub struct Heard {
    pub id: DeviceId,
    pub seen_at: DateTime<Utc>,
    pub address: Option<String>,
    pub firmware: Option<String>,
    pub record_count: Option<i32>,
}

/// Writes down when devices were last heard. The first address of a device is its home.
pub async fn hear(conn: &mut PgConnection, heard: &[Heard]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = heard.iter().map(|one| one.id.0).collect();
    let seen: Vec<DateTime<Utc>> = heard.iter().map(|one| one.seen_at).collect();
    let addresses: Vec<Option<String>> = heard.iter().map(|one| one.address.clone()).collect();
    let firmware: Vec<Option<String>> = heard.iter().map(|one| one.firmware.clone()).collect();
    let counts: Vec<Option<i32>> = heard.iter().map(|one| one.record_count).collect();
    // Locked in the order of ids: two nodes may write at the same time.
    sqlx::query!(
        "with held as (
             select id from attendance.device
             where id = any($1::uuid[])
             order by id
             for no key update
         )
         update attendance.device d
         set last_seen_at = greatest(d.last_seen_at, h.seen_at),
             last_address = coalesce(h.address, d.last_address),
             home_address = coalesce(d.home_address, h.address),
             firmware = coalesce(h.firmware, d.firmware),
             record_count = coalesce(h.record_count, d.record_count)
         from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::integer[])
                 as h (id, seen_at, address, firmware, record_count)
         join held on held.id = h.id
         where d.id = h.id",
        &ids,
        &seen,
        &addresses as &[Option<String>],
        &firmware as &[Option<String>],
        &counts as &[Option<i32>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A device as people may change it.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub name: String,
    pub zone: String,
    pub state: DeviceState,
    pub version: i32,
    pub installed_at: Option<DateTime<Utc>>,
    pub site_id: Option<SiteId>,
    /// The first day, by its clock, of which its punches count.
    pub in_use_from: Option<NaiveDate>,
    /// Networks, with commas between them.
    pub network: Option<String>,
    pub trusts_direction: bool,
    /// SHA-256 of the key that it is to send.
    pub secret_hash: Option<Vec<u8>>,
}

/// A device by id, locked.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: DeviceId,
) -> Result<Option<DeviceRow>, sqlx::Error> {
    sqlx::query_as!(
        DeviceRow,
        r#"select id as "id: DeviceId", name, zone, state as "state: DeviceState", version,
                installed_at, site_id as "site_id: SiteId", in_use_from, network, trusts_direction, secret_hash
         from attendance.device
         where id = $1 and kind = 'adms'
         for no key update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Writes what people say of a device.
pub async fn update(conn: &mut PgConnection, row: &DeviceRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device
         set name = $2, zone = $3, state = $4, installed_at = $5, site_id = $6, network = $7,
             trusts_direction = $8, secret_hash = $9, in_use_from = $10, version = version + 1
         where id = $1",
        row.id.0,
        row.name,
        row.zone,
        row.state.as_str(),
        row.installed_at,
        row.site_id.map(|id| id.0),
        row.network,
        row.trusts_direction,
        row.secret_hash,
        row.in_use_from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says whether the keys of a device are believed; false when there is no such device.
pub async fn trust_keys(
    conn: &mut PgConnection,
    id: DeviceId,
    trusts: bool,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device
         set trusts_direction = $2
         where id = $1 and kind = 'adms'",
        id.0,
        trusts,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes the place from which a device speaks now its home.
pub async fn settle(conn: &mut PgConnection, id: DeviceId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device
         set home_address = coalesce(last_address, home_address)
         where id = $1",
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins a new epoch of a device's clock: somebody has set it. What the old one was off by is kept,
/// since days that lie in it may be derived again.
pub async fn begin_epoch(
    conn: &mut PgConnection,
    id: DeviceId,
    from: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with ended as (
             insert into attendance.device_epoch (device_id, epoch, from_at, until_at, skew_seconds)
             select id, clock_epoch, epoch_from, $2, skew_seconds
             from attendance.device
             where id = $1
             on conflict do nothing
         )
         update attendance.device
         set clock_epoch = clock_epoch + 1, epoch_from = $2, skew_seconds = 0
         where id = $1",
        id.0,
        from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes how far a clock is off in its present epoch.
pub async fn set_skew(
    conn: &mut PgConnection,
    id: DeviceId,
    epoch: i32,
    seconds: i32,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device
         set skew_seconds = $3
         where id = $1 and clock_epoch = $2 and skew_seconds <> $3",
        id.0,
        epoch,
        seconds,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The days of people who used a device in the present epoch of its clock, since `since`, where they are.
pub async fn days_of_epoch(
    conn: &mut PgConnection,
    id: DeviceId,
    since: DateTime<Utc>,
) -> Result<Vec<(PersonId, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct e.id as "employee_id: PersonId",
                (p.occurred_at at time zone e.zone)::date as "day!"
         from attendance.device d
         join attendance.punch p
           on p.source_kind = 'device' and p.source = d.id::text
          and p.received_at >= coalesce(d.epoch_from, '-infinity')
         left join attendance.badge b
           on p.employee_id is null and b.badge = p.badge and b.during @> p.occurred_at
         join attendance.employee e on e.id = coalesce(p.employee_id, b.employee_id)
         where d.id = $1 and p.occurred_at >= $2
         order by 1, 2
         limit 1000000"#,
        id.0,
        since,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.employee_id, row.day))
        .collect())
}

/// The days of people who used a device from one instant to before another, where they are.
pub async fn days_between(
    conn: &mut PgConnection,
    id: DeviceId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(PersonId, NaiveDate)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct e.id as "employee_id: PersonId",
                (p.occurred_at at time zone e.zone)::date as "day!"
         from attendance.punch p
         left join attendance.badge b
           on p.employee_id is null and b.badge = p.badge and b.during @> p.occurred_at
         join attendance.employee e on e.id = coalesce(p.employee_id, b.employee_id)
         where p.source_kind = 'device' and p.source = ($1::uuid)::text
           and p.occurred_at >= $2 and p.occurred_at < $3
         order by 1, 2
         limit 1000000"#,
        id.0,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.employee_id, row.day))
        .collect())
}

/// A device that is listened to, as those look at it who watch over its health.
#[derive(Clone, Debug)]
pub struct WatchedRow {
    pub id: DeviceId,
    pub zone: String,
    pub installed_at: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub clock_epoch: i32,
    pub skew_seconds: i32,
    pub verified_day: Option<NaiveDate>,
}

/// All devices that are listened to.
pub async fn watched(conn: &mut PgConnection) -> Result<Vec<WatchedRow>, sqlx::Error> {
    sqlx::query_as!(
        WatchedRow,
        r#"select id as "id: DeviceId", zone, installed_at, last_seen_at, clock_epoch, skew_seconds,
                verified_day
         from attendance.device
         where kind = 'adms' and state = 'active'
         order by id
         limit 100000"#
    )
    .fetch_all(conn)
    .await
}

/// Notes of which day a device was asked for its count; false when it was asked already.
pub async fn note_verified(
    conn: &mut PgConnection,
    id: DeviceId,
    day: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device
         set verified_day = $2
         where id = $1 and (verified_day is null or verified_day < $2)",
        id.0,
        day,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A device on the page.
#[derive(Clone, Debug)]
pub struct ListedRow {
    pub id: DeviceId,
    pub serial: String,
    pub name: String,
    pub zone: String,
    pub state: DeviceState,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub skew_seconds: i32,
    pub firmware: Option<String>,
    pub punches: i64,
    pub unreadable: i64,
    pub waiting: i64,
    pub version: i32,
    pub site_id: Option<SiteId>,
    pub in_use_from: Option<NaiveDate>,
    pub network: Option<String>,
    pub has_key: bool,
    pub trusts_direction: bool,
}

/// All wall devices: pending ones first, then by name.
pub async fn listed(conn: &mut PgConnection) -> Result<Vec<ListedRow>, sqlx::Error> {
    sqlx::query_as!(
        ListedRow,
        r#"select d.id as "id: DeviceId", d.serial, d.name, d.zone,
                d.state as "state: DeviceState", d.last_seen_at, d.skew_seconds, d.firmware,
                d.punches, d.unreadable, coalesce(w.waiting, 0) as "waiting!", d.version,
                d.site_id as "site_id: SiteId", d.in_use_from, d.network, d.secret_hash is not null as "has_key!",
                d.trusts_direction
         from attendance.device d
         left join (
             select device_id, count(*) as waiting
             from attendance.device_batch
             where done_at is null
             group by device_id
         ) w on w.device_id = d.id
         where d.kind = 'adms'
         order by d.state <> 'pending', lower(d.name) collate "C", d.serial
         limit 5000"#
    )
    .fetch_all(conn)
    .await
}
