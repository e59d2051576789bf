//! Runs jobs in a test: one by one, in order, at an instant that the test chooses.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::Row;

use super::{JobError, Registry, TASK, unwrap_payload};
use crate::clock::{Clock, SystemClock};
use crate::db::Db;

/// More runs than any test means to cause: two jobs that enqueue each other for ever.
const LIMIT: usize = 10_000;

/// Who holds a job's lock while a test runs it.
const HOLDER: &str = "drain";

/// Runs every job that is due by the machine's clock, and those that they enqueue, until none is
/// due. Returns how many ran. A test that holds the clock wants [`drain_at`].
///
/// # Panics
/// As [`drain_at`].
pub async fn drain(db: &Db, registry: &Registry) -> usize {
    let (ran, errors) = drain_at(db, registry, SystemClock.now()).await;
    assert!(
        errors.is_empty(),
        "jobs failed while they were drained:\n{}",
        errors_text(&errors)
    );
    ran
}

/// Runs every job that is due at `now`, and those that they enqueue, until none is due. Returns
/// how many ran, and the kind and error of each run that failed. A failed job is tried again only
/// once `now` has reached its next try.
///
/// A job enqueued without a time counts as due even though Postgres stamped it with its own clock.
///
/// # Panics
/// When the database does not answer, or the jobs never come to an end.
pub async fn drain_at(
    db: &Db,
    registry: &Registry,
    now: DateTime<Utc>,
) -> (usize, Vec<(String, JobError)>) {
    let mut errors = Vec::new();
    for ran in 0..LIMIT {
        let Some(job) = claim(db, now).await.expect("a job can be claimed") else {
            return (ran, errors);
        };
        match registry.run(&job.kind, job.body.clone()).await {
            Ok(()) => complete(db, job.id).await.expect("a job can be completed"),
            Err(error) => {
                fail(db, &job, &error, now)
                    .await
                    .expect("a job's failure can be recorded");
                errors.push((job.kind, error));
            }
        }
    }
    panic!("after {LIMIT} jobs there are still more: do two of them enqueue each other?");
}

fn errors_text(errors: &[(String, JobError)]) -> String {
    errors
        .iter()
        .fold(String::new(), |mut text, (kind, error)| {
            let _ = writeln!(text, "  {kind}: {error}");
            text
        })
}

struct Claimed {
    id: i64,
    kind: String,
    body: Value,
    attempts: i16,
}

async fn claim(db: &Db, now: DateTime<Utc>) -> Result<Option<Claimed>, sqlx::Error> {
    // The time of a job that was enqueued without one is Postgres' own, which means nothing here.
    // Once it has failed, it is ours.
    let row = sqlx::query(
        "update graphile_worker._private_jobs
         set attempts = attempts + 1,
             locked_by = $2,
             locked_at = now()
         where id = (
             select jobs.id
             from graphile_worker._private_jobs as jobs
             join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
             where tasks.identifier = $1
               and jobs.is_available
               and (jobs.run_at <= $3 or (jobs.attempts = 0 and jobs.payload ->> 'due' is null))
             order by jobs.priority, jobs.run_at, jobs.id
             limit 1
             for update of jobs skip locked
         )
         returning id, payload::jsonb as payload, attempts",
    )
    .bind(TASK)
    .bind(HOLDER)
    .bind(now)
    .fetch_optional(db.pool())
    .await?;
    row.map(|row| {
        let (kind, body) = unwrap_payload(row.try_get("payload")?);
        Ok(Claimed {
            id: row.try_get("id")?,
            kind,
            body,
            attempts: row.try_get("attempts")?,
        })
    })
    .transpose()
}

async fn complete(db: &Db, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("delete from graphile_worker._private_jobs where id = $1")
        .bind(id)
        .execute(db.pool())
        .await?;
    Ok(())
}

async fn fail(
    db: &Db,
    job: &Claimed,
    error: &JobError,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // The same growing pause as the real worker: e, e², ... up to e¹⁰ seconds.
    let pause = TimeDelta::milliseconds((f64::from(job.attempts.min(10)).exp() * 1000.0) as i64);
    sqlx::query(
        "update graphile_worker._private_jobs
         set last_error = $2,
             run_at = $3,
             attempts = case when $4 then attempts else max_attempts end,
             locked_by = null,
             locked_at = null
         where id = $1",
    )
    .bind(job.id)
    .bind(&error.message)
    .bind(now + pause)
    .bind(error.retry)
    .execute(db.pool())
    .await?;
    Ok(())
}
