//! Steps that survive a crash.
//!
//! A saga is a row and a list of [`Step`]s. Each step first acts on the world outside
//! ([`Step::act`], under a key that is the same in every repetition) and then writes down what came
//! of it ([`Step::apply`]), in one transaction with the log that says the step is done. A process
//! that dies in between acts again under the same key, and so nothing happens twice.
//!
//! ```text
//! running ──► finished          every step is done, or one said Finish
//!    │ ▲
//!    │ └── waiting, parked      a step wants to look again: at an instant, or when woken
//!    ▼
//! unwinding ──► unwound         a step said Stop or failed: the steps done are undone, last first
//!    └────────► failed          an undo failed for good: a person must look
//! ```
//!
//! One process runs a saga at a time. It holds a session lock of Postgres (`pg_try_advisory_lock`)
//! on the connection with which it writes: a lease with a deadline would have to be long enough for
//! the slowest call outside and would then stand in the way for as long after a crash, whereas
//! Postgres lets go of this lock the moment the process, and with it the connection, is gone. It
//! also means that whoever has lost the lock cannot write any more.
//!
//! To add a saga: one file with its steps in the order of the story, each with its undo; an
//! [`Engine`] in the wiring, with [`Engine::register`]; the three checks of [`testing`].

mod engine;
mod job;
mod lock;
mod step;
mod store;
pub mod testing;

use chrono::{DateTime, Utc};
use model::SagaId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

pub use engine::{Engine, EngineError, Progress};
pub use step::{ActError, Call, Next, Step};
pub use store::{StepView, View, find, list, steps};

use crate::jobs::{NewJob, enqueue};

/// Where a saga is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Status {
    /// A step is to be taken, now or after a pause.
    Running,
    /// The step is taken again at a known instant.
    Waiting,
    /// The step is taken again when something wakes the saga.
    Parked,
    /// Steps are being undone.
    Unwinding,
    /// All is done.
    Finished,
    /// All is undone.
    Unwound,
    /// An undo failed for good.
    Failed,
}

impl Status {
    /// Whether nothing will happen any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Unwound | Self::Failed)
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Unwinding => "unwinding",
            Self::Finished => "finished",
            Self::Unwound => "unwound",
            Self::Failed => "failed",
        }
    }
}

/// Starts a saga in the caller's transaction: its row, and the job that takes its first steps.
/// `input` is what it was asked to do and never changes; its state begins as `null`.
///
/// # Errors
/// When the database refuses, for example because the id is taken.
pub async fn start_in_tx(
    conn: &mut PgConnection,
    id: SagaId,
    kind: &str,
    input: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let input: Value =
        serde_json::to_value(input).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    store::insert(conn, id, kind, &input, now).await?;
    enqueue(conn, resume_job(kind, id)).await
}

/// Has a saga that is parked or waiting look again, in the caller's transaction. One in the middle
/// of a step looks again after that step; one that has ended stays as it is. Returns whether it was
/// still open.
///
/// # Errors
/// When the database refuses.
pub async fn wake_in_tx(
    conn: &mut PgConnection,
    id: SagaId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let Some(kind) = store::wake(conn, id, now).await? else {
        return Ok(false);
    };
    enqueue(conn, resume_job(&kind, id)).await?;
    Ok(true)
}

/// The job kind of a saga kind.
fn job_kind(kind: &str) -> String {
    format!("saga.{kind}")
}

#[derive(Serialize, Deserialize)]
struct ResumePayload {
    saga: SagaId,
}

/// The job that takes a saga further. There is at most one waiting for each saga.
fn resume_job(kind: &str, id: SagaId) -> NewJob {
    NewJob::new(job_kind(kind), &ResumePayload { saga: id }).key(format!("saga:{id}"))
}
