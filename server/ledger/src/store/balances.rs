//! Balances and statements. A balance is what is rolled up plus the lines after that; each function
//! reads both in one statement, so it cannot see one of them moved and the other not.

use chrono::{DateTime, Utc};
use model::ledger::AccountKind;
use model::{AccountId, Currency, EntryId};
use sqlx::PgConnection;

/// What one account has in one currency.
pub(crate) struct Balance {
    pub account_id: AccountId,
    pub path: String,
    pub kind: AccountKind,
    pub currency: Currency,
    pub minor: i64,
}

/// Makes every statement of this transaction see the same instant. It must be the first statement.
pub(crate) async fn freeze(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(conn)
        .await?;
    Ok(())
}

/// All present balances, by path and currency.
pub(crate) async fn all(conn: &mut PgConnection) -> Result<Vec<Balance>, sqlx::Error> {
    sqlx::query_as!(
        Balance,
        r#"
        with moved as (
            select account_id, currency, debit_minor - credit_minor as minor
            from ledger.rollup
            union all
            select account_id, currency, amount_minor
            from ledger.line
            where entry_seq > (select rolled_seq from ledger.progress)
        )
        select a.id as "account_id: AccountId", a.path, a.kind as "kind!: AccountKind",
            m.currency as "currency!: Currency", sum(m.minor)::bigint as "minor!"
        from moved m
        join ledger.account a on a.id = m.account_id
        group by a.id, m.currency
        order by a.path, m.currency
        "#
    )
    .fetch_all(conn)
    .await
}

/// All balances as they follow from what happened before an instant, by path and currency: the
/// present ones less what happened since, which is quick for a recent day.
pub(crate) async fn all_before(
    conn: &mut PgConnection,
    until: DateTime<Utc>,
) -> Result<Vec<Balance>, sqlx::Error> {
    sqlx::query_as!(
        Balance,
        r#"
        with moved as (
            select account_id, currency, debit_minor - credit_minor as minor
            from ledger.rollup
            union all
            select account_id, currency, amount_minor
            from ledger.line
            where entry_seq > (select rolled_seq from ledger.progress)
            union all
            select l.account_id, l.currency, -l.amount_minor
            from ledger.entry e
            join ledger.line l on l.entry_seq = e.seq
            where e.occurred_at >= $1
        )
        select a.id as "account_id: AccountId", a.path, a.kind as "kind!: AccountKind",
            m.currency as "currency!: Currency", sum(m.minor)::bigint as "minor!"
        from moved m
        join ledger.account a on a.id = m.account_id
        group by a.id, m.currency
        order by a.path, m.currency
        "#,
        until,
    )
    .fetch_all(conn)
    .await
}

/// The present balances of one account, by currency.
pub(crate) async fn of_account(
    conn: &mut PgConnection,
    path: &str,
) -> Result<Vec<Balance>, sqlx::Error> {
    sqlx::query_as!(
        Balance,
        r#"
        with moved as (
            select r.account_id, r.currency, r.debit_minor - r.credit_minor as minor
            from ledger.rollup r
            join ledger.account a on a.id = r.account_id
            where a.path = $1
            union all
            select l.account_id, l.currency, l.amount_minor
            from ledger.line l
            join ledger.account a on a.id = l.account_id
            where a.path = $1
                and l.entry_seq > (select rolled_seq from ledger.progress)
        )
        select a.id as "account_id: AccountId", a.path, a.kind as "kind!: AccountKind",
            m.currency as "currency!: Currency", sum(m.minor)::bigint as "minor!"
        from moved m
        join ledger.account a on a.id = m.account_id
        group by a.id, m.currency
        order by m.currency
        "#,
        path,
    )
    .fetch_all(conn)
    .await
}

/// Which page of a statement.
pub(crate) struct StatementPart {
    pub account_id: AccountId,
    pub currency: Currency,
    /// Only lines before this place in the books.
    pub before: (i64, i16),
    /// Only what happened then or later.
    pub from: Option<DateTime<Utc>>,
    /// Only what happened before.
    pub until: Option<DateTime<Utc>>,
    pub limit: i64,
}

/// One line of a statement with the balance after it.
pub(crate) struct StatementRow {
    pub entry_id: EntryId,
    pub seq: i64,
    pub ordinal: i16,
    pub source: String,
    pub kind: String,
    pub text: String,
    pub occurred_at: DateTime<Utc>,
    pub amount_minor: i64,
    pub balance_minor: i64,
}

/// Lines of an account, newest first. The balance after a line is the present one less all that
/// came later: what stands on the pages before this one, and what was passed on this page.
pub(crate) async fn statement(
    conn: &mut PgConnection,
    part: &StatementPart,
) -> Result<Vec<StatementRow>, sqlx::Error> {
    sqlx::query_as!(
        StatementRow,
        r#"
        with present as (
            select (
                select coalesce(sum(debit_minor - credit_minor), 0)
                from ledger.rollup
                where account_id = $1 and currency = $2
            ) + (
                select coalesce(sum(amount_minor), 0)
                from ledger.line
                where account_id = $1 and currency = $2
                    and entry_seq > (select rolled_seq from ledger.progress)
            ) as minor
        ), newer as (
            select coalesce(sum(amount_minor), 0) as minor
            from ledger.line
            where account_id = $1 and currency = $2 and (entry_seq, ordinal) >= ($3, $4)
        ), passed as (
            select entry_seq, ordinal, amount_minor,
                sum(amount_minor) over (
                    order by entry_seq desc, ordinal desc
                    rows between unbounded preceding and current row
                ) as minor
            from ledger.line
            where account_id = $1 and currency = $2 and (entry_seq, ordinal) < ($3, $4)
        )
        select e.id as "entry_id: EntryId", e.seq, p.ordinal, e.source, e.kind, e.text,
            e.occurred_at, p.amount_minor,
            (present.minor - newer.minor - p.minor + p.amount_minor)::bigint as "balance_minor!"
        from passed p
        join ledger.entry e on e.seq = p.entry_seq
        cross join present
        cross join newer
        where ($5::timestamptz is null or e.occurred_at >= $5)
            and ($6::timestamptz is null or e.occurred_at < $6)
        order by p.entry_seq desc, p.ordinal desc
        limit $7
        "#,
        part.account_id.0,
        part.currency.code(),
        part.before.0,
        part.before.1,
        part.from,
        part.until,
        part.limit,
    )
    .fetch_all(conn)
    .await
}
