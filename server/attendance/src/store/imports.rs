//! Rows of `attendance.punch_import`: files of punches, and what came of them.

use chrono::{DateTime, Utc};
use model::PunchImportId;
use model::attendance::views::{ImportFault, ImportReading, ImportState};
use sqlx::PgConnection;
use sqlx::types::Json;

/// A file as stored, without its bytes.
#[derive(Clone, Debug)]
pub struct ImportRow {
    pub id: PunchImportId,
    pub name: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i32,
    pub reading: Json<ImportReading>,
    pub state: ImportState,
    pub rows_total: i32,
    pub rows_done: i32,
    pub accepted: i32,
    pub repeated: i32,
    pub unmatched: i32,
    pub left_out: i32,
    pub unreadable: i32,
    pub faults: Json<Vec<ImportFault>>,
    pub refusal: Option<String>,
    pub version: i32,
    pub created_by_label: String,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A file that is about to be kept.
pub struct NewImport<'a> {
    pub id: PunchImportId,
    pub name: &'a str,
    pub sha256: &'a [u8],
    pub body: &'a [u8],
    pub reading: &'a ImportReading,
    pub by: &'a str,
    pub by_label: &'a str,
    pub at: DateTime<Utc>,
}

/// Keeps a file.
pub async fn insert(conn: &mut PgConnection, new: &NewImport<'_>) -> Result<(), sqlx::Error> {
    let size = i32::try_from(new.body.len())
        .map_err(|_| sqlx::Error::Encode("more bytes than a file may have".into()))?;
    sqlx::query!(
        "insert into attendance.punch_import
             (id, name, sha256, size_bytes, body, reading, state, version, created_by,
              created_by_label, created_at)
         values ($1, $2, $3, $4, $5, $6, 'kept', 1, $7, $8, $9)",
        new.id.0,
        new.name,
        new.sha256,
        size,
        new.body,
        Json(new.reading) as _,
        new.by,
        new.by_label,
        new.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whoever keeps the same bytes twice at once waits, and finds the first.
pub async fn lock_bytes(conn: &mut PgConnection, sha256: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(
             hashtextextended('attendance.punch_import:' || encode($1::bytea, 'hex'), 0)
         )",
        sha256,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The same bytes, as they wait to be decided about.
pub async fn open_with(
    conn: &mut PgConnection,
    sha256: &[u8],
) -> Result<Option<PunchImportId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: PunchImportId"
         from attendance.punch_import
         where sha256 = $1 and state in ('kept', 'waiting')
         order by created_at, id
         limit 1"#,
        sha256,
    )
    .fetch_optional(conn)
    .await
}

/// The same bytes, as they were taken in last.
pub async fn done_with(
    conn: &mut PgConnection,
    sha256: &[u8],
) -> Result<Option<(PunchImportId, DateTime<Utc>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id as "id: PunchImportId", finished_at as "finished_at!"
         from attendance.punch_import
         where sha256 = $1 and state = 'done'
         order by finished_at desc, id
         limit 1"#,
        sha256,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.finished_at)))
}

/// A file by id.
pub async fn find(
    conn: &mut PgConnection,
    id: PunchImportId,
) -> Result<Option<ImportRow>, sqlx::Error> {
    sqlx::query_as!(
        ImportRow,
        r#"select id as "id: PunchImportId", name, sha256, size_bytes,
                reading as "reading: Json<ImportReading>", state as "state: ImportState",
                rows_total, rows_done, accepted, repeated, unmatched, left_out, unreadable,
                faults as "faults: Json<Vec<ImportFault>>", refusal, version, created_by_label,
                created_at, finished_at
         from attendance.punch_import
         where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Files, newest first.
pub async fn all(conn: &mut PgConnection, limit: i64) -> Result<Vec<ImportRow>, sqlx::Error> {
    sqlx::query_as!(
        ImportRow,
        r#"select id as "id: PunchImportId", name, sha256, size_bytes,
                reading as "reading: Json<ImportReading>", state as "state: ImportState",
                rows_total, rows_done, accepted, repeated, unmatched, left_out, unreadable,
                faults as "faults: Json<Vec<ImportFault>>", refusal, version, created_by_label,
                created_at, finished_at
         from attendance.punch_import
         order by created_at desc, id
         limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The bytes of a file, as long as they are there.
pub async fn body(
    conn: &mut PgConnection,
    id: PunchImportId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let body = sqlx::query_scalar!(
        "select body from attendance.punch_import where id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(body.flatten())
}

/// Writes what a file is taken for, as long as nothing is decided and it is still at `version`.
pub async fn set_reading(
    conn: &mut PgConnection,
    id: PunchImportId,
    version: i32,
    reading: &ImportReading,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.punch_import
         set reading = $3, version = version + 1
         where id = $1 and version = $2 and state = 'kept'",
        id.0,
        version,
        Json(reading) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Has a file be read, as it was seen; false when it is no longer so.
pub async fn start(
    conn: &mut PgConnection,
    id: PunchImportId,
    version: i32,
    rows: i32,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.punch_import
         set state = 'waiting', rows_total = $3, version = version + 1
         where id = $1 and version = $2 and state = 'kept'",
        id.0,
        version,
        rows,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whoever reads a file waits for another who does.
pub async fn lock(conn: &mut PgConnection, id: PunchImportId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('attendance.punch_import:' || $1::text, 0))",
        id.to_string(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down how far the reading is; outside of its transaction, so that others see it.
pub async fn note_progress(
    conn: &mut PgConnection,
    id: PunchImportId,
    rows: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.punch_import set rows_done = $2 where id = $1 and state = 'waiting'",
        id.0,
        rows,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    pub rows: i32,
    pub accepted: i32,
    pub repeated: i32,
    pub unmatched: i32,
    pub left_out: i32,
    pub unreadable: i32,
    pub faults: Vec<ImportFault>,
}

/// A file was read: its bytes go.
pub async fn finish(
    conn: &mut PgConnection,
    id: PunchImportId,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.punch_import
         set state = 'done', body = null, rows_total = $2, rows_done = $2, accepted = $3,
             repeated = $4, unmatched = $5, left_out = $6, unreadable = $7, faults = $8,
             finished_at = $9, version = version + 1
         where id = $1 and state = 'waiting'",
        id.0,
        outcome.rows,
        outcome.accepted,
        outcome.repeated,
        outcome.unmatched,
        outcome.left_out,
        outcome.unreadable,
        Json(&outcome.faults) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A file could not be read: its bytes go.
pub async fn refuse(
    conn: &mut PgConnection,
    id: PunchImportId,
    refusal: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.punch_import
         set state = 'refused', body = null, refusal = $2, finished_at = $3, version = version + 1
         where id = $1 and state = 'waiting'",
        id.0,
        refusal,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets a file about which nothing is decided; false when there is none.
pub async fn drop(conn: &mut PgConnection, id: PunchImportId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.punch_import where id = $1 and state = 'kept'",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets files about which nothing was decided since before an instant; how many.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.punch_import where state = 'kept' and created_at < $1",
        before,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
