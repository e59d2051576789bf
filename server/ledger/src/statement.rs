//! The statement of one account in one currency, with a running balance.

use model::ledger::{AccountPath, StatementFilter, StatementLine, StatementPage};
use model::{Actor, Currency, Money, Page, Permission};

use crate::Ledger;
use crate::entries::{bad_cursor, page_size};
use crate::error::Error;
use crate::store::balances::{self, StatementPart};
use crate::times::{Span, Times};

impl Ledger {
    /// A page of an account's statement, newest first. Each line carries the balance after it, right
    /// whatever was posted between two pages.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::NotFound`] for an account without lines;
    /// [`Error::Invalid`] for a filter that makes no sense; [`Error::Database`].
    pub async fn statement(
        &self,
        actor: &Actor,
        filter: &StatementFilter,
    ) -> Result<StatementPage, Error> {
        actor.require(Permission::LedgerRead)?;
        let path = AccountPath::parse(&filter.account).map_err(|why| Error::Invalid {
            field: "account",
            message: why.to_string(),
        })?;
        let span = Span::of(filter.from, filter.to)?;
        let limit = page_size(filter.limit)?;
        let before = filter
            .cursor
            .as_deref()
            .map_or(Ok((i64::MAX, i16::MAX)), read_cursor)?;
        let times = Times::of(actor);

        let mut tx = self.deps.db.begin("ledger.statement").await?;
        balances::freeze(&mut tx).await?;
        let present = balances::of_account(&mut tx, path.as_str()).await?;
        let first = present.first().ok_or(Error::NotFound("account"))?;
        let (account_id, kind) = (first.account_id, first.kind);
        let currency = filter.currency.unwrap_or(first.currency);
        let balance = present
            .iter()
            .find(|b| b.currency == currency)
            .map_or(0, |b| b.minor);
        let part = StatementPart {
            account_id,
            currency,
            before,
            from: span.from,
            until: span.until,
            limit: limit + 1,
        };
        let rows = balances::statement(&mut tx, &part).await?;
        tx.commit().await?;

        let page = Page::from_overfetch(
            rows,
            usize::try_from(limit).expect("a page has 1 to 200 rows"),
            |row| format!("{}.{}", row.seq, row.ordinal),
        );
        let mut currencies: Vec<Currency> = present.iter().map(|b| b.currency).collect();
        currencies.sort();
        Ok(StatementPage {
            account_id,
            account: filter.account.clone(),
            kind,
            currency,
            currencies,
            balance: Money::new(balance, currency),
            items: page
                .items
                .into_iter()
                .map(|row| StatementLine {
                    entry_id: row.entry_id,
                    seq: row.seq,
                    ordinal: row.ordinal,
                    source: row.source,
                    kind: row.kind,
                    text: row.text,
                    occurred_at: times.stamp(row.occurred_at),
                    amount: Money::new(row.amount_minor, currency),
                    balance: Money::new(row.balance_minor, currency),
                })
                .collect(),
            next: page.next,
        })
    }
}

fn read_cursor(text: &str) -> Result<(i64, i16), Error> {
    let (seq, ordinal) = text.split_once('.').ok_or_else(bad_cursor)?;
    match (seq.parse(), ordinal.parse()) {
        (Ok(seq), Ok(ordinal)) => Ok((seq, ordinal)),
        _ => Err(bad_cursor()),
    }
}
