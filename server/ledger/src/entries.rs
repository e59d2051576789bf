//! Reading entries: the list and the single one.

use std::collections::HashMap;

use model::ledger::{AccountPath, EntryFilter, EntryView, LineView};
use model::{Actor, EntryId, Money, Page, Permission};
use sqlx::PgConnection;

use crate::Ledger;
use crate::canonical::hex;
use crate::error::Error;
use crate::store::entries::EntryRow;
use crate::store::entries_list::Wanted;
use crate::store::{entries, entries_list, posting};
use crate::times::{Span, Times};

impl Ledger {
    /// Lists entries with their lines, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::Invalid`] for a filter that makes no
    /// sense; [`Error::Database`].
    pub async fn entries(
        &self,
        actor: &Actor,
        filter: &EntryFilter,
    ) -> Result<Page<EntryView>, Error> {
        actor.require(Permission::LedgerRead)?;
        let account = filter.account.as_deref().filter(|text| !text.is_empty());
        if let Some(text) = account {
            check_account_or_root(text)?;
        }
        let span = Span::of(filter.from, filter.to)?;
        let limit = page_size(filter.limit)?;
        let wanted = Wanted {
            account,
            source: filter.source.as_deref().filter(|text| !text.is_empty()),
            kind: filter.kind.as_deref().filter(|text| !text.is_empty()),
            from: span.from,
            until: span.until,
            before_seq: filter.cursor.as_deref().map(read_cursor).transpose()?,
            limit: limit + 1,
        };
        let mut conn = self.deps.db.read().await?;
        let rows = entries_list::list(&mut conn, &wanted).await?;
        let page = Page::from_overfetch(
            rows,
            usize::try_from(limit).expect("a page has 1 to 200 rows"),
            |row| row.seq.to_string(),
        );
        let items = with_lines(&mut conn, page.items, &Times::of(actor)).await?;
        Ok(Page {
            items,
            next: page.next,
        })
    }

    /// One entry with its lines.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::NotFound`]; [`Error::Database`].
    pub async fn entry(&self, actor: &Actor, id: EntryId) -> Result<EntryView, Error> {
        actor.require(Permission::LedgerRead)?;
        let mut conn = self.deps.db.read().await?;
        let row = entries::find(&mut conn, id)
            .await?
            .ok_or(Error::NotFound("entry"))?;
        let mut views = with_lines(&mut conn, vec![row], &Times::of(actor)).await?;
        views.pop().ok_or(Error::NotFound("entry"))
    }
}

async fn with_lines(
    conn: &mut PgConnection,
    rows: Vec<EntryRow>,
    times: &Times,
) -> Result<Vec<EntryView>, Error> {
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let mut lines: HashMap<i64, Vec<LineView>> = HashMap::new();
    for line in posting::lines_of_all(conn, &seqs).await? {
        lines.entry(line.entry_seq).or_default().push(LineView {
            account_id: line.account_id,
            account: line.path,
            amount: Money::new(line.amount_minor, line.currency),
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| EntryView {
            lines: lines.remove(&row.seq).unwrap_or_default(),
            id: row.id,
            seq: row.seq,
            source: row.source,
            kind: row.kind,
            text: row.text,
            occurred_at: times.stamp(row.occurred_at),
            posted_at: times.stamp(row.posted_at),
            reverses: row.reverses,
            reversed_by: row.reversed_by,
            content_hash: hex(&row.content_hash),
            seal: row.seal,
        })
        .collect())
}

/// A filter may name an account or a whole kind, such as `Assets`.
fn check_account_or_root(text: &str) -> Result<(), Error> {
    let candidate = if text.contains(':') {
        text.to_owned()
    } else {
        format!("{text}:any")
    };
    AccountPath::parse(&candidate)
        .map(|_| ())
        .map_err(|why| Error::Invalid {
            field: "account",
            message: why.to_string(),
        })
}

fn read_cursor(text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| bad_cursor())
}

/// What every list answers to a cursor that is none of ours.
pub(crate) fn bad_cursor() -> Error {
    let message = "this is no cursor: use “next” of the page before".to_owned();
    Error::Invalid {
        field: "cursor",
        message,
    }
}

/// The size of a page, 1 to 200.
pub(crate) fn page_size(limit: Option<i64>) -> Result<i64, Error> {
    let limit = limit.unwrap_or(50);
    if (1..=Page::<()>::MAX).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("use a number from 1 to {}", Page::<()>::MAX);
    Err(Error::Invalid {
        field: "limit",
        message,
    })
}
