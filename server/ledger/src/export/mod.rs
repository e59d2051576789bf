//! Exports that accountants' programs read. They are written in batches, as of one instant, in the
//! order of posting, and never held in memory as a whole.

mod csv;
mod hledger;

use std::collections::HashMap;
use std::io::Write;

use chrono::NaiveDate;
use model::{Actor, Money, Permission};

use crate::Ledger;
use crate::error::Error;
use crate::store::entries::ExportRow;
use crate::store::{balances, entries, posting};
use crate::times::Span;

/// The entries that are in memory at a time.
const BATCH: i64 = 1_000;

/// In which form to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A journal for hledger; `hledger check --strict` accepts it.
    Hledger,
    /// A table with one row for each line, for spreadsheets.
    Csv,
}

impl std::str::FromStr for ExportFormat {
    type Err = Error;
    /// Reads `hledger` or `csv`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "hledger" => Ok(Self::Hledger),
            "csv" => Ok(Self::Csv),
            _ => Err(Error::Invalid {
                field: "format",
                message: format!("“{text}” is no format: use hledger or csv"),
            }),
        }
    }
}

/// One line of an entry as a format sees it.
struct Line {
    account: String,
    amount: Money,
}

/// What a format has to write.
trait Format {
    /// Before all entries: every account in use, and one amount of each currency in use.
    fn begin(&mut self, accounts: &[String], samples: &[Money]) -> Result<(), Error>;
    /// One entry.
    fn entry(&mut self, entry: &ExportRow, lines: &[Line]) -> Result<(), Error>;
    /// After all entries.
    fn end(&mut self) -> Result<(), Error>;
}

impl Ledger {
    /// Writes the entries that happened between two days, both included, to `out`; gives their
    /// number.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `ledger:read`; [`Error::Invalid`] for years that no ledger has;
    /// [`Error::Output`] when `out` does; [`Error::Database`].
    pub async fn export(
        &self,
        actor: &Actor,
        format: ExportFormat,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        out: impl Write + Send,
    ) -> Result<u64, Error> {
        actor.require(Permission::LedgerRead)?;
        let span = Span::of(from, to)?;
        match format {
            ExportFormat::Hledger => self.write(span, &mut hledger::Journal::new(out)).await,
            ExportFormat::Csv => self.write(span, &mut csv::Table::new(out)).await,
        }
    }

    async fn write(&self, span: Span, format: &mut (impl Format + Send)) -> Result<u64, Error> {
        let mut tx = self.deps.db.begin("ledger.export").await?;
        balances::freeze(&mut tx).await?;
        let known = balances::all(&mut tx).await?;
        let mut accounts: Vec<String> = known.iter().map(|b| b.path.clone()).collect();
        accounts.dedup();
        let mut samples: Vec<Money> = known.iter().map(|b| Money::new(0, b.currency)).collect();
        samples.sort_by_key(|money| money.currency);
        samples.dedup();
        format.begin(&accounts, &samples)?;

        let (mut after, mut written) = (i64::MIN, 0);
        loop {
            let batch = entries::for_export(&mut tx, after, span.from, span.until, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = last.seq;
            let seqs: Vec<i64> = batch.iter().map(|entry| entry.seq).collect();
            let mut lines: HashMap<i64, Vec<Line>> = HashMap::new();
            for row in posting::lines_of_all(&mut tx, &seqs).await? {
                let amount = Money::new(row.amount_minor, row.currency);
                lines.entry(row.entry_seq).or_default().push(Line {
                    account: row.path,
                    amount,
                });
            }
            for entry in &batch {
                let lines = lines.remove(&entry.seq).unwrap_or_default();
                format.entry(entry, &lines)?;
                written += 1;
            }
        }
        format.end()?;
        tx.commit().await?;
        Ok(written)
    }
}
