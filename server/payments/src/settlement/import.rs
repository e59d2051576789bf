//! Taking a settlement file in. It is stored as it came and named by its hash, so the same bytes
//! are one import. A job reads it: either all of its lines become rows, or none, and then the import
//! says where the file is wrong. Its lines are matched in a transaction after that.

use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::settlement::{FormatChoice, ImportStatus, ImportSummary, ImportView};
use model::{Actor, ImportId, PayoutId, Permission, StatementId};
use platform::jobs::{self, NewJob};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::{SemaphorePermit, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::formats;
use super::intake::{Counted, Intake, Piece, Pieces, WAITING};
use super::news;
use super::parsed::FormatError;
use crate::Payments;
use crate::error::Error;
use crate::store::items;
use crate::store::settlements::{self, Import, NewImport, StatementFacts, Taken};

/// The job that reads and matches a file.
pub const JOB: &str = "payments.import_settlement";
/// How many files a process reads at one time. Each holds a connection while it wants two more, for
/// the bytes and for its progress: many at once would wait for each other's connections for ever.
pub(crate) const AT_ONCE: usize = 1;
/// How many bytes a stored piece of a file has.
const CHUNK_BYTES: usize = 1024 * 1024;
/// After how many lines the progress is written down.
const PROGRESS_LINES: i64 = 5_000;
/// How many warnings are kept of a file.
const MAX_WARNINGS: usize = 100;

#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub import: ImportId,
}

/// A file that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The import.
    pub import: ImportView,
    /// Whether it is new: 202. If not, the same bytes came before and this is their import: 200.
    pub fresh: bool,
}

/// What came of a reading: what was taken, or why nothing was.
type Reading = Result<Taken, FormatError>;

impl Payments {
    /// `POST /settlements`: stores a file and enqueues its reading. The same bytes again give the
    /// first import, whatever name they come under and whatever came of it.
    ///
    /// # Errors
    /// [`Error::Forbidden`], or when the database does not answer.
    pub async fn receive_import(
        &self,
        actor: &Actor,
        name: &str,
        content_type: Option<&str>,
        bytes: Vec<u8>,
    ) -> Result<Received, Error> {
        actor.require(Permission::SettlementWrite)?;
        let mut tx = self.deps.db.begin("payments.receive_import").await?;
        let (id, fresh) = self
            .store_in_tx(&mut tx, actor, name, content_type, &bytes)
            .await?;
        if fresh {
            let job = NewJob::new(JOB, &Payload { import: id })
                .key(format!("{JOB}:{id}"))
                .queue(JOB);
            jobs::enqueue(&mut tx, job).await?;
            news::import_is_in_tx(&self.deps, &mut tx, id, ImportStatus::Received).await?;
        }
        tx.commit().await?;
        Ok(Received {
            import: self.import(actor, id).await?,
            fresh,
        })
    }

    /// `punctual settlement import`: takes a file in and waits for it. A file that is refused is no
    /// error but a summary that says so. A dry run does all of it, matching too, and keeps nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], or when the database does not answer.
    pub async fn import_file(
        &self,
        actor: &Actor,
        name: &str,
        bytes: &[u8],
        dry_run: bool,
    ) -> Result<ImportSummary, Error> {
        if dry_run {
            return self.try_import(actor, name, bytes).await;
        }
        let received = self
            .receive_import(actor, name, None, bytes.to_vec())
            .await?;
        self.run_import(received.import.id).await?;
        let mut conn = self.deps.db.read().await?;
        let import = settlements::find(&mut conn, received.import.id)
            .await?
            .ok_or(Error::NotFound("import"))?;
        Ok(summary(import, !received.fresh, false))
    }

    /// Reads and matches in a transaction that is given up.
    async fn try_import(
        &self,
        actor: &Actor,
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportSummary, Error> {
        actor.require(Permission::SettlementWrite)?;
        let _turn = self.turn().await?;
        let mut tx = self.deps.db.begin("payments.try_import").await?;
        let (id, fresh) = self.store_in_tx(&mut tx, actor, name, None, bytes).await?;
        if fresh {
            let source = Box::new(Cursor::new(bytes.to_vec()));
            match self.take_in(&mut tx, id, source, false).await? {
                Ok(taken) => {
                    settlements::mark_taken(&mut tx, id, &taken).await?;
                    self.reconcile_in_tx(&mut tx).await?;
                    settlements::finish(&mut tx, id, None, self.deps.now()).await?;
                }
                Err(refusal) => {
                    settlements::finish(&mut tx, id, Some(&refusal.to_string()), self.deps.now())
                        .await?;
                }
            }
        }
        let import = settlements::find(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("import"))?;
        tx.rollback().await?;
        Ok(summary(import, !fresh, true))
    }

    /// Stores a file, or finds the import that has its bytes already.
    async fn store_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        name: &str,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<(ImportId, bool), Error> {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let name = file_name(name);
        let id: ImportId = self.deps.new_id();
        let import = NewImport {
            id,
            name: &name,
            content_type,
            sha256,
            bytes_total: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            received_by: &actor.who.reference(),
            received_by_name: actor.who.label(),
            received_at: self.deps.now(),
        };
        if !settlements::insert(conn, &import).await? {
            let first = settlements::find_by_sha256(conn, &sha256).await?;
            return Ok((first.ok_or(Error::NotFound("import"))?, false));
        }
        for (number, chunk) in (0_i32..).zip(bytes.chunks(CHUNK_BYTES)) {
            settlements::insert_chunk(conn, id, number, chunk).await?;
        }
        Ok((id, true))
    }

    /// Reads and matches a stored file. It may run twice: the second run waits for the first and
    /// finds it done, or goes on where that one died.
    ///
    /// # Errors
    /// When the database does not answer; the job is tried again, and nothing is left half done.
    pub async fn run_import(&self, id: ImportId) -> Result<(), Error> {
        let _turn = self.turn().await?;
        let mut tx = self.deps.db.begin("payments.import_settlement").await?;
        settlements::lock(&mut tx, id).await?;
        let import = settlements::find(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("import"))?;
        match import.status {
            ImportStatus::Done | ImportStatus::Refused => return Ok(()),
            ImportStatus::Matching => tx.rollback().await?,
            ImportStatus::Received | ImportStatus::Parsing => {
                self.begin_reading(&import).await?;
                let (pieces, feeder) = self.feed(id);
                let reading = self.take_in(&mut tx, id, Box::new(pieces), true).await?;
                // A file that we could not read to its end ourselves is not the sender's fault.
                feeder
                    .await
                    .map_err(|error| Error::Saga(error.to_string()))??;
                match reading {
                    Ok(taken) => {
                        settlements::mark_taken(&mut tx, id, &taken).await?;
                        let matching = ImportStatus::Matching;
                        news::import_is_in_tx(&self.deps, &mut tx, id, matching).await?;
                        tx.commit().await?;
                        tracing::info!(import.id = %id, lines = taken.lines, repeated = taken.repeated, "a settlement file was taken in");
                    }
                    Err(refusal) => {
                        tx.rollback().await?;
                        return self.refuse(id, &refusal).await;
                    }
                }
            }
        }
        self.reconcile().await?;
        let mut tx = self.deps.db.begin("payments.finish_import").await?;
        settlements::finish(&mut tx, id, None, self.deps.now()).await?;
        news::import_is_in_tx(&self.deps, &mut tx, id, ImportStatus::Done).await?;
        tx.commit().await?;
        metrics::counter!("settlement_imports_total", "outcome" => "done").increment(1);
        Ok(())
    }

    /// Waits until this process may read a file.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.imports
            .acquire()
            .await
            .map_err(|error| Error::Saga(error.to_string()))
    }

    async fn refuse(&self, id: ImportId, refusal: &FormatError) -> Result<(), Error> {
        tracing::warn!(import.id = %id, line = refusal.line, "a settlement file was refused");
        let mut tx = self.deps.db.begin("payments.refuse_import").await?;
        settlements::finish(&mut tx, id, Some(&refusal.to_string()), self.deps.now()).await?;
        news::import_is_in_tx(&self.deps, &mut tx, id, ImportStatus::Refused).await?;
        tx.commit().await?;
        metrics::counter!("settlement_imports_total", "outcome" => "refused").increment(1);
        Ok(())
    }

    /// Says that a file is being read, outside of the transaction that reads, so that others see it.
    async fn begin_reading(&self, import: &Import) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("payments.begin_reading").await?;
        settlements::note_progress(&mut tx, import.id, 0, 0).await?;
        // One that a process died over is known as being read.
        if import.status == ImportStatus::Received {
            let parsing = ImportStatus::Parsing;
            news::import_is_in_tx(&self.deps, &mut tx, import.id, parsing).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn note_progress(&self, id: ImportId, lines: i64, bytes: i64) -> Result<(), Error> {
        let mut conn = self.deps.db.read().await?;
        settlements::note_progress(&mut conn, id, lines, bytes).await?;
        Ok(())
    }

    /// A reader over the stored bytes, and the task that fetches them, two pieces ahead at most.
    fn feed(&self, id: ImportId) -> (Pieces, JoinHandle<Result<(), sqlx::Error>>) {
        let (out, from) = mpsc::channel(1);
        let db = self.deps.db.clone();
        let feeder = tokio::spawn(async move {
            for number in 0.. {
                let found =
                    async { settlements::chunk(&mut *db.read().await?, id, number).await }.await;
                match found {
                    Ok(Some(bytes)) => {
                        // The reader has gone: it came to its own end.
                        if out.send(Ok(bytes)).await.is_err() {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => {
                        let _gone = out
                            .send(Err("the stored file could not be fetched".to_owned()))
                            .await;
                        return Err(error);
                    }
                }
            }
            Ok(())
        });
        (Pieces::new(from), feeder)
    }

    /// Reads a file on a thread of its own and stores its lines in the caller's transaction, which
    /// must be given up when the reading is refused.
    async fn take_in(
        &self,
        conn: &mut PgConnection,
        import: ImportId,
        source: Box<dyn Read + Send>,
        show_progress: bool,
    ) -> Result<Reading, Error> {
        let (out, mut pieces) = mpsc::channel(WAITING);
        let (seen, bytes) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let mut intake = Intake::new(out, seen.clone());
        let counted = Counted::new(source, bytes.clone());
        let reader = tokio::task::spawn_blocking(move || {
            formats::parse(
                &mut BufReader::with_capacity(64 * 1024, counted),
                FormatChoice::Auto,
                &mut intake,
            )
        });
        let mut taken = Taken::default();
        let mut statement: Option<StatementId> = None;
        let mut shown = 0;
        while let Some(piece) = pieces.recv().await {
            self.store_piece(conn, import, &mut statement, &mut taken, piece)
                .await?;
            let lines = seen.load(Ordering::Relaxed);
            if show_progress && lines - shown >= PROGRESS_LINES {
                shown = lines;
                self.note_progress(import, lines, bytes.load(Ordering::Relaxed))
                    .await?;
            }
        }
        taken.lines_seen = seen.load(Ordering::Relaxed);
        taken.bytes_done = bytes.load(Ordering::Relaxed);
        match reader.await {
            Ok(Ok(format)) => taken.format = Some(format),
            Ok(Err(refusal)) => {
                if show_progress {
                    self.note_progress(import, taken.lines_seen, taken.bytes_done)
                        .await?;
                }
                return Ok(Err(refusal));
            }
            Err(error) => {
                tracing::error!(import.id = %import, error = %error, "a reader of settlement files broke down");
                return Ok(Err(FormatError::of_file(
                    "this file breaks our reader; it was not taken in",
                )));
            }
        }
        let now = self.deps.now();
        for sum in settlements::payout_sums(conn, import).await? {
            if !settlements::upsert_payout(conn, self.deps.new_id::<PayoutId>(), &sum, now).await? {
                let message = format!("the payout {} has lines in two currencies", sum.reference);
                return Ok(Err(FormatError::of_file(message)));
            }
        }
        Ok(Ok(taken))
    }

    async fn store_piece(
        &self,
        conn: &mut PgConnection,
        import: ImportId,
        statement: &mut Option<StatementId>,
        taken: &mut Taken,
        piece: Piece,
    ) -> Result<(), Error> {
        match piece {
            Piece::File(head) => taken.version = head.version,
            Piece::Warning(text) if taken.warnings.len() < MAX_WARNINGS => {
                taken.warnings.push(text)
            }
            Piece::Warning(_) => {}
            Piece::Statement(source, party) => {
                let id: StatementId = self.deps.new_id();
                settlements::insert_statement(conn, id, import, source, &party).await?;
                taken.statements += 1;
                *statement = Some(id);
            }
            Piece::Lines(lines) => {
                let Some(statement) = *statement else {
                    return Ok(());
                };
                let ids: Vec<Uuid> = lines
                    .iter()
                    .map(|_| self.deps.new_id::<model::ItemId>().0)
                    .collect();
                let now = self.deps.now();
                let fresh = items::insert(conn, import, statement, &ids, &lines, now).await?;
                let fresh = i64::try_from(fresh).unwrap_or(i64::MAX);
                taken.lines += fresh;
                taken.repeated += i64::try_from(lines.len()).unwrap_or(i64::MAX) - fresh;
            }
            Piece::End(closing) => {
                let Some(id) = statement.take() else {
                    return Ok(());
                };
                let facts = StatementFacts {
                    currency: closing.head.currency,
                    reference: closing.head.statement_id.as_deref(),
                    sequence: closing.head.sequence.as_deref(),
                    from: closing.head.from,
                    to: closing.head.to,
                    opening_minor: closing.opening_minor,
                    closing_minor: closing.closing_minor,
                    lines: closing.lines,
                };
                settlements::complete_statement(conn, id, &facts).await?;
            }
        }
        Ok(())
    }

    /// `GET /settlements/{id}`: an import and how far it has come.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn import(&self, actor: &Actor, id: ImportId) -> Result<ImportView, Error> {
        if !actor.may(Permission::SettlementWrite) {
            actor.require(Permission::SettlementRead)?;
        }
        let mut conn = self.deps.db.read().await?;
        let import = settlements::find(&mut conn, id)
            .await?
            .ok_or(Error::NotFound("import"))?;
        Ok(super::read::import_view(
            &crate::read::zone_of(&actor.zone),
            import,
        ))
    }
}

/// A name for people: without control characters or folders, never empty.
fn file_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = base.chars().filter(|c| !c.is_control()).take(255).collect();
    let plain = plain.trim();
    if plain.is_empty() {
        "unnamed".to_owned()
    } else {
        plain.to_owned()
    }
}

fn summary(import: Import, known: bool, dry_run: bool) -> ImportSummary {
    // A dry run that is refused still sees in its transaction what came before the fault.
    let counts = if import.status == ImportStatus::Refused {
        (0, 0)
    } else {
        (import.matched, import.open)
    };
    ImportSummary {
        import: (!dry_run || known).then_some(import.id),
        name: import.name,
        dry_run,
        known,
        status: import.status,
        format: import.format,
        statements: import.statements,
        lines: import.lines,
        repeated: import.repeated,
        matched: counts.0,
        open: counts.1,
        error: import.error,
        warnings: import.warnings,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_loses_its_folders_and_odd_characters() {
        assert_eq!(super::file_name("../a\\b/c d\u{7}.xml "), "c d.xml");
        assert_eq!(super::file_name("\n"), "unnamed");
    }
}
