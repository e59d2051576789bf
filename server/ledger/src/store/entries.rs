//! Single entries, and entries in batches for export.

use chrono::{DateTime, Utc};
use model::EntryId;
use sqlx::PgConnection;

/// An entry without its lines.
#[derive(sqlx::FromRow)]
pub(crate) struct EntryRow {
    pub seq: i64,
    pub id: EntryId,
    pub source: String,
    pub kind: String,
    pub text: String,
    pub occurred_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
    pub reverses: Option<EntryId>,
    pub reversed_by: Option<EntryId>,
    pub content_hash: Vec<u8>,
    pub seal: Option<i64>,
}

/// Looks an entry up.
pub(crate) async fn find(
    conn: &mut PgConnection,
    id: EntryId,
) -> Result<Option<EntryRow>, sqlx::Error> {
    sqlx::query_as!(
        EntryRow,
        r#"
        select e.seq, e.id as "id: EntryId", e.source, e.kind, e.text, e.occurred_at, e.posted_at,
            e.reverses as "reverses: EntryId",
            (select r.id from ledger.entry r where r.reverses = e.id) as "reversed_by: EntryId",
            e.content_hash,
            (
                select s.no from ledger.seal s
                where s.last_seq >= e.seq
                order by s.last_seq
                limit 1
            ) as seal
        from ledger.entry e
        where e.id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// An entry as exports need it.
pub(crate) struct ExportRow {
    pub seq: i64,
    pub id: EntryId,
    pub source: String,
    pub kind: String,
    pub text: String,
    pub occurred_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
}

/// The next entries after a number that happened within a span, in order of posting.
pub(crate) async fn for_export(
    conn: &mut PgConnection,
    after_seq: i64,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Vec<ExportRow>, sqlx::Error> {
    sqlx::query_as!(
        ExportRow,
        r#"
        select seq, id as "id: EntryId", source, kind, text, occurred_at, posted_at
        from ledger.entry
        where seq > $1
            and ($2::timestamptz is null or occurred_at >= $2)
            and ($3::timestamptz is null or occurred_at < $3)
        order by seq
        limit $4
        "#,
        after_seq,
        from,
        until,
        limit,
    )
    .fetch_all(conn)
    .await
}
