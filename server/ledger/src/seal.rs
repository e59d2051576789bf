//! Sealing: a chain of hashes behind the entries, made off the hot path. Posting never waits for
//! it. Whoever keeps a copy of the head elsewhere can prove that nothing before it was changed,
//! even by somebody who could recalculate every hash in the database.

use model::Actor;
use model::Permission;
use model::ledger::SealHead;

use crate::Ledger;
use crate::canonical::{GENESIS, SealHasher, hex};
use crate::error::Error;
use crate::settle::settle;
use crate::store::{progress, seals};
use crate::times::Times;

/// The most entries of one seal.
const MOST_IN_ONE: i64 = 1_000;

impl Ledger {
    /// Seals all settled entries; gives how many seals it made. Two processes at once make one
    /// chain: they take turns under a row lock, and a seal's predecessor is unique.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn seal(&self) -> Result<u64, Error> {
        settle(&self.deps).await?;
        let mut made = 0;
        while self.seal_one().await? {
            made += 1;
        }
        Ok(made)
    }

    async fn seal_one(&self) -> Result<bool, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("ledger.seal").await?;
        let settled = progress::lock(&mut tx).await?.settled_seq;
        let last = seals::find_last(&mut tx).await?;
        let (no, after, prev_hash) = match last {
            Some(seal) => (seal.no + 1, seal.last_seq, seal.hash),
            None => (1, 0, GENESIS.to_vec()),
        };
        let entries = seals::sealable(&mut tx, after, settled, MOST_IN_ONE).await?;
        let (Some(first), Some(end)) = (entries.first(), entries.last()) else {
            tx.commit().await?;
            return Ok(false);
        };
        let mut hasher = SealHasher::new(no, &prev_hash);
        for entry in &entries {
            hasher.entry(entry.seq, &entry.content_hash);
        }
        let seal = seals::Seal {
            no,
            first_seq: first.seq,
            last_seq: end.seq,
            entries: i64::try_from(entries.len()).expect("a seal has at most MOST_IN_ONE entries"),
            prev_hash,
            hash: hasher.finish().to_vec(),
            sealed_at: now,
        };
        seals::insert(&mut tx, &seal).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The end of the chain, to be kept outside the database; nothing before the first sealing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`.
    pub async fn head(&self, actor: &Actor) -> Result<Option<SealHead>, Error> {
        actor.require(Permission::LedgerRead)?;
        let times = Times::of(actor);
        let last = seals::find_last(&mut *self.deps.db.read().await?).await?;
        Ok(last.map(|seal| SealHead {
            no: seal.no,
            last_seq: seal.last_seq,
            hash: hex(&seal.hash),
            sealed_at: times.stamp(seal.sealed_at),
        }))
    }
}
