//! Writing: entries, their lines and the accounts they use, in one statement.

use chrono::{DateTime, Utc};
use model::{AccountId, Currency, EntryId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Columns of a set of entries and of all their lines, ready to be sent as arrays.
#[derive(Default)]
pub(crate) struct Columns {
    pub ids: Vec<Uuid>,
    pub sources: Vec<String>,
    pub kinds: Vec<String>,
    pub texts: Vec<String>,
    pub occurred_at: Vec<DateTime<Utc>>,
    pub reverses: Vec<Option<Uuid>>,
    pub hashes: Vec<Vec<u8>>,
    pub line_entries: Vec<Uuid>,
    pub line_ordinals: Vec<i16>,
    pub line_accounts: Vec<Uuid>,
    pub line_amounts: Vec<i64>,
    pub line_currencies: Vec<String>,
    /// Accounts in use, each once, sorted by path.
    pub account_ids: Vec<Uuid>,
    pub account_paths: Vec<String>,
}

/// Inserts all entries whose source is not taken yet, with their lines; gives the ids of those that
/// it inserted.
///
/// One statement is one round trip. Accounts and entries are inserted in sorted order, so two
/// transactions that want the same new ones wait for each other and never crosswise. An account
/// that is there already costs one look into the index and no lock.
///
/// Each array stands in a `select` of its own so that the planner cannot see how long it is. If it
/// could, it would plan the statement anew every time, which costs as much as running it.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    columns: &Columns,
    posted_at: DateTime<Utc>,
) -> Result<Vec<EntryId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        with opened as (
            insert into ledger.account (id, path, created_at)
            select a.id, a.path, $1
            from unnest((select $2::uuid[]), (select $3::text[])) as a (id, path)
            where (select known.id from ledger.account known where known.id = a.id) is null
            order by a.path
            on conflict do nothing
        ), posted as (
            insert into ledger.entry
                (id, source, kind, text, occurred_at, posted_at, reverses, content_hash)
            select e.id, e.source, e.kind, e.text, e.occurred_at, $1, e.reverses, e.content_hash
            from unnest(
                (select $4::uuid[]), (select $5::text[]), (select $6::text[]), (select $7::text[]),
                (select $8::timestamptz[]), (select $9::uuid[]), (select $10::bytea[])
            ) as e (id, source, kind, text, occurred_at, reverses, content_hash)
            on conflict (source) do nothing
            returning seq, id
        ), written as (
            insert into ledger.line (entry_seq, ordinal, account_id, amount_minor, currency)
            select p.seq, l.ordinal, l.account_id, l.amount_minor, l.currency
            from unnest(
                (select $11::uuid[]), (select $12::smallint[]), (select $13::uuid[]),
                (select $14::bigint[]), (select $15::text[])
            ) as l (entry_id, ordinal, account_id, amount_minor, currency)
            join posted p on p.id = l.entry_id
        )
        select id as "id: EntryId" from posted
        "#,
        posted_at,
        &columns.account_ids,
        &columns.account_paths,
        &columns.ids,
        &columns.sources,
        &columns.kinds,
        &columns.texts,
        &columns.occurred_at,
        &columns.reverses as &[Option<Uuid>],
        &columns.hashes,
        &columns.line_entries,
        &columns.line_ordinals,
        &columns.line_accounts,
        &columns.line_amounts,
        &columns.line_currencies,
    )
    .fetch_all(conn)
    .await
}

/// What is needed of an entry to tell whether a draft says the same.
pub(crate) struct Existing {
    pub id: EntryId,
    pub source: String,
    pub occurred_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
    pub content_hash: Vec<u8>,
}

/// The entries of these sources, as far as there are any.
pub(crate) async fn find_by_sources(
    conn: &mut PgConnection,
    sources: &[String],
) -> Result<Vec<Existing>, sqlx::Error> {
    sqlx::query_as!(
        Existing,
        r#"
        select id as "id: EntryId", source, occurred_at, posted_at, content_hash
        from ledger.entry
        where source = any($1)
        order by seq
        "#,
        sources,
    )
    .fetch_all(conn)
    .await
}

/// What is needed of an entry to take it back.
pub(crate) struct Reversible {
    pub source: String,
    pub reversed_by: Option<String>,
}

/// Looks an entry up for reversal; `reversed_by` is the source of the entry that took it back.
pub(crate) async fn find_for_reversal(
    conn: &mut PgConnection,
    id: EntryId,
) -> Result<Option<Reversible>, sqlx::Error> {
    sqlx::query_as!(
        Reversible,
        r#"
        select e.source, (
            select r.source from ledger.entry r where r.reverses = e.id
        ) as reversed_by
        from ledger.entry e
        where e.id = $1
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// One line with the path of its account.
pub(crate) struct LineRow {
    pub entry_seq: i64,
    pub account_id: AccountId,
    pub path: String,
    pub amount_minor: i64,
    pub currency: Currency,
}

/// The lines of one entry in order.
pub(crate) async fn lines_of(
    conn: &mut PgConnection,
    id: EntryId,
) -> Result<Vec<LineRow>, sqlx::Error> {
    sqlx::query_as!(
        LineRow,
        r#"
        select l.entry_seq, l.account_id as "account_id: AccountId", a.path, l.amount_minor,
            l.currency as "currency: Currency"
        from ledger.entry e
        join ledger.line l on l.entry_seq = e.seq
        join ledger.account a on a.id = l.account_id
        where e.id = $1
        order by l.ordinal
        "#,
        id.0,
    )
    .fetch_all(conn)
    .await
}

/// The lines of several entries, by entry and in order.
pub(crate) async fn lines_of_all(
    conn: &mut PgConnection,
    seqs: &[i64],
) -> Result<Vec<LineRow>, sqlx::Error> {
    sqlx::query_as!(
        LineRow,
        r#"
        select l.entry_seq, l.account_id as "account_id: AccountId", a.path, l.amount_minor,
            l.currency as "currency: Currency"
        from ledger.line l
        join ledger.account a on a.id = l.account_id
        where l.entry_seq = any($1)
        order by l.entry_seq, l.ordinal
        "#,
        seqs,
    )
    .fetch_all(conn)
    .await
}
