//! Work that outlives a request: a small port over a job queue that lives in Postgres.
//!
//! * [`enqueue`] writes a job in the caller's transaction: if that rolls back, there is no job.
//! * [`Registry`] says which function runs a kind of job, and which kinds run by the clock.
//! * [`Workers`] runs jobs until it is told to stop; [`drain`] runs them in a test, one by one.
//! * [`figures`], [`list`], [`retry`] and [`discard`] are for the people who watch the queue.
//!
//! A job may run twice (its process can die after the work and before the tick), so a handler is
//! written such that a second run finds nothing to do. A payload names things by id only: the
//! queue's library prints payloads into the log.
//!
//! Queries on the schema `graphile_worker` are checked at run time, unlike all others: that schema
//! is the library's own, made when the program starts and absent when it is compiled.
//!
//! To add a job: a kind such as `mail.send`, a handler in the domain, one `register` line.

mod drain;
mod registry;
mod watch;
mod worker;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

pub use drain::{drain, drain_at};
pub use registry::{JobError, JobResult, Registry};
pub use watch::{JobFigures, JobState, JobView, discard, figures, list, record_figures, retry};
pub use worker::{Config, StartError, Workers};

use crate::db::MigrateError;

/// The one task that the library knows. It asks for a Rust type per task; our handlers are
/// closures made at start, so the kind travels in the payload and [`Registry`] tells them apart.
const TASK: &str = "punctual";

/// Prepares the queue's own tables. The caller holds the migration lock.
///
/// # Errors
/// When the database refuses or its queue tables belong to a newer program.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    let utils = graphile_worker::WorkerUtils::new(pool.clone(), "graphile_worker");
    utils
        .migrate()
        .await
        .map_err(|error| MigrateError::Jobs(error.to_string()))?;
    // With the task in place, no enqueueing transaction ever has to insert it, and so none waits
    // for another over it.
    sqlx::query(
        "insert into graphile_worker._private_tasks (identifier)
         values ($1)
         on conflict do nothing",
    )
    .bind(TASK)
    .execute(pool)
    .await?;
    Ok(())
}

/// A job that is about to be enqueued.
#[derive(Debug)]
pub struct NewJob {
    kind: Cow<'static, str>,
    payload: Result<Value, serde_json::Error>,
    key: Option<String>,
    mode: &'static str,
    run_at: Option<DateTime<Utc>>,
    queue: Option<String>,
    max_attempts: i16,
}

impl NewJob {
    /// A job of a kind, to run at once, up to 25 times until it succeeds (which takes some days,
    /// since the pause grows with each failure).
    pub fn new(kind: impl Into<Cow<'static, str>>, payload: &impl Serialize) -> Self {
        Self {
            kind: kind.into(),
            payload: serde_json::to_value(payload),
            key: None,
            mode: "replace",
            run_at: None,
            queue: None,
            max_attempts: 25,
        }
    }

    /// At most one waiting job has this key: a later one replaces it, its payload and its time. A
    /// job that is running already is left alone, and the new one runs after it.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With a [`key`](Self::key): leaves a job that has the key already as it is, waiting, running
    /// or failed. Only for a sweep that wants to be sure that *some* job is there.
    #[must_use]
    pub const fn unless_queued(mut self) -> Self {
        self.mode = "unsafe_dedupe";
        self
    }

    /// Not before this instant.
    #[must_use]
    pub const fn run_at(mut self, at: DateTime<Utc>) -> Self {
        self.run_at = Some(at);
        self
    }

    /// Jobs of one queue run one after the other, on whatever node.
    #[must_use]
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// How often it is tried before it counts as failed; at least 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: i16) -> Self {
        self.max_attempts = attempts;
        self
    }
}

/// Enqueues a job in the caller's transaction; workers see it once that commits.
///
/// # Errors
/// When the database refuses, or the payload has no JSON form ([`sqlx::Error::Encode`]).
pub async fn enqueue(conn: &mut PgConnection, job: NewJob) -> Result<(), sqlx::Error> {
    let body = job
        .payload
        .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query(
        "select 1
         from graphile_worker.add_job(
             identifier => $1,
             payload => $2::text::json,
             queue_name => $3,
             run_at => $4,
             max_attempts => $5,
             job_key => $6,
             job_key_mode => $7
         )",
    )
    .bind(TASK)
    .bind(wrap(&job.kind, body, job.run_at).to_string())
    .bind(job.queue)
    .bind(job.run_at)
    .bind(i32::from(job.max_attempts.max(1)))
    .bind(job.key)
    .bind(job.mode)
    .execute(conn)
    .await?;
    Ok(())
}

/// The payload as the queue keeps it. `due` is when the job was asked to run, if that was said; the
/// queue's own column for it forgets the difference.
fn wrap(kind: &str, body: Value, due: Option<DateTime<Utc>>) -> Value {
    json!({ "kind": kind, "body": body, "due": due })
}

/// Takes the kind and our payload out of what the queue kept. A cron job has no body.
fn unwrap_payload(mut wrapped: Value) -> (String, Value) {
    let kind = wrapped
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let body = wrapped
        .get_mut("body")
        .map(Value::take)
        .unwrap_or(Value::Null);
    (kind, body)
}
