//! The tree of accounts with their balances.

use std::collections::BTreeMap;

use model::ledger::{AccountKind, AccountNode};
use model::{AccountId, Actor, Currency, Money, Permission};

use crate::Ledger;
use crate::error::Error;
use crate::store::balances;

impl Ledger {
    /// All accounts as a tree, each node with the balances of all that is below it. The trees stand
    /// in the order of [`AccountKind::ALL`].
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::Database`].
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<AccountNode>, Error> {
        actor.require(Permission::LedgerRead)?;
        let rows = balances::all(&mut *self.deps.db.read().await?).await?;
        let mut roots: BTreeMap<AccountKind, Growing> = BTreeMap::new();
        for row in rows {
            let segments: Vec<&str> = row.path.split(':').collect();
            let mut node = roots.entry(row.kind).or_default();
            node.add(row.currency, row.minor)?;
            for segment in &segments[1..] {
                node = node.children.entry((*segment).to_owned()).or_default();
                node.add(row.currency, row.minor)?;
            }
            node.id = Some(row.account_id);
        }
        Ok(roots
            .into_iter()
            .map(|(kind, node)| node.finish(kind, kind.segment().to_owned(), kind.segment()))
            .collect())
    }
}

#[derive(Default)]
struct Growing {
    id: Option<AccountId>,
    balances: BTreeMap<Currency, i64>,
    children: BTreeMap<String, Growing>,
}

impl Growing {
    fn add(&mut self, currency: Currency, minor: i64) -> Result<(), Error> {
        let sum = self.balances.entry(currency).or_default();
        *sum = sum
            .checked_add(minor)
            .ok_or_else(|| Error::Damaged(format!("a sum of {currency} is beyond 64 bits")))?;
        Ok(())
    }

    fn finish(self, kind: AccountKind, path: String, name: &str) -> AccountNode {
        let children = self
            .children
            .into_iter()
            .map(|(name, child)| child.finish(kind, format!("{path}:{name}"), &name))
            .collect();
        AccountNode {
            id: self.id,
            path,
            name: name.to_owned(),
            kind,
            balances: self
                .balances
                .into_iter()
                .map(|(c, minor)| Money::new(minor, c))
                .collect(),
            children,
        }
    }
}
