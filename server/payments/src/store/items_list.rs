//! The items of reconciliation as people see them: lists, figures, notes.

use chrono::{DateTime, NaiveDate, Utc};
use model::settlement::{ItemPayment, ItemSource, ItemStatus, LineKind, MatchRule, OpenReason};
use model::{Currency, ImportId, ItemId, Money, NoteId, OrderId, PaymentId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: ItemId,
    pub source: ItemSource,
    pub party: String,
    pub status: ItemStatus,
    pub kind: LineKind,
    pub import_id: ImportId,
    pub file: String,
    pub line_no: i64,
    pub statement: Option<String>,
    pub position: i64,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount_minor: i64,
    pub currency: Currency,
    pub gross_minor: Option<i64>,
    pub fee_minor: Option<i64>,
    pub counterparty: Option<String>,
    pub text: Option<String>,
    pub reference: Option<String>,
    pub end_to_end_id: Option<String>,
    pub payout: Option<String>,
    pub reason: Option<OpenReason>,
    pub explanation: Option<String>,
    pub payment_id: Option<PaymentId>,
    pub order_id: Option<OrderId>,
    pub order_reference: Option<String>,
    pub captured_minor: Option<i64>,
    pub payment_currency: Option<Currency>,
    pub rule: Option<MatchRule>,
    pub matched_at: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
}

impl Listed {
    pub fn payment(&self) -> Option<ItemPayment> {
        Some(ItemPayment {
            id: self.payment_id?,
            order_id: self.order_id?,
            reference: self.order_reference.clone()?,
            captured: Money::new(self.captured_minor?, self.payment_currency?),
        })
    }
}

macro_rules! select_item {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Listed,
            r#"select l.id as "id!: ItemId", l.source as "source!: ItemSource", l.party as "party!",
                      l.status as "status!: ItemStatus", l.kind as "kind!: LineKind",
                      l.import_id as "import_id!: ImportId", i.name as "file!", l.line_no as "line_no!",
                      coalesce(s.sequence, s.statement_reference) as statement, l.position as "position!",
                      l.booking_date, l.value_date, l.amount_minor as "amount_minor!",
                      l.currency as "currency!: Currency", l.gross_minor, l.fee_minor, l.counterparty,
                      l.text,
                      case l.source when 'bank' then coalesce(l.bank_reference, l.reference)
                           else coalesce(l.charge, l.payment_intent, l.balance_transaction) end as reference,
                      l.end_to_end_id, l.payout, l.reason as "reason: OpenReason", l.explanation,
                      l.payment_id as "payment_id: PaymentId", p.order_id as "order_id?: OrderId",
                      o.reference as "order_reference?", p.captured_minor as "captured_minor?",
                      p.currency as "payment_currency?: Currency", m.rule as "rule?: MatchRule",
                      l.matched_at, l.received_at as "received_at!"
               from payments.settlement_line l
               join payments.settlement_import i on i.id = l.import_id
               join payments.settlement_statement s on s.id = l.statement_id
               left join payments.payment p on p.id = l.payment_id
               left join payments.orders o on o.id = p.order_id
               left join payments.settlement_match m on m.id = l.match_id "# + $tail,
            $($arg),*
        )
    };
}

/// Items of a status, those that came last first.
pub async fn list(
    conn: &mut PgConnection,
    status: ItemStatus,
    source: Option<ItemSource>,
    after: Option<(DateTime<Utc>, ItemId)>,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let (at, id) = after.unzip();
    select_item!(
        "where l.status = $1
           and ($2::text is null or l.source = $2)
           and ($3::timestamptz is null or (l.received_at, l.id) < ($3, $4))
         order by l.received_at desc, l.id desc
         limit $5",
        status.as_str(),
        source.map(ItemSource::as_str),
        at,
        id.map(|id| id.0),
        limit
    )
    .fetch_all(conn)
    .await
}

pub async fn find(conn: &mut PgConnection, id: ItemId) -> Result<Option<Listed>, sqlx::Error> {
    select_item!("where l.id = $1", id.0)
        .fetch_optional(conn)
        .await
}

/// The matched lines of a payment at its gateway.
pub async fn of_payment(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> Result<Vec<Listed>, sqlx::Error> {
    select_item!(
        "where l.payment_id = $1 and l.source = 'gateway' and l.status = 'matched'
         order by l.received_at, l.line_no, l.id
         limit 50",
        payment.0
    )
    .fetch_all(conn)
    .await
}

/// The candidates of items, as pairs of item and payout.
pub async fn candidates(
    conn: &mut PgConnection,
    items: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select line_id, payout_id
         from payments.settlement_candidate
         where line_id = any($1)
         order by line_id, payout_id",
        items
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.line_id, row.payout_id))
        .collect())
}

/// A note as stored.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: NoteId,
    pub line: ItemId,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub actor_name: String,
    pub text: String,
}

pub async fn insert_note(conn: &mut PgConnection, note: &Note) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into payments.settlement_note (id, line_id, at, actor, actor_name, text)
         values ($1, $2, $3, $4, $5, $6)",
        note.id.0,
        note.line.0,
        note.at,
        note.actor,
        note.actor_name,
        note.text
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The notes of items, oldest first.
pub async fn notes(conn: &mut PgConnection, items: &[Uuid]) -> Result<Vec<Note>, sqlx::Error> {
    sqlx::query_as!(
        Note,
        r#"select id as "id: NoteId", line_id as "line: ItemId", at, actor, actor_name, text
           from payments.settlement_note
           where line_id = any($1)
           order by at, id
           limit 2000"#,
        items
    )
    .fetch_all(conn)
    .await
}

/// Lines by status and currency: how many, and their amounts without sign.
pub async fn counts(
    conn: &mut PgConnection,
) -> Result<Vec<(ItemStatus, Currency, i64, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select status as "status: ItemStatus", currency as "currency: Currency",
                  count(*) as "count!", sum(abs(amount_minor))::bigint as "minor!"
           from payments.settlement_line
           group by status, currency
           order by status, currency"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.status, r.currency, r.count, r.minor))
        .collect())
}

/// Open lines by age in whole days since the day they count from, up to eight.
pub async fn open_by_age(
    conn: &mut PgConnection,
    today: NaiveDate,
) -> Result<Vec<(i64, Currency, i64, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select least(greatest($1 - coalesce(value_date, booking_date, received_at::date), 0), 8)::bigint as "days!",
                  currency as "currency: Currency", count(*) as "count!",
                  sum(abs(amount_minor))::bigint as "minor!"
           from payments.settlement_line
           where status = 'open'
           group by 1, currency
           order by 1, currency"#,
        today
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.days, r.currency, r.count, r.minor))
        .collect())
}

/// Seconds from the bank's booking day to the match: median and 95th percentile since an instant.
pub async fn lag_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> Result<(Option<i64>, Option<i64>), sqlx::Error> {
    let row = sqlx::query!(
        r#"with lag as (
               select greatest(extract(epoch from matched_at - (booking_date::timestamp at time zone 'UTC')), 0)::float8 as s
               from payments.settlement_line
               where source = 'bank' and matched_at >= $1 and booking_date is not null
           )
           select (percentile_cont(0.5) within group (order by s))::bigint as p50,
                  (percentile_cont(0.95) within group (order by s))::bigint as p95
           from lag"#,
        since
    )
    .fetch_one(conn)
    .await?;
    Ok((row.p50, row.p95))
}

/// When a file was last taken in.
pub async fn last_import_at(conn: &mut PgConnection) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select max(finished_at) from payments.settlement_import where status = 'done'"
    )
    .fetch_one(conn)
    .await
}

/// A bank account as its statements tell of it.
#[derive(Clone, Debug)]
pub struct Account {
    pub party: String,
    pub currency: Currency,
    pub opening_minor: i64,
    pub closing_minor: i64,
    pub as_of: Option<NaiveDate>,
    pub unmatched_minor: i64,
}

/// The bank accounts: the opening of the first statement, the closing of the last, and the lines
/// between that nothing explains.
pub async fn accounts(conn: &mut PgConnection) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"with statement as (
               select s.party, s.currency, s.opening_minor, s.closing_minor, s.from_date, s.to_date, s.id,
                      case when s.sequence ~ '^[0-9]{1,12}$' then s.sequence::bigint end as number
               from payments.settlement_statement s
               join payments.settlement_import i on i.id = s.import_id
               where s.source = 'bank' and s.currency is not null and i.status in ('matching', 'done')
                 and s.opening_minor is not null and s.closing_minor is not null
           ), first as (
               select distinct on (party, currency) party, currency, opening_minor
               from statement
               order by party, currency, from_date nulls last, number nulls last, id
           ), last as (
               select distinct on (party, currency) party, currency, closing_minor, to_date
               from statement
               order by party, currency, to_date desc nulls last, number desc nulls last, id desc
           )
           select f.party as "party!", f.currency as "currency!: Currency",
                  f.opening_minor as "opening_minor!", t.closing_minor as "closing_minor!",
                  t.to_date as as_of,
                  coalesce((
                      select sum(l.amount_minor)
                      from payments.settlement_line l
                      where l.source = 'bank' and l.status <> 'matched'
                        and l.party = f.party and l.currency = f.currency
                  ), 0)::bigint as "unmatched_minor!"
           from first f
           join last t on t.party = f.party and t.currency = f.currency
           order by f.party, f.currency
           limit 100"#
    )
    .fetch_all(conn)
    .await
}
