//! The filtered list of entries. Conditions are added one by one, so that each combination gets a
//! plan of its own.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::entries::EntryRow;

/// What to list; every part narrows.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    /// Entries that touch this account or one below it.
    pub account: Option<&'a str>,
    /// Sources that begin like this.
    pub source: Option<&'a str>,
    pub kind: Option<&'a str>,
    /// What happened then or later.
    pub from: Option<DateTime<Utc>>,
    /// What happened before.
    pub until: Option<DateTime<Utc>>,
    /// Entries before this number.
    pub before_seq: Option<i64>,
    pub limit: i64,
}

/// Lists entries, newest first.
pub(crate) async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted<'_>,
) -> Result<Vec<EntryRow>, sqlx::Error> {
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select e.seq, e.id, e.source, e.kind, e.text, e.occurred_at, e.posted_at, e.reverses, \
            (select r.id from ledger.entry r where r.reverses = e.id) as reversed_by, \
            e.content_hash, \
            (select s.no from ledger.seal s where s.last_seq >= e.seq order by s.last_seq limit 1) as seal \
        from ledger.entry e \
        where true",
    );
    if let Some(account) = wanted.account {
        query
            .push(
                " and e.seq in (select l.entry_seq from ledger.line l \
                join ledger.account a on a.id = l.account_id where a.path = ",
            )
            .push_bind(account)
            .push(" or starts_with(a.path, ")
            .push_bind(format!("{account}:"))
            .push("))");
    }
    if let Some(source) = wanted.source {
        query
            .push(" and starts_with(e.source, ")
            .push_bind(source)
            .push(")");
    }
    if let Some(kind) = wanted.kind {
        query.push(" and e.kind = ").push_bind(kind);
    }
    if let Some(from) = wanted.from {
        query.push(" and e.occurred_at >= ").push_bind(from);
    }
    if let Some(until) = wanted.until {
        query.push(" and e.occurred_at < ").push_bind(until);
    }
    if let Some(before) = wanted.before_seq {
        query.push(" and e.seq < ").push_bind(before);
    }
    query
        .push(" order by e.seq desc limit ")
        .push_bind(wanted.limit);
    query.build_query_as().fetch_all(conn).await
}
