//! The trial balance: all accounts in two columns that must come to the same sum.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::ledger::{TrialBalance, TrialBalanceCurrency, TrialBalanceRow};
use model::{Actor, Currency, Money, Permission};

use crate::Ledger;
use crate::error::Error;
use crate::store::balances;
use crate::times::end_of;

impl Ledger {
    /// The trial balance at the end of a day (by when things happened, in UTC), or of everything.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::Invalid`] for a year that no ledger has;
    /// [`Error::Database`].
    pub async fn trial_balance(
        &self,
        actor: &Actor,
        as_of: Option<NaiveDate>,
    ) -> Result<TrialBalance, Error> {
        actor.require(Permission::LedgerRead)?;
        let mut conn = self.deps.db.read().await?;
        let rows = match as_of {
            Some(day) => balances::all_before(&mut conn, end_of("asOf", day)?).await?,
            None => balances::all(&mut conn).await?,
        };
        let mut parts: BTreeMap<Currency, TrialBalanceCurrency> = BTreeMap::new();
        for row in rows.into_iter().filter(|row| row.minor != 0) {
            let zero = Money::zero(row.currency);
            let part = parts
                .entry(row.currency)
                .or_insert_with(|| TrialBalanceCurrency {
                    currency: row.currency,
                    rows: Vec::new(),
                    debit: zero,
                    credit: zero,
                });
            let amount = Money::new(row.minor, row.currency);
            let (debit, credit) = if row.minor > 0 {
                (amount, zero)
            } else {
                (zero, amount.negated())
            };
            let too_large = |why: model::money::MoneyError| Error::Damaged(why.to_string());
            part.debit = part.debit.checked_add(debit).map_err(too_large)?;
            part.credit = part.credit.checked_add(credit).map_err(too_large)?;
            part.rows.push(TrialBalanceRow {
                account_id: row.account_id,
                account: row.path,
                kind: row.kind,
                debit,
                credit,
            });
        }
        Ok(TrialBalance {
            as_of,
            currencies: parts.into_values().collect(),
        })
    }

    /// The present balance of one account in one currency, debit positive; zero where there was
    /// never a line. For rules of other domains, such as a limit or a proof of reconciliation: it
    /// joins the caller's transaction and asks for no permission.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn balance_in_tx(
        &self,
        conn: &mut sqlx::PgConnection,
        account: &str,
        currency: Currency,
    ) -> Result<Money, Error> {
        let rows = balances::of_account(conn, account).await?;
        let minor = rows
            .iter()
            .find(|row| row.currency == currency)
            .map_or(0, |row| row.minor);
        Ok(Money::new(minor, currency))
    }
}
