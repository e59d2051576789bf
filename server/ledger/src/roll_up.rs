//! Rolling balances up. A balance is the sum of its lines; so that reading it stays fast, lines of
//! settled entries are added up into one row for each account and currency, and a reader adds only
//! the lines after that. Both are read in one statement, so the balance is right at any moment.

use crate::Ledger;
use crate::error::Error;
use crate::settle::settle;
use crate::store::progress;

/// The most entry numbers of one transaction.
const SLICE: i64 = 20_000;

impl Ledger {
    /// Rolls up all settled entries; gives the number up to which balances are rolled up. Running it
    /// twice, or in two processes at once, does nothing twice: the position moves in the same
    /// transaction under a row lock.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn roll_up(&self) -> Result<i64, Error> {
        settle(&self.deps).await?;
        loop {
            let mut tx = self.deps.db.begin("ledger.roll_up").await?;
            let at = progress::lock(&mut tx).await?;
            let to = at.settled_seq.min(at.rolled_seq + SLICE);
            if to > at.rolled_seq {
                progress::roll_up(&mut tx, at.rolled_seq, to).await?;
            }
            tx.commit().await?;
            if to >= at.settled_seq {
                return Ok(to);
            }
        }
    }
}
