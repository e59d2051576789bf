//! The chain of seals, and what verification reads.

use chrono::{DateTime, Utc};
use model::{AccountId, Currency, EntryId};
use sqlx::PgConnection;

/// One seal.
#[derive(Clone)]
pub(crate) struct Seal {
    pub no: i64,
    pub first_seq: i64,
    pub last_seq: i64,
    pub entries: i64,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
    pub sealed_at: DateTime<Utc>,
}

/// The last seal.
pub(crate) async fn find_last(conn: &mut PgConnection) -> Result<Option<Seal>, sqlx::Error> {
    sqlx::query_as!(
        Seal,
        r#"
        select no, first_seq, last_seq, entries, prev_hash, hash, sealed_at
        from ledger.seal
        order by no desc
        limit 1
        "#
    )
    .fetch_optional(conn)
    .await
}

/// A seal by its number.
pub(crate) async fn find(conn: &mut PgConnection, no: i64) -> Result<Option<Seal>, sqlx::Error> {
    sqlx::query_as!(
        Seal,
        r#"
        select no, first_seq, last_seq, entries, prev_hash, hash, sealed_at
        from ledger.seal
        where no = $1
        "#,
        no,
    )
    .fetch_optional(conn)
    .await
}

/// Seals after a number, in order.
pub(crate) async fn after(
    conn: &mut PgConnection,
    no: i64,
    limit: i64,
) -> Result<Vec<Seal>, sqlx::Error> {
    sqlx::query_as!(
        Seal,
        r#"
        select no, first_seq, last_seq, entries, prev_hash, hash, sealed_at
        from ledger.seal
        where no > $1
        order by no
        limit $2
        "#,
        no,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Adds a seal.
pub(crate) async fn insert(conn: &mut PgConnection, seal: &Seal) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"
        insert into ledger.seal (no, first_seq, last_seq, entries, prev_hash, hash, sealed_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        seal.no,
        seal.first_seq,
        seal.last_seq,
        seal.entries,
        seal.prev_hash,
        seal.hash,
        seal.sealed_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a seal covers of an entry.
pub(crate) struct Sealable {
    pub seq: i64,
    pub content_hash: Vec<u8>,
}

/// Entries after one number up to another, in order.
pub(crate) async fn sealable(
    conn: &mut PgConnection,
    after_seq: i64,
    to_seq: i64,
    limit: i64,
) -> Result<Vec<Sealable>, sqlx::Error> {
    sqlx::query_as!(
        Sealable,
        r#"
        select seq, content_hash
        from ledger.entry
        where seq > $1 and seq <= $2
        order by seq
        limit $3
        "#,
        after_seq,
        to_seq,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// An entry in full, lines apart.
pub(crate) struct FullEntry {
    pub seq: i64,
    pub id: EntryId,
    pub source: String,
    pub kind: String,
    pub text: String,
    pub occurred_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
    pub reverses: Option<EntryId>,
    pub content_hash: Vec<u8>,
}

/// Entries after a number, in order.
pub(crate) async fn entries_after(
    conn: &mut PgConnection,
    seq: i64,
    limit: i64,
) -> Result<Vec<FullEntry>, sqlx::Error> {
    sqlx::query_as!(
        FullEntry,
        r#"
        select seq, id as "id: EntryId", source, kind, text, occurred_at, posted_at,
            reverses as "reverses: EntryId", content_hash
        from ledger.entry
        where seq > $1
        order by seq
        limit $2
        "#,
        seq,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many lines belong to no entry or to no account.
pub(crate) async fn count_stray_lines(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from ledger.line l
        where not exists (select from ledger.entry e where e.seq = l.entry_seq)
            or not exists (select from ledger.account a where a.id = l.account_id)
        "#
    )
    .fetch_one(conn)
    .await
}

/// One rolled-up balance that is not the sum of its lines.
pub(crate) struct WrongRollup {
    pub account_id: AccountId,
    pub path: Option<String>,
    pub currency: Currency,
    pub rolled_minor: i64,
    pub lines_minor: i64,
}

/// Compares every rolled-up balance with its lines.
pub(crate) async fn wrong_rollups(
    conn: &mut PgConnection,
) -> Result<Vec<WrongRollup>, sqlx::Error> {
    sqlx::query_as!(
        WrongRollup,
        r#"
        with summed as (
            select account_id, currency,
                coalesce(sum(amount_minor) filter (where amount_minor > 0), 0)::bigint as debit,
                coalesce(-sum(amount_minor) filter (where amount_minor < 0), 0)::bigint as credit
            from ledger.line
            where entry_seq <= (select rolled_seq from ledger.progress)
            group by account_id, currency
        )
        select coalesce(r.account_id, s.account_id) as "account_id!: AccountId",
            a.path as "path?",
            coalesce(r.currency, s.currency) as "currency!: Currency",
            coalesce(r.debit_minor - r.credit_minor, 0) as "rolled_minor!",
            coalesce(s.debit - s.credit, 0) as "lines_minor!"
        from ledger.rollup r
        full join summed s on s.account_id = r.account_id and s.currency = r.currency
        left join ledger.account a on a.id = coalesce(r.account_id, s.account_id)
        where coalesce(r.debit_minor, 0) <> coalesce(s.debit, 0)
            or coalesce(r.credit_minor, 0) <> coalesce(s.credit, 0)
        order by a.path, 3
        limit 100
        "#
    )
    .fetch_all(conn)
    .await
}
