//! Rows of `attendance.device_alarm`: what somebody should know of a device.

use chrono::{DateTime, Utc};
use model::attendance::views::Severity;
use model::{DeviceAlarmId, DeviceId};
use sqlx::PgConnection;

/// An alarm that may have to be raised.
#[derive(Clone, Debug)]
pub struct NewAlarm<'a> {
    pub id: DeviceAlarmId,
    pub device: DeviceId,
    pub kind: &'a str,
    pub key: &'a str,
    pub severity: Severity,
    pub text: &'a str,
    pub at: DateTime<Utc>,
    /// It is only to be known, and nobody has to put it away.
    pub closed: bool,
}

/// Raises an alarm; false when it was raised before.
pub async fn insert(conn: &mut PgConnection, alarm: NewAlarm<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.device_alarm
             (id, device_id, kind, key, severity, text, at, closed_at, closed_by)
         values ($1, $2, $3, $4, $5, $6, $7::timestamptz,
             case when $8 then $7::timestamptz end, case when $8 then 'Punctual' end)
         on conflict (device_id, key) do nothing",
        alarm.id.0,
        alarm.device.0,
        alarm.kind,
        alarm.key,
        alarm.severity.as_str(),
        alarm.text,
        alarm.at,
        alarm.closed,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An open alarm.
#[derive(Clone, Debug)]
pub struct OpenAlarm {
    pub id: DeviceAlarmId,
    pub device_id: DeviceId,
    pub key: String,
    pub severity: Severity,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// All open alarms, newest first.
pub async fn open(conn: &mut PgConnection) -> Result<Vec<OpenAlarm>, sqlx::Error> {
    sqlx::query_as!(
        OpenAlarm,
        r#"select id as "id: DeviceAlarmId", device_id as "device_id: DeviceId", key,
                severity as "severity: Severity", text, at
         from attendance.device_alarm
         where closed_at is null
         order by at desc, id
         limit 5000"#
    )
    .fetch_all(conn)
    .await
}

/// An alarm that was put away, or was before.
#[derive(Clone, Debug)]
pub struct ClosedAlarm {
    pub device_id: DeviceId,
    pub kind: String,
}

/// Puts an alarm away. One that is away already stays as it is.
pub async fn close(
    conn: &mut PgConnection,
    id: DeviceAlarmId,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Option<ClosedAlarm>, sqlx::Error> {
    sqlx::query_as!(
        ClosedAlarm,
        r#"update attendance.device_alarm
         set closed_at = coalesce(closed_at, $3), closed_by = coalesce(closed_by, $2)
         where id = $1
         returning device_id as "device_id: DeviceId", kind"#,
        id.0,
        by,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Puts away what has passed: the open alarms of a device and a kind, but for the one with this key.
pub async fn pass(
    conn: &mut PgConnection,
    device: DeviceId,
    kind: &str,
    but: Option<&str>,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device_alarm
         set closed_at = $4, closed_by = 'Punctual'
         where device_id = $1 and kind = $2 and closed_at is null and key is distinct from $3",
        device.0,
        kind,
        but,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Puts one alarm away by what it is about.
pub async fn pass_one(
    conn: &mut PgConnection,
    device: DeviceId,
    key: &str,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device_alarm
         set closed_at = $3, closed_by = 'Punctual'
         where device_id = $1 and key = $2 and closed_at is null",
        device.0,
        key,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
