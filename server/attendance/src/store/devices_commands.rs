//! Rows of `attendance.device_command`: what devices are asked to do.

use chrono::{DateTime, Utc};
use model::DeviceId;
use model::attendance::views::CommandState;
use sqlx::PgConnection;

/// Asks a device for something. What it is to be asked already is not asked twice.
pub async fn queue(
    conn: &mut PgConnection,
    device: DeviceId,
    text: &str,
    created_by: &str,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into attendance.device_command (device_id, text, state, created_by, created_at)
         values ($1, $2, 'queued', $3, $4)
         on conflict (device_id, text) where state = 'queued' do nothing",
        device.0,
        text,
        created_by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A command that waits to be fetched.
#[derive(Clone, Debug)]
pub struct CommandRow {
    pub id: i64,
    pub text: String,
}

/// Commands that wait for a device, oldest first, locked: those never fetched, and those fetched before
/// `lost` and never answered.
pub async fn waiting(
    conn: &mut PgConnection,
    device: DeviceId,
    lost: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<CommandRow>, sqlx::Error> {
    sqlx::query_as!(
        CommandRow,
        "select id, text
         from attendance.device_command
         where device_id = $1
           and (state = 'queued' or state = 'sent' and sent_at < $2 and text <> 'REBOOT')
         order by id
         limit $3
         for update skip locked",
        device.0,
        lost,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Notes that commands went out.
pub async fn sent(
    conn: &mut PgConnection,
    ids: &[i64],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device_command
         set state = 'sent', sent_at = $2
         where id = any($1)",
        ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes what a device said to a command, and gives the command; nothing if it was answered before or
/// is another device's.
pub async fn answered(
    conn: &mut PgConnection,
    device: DeviceId,
    id: i64,
    done: bool,
    code: Option<i64>,
    result: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "update attendance.device_command
         set state = case when $3 then 'done' else 'failed' end, code = $4, result = $5, done_at = $6
         where id = $2 and device_id = $1 and state in ('queued', 'sent')
         returning text",
        device.0,
        id,
        done,
        code,
        result,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Gives up commands that were fetched before `before` and never answered.
pub async fn give_up(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device_command
         set state = 'failed', result = 'the device never said how it went', done_at = $2
         where state = 'sent' and created_at < $1",
        before,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Whether a device was asked for something since then.
pub async fn asked_since(
    conn: &mut PgConnection,
    device: DeviceId,
    text: &str,
    since: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from attendance.device_command
             where device_id = $1 and text = $2 and created_at >= $3
         ) as "asked!""#,
        device.0,
        text,
        since,
    )
    .fetch_one(conn)
    .await
}

/// What a device was asked last, and how that went.
#[derive(Clone, Debug)]
pub struct LastRow {
    pub device_id: DeviceId,
    pub text: String,
    pub state: CommandState,
    pub result: Option<String>,
    pub at: DateTime<Utc>,
}

/// What each device was asked last.
pub async fn last(conn: &mut PgConnection) -> Result<Vec<LastRow>, sqlx::Error> {
    sqlx::query_as!(
        LastRow,
        r#"select d.id as "device_id: DeviceId", c.text, c.state as "state: CommandState", c.result,
                coalesce(c.done_at, c.sent_at, c.created_at) as "at!"
         from attendance.device d
         cross join lateral (
             select text, state, result, created_at, sent_at, done_at
             from attendance.device_command
             where device_id = d.id
             order by id desc
             limit 1
         ) c
         where d.kind = 'adms'
         limit 100000"#
    )
    .fetch_all(conn)
    .await
}
