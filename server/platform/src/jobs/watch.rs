//! For the people who watch the queue: figures, a list, and the two things one can do to a job
//! that failed.

use chrono::{DateTime, Utc};
use model::Page;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::{TASK, unwrap_payload};
use crate::db::Db;

/// How the queue stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobFigures {
    /// Jobs that are due and wait for a worker.
    pub ready: i64,
    /// How long the oldest of them has been due, in seconds. Grows when workers have stopped.
    pub oldest_ready_seconds: f64,
    /// Jobs that are due later, first tries and repeats.
    pub scheduled: i64,
    /// Jobs that a worker has taken.
    pub locked: i64,
    /// Those among them whose worker has given no sign of life for a minute.
    pub locked_without_worker: i64,
    /// Jobs that used up their tries and wait for a person.
    pub failed: i64,
}

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Due, and waiting for a worker.
    Ready,
    /// Due later.
    Scheduled,
    /// Taken by a worker.
    Running,
    /// Its tries are used up.
    Failed,
}

impl JobState {
    /// The state as one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }
}

/// A job as the admin page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// The queue's number for it.
    pub id: i64,
    /// Its kind, such as `mail.send`.
    pub kind: String,
    /// What it was given: ids only.
    pub payload: Value,
    /// Where it is in its life.
    pub state: JobState,
    /// The key that keeps it single, if it has one.
    pub key: Option<String>,
    /// When it is due.
    pub run_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i16,
    /// How often it may be tried.
    pub max_attempts: i16,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}

/// Counts the jobs by state. A job that a later one with the same key replaced while it ran is not
/// counted as failed.
///
/// # Errors
/// When the database does not answer.
pub async fn figures(conn: &mut PgConnection) -> Result<JobFigures, sqlx::Error> {
    let row = sqlx::query(
        "select
             count(*) filter (where jobs.is_available and jobs.run_at <= now()) as ready,
             coalesce(
                 extract(epoch from now() - min(jobs.run_at)
                     filter (where jobs.is_available and jobs.run_at <= now())),
                 0
             )::float8 as oldest_ready_seconds,
             count(*) filter (where jobs.is_available and jobs.run_at > now()) as scheduled,
             count(*) filter (where jobs.locked_at is not null) as locked,
             count(*) filter (
                 where jobs.locked_at < now() - interval '1 minute'
                   and not exists (
                       select 1
                       from graphile_worker._private_workers as workers
                       where workers.id = jobs.locked_by
                         and workers.last_heartbeat_at > now() - interval '1 minute'
                   )
             ) as locked_without_worker,
             count(*) filter (
                 where jobs.locked_at is null
                   and jobs.attempts >= jobs.max_attempts
                   and not exists (
                       select 1
                       from graphile_worker._private_job_retirements as retired
                       where retired.id = jobs.id
                   )
             ) as failed
         from graphile_worker._private_jobs as jobs",
    )
    .fetch_one(conn)
    .await?;
    Ok(JobFigures {
        ready: row.try_get("ready")?,
        oldest_ready_seconds: row.try_get("oldest_ready_seconds")?,
        scheduled: row.try_get("scheduled")?,
        locked: row.try_get("locked")?,
        locked_without_worker: row.try_get("locked_without_worker")?,
        failed: row.try_get("failed")?,
    })
}

/// Reads the figures and sets the gauges `jobs_ready`, `jobs_oldest_ready_seconds`,
/// `jobs_scheduled`, `jobs_locked`, `jobs_locked_without_worker` and `jobs_failed`. Running workers
/// call this by themselves.
///
/// # Errors
/// When the database does not answer.
#[allow(clippy::cast_precision_loss)] // a gauge is a float; no queue is 2⁵³ jobs long
pub async fn record_figures(db: &Db) -> Result<JobFigures, sqlx::Error> {
    let figures = figures(&mut *db.read().await?).await?;
    metrics::gauge!("jobs_ready").set(figures.ready as f64);
    metrics::gauge!("jobs_oldest_ready_seconds").set(figures.oldest_ready_seconds);
    metrics::gauge!("jobs_scheduled").set(figures.scheduled as f64);
    metrics::gauge!("jobs_locked").set(figures.locked as f64);
    metrics::gauge!("jobs_locked_without_worker").set(figures.locked_without_worker as f64);
    metrics::gauge!("jobs_failed").set(figures.failed as f64);
    Ok(figures)
}

/// Lists jobs, newest first, all or those in one state. `after` is the cursor of the page before;
/// one that cannot be read gives the first page.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    conn: &mut PgConnection,
    state: Option<JobState>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<JobView>, sqlx::Error> {
    let limit = limit.clamp(1, Page::<JobView>::MAX);
    let before: Option<i64> = after.and_then(|cursor| cursor.parse().ok());
    let rows = sqlx::query(
        "select *
         from (
             select
                 jobs.id,
                 jobs.payload::jsonb as payload,
                 case
                     when jobs.locked_at is not null then 'running'
                     when jobs.attempts >= jobs.max_attempts then 'failed'
                     when jobs.run_at <= now() then 'ready'
                     else 'scheduled'
                 end as state,
                 jobs.key,
                 jobs.run_at,
                 jobs.attempts,
                 jobs.max_attempts,
                 jobs.last_error,
                 jobs.created_at
             from graphile_worker._private_jobs as jobs
             join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
             where tasks.identifier = $1
               and ($2::bigint is null or jobs.id < $2)
         ) as listed
         where $3::text is null or state = $3
         order by id desc
         limit $4",
    )
    .bind(TASK)
    .bind(before)
    .bind(state.map(JobState::as_str))
    .bind(limit + 1)
    .fetch_all(conn)
    .await?;
    let jobs = rows.iter().map(view).collect::<Result<Vec<_>, _>>()?;
    let limit = usize::try_from(limit).unwrap_or(1);
    Ok(Page::from_overfetch(jobs, limit, |job| job.id.to_string()))
}

fn view(row: &PgRow) -> Result<JobView, sqlx::Error> {
    let (kind, payload) = unwrap_payload(row.try_get("payload")?);
    let state = match row.try_get("state")? {
        "running" => JobState::Running,
        "failed" => JobState::Failed,
        "ready" => JobState::Ready,
        _ => JobState::Scheduled,
    };
    Ok(JobView {
        id: row.try_get("id")?,
        kind,
        payload,
        state,
        key: row.try_get("key")?,
        run_at: row.try_get("run_at")?,
        attempts: row.try_get("attempts")?,
        max_attempts: row.try_get("max_attempts")?,
        last_error: row.try_get("last_error")?,
        created_at: row.try_get("created_at")?,
    })
}

/// Gives a job that is not running all its tries back and makes it due at once. Returns whether
/// there was such a job.
///
/// # Errors
/// When the database does not answer.
pub async fn retry(conn: &mut PgConnection, id: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "select 1
         from graphile_worker.reschedule_jobs(array[$1::bigint], run_at => now(), attempts => 0)",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(done.is_some())
}

/// Takes a job that is not running out of the queue. Returns whether there was such a job.
///
/// # Errors
/// When the database does not answer.
pub async fn discard(conn: &mut PgConnection, id: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("select 1 from graphile_worker.complete_jobs(array[$1::bigint])")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    Ok(done.is_some())
}
