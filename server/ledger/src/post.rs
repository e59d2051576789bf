//! Balanced → posted. Everything here joins the caller's transaction, so the money event and its
//! entry are kept or lost together.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use model::EntryId;
use platform::Deps;
use sqlx::PgConnection;

use crate::Ledger;
use crate::canonical::{self, Hash, Header};
use crate::draft::{Balanced, Draft};
use crate::error::Error;
use crate::store::posting::{self, Columns};

/// Where an entry went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The entry of this business event.
    pub entry: EntryId,
    /// Whether this call wrote it; `false` if it was there before.
    pub fresh: bool,
}

impl Ledger {
    /// Posts one entry in the caller's transaction: one round trip when it is new.
    ///
    /// Posting the same `source` again gives the entry that is there, if kind, text and lines are
    /// the same; a repeat may carry another `occurred_at`, and the first one stands. A twin that
    /// posts the same source at this moment in another transaction is waited for, and so is one that
    /// brings an account into being that this entry uses; so don't post from a second connection
    /// while holding a transaction that has posted.
    ///
    /// # Errors
    /// [`Error::Draft`] when it is not balanced, [`Error::SourceReused`] when the source stands for
    /// another content, [`Error::Database`].
    pub async fn post_in_tx(
        &self,
        conn: &mut PgConnection,
        draft: &Draft,
    ) -> Result<Posted, Error> {
        self.post_balanced_in_tx(conn, &draft.balance()?).await
    }

    /// As [`Ledger::post_in_tx`], for an entry that is proved already.
    ///
    /// # Errors
    /// As [`Ledger::post_in_tx`], but never [`Error::Draft`].
    pub async fn post_balanced_in_tx(
        &self,
        conn: &mut PgConnection,
        entry: &Balanced,
    ) -> Result<Posted, Error> {
        let posted = self
            .post_many_in_tx(conn, std::slice::from_ref(entry))
            .await?;
        Ok(posted[0])
    }

    /// Posts any number of entries with one statement; gives one answer for each, in order.
    ///
    /// # Errors
    /// As [`Ledger::post_balanced_in_tx`]; then the caller must roll back.
    pub async fn post_many_in_tx(
        &self,
        conn: &mut PgConnection,
        entries: &[Balanced],
    ) -> Result<Vec<Posted>, Error> {
        post_each(&self.deps, conn, entries)
            .await?
            .into_iter()
            .collect()
    }
}

/// Posts entries and answers for each alone: one whose source stands for another content does not
/// spoil the others.
pub(crate) async fn post_each(
    deps: &Deps,
    conn: &mut PgConnection,
    entries: &[Balanced],
) -> Result<Vec<Result<Posted, Error>>, Error> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let posted_at = deps.now();
    let ids: Vec<EntryId> = entries.iter().map(|_| deps.new_id()).collect();
    let columns = columns(entries, &ids, posted_at);
    let written =
        posting::insert(conn, &columns, posted_at)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(db) if db.constraint() == Some("entry_reversed_once") => {
                    Error::AlreadyReversed
                }
                _ => Error::Database(error),
            })?;
    let fresh: HashSet<EntryId> = written.into_iter().collect();

    let repeated: Vec<String> = entries
        .iter()
        .zip(&ids)
        .filter(|(_, id)| !fresh.contains(id))
        .map(|(entry, _)| entry.source.clone())
        .collect();
    let existing: HashMap<String, posting::Existing> = if repeated.is_empty() {
        HashMap::new()
    } else {
        let found = posting::find_by_sources(conn, &repeated).await?;
        found.into_iter().map(|e| (e.source.clone(), e)).collect()
    };
    Ok(entries
        .iter()
        .zip(&ids)
        .map(|(entry, id)| {
            if fresh.contains(id) {
                return Ok(Posted {
                    entry: *id,
                    fresh: true,
                });
            }
            match existing.get(&entry.source) {
                Some(found) if says_the_same(entry, found) => Ok(Posted {
                    entry: found.id,
                    fresh: false,
                }),
                _ => Err(Error::SourceReused(entry.source.clone())),
            }
        })
        .collect())
}

/// Whether the entry that is there has this content. When it happened may differ: whoever tells of
/// an event a second time may have another clock.
fn says_the_same(entry: &Balanced, found: &posting::Existing) -> bool {
    let hash = hash(entry, found.id, found.occurred_at, found.posted_at);
    hash.as_slice() == found.content_hash
}

fn hash(
    entry: &Balanced,
    id: EntryId,
    occurred_at: DateTime<Utc>,
    posted_at: DateTime<Utc>,
) -> Hash {
    let header = Header {
        id,
        source: &entry.source,
        kind: &entry.kind,
        text: &entry.text,
        occurred_at,
        posted_at,
        reverses: entry.reverses,
    };
    canonical::entry_hash(
        header,
        entry.lines.iter().map(|l| (l.account.as_str(), l.money)),
    )
}

fn columns(entries: &[Balanced], ids: &[EntryId], posted_at: DateTime<Utc>) -> Columns {
    let mut columns = Columns::default();
    let mut accounts = BTreeMap::new();
    // By source, so that two batches with entries in common wait for each other in one order.
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|a, b| entries[*a].source.cmp(&entries[*b].source));
    for (entry, id) in order.into_iter().map(|at| (&entries[at], ids[at])) {
        columns.ids.push(id.0);
        columns.sources.push(entry.source.clone());
        columns.kinds.push(entry.kind.clone());
        columns.texts.push(entry.text.clone());
        columns.occurred_at.push(entry.occurred_at);
        columns
            .reverses
            .push(entry.reverses.map(|reversed| reversed.0));
        columns
            .hashes
            .push(hash(entry, id, entry.occurred_at, posted_at).to_vec());
        for (ordinal, line) in (0_i16..).zip(&entry.lines) {
            let path = line.account.as_str();
            let account = *accounts
                .entry(path)
                .or_insert_with(|| canonical::account_id(path));
            columns.line_entries.push(id.0);
            columns.line_ordinals.push(ordinal);
            columns.line_accounts.push(account.0);
            columns.line_amounts.push(line.money.minor);
            columns
                .line_currencies
                .push(line.money.currency.code().to_owned());
        }
    }
    for (path, id) in accounts {
        columns.account_ids.push(id.0);
        columns.account_paths.push(path.to_owned());
    }
    columns
}
