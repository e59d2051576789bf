//! Taking an entry back: the same lines the other way round, as a new entry.

use model::ledger::AccountPath;
use model::{EntryId, Money};
use sqlx::PgConnection;

use crate::Ledger;
use crate::draft::{Balanced, Line};
use crate::error::Error;
use crate::post::Posted;
use crate::store::posting;

/// The kind of every reversal.
pub const REVERSAL: &str = "reversal";

impl Ledger {
    /// Posts the mirror of an entry in the caller's transaction. `reason` becomes its text, `source`
    /// is the business event that made it necessary; the same source again finds the same reversal.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such an entry, [`Error::AlreadyReversed`] when another business
    /// event took it back, and as [`Ledger::post_in_tx`].
    pub async fn reverse_in_tx(
        &self,
        conn: &mut PgConnection,
        entry: EntryId,
        reason: &str,
        source: &str,
    ) -> Result<Posted, Error> {
        let found = posting::find_for_reversal(&mut *conn, entry).await?;
        let found = found.ok_or(Error::NotFound("entry"))?;
        if found.reversed_by.is_some_and(|by| by != source) {
            return Err(Error::AlreadyReversed);
        }
        if found.source == source {
            return Err(Error::SourceReused(found.source));
        }
        let lines = posting::lines_of(&mut *conn, entry)
            .await?
            .into_iter()
            .map(|row| {
                let account =
                    AccountPath::parse(&row.path).map_err(|why| Error::Damaged(why.to_string()))?;
                Ok(Line {
                    account,
                    money: Money::new(row.amount_minor, row.currency).negated(),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        // The lines need no proof: the mirror of what is balanced is balanced.
        crate::draft::check_wording(source, REVERSAL, reason)?;
        let mirror = Balanced {
            source: source.to_owned(),
            kind: REVERSAL.to_owned(),
            text: reason.to_owned(),
            occurred_at: self.deps.now(),
            reverses: Some(entry),
            lines,
        };
        self.post_balanced_in_tx(conn, &mirror).await
    }
}
