//! Rows of `payments.settlement_line`, their matches, candidates and notes: what a reconciliation
//! reads and writes. The lists for people are in [`super::items_list`].

use chrono::{DateTime, NaiveDate, Utc};
use model::settlement::{ItemSource, LineKind, MatchRule};
use model::{Currency, ImportId, ItemId, MatchId, Money, PaymentId, PayoutId, StatementId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A line before it is stored.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub source: ItemSource,
    pub party: String,
    pub line_no: i64,
    pub position: i64,
    pub kind: LineKind,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount_minor: i64,
    pub currency: Currency,
    pub gross_minor: Option<i64>,
    pub fee_minor: Option<i64>,
    pub payment_intent: Option<String>,
    pub charge: Option<String>,
    pub balance_transaction: Option<String>,
    pub payout: Option<String>,
    pub payout_date: Option<NaiveDate>,
    pub trace: Option<String>,
    pub end_to_end_id: Option<String>,
    pub bank_reference: Option<String>,
    pub batch: Option<String>,
    pub reference: Option<String>,
    pub counterparty: Option<String>,
    pub text: Option<String>,
    pub fingerprint: [u8; 32],
}

/// Stores lines of a statement; gives how many were new. A line that is known stays as it is.
pub async fn insert(
    conn: &mut PgConnection,
    import: ImportId,
    statement: StatementId,
    ids: &[Uuid],
    lines: &[NewLine],
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    fn all<'a, T>(lines: &'a [NewLine], pick: impl Fn(&'a NewLine) -> T) -> Vec<T> {
        lines.iter().map(pick).collect()
    }
    let done = sqlx::query!(
        "insert into payments.settlement_line
            (id, import_id, statement_id, received_at, source, party, line_no, position, kind,
             booking_date, value_date, amount_minor, currency, gross_minor, fee_minor, payment_intent,
             charge, balance_transaction, payout, payout_date, trace, end_to_end_id, bank_reference,
             batch, reference, counterparty, text, fingerprint)
         select n.id, $1, $2, $3, n.source, n.party, n.line_no, n.position, n.kind,
                n.booking_date, n.value_date, n.amount_minor, n.currency, n.gross_minor, n.fee_minor,
                n.payment_intent, n.charge, n.balance_transaction, n.payout, n.payout_date, n.trace,
                n.end_to_end_id, n.bank_reference, n.batch, n.reference, n.counterparty, n.text,
                n.fingerprint
         from unnest($4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[],
                     $10::date[], $11::date[], $12::bigint[], $13::text[], $14::bigint[], $15::bigint[],
                     $16::text[], $17::text[], $18::text[], $19::text[], $20::date[], $21::text[],
                     $22::text[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[],
                     $28::bytea[])
              as n(id, source, party, line_no, position, kind, booking_date, value_date, amount_minor,
                   currency, gross_minor, fee_minor, payment_intent, charge, balance_transaction,
                   payout, payout_date, trace, end_to_end_id, bank_reference, batch, reference,
                   counterparty, text, fingerprint)
         on conflict on constraint settlement_line_once do nothing",
        import.0,
        statement.0,
        now,
        ids,
        all(lines, |l| l.source.as_str()) as _,
        all(lines, |l| l.party.as_str()) as _,
        &all(lines, |l| l.line_no),
        &all(lines, |l| l.position),
        all(lines, |l| l.kind.as_str()) as _,
        all(lines, |l| l.booking_date) as _,
        all(lines, |l| l.value_date) as _,
        &all(lines, |l| l.amount_minor),
        all(lines, |l| l.currency.code()) as _,
        all(lines, |l| l.gross_minor) as _,
        all(lines, |l| l.fee_minor) as _,
        all(lines, |l| l.payment_intent.as_deref()) as _,
        all(lines, |l| l.charge.as_deref()) as _,
        all(lines, |l| l.balance_transaction.as_deref()) as _,
        all(lines, |l| l.payout.as_deref()) as _,
        all(lines, |l| l.payout_date) as _,
        all(lines, |l| l.trace.as_deref()) as _,
        all(lines, |l| l.end_to_end_id.as_deref()) as _,
        all(lines, |l| l.bank_reference.as_deref()) as _,
        all(lines, |l| l.batch.as_deref()) as _,
        all(lines, |l| l.reference.as_deref()) as _,
        all(lines, |l| l.counterparty.as_deref()) as _,
        all(lines, |l| l.text.as_deref()) as _,
        all(lines, |l| l.fingerprint.as_slice()) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Lets only one reconciliation run at a time, until the transaction ends.
pub async fn lock_reconciliation(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('payments.reconcile', 0))")
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// A line as a reconciliation sees it.
#[derive(Clone, Debug)]
pub struct OpenLine {
    pub id: ItemId,
    pub party: String,
    pub kind: LineKind,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount_minor: i64,
    pub currency: Currency,
    pub gross_minor: Option<i64>,
    pub fee_minor: Option<i64>,
    pub payment_intent: Option<String>,
    pub charge: Option<String>,
    pub balance_transaction: Option<String>,
    pub payout: Option<String>,
    pub end_to_end_id: Option<String>,
    pub bank_reference: Option<String>,
    pub batch: Option<String>,
    pub reference: Option<String>,
    pub text: Option<String>,
}

impl OpenLine {
    pub const fn money(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

/// The open lines of a source, locked until the transaction ends.
pub async fn open_lines(
    conn: &mut PgConnection,
    source: ItemSource,
) -> Result<Vec<OpenLine>, sqlx::Error> {
    sqlx::query_as!(
        OpenLine,
        r#"select l.id as "id: ItemId", l.party, l.kind as "kind: LineKind", l.booking_date, l.value_date,
                  l.amount_minor, l.currency as "currency: Currency", l.gross_minor, l.fee_minor,
                  l.payment_intent, l.charge, l.balance_transaction, l.payout, l.end_to_end_id,
                  l.bank_reference, l.batch, l.reference, l.text
           from payments.settlement_line l
           where l.status = 'open' and l.source = $1
           order by l.id
           for update"#,
        source.as_str()
    )
    .fetch_all(conn)
    .await
}

/// A payment that lines may be of, with how much of it lines matched earlier explain.
#[derive(Clone, Debug)]
pub struct Expected {
    pub id: PaymentId,
    pub gateway: String,
    pub gateway_reference: Option<String>,
    pub gateway_charge: Option<String>,
    pub captured_minor: i64,
    pub currency: Currency,
    pub explained_minor: i64,
}

/// The payments that have one of these ids at their gateway.
pub async fn expected_payments(
    conn: &mut PgConnection,
    intents: &[String],
    charges: &[String],
) -> Result<Vec<Expected>, sqlx::Error> {
    sqlx::query_as!(
        Expected,
        r#"with found as (
               select p.id from payments.payment p where p.gateway_reference = any($1)
               union
               select p.id from payments.payment p where p.gateway_charge = any($2)
           )
           select p.id, p.gateway, p.gateway_reference, p.gateway_charge, p.captured_minor, p.currency,
                  coalesce((
                      select sum(l.gross_minor)
                      from payments.settlement_line l
                      where l.payment_id = p.id and l.status = 'matched'
                  ), 0)::bigint as "explained_minor!"
           from found f
           join payments.payment p on p.id = f.id
           order by p.id"#,
        intents,
        charges
    )
    .fetch_all(conn)
    .await
}

/// A line that is claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub line: ItemId,
    pub matched: MatchId,
    pub rule: MatchRule,
    pub payment: Option<PaymentId>,
}

/// Claims lines, if all of them are still open: false when one is not, and then the caller rolls
/// back.
pub async fn claim(
    conn: &mut PgConnection,
    claims: &[Claim],
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let matches: Vec<Uuid> = claims.iter().map(|c| c.matched.0).collect();
    let rules: Vec<String> = claims.iter().map(|c| c.rule.as_str().to_owned()).collect();
    let lines: Vec<Uuid> = claims.iter().map(|c| c.line.0).collect();
    let payments: Vec<Option<Uuid>> = claims.iter().map(|c| c.payment.map(|p| p.0)).collect();
    sqlx::query!(
        "insert into payments.settlement_match (id, rule, matched_by, matched_at)
         select n.id, n.rule, $3, $4
         from unnest($1::uuid[], $2::text[]) as n(id, rule)
         on conflict (id) do nothing",
        &matches,
        &rules,
        by,
        now
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        "update payments.settlement_line l
         set status = 'matched', match_id = n.match_id, matched_at = $4,
             payment_id = coalesce(n.payment_id, l.payment_id), reason = null, explanation = null
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as n(line_id, match_id, payment_id)
         where l.id = n.line_id and l.status = 'open'",
        &lines,
        &matches,
        payments as _,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from payments.settlement_candidate where line_id = any($1)",
        &lines
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == claims.len() as u64)
}

/// Why a line stays open.
#[derive(Clone, Debug)]
pub struct Opinion {
    pub line: ItemId,
    pub reason: &'static str,
    pub explanation: String,
    pub payment: Option<PaymentId>,
    pub candidates: Vec<PayoutId>,
}

/// Writes why lines stay open, where that is news.
pub async fn explain(conn: &mut PgConnection, opinions: &[Opinion]) -> Result<(), sqlx::Error> {
    let lines: Vec<Uuid> = opinions.iter().map(|o| o.line.0).collect();
    let reasons: Vec<String> = opinions.iter().map(|o| o.reason.to_owned()).collect();
    let texts: Vec<String> = opinions.iter().map(|o| o.explanation.clone()).collect();
    let payments: Vec<Option<Uuid>> = opinions.iter().map(|o| o.payment.map(|p| p.0)).collect();
    sqlx::query!(
        "update payments.settlement_line l
         set reason = n.reason, explanation = n.explanation, payment_id = n.payment_id
         from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[])
              as n(line_id, reason, explanation, payment_id)
         where l.id = n.line_id and l.status = 'open'
           and (l.reason, l.explanation, l.payment_id)
               is distinct from (n.reason, n.explanation, n.payment_id)",
        &lines,
        &reasons,
        &texts,
        payments as _
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from payments.settlement_candidate where line_id = any($1)",
        &lines
    )
    .execute(&mut *conn)
    .await?;
    let pairs = || {
        opinions
            .iter()
            .flat_map(|o| o.candidates.iter().map(|payout| (o.line.0, payout.0)))
    };
    let (of, payouts): (Vec<Uuid>, Vec<Uuid>) = pairs().unzip();
    if of.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into payments.settlement_candidate (line_id, payout_id)
         select * from unnest($1::uuid[], $2::uuid[])",
        &of,
        &payouts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A captured payment all of whose money has arrived, with the bank line that brought the last of it.
#[derive(Clone, Debug)]
pub struct ToSettle {
    pub payment: PaymentId,
    pub booking_date: Option<NaiveDate>,
    pub amount_minor: i64,
    pub currency: Currency,
    pub statement: Option<String>,
    pub position: i64,
}

/// Captured payments whose matched lines all belong to payouts that have arrived.
pub async fn to_settle(conn: &mut PgConnection) -> Result<Vec<ToSettle>, sqlx::Error> {
    sqlx::query_as!(
        ToSettle,
        r#"select distinct on (p.id) p.id as "payment: PaymentId", b.booking_date, b.amount_minor,
                  b.currency as "currency: Currency",
                  coalesce(s.sequence, s.statement_reference) as statement, b.position
           from payments.payment p
           join payments.settlement_line g
                on g.payment_id = p.id and g.source = 'gateway' and g.status = 'matched'
           join payments.payout o on o.gateway = g.party and o.gateway_reference = g.payout
           join payments.settlement_line b on b.id = o.bank_line_id
           join payments.settlement_statement s on s.id = b.statement_id
           where p.status = 'captured'
             and not exists (
                 select 1
                 from payments.settlement_line g2
                 left join payments.payout o2 on o2.gateway = g2.party and o2.gateway_reference = g2.payout
                 where g2.payment_id = p.id and g2.source = 'gateway' and g2.status = 'matched'
                   and o2.status is distinct from 'arrived'
             )
           order by p.id, b.booking_date desc, b.id desc"#
    )
    .fetch_all(conn)
    .await
}
