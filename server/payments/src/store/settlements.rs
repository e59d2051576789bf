//! Rows of `payments.settlement_import`, its chunks and statements, and `payments.payout`.

use chrono::{DateTime, NaiveDate, Utc};
use model::settlement::{FileFormat, ImportStatus, ItemSource, PayoutStatus, PayoutView};
use model::{Currency, ImportId, ItemId, Money, PayoutId, StatementId};
use sqlx::PgConnection;

/// An import as stored, with the state of its lines as it is now.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: ImportId,
    pub name: String,
    pub format: Option<FileFormat>,
    pub version: Option<String>,
    pub status: ImportStatus,
    pub lines_seen: i64,
    pub bytes_done: i64,
    pub bytes_total: i64,
    pub lines: i64,
    pub repeated: i64,
    pub matched: i64,
    pub open: i64,
    pub error: Option<String>,
    pub warnings: Vec<String>,
    pub statements: i32,
    pub received_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub received_by_name: String,
}

/// A file as it is stored first.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    pub id: ImportId,
    pub name: &'a str,
    pub content_type: Option<&'a str>,
    pub sha256: [u8; 32],
    pub bytes_total: i64,
    pub received_by: &'a str,
    pub received_by_name: &'a str,
    pub received_at: DateTime<Utc>,
}

/// Stores an import. False when these bytes came before.
pub async fn insert(conn: &mut PgConnection, import: &NewImport<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into payments.settlement_import
            (id, name, content_type, sha256, bytes_total, status, received_by, received_by_name, received_at)
         values ($1, $2, $3, $4, $5, 'received', $6, $7, $8)
         on conflict on constraint settlement_import_sha256_unique do nothing",
        import.id.0,
        import.name,
        import.content_type,
        import.sha256.as_slice(),
        import.bytes_total,
        import.received_by,
        import.received_by_name,
        import.received_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_chunk(
    conn: &mut PgConnection,
    import: ImportId,
    number: i32,
    bytes: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.settlement_chunk (import_id, number, bytes) values ($1, $2, $3)",
        import.0,
        number,
        bytes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A piece of the file; none behind the last.
pub async fn chunk(
    conn: &mut PgConnection,
    import: ImportId,
    number: i32,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select bytes from payments.settlement_chunk where import_id = $1 and number = $2",
        import.0,
        number
    )
    .fetch_optional(conn)
    .await
}

pub async fn find_by_sha256(
    conn: &mut PgConnection,
    sha256: &[u8; 32],
) -> Result<Option<ImportId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: ImportId" from payments.settlement_import where sha256 = $1"#,
        sha256.as_slice()
    )
    .fetch_optional(conn)
    .await
}

/// Waits until no other run is at this import, until the transaction ends.
pub async fn lock(conn: &mut PgConnection, import: ImportId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('payments.settlement_import:' || $1::text, 0))",
        import.to_string()
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

macro_rules! select_import {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Import,
            r#"select i.id as "id: ImportId", i.name, i.format as "format: FileFormat", i.version,
                      i.status as "status: ImportStatus", i.lines_seen, i.bytes_done, i.bytes_total,
                      i.lines, i.repeated, c.matched as "matched!", c.open as "open!", i.error,
                      i.warnings, i.statements, i.received_at, i.finished_at, i.received_by_name
               from payments.settlement_import i
               cross join lateral (
                   select count(*) filter (where l.status = 'matched') as matched,
                          count(*) filter (where l.status = 'open') as open
                   from payments.settlement_line l
                   where l.import_id = i.id
               ) c "# + $tail,
            $($arg),*
        )
    };
}

pub async fn find(conn: &mut PgConnection, id: ImportId) -> Result<Option<Import>, sqlx::Error> {
    select_import!("where i.id = $1", id.0)
        .fetch_optional(conn)
        .await
}

/// Imports, newest first.
pub async fn list(
    conn: &mut PgConnection,
    after: Option<(DateTime<Utc>, ImportId)>,
    limit: i64,
) -> Result<Vec<Import>, sqlx::Error> {
    let (at, id) = after.unzip();
    select_import!(
        "where $1::timestamptz is null or (i.received_at, i.id) < ($1, $2)
         order by i.received_at desc, i.id desc
         limit $3",
        at,
        id.map(|id| id.0),
        limit
    )
    .fetch_all(conn)
    .await
}

/// Notes how far a reading has come. Not in the reading's own transaction, so that others see it.
pub async fn note_progress(
    conn: &mut PgConnection,
    id: ImportId,
    lines_seen: i64,
    bytes_done: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.settlement_import
         set status = 'parsing', lines_seen = $2, bytes_done = $3
         where id = $1 and status in ('received', 'parsing')",
        id.0,
        lines_seen,
        bytes_done
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a reading brought.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub format: Option<FileFormat>,
    pub version: String,
    pub lines_seen: i64,
    pub bytes_done: i64,
    pub statements: i32,
    pub lines: i64,
    pub repeated: i64,
    pub warnings: Vec<String>,
}

/// The lines are in; what is left is matching.
pub async fn mark_taken(
    conn: &mut PgConnection,
    id: ImportId,
    taken: &Taken,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.settlement_import
         set status = 'matching', format = $2, version = $3, lines_seen = $4, bytes_done = $5,
             statements = $6, lines = $7, repeated = $8, warnings = $9
         where id = $1",
        id.0,
        taken.format.map(FileFormat::as_str),
        taken.version,
        taken.lines_seen,
        taken.bytes_done,
        taken.statements,
        taken.lines,
        taken.repeated,
        &taken.warnings,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The end of an import: `error` refuses it.
pub async fn finish(
    conn: &mut PgConnection,
    id: ImportId,
    error: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.settlement_import
         set status = case when $2::text is null then 'done' else 'refused' end,
             error = $2, finished_at = $3
         where id = $1 and status not in ('done', 'refused')",
        id.0,
        error,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_statement(
    conn: &mut PgConnection,
    id: StatementId,
    import: ImportId,
    source: ItemSource,
    party: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.settlement_statement (id, import_id, source, party) values ($1, $2, $3, $4)",
        id.0,
        import.0,
        source.as_str(),
        party
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a statement says of itself.
#[derive(Clone, Debug)]
pub struct StatementFacts<'a> {
    pub currency: Option<Currency>,
    pub reference: Option<&'a str>,
    pub sequence: Option<&'a str>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub opening_minor: Option<i64>,
    pub closing_minor: Option<i64>,
    pub lines: i64,
}

pub async fn complete_statement(
    conn: &mut PgConnection,
    id: StatementId,
    facts: &StatementFacts<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.settlement_statement
         set currency = $2, statement_reference = $3, sequence = $4, from_date = $5, to_date = $6,
             opening_minor = $7, closing_minor = $8, lines = $9
         where id = $1",
        id.0,
        facts.currency.as_ref().map(Currency::code),
        facts.reference,
        facts.sequence,
        facts.from,
        facts.to,
        facts.opening_minor,
        facts.closing_minor,
        facts.lines
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A payout as its lines make it.
#[derive(Clone, Debug)]
pub struct PayoutSum {
    pub gateway: String,
    pub reference: String,
    pub currency: Currency,
    pub net_minor: i64,
    pub trace: Option<String>,
    pub effective_on: Option<NaiveDate>,
}

/// The payouts of which an import brought lines, summed over all files. A payout's own line counts
/// only where it is the only one: reports differ on its sign.
pub async fn payout_sums(
    conn: &mut PgConnection,
    import: ImportId,
) -> Result<Vec<PayoutSum>, sqlx::Error> {
    sqlx::query_as!(
        PayoutSum,
        r#"select l.party as "gateway!", l.payout as "reference!", l.currency as "currency!: Currency",
                  case when count(*) filter (where l.kind <> 'payout') > 0
                       then sum(l.amount_minor) filter (where l.kind <> 'payout')
                       else abs(sum(l.amount_minor)) end::bigint as "net_minor!",
                  max(l.trace) as trace,
                  coalesce(max(l.payout_date), max(l.value_date)) as effective_on
           from payments.settlement_line l
           where l.source = 'gateway'
             and (l.party, l.payout) in (
                 select party, payout from payments.settlement_line
                 where import_id = $1 and source = 'gateway' and payout is not null
             )
           group by l.party, l.payout, l.currency
           order by l.party, l.payout, l.currency"#,
        import.0
    )
    .fetch_all(conn)
    .await
}

/// Makes a payout or brings it up to date. False when it is known in another currency.
pub async fn upsert_payout(
    conn: &mut PgConnection,
    id: PayoutId,
    payout: &PayoutSum,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into payments.payout as p
            (id, gateway, gateway_reference, currency, net_minor, trace, effective_on, status, first_seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'expected', $8)
         on conflict on constraint payout_reference_unique do update
         set net_minor = excluded.net_minor,
             trace = coalesce(excluded.trace, p.trace),
             effective_on = coalesce(excluded.effective_on, p.effective_on)
         where p.currency = excluded.currency",
        id.0,
        payout.gateway,
        payout.reference,
        payout.currency.code(),
        payout.net_minor,
        payout.trace,
        payout.effective_on,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A payout as stored.
#[derive(Clone, Debug)]
pub struct Payout {
    pub id: PayoutId,
    pub gateway: String,
    pub gateway_reference: String,
    pub currency: Currency,
    pub net_minor: i64,
    pub trace: Option<String>,
    pub effective_on: Option<NaiveDate>,
    pub status: PayoutStatus,
    pub bank_line_id: Option<ItemId>,
    pub paid_out_minor: i64,
    pub paid_out_entries: i32,
}

impl Payout {
    pub const fn net(&self) -> Money {
        Money::new(self.net_minor, self.currency)
    }

    pub fn view(&self) -> PayoutView {
        PayoutView {
            id: self.id,
            gateway: self.gateway.clone(),
            reference: self.gateway_reference.clone(),
            money: self.net(),
            trace: self.trace.clone(),
            effective_on: self.effective_on,
            status: self.status,
        }
    }
}

macro_rules! select_payout {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Payout,
            r#"select id as "id: PayoutId", gateway, gateway_reference, currency as "currency: Currency",
                      net_minor, trace, effective_on, status as "status: PayoutStatus",
                      bank_line_id as "bank_line_id: ItemId", paid_out_minor, paid_out_entries
               from payments.payout "# + $tail
            $(, $arg)*
        )
    };
}

/// Payouts whose sum the books do not have yet.
pub async fn payouts_to_book(conn: &mut PgConnection) -> Result<Vec<Payout>, sqlx::Error> {
    select_payout!("where net_minor <> paid_out_minor order by id for update")
        .fetch_all(conn)
        .await
}

pub async fn mark_paid_out(
    conn: &mut PgConnection,
    id: PayoutId,
    minor: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update payments.payout
         set paid_out_minor = $2, paid_out_entries = paid_out_entries + 1
         where id = $1",
        id.0,
        minor
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Payouts on their way, and those that have arrived but are named by one of these words.
pub async fn payouts_for_bank(
    conn: &mut PgConnection,
    words: &[String],
) -> Result<Vec<Payout>, sqlx::Error> {
    select_payout!(
        "where status = 'expected' or trace = any($1) or gateway_reference = any($1) order by id",
        words
    )
    .fetch_all(conn)
    .await
}

/// Payouts on their way, the oldest first.
pub async fn in_transit(conn: &mut PgConnection, limit: i64) -> Result<Vec<Payout>, sqlx::Error> {
    select_payout!(
        "where status = 'expected' order by effective_on nulls first, id limit $1",
        limit
    )
    .fetch_all(conn)
    .await
}

pub async fn payouts_by_ids(
    conn: &mut PgConnection,
    ids: &[uuid::Uuid],
) -> Result<Vec<Payout>, sqlx::Error> {
    select_payout!("where id = any($1) order by id", ids)
        .fetch_all(conn)
        .await
}

pub async fn find_payout(
    conn: &mut PgConnection,
    gateway: &str,
    reference: &str,
) -> Result<Option<Payout>, sqlx::Error> {
    select_payout!(
        "where gateway = $1 and gateway_reference = $2",
        gateway,
        reference
    )
    .fetch_optional(conn)
    .await
}

/// The bank line of a payout is matched. False when another one was before.
pub async fn mark_arrived(
    conn: &mut PgConnection,
    id: PayoutId,
    line: ItemId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update payments.payout
         set status = 'arrived', bank_line_id = $2, arrived_at = $3
         where id = $1 and status = 'expected'",
        id.0,
        line.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes everything that this transaction reads from here on one snapshot, and refuses writes.
pub async fn begin_snapshot(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(conn)
        .await?;
    Ok(())
}
