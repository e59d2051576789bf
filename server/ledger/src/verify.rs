//! Verification: reads the whole of the books once, in batches, at one instant, and recalculates
//! everything that can be recalculated. It changes nothing.
//!
//! What it proves: every entry is as it was posted (its hash), every sealed entry is there and no
//! other slipped in (the chain), every entry and the whole balance (the sums), and the rolled-up
//! balances are those sums. What it cannot prove: that somebody who may write to the database did
//! not remove or rewrite an entry before the next sealing, or rewrite the whole chain; against the
//! latter, keep a head (see [`Ledger::head`]) elsewhere and give it here.

use std::collections::{BTreeMap, HashMap};

use model::ledger::SealHead;
use model::{Actor, Currency, EntryId, Money, Permission};
use sqlx::PgConnection;

use crate::Ledger;
use crate::canonical::{self, GENESIS, Header, SealHasher, hex};
use crate::error::Error;
use crate::store::posting::LineRow;
use crate::store::seals::{FullEntry, Seal};
use crate::store::{balances, posting, seals};

/// The entries that are in memory at a time.
const BATCH: i64 = 1_000;

/// Something that is wrong with the books.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// An entry or its lines are not what was posted.
    #[error("entry {seq} ({id}, {source_text}) was changed after it was posted")]
    EntryChanged {
        /// Its number.
        seq: i64,
        /// Its id.
        id: EntryId,
        /// Its business event.
        source_text: String,
    },
    /// An entry has fewer than two lines or does not balance.
    #[error("entry {seq} ({id}) does not balance")]
    EntryUnbalanced {
        /// Its number.
        seq: i64,
        /// Its id.
        id: EntryId,
    },
    /// Entries of a sealed range were changed, removed or added.
    #[error(
        "seal {no} (entries {first_seq} to {last_seq}) is broken: {entries} entries were sealed, {found} are there"
    )]
    SealBroken {
        /// Which seal.
        no: i64,
        /// The first entry that it covers.
        first_seq: i64,
        /// The last entry that it covers.
        last_seq: i64,
        /// How many it covered.
        entries: i64,
        /// How many there are.
        found: i64,
    },
    /// A seal does not follow from the one before it.
    #[error("seal {no} does not follow from the one before it")]
    ChainBroken {
        /// Which seal.
        no: i64,
    },
    /// The head that was kept elsewhere is not in the chain.
    #[error("the chain has another seal {no} than the head that was kept")]
    HeadMissing {
        /// Which seal.
        no: i64,
    },
    /// All lines of a currency together are not zero.
    #[error("all {currency} lines together are off by {off_minor} minor units")]
    TotalOff {
        /// Which currency.
        currency: Currency,
        /// What is left over in minor units, debit positive.
        off_minor: i128,
    },
    /// Lines that belong to no entry or no account.
    #[error("{count} lines belong to no entry or no account")]
    StrayLines {
        /// How many.
        count: i64,
    },
    /// A rolled-up balance is not the sum of its lines.
    #[error("the rolled-up balance of {account} is {rolled}, its lines come to {lines}")]
    RollupOff {
        /// The account's path, or its id if there is none.
        account: String,
        /// What is rolled up.
        rolled: Money,
        /// What the lines come to.
        lines: Money,
    },
}

/// What a verification saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// How many of them are under a seal.
    pub sealed: u64,
    /// How many seals there are.
    pub seals: u64,
    /// What is wrong; empty when all is well.
    pub findings: Vec<Finding>,
}

impl Ledger {
    /// Verifies the books, and that `kept`, a head that was exported earlier, is in the chain.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::Database`]. What is wrong with the books
    /// is no error but a [`Finding`].
    pub async fn verify(&self, actor: &Actor, kept: Option<&SealHead>) -> Result<Verified, Error> {
        actor.require(Permission::LedgerRead)?;
        let mut tx = self.deps.db.begin("ledger.verify").await?;
        balances::freeze(&mut tx).await?;
        let verified = walk(&mut tx, kept).await?;
        tx.commit().await?;
        Ok(verified)
    }
}

async fn walk(conn: &mut PgConnection, kept: Option<&SealHead>) -> Result<Verified, Error> {
    let mut seen = Verified {
        entries: 0,
        sealed: 0,
        seals: 0,
        findings: Vec::new(),
    };
    if let Some(kept) = kept {
        let there = seals::find(conn, kept.no).await?;
        if there.is_none_or(|seal| hex(&seal.hash) != kept.hash) {
            seen.findings.push(Finding::HeadMissing { no: kept.no });
        }
    }

    let mut totals: BTreeMap<Currency, i128> = BTreeMap::new();
    let mut chain = Chain::begin(conn).await?;
    let mut after = i64::MIN;
    loop {
        let entries = seals::entries_after(conn, after, BATCH).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        let seqs: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        let mut lines: HashMap<i64, Vec<LineRow>> = HashMap::new();
        for line in posting::lines_of_all(conn, &seqs).await? {
            *totals.entry(line.currency).or_default() += i128::from(line.amount_minor);
            lines.entry(line.entry_seq).or_default().push(line);
        }
        for entry in &entries {
            let lines = lines.remove(&entry.seq).unwrap_or_default();
            seen.entries += 1;
            check_entry(entry, &lines, &mut seen.findings);
            chain.pass(conn, entry, &mut seen).await?;
        }
    }
    chain.end(conn, &mut seen).await?;

    for (currency, off_minor) in totals.into_iter().filter(|(_, off)| *off != 0) {
        seen.findings.push(Finding::TotalOff {
            currency,
            off_minor,
        });
    }
    match seals::count_stray_lines(conn).await? {
        0 => {}
        count => seen.findings.push(Finding::StrayLines { count }),
    }
    for wrong in seals::wrong_rollups(conn).await? {
        seen.findings.push(Finding::RollupOff {
            account: wrong.path.unwrap_or_else(|| wrong.account_id.to_string()),
            rolled: Money::new(wrong.rolled_minor, wrong.currency),
            lines: Money::new(wrong.lines_minor, wrong.currency),
        });
    }
    Ok(seen)
}

fn check_entry(entry: &FullEntry, lines: &[LineRow], findings: &mut Vec<Finding>) {
    let header = Header {
        id: entry.id,
        source: &entry.source,
        kind: &entry.kind,
        text: &entry.text,
        occurred_at: entry.occurred_at,
        posted_at: entry.posted_at,
        reverses: entry.reverses,
    };
    let lines_hashed = lines
        .iter()
        .map(|l| (l.path.as_str(), Money::new(l.amount_minor, l.currency)));
    if canonical::entry_hash(header, lines_hashed).as_slice() != entry.content_hash {
        findings.push(Finding::EntryChanged {
            seq: entry.seq,
            id: entry.id,
            source_text: entry.source.clone(),
        });
    }
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for line in lines {
        *sums.entry(line.currency).or_default() += i128::from(line.amount_minor);
    }
    if lines.len() < 2 || sums.values().any(|sum| *sum != 0) {
        findings.push(Finding::EntryUnbalanced {
            seq: entry.seq,
            id: entry.id,
        });
    }
}

/// Recalculates seal after seal while the entries pass by.
struct Chain {
    current: Option<Seal>,
    hasher: SealHasher,
    first_seq: Option<i64>,
    last_seq: Option<i64>,
    found: i64,
}

impl Chain {
    async fn begin(conn: &mut PgConnection) -> Result<Self, Error> {
        let current = seals::after(conn, 0, 1).await?.pop();
        // The first seal must carry number 1; if it does not, its hash will not fit.
        let hasher = SealHasher::new(1, &GENESIS);
        Ok(Self {
            current,
            hasher,
            first_seq: None,
            last_seq: None,
            found: 0,
        })
    }

    async fn pass(
        &mut self,
        conn: &mut PgConnection,
        entry: &FullEntry,
        seen: &mut Verified,
    ) -> Result<(), Error> {
        while self
            .current
            .as_ref()
            .is_some_and(|seal| entry.seq > seal.last_seq)
        {
            self.close(conn, seen).await?;
        }
        if self.current.is_some() {
            self.hasher.entry(entry.seq, &entry.content_hash);
            self.first_seq.get_or_insert(entry.seq);
            self.last_seq = Some(entry.seq);
            self.found += 1;
            seen.sealed += 1;
        }
        Ok(())
    }

    async fn end(mut self, conn: &mut PgConnection, seen: &mut Verified) -> Result<(), Error> {
        while self.current.is_some() {
            self.close(conn, seen).await?;
        }
        Ok(())
    }

    /// Compares the seal at hand with what passed by, and goes on to the next one. The next one is
    /// calculated from the hash that is written down, so that one broken seal is one finding.
    async fn close(&mut self, conn: &mut PgConnection, seen: &mut Verified) -> Result<(), Error> {
        let Some(seal) = self.current.take() else {
            return Ok(());
        };
        let next = seals::after(conn, seal.no, 1).await?.pop();
        let hasher = std::mem::replace(&mut self.hasher, SealHasher::new(seal.no + 1, &seal.hash));
        let whole = self.found == seal.entries
            && self.first_seq == Some(seal.first_seq)
            && self.last_seq == Some(seal.last_seq)
            && hasher.finish().as_slice() == seal.hash;
        if !whole {
            seen.findings.push(Finding::SealBroken {
                no: seal.no,
                first_seq: seal.first_seq,
                last_seq: seal.last_seq,
                entries: seal.entries,
                found: self.found,
            });
        }
        if seal.no == 1 && seal.prev_hash != GENESIS {
            seen.findings.push(Finding::ChainBroken { no: 1 });
        }
        if let Some(next) = &next
            && (next.no != seal.no + 1 || next.prev_hash != seal.hash)
        {
            seen.findings.push(Finding::ChainBroken { no: next.no });
        }
        seen.seals += 1;
        (self.first_seq, self.last_seq, self.found) = (None, None, 0);
        self.current = next;
        Ok(())
    }
}
