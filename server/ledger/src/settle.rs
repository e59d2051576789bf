//! Which entry numbers are settled. Numbers are given out in order but committed in any order, and
//! some never (a transaction rolled back), so "the highest number" says nothing about the ones
//! below it. Sealing and rolling up must not step over an entry that is still on its way.
//!
//! The way out takes three small transactions:
//! 1. Read the highest number given out so far, S.
//! 2. Only then begin to write: this draws a transaction id X. A posting transaction has its own id
//!    before it draws a number (a trigger sees to that), so whoever holds a number up to S has an
//!    id below X.
//! 3. When the oldest running transaction is younger than X (`pg_snapshot_xmin`), all of those are
//!    over: what is there up to S is there for good, and what is missing will stay missing.
//!
//! If step 3 has to wait for a long transaction, the next run goes on with the same S and X.

use platform::Deps;

use crate::error::Error;
use crate::store::progress;

/// Settles what can be settled now; gives the highest settled number.
pub(crate) async fn settle(deps: &Deps) -> Result<i64, Error> {
    let last = progress::last_given_out(&mut *deps.db.read().await?).await?;

    let mut tx = deps.db.begin("ledger.settle_wait").await?;
    progress::wait_for(&mut tx, last).await?;
    tx.commit().await?;

    let mut tx = deps.db.begin("ledger.settle").await?;
    progress::settle(&mut tx).await?;
    let settled = progress::read(&mut tx).await?.settled_seq;
    tx.commit().await?;
    Ok(settled)
}
