//! Posting without a transaction of the caller's own: entries that arrive at the same time share
//! one. A commit to disk costs far more than an entry, so twenty callers get nearly twenty times
//! the rate of one, and nobody waits for a timer: whatever queued up while the last commit was
//! under way is the next batch.
//!
//! The queue is bounded. When it is full, callers wait here and not inside Postgres.

use std::sync::OnceLock;
use std::time::Duration;

use platform::Deps;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use tokio::sync::{mpsc, oneshot};

use crate::Ledger;
use crate::draft::{Balanced, Draft};
use crate::error::Error;
use crate::post::{Posted, post_each};

/// The most entries of one transaction.
const MOST_IN_ONE: usize = 200;

/// How many callers may wait in line.
const QUEUE: usize = 2_000;

/// How long the connection is kept when nothing comes.
const HOLD: Duration = Duration::from_millis(500);

/// How many turns of other tasks to wait for the callers of the last batch to come back; some tens
/// of microseconds when none does.
const TURNS: usize = 64;

struct Waiting {
    entry: Balanced,
    answer: oneshot::Sender<Result<Posted, Error>>,
}

/// The line in front of the task that posts; the task starts with the first entry and ends when the
/// last handle on the ledger is gone.
#[derive(Default)]
pub(crate) struct Poster {
    queue: OnceLock<mpsc::Sender<Waiting>>,
}

impl Ledger {
    /// Posts one entry durably, in a transaction that it may share with others. When this returns,
    /// the entry is committed. Use [`Ledger::post_in_tx`] where something else must be kept or lost
    /// together with it.
    ///
    /// # Errors
    /// As [`Ledger::post_in_tx`], and [`Error::Stopped`] when the process is going down.
    pub async fn post(&self, draft: &Draft) -> Result<Posted, Error> {
        let entry = draft.balance()?;
        let (answer, answered) = oneshot::channel();
        let queue = self.poster.queue.get_or_init(|| {
            let (queue, line) = mpsc::channel(QUEUE);
            tokio::spawn(work(self.deps.clone(), line));
            queue
        });
        queue
            .send(Waiting { entry, answer })
            .await
            .map_err(|_| Error::Stopped)?;
        answered.await.map_err(|_| Error::Stopped)?
    }
}

async fn work(deps: Deps, mut line: mpsc::Receiver<Waiting>) {
    let mut conn = None;
    let mut last = 0;
    while let Some(waiting) = next(&mut line, &mut conn, last).await {
        last = waiting.len();
        let (entries, askers): (Vec<_>, Vec<_>) =
            waiting.into_iter().map(|w| (w.entry, w.answer)).unzip();
        match post_all(&deps, &mut conn, &entries).await {
            Ok(answers) => {
                for (asker, answer) in askers.into_iter().zip(answers) {
                    // A caller that went away does not need its answer; the entry stands.
                    let _gone = asker.send(answer);
                }
            }
            Err(error) => {
                tracing::warn!(error = %error, entries = entries.len(), "a shared posting failed; each entry is tried alone");
                for (entry, asker) in entries.iter().zip(askers) {
                    let _gone = asker.send(post_alone(&deps, &mut conn, entry).await);
                }
            }
        }
    }
}

/// Waits for entries and takes all that are in line; nothing when the last handle is gone.
///
/// The callers of the last batch were answered a moment ago and are likely to come back at once. So
/// it lets other tasks run for a few turns until about as many are in line; if it began with the
/// first one, all others would have to wait for a commit made for that one alone.
async fn next(
    line: &mut mpsc::Receiver<Waiting>,
    conn: &mut Option<PoolConnection<Postgres>>,
    last: usize,
) -> Option<Vec<Waiting>> {
    let first = match tokio::time::timeout(HOLD, line.recv()).await {
        Ok(first) => first?,
        Err(_quiet) => {
            // The pool may have its connection back.
            *conn = None;
            line.recv().await?
        }
    };
    let mut turns = 0;
    while line.len() + 1 < last && turns < TURNS {
        tokio::task::yield_now().await;
        turns += 1;
    }
    let mut waiting = vec![first];
    while waiting.len() < MOST_IN_ONE
        && let Ok(another) = line.try_recv()
    {
        waiting.push(another);
    }
    Some(waiting)
}

/// Posts with one statement outside a transaction: the statement is its own transaction, which
/// saves two round trips. After an error the connection is not used again.
async fn post_all(
    deps: &Deps,
    held: &mut Option<PoolConnection<Postgres>>,
    entries: &[Balanced],
) -> Result<Vec<Result<Posted, Error>>, Error> {
    let mut conn = match held.take() {
        Some(conn) => conn,
        None => deps.db.read().await?,
    };
    let answers = post_each(deps, &mut conn, entries).await?;
    *held = Some(conn);
    Ok(answers)
}

async fn post_alone(
    deps: &Deps,
    held: &mut Option<PoolConnection<Postgres>>,
    entry: &Balanced,
) -> Result<Posted, Error> {
    let mut answers = post_all(deps, held, std::slice::from_ref(entry)).await?;
    answers.pop().expect("one entry has one answer")
}
