//! Runs jobs for as long as the process lives.

use std::future::Future;
use std::time::Duration;

use graphile_worker::{
    IntoTaskHandlerResult, LocalQueueConfig, RefetchDelayConfig, TaskHandler, WorkerContext,
    WorkerOptions, WorkerRecoveryConfig, parse_crontab,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{NewJob, Registry, TASK, enqueue, record_figures, unwrap_payload, wrap};
use crate::db::Db;

/// How workers run.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How many jobs run at once in this process. The pool needs this many connections, one for
    /// listening, and what the web part uses.
    pub concurrency: usize,
    /// How often to look for jobs when Postgres announces none. Announcements can get lost, so
    /// this is the longest that a job waits in a quiet system.
    pub poll_interval: Duration,
    /// How long a running job may take to end after [`Workers::stop`] before it is interrupted.
    pub grace: Duration,
    /// How long a worker may be silent before its jobs are given to others.
    pub dead_after: Duration,
    /// How long a job may be due while this process runs none at all, before the worker is taken
    /// for stuck and begun anew.
    pub stuck_after: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            concurrency: 8,
            poll_interval: Duration::from_secs(2),
            grace: Duration::from_secs(10),
            dead_after: Duration::from_secs(8),
            stuck_after: Duration::from_secs(60),
        }
    }
}

/// Why workers did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The schedule of a cron job cannot be read, or its kind has no handler.
    #[error("the job {kind} cannot run by the clock: {reason}")]
    Cron {
        /// The job's kind.
        kind: String,
        /// What is wrong.
        reason: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The queue's library could not start.
    #[error("the job queue could not start: {0}")]
    Queue(String),
}

/// Workers that run in the background of this process.
#[derive(Debug)]
pub struct Workers {
    stop: CancellationToken,
    supervisor: JoinHandle<()>,
}

impl Workers {
    /// Starts workers for everything in the registry, enqueues what is to run at start, and keeps
    /// the gauges fresh.
    ///
    /// # Errors
    /// When a schedule is wrong or the database does not answer.
    pub async fn start(db: &Db, registry: Registry, config: Config) -> Result<Self, StartError> {
        let mut conn = db.read().await?;
        for kind in registry.kinds_at_start() {
            let job = NewJob::new(kind.clone(), &Value::Null).key(format!("start:{kind}"));
            enqueue(&mut conn, job).await?;
        }
        drop(conn);
        let stop = CancellationToken::new();
        // The first one is made here, so that what is wrong with it stops the start of the program.
        let first_stop = stop.child_token();
        let first = build(db, &registry, config, &first_stop).await?;
        let supervisor = tokio::spawn(supervise(
            db.clone(),
            registry,
            config,
            stop.clone(),
            (first, first_stop),
        ));
        Ok(Self { stop, supervisor })
    }

    /// Takes no more jobs, waits for those that run, and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.supervisor.await {
            tracing::error!(%error, "the workers ended badly");
        }
    }
}

/// Runs a worker, and another whenever one ends without being told to or seems stuck.
async fn supervise(
    db: Db,
    registry: Registry,
    config: Config,
    stop: CancellationToken,
    first: (graphile_worker::Worker, CancellationToken),
) {
    let mut next = Some(first);
    while !stop.is_cancelled() {
        let Some((worker, worker_stop)) = next.take() else {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            let worker_stop = stop.child_token();
            match build(&db, &registry, config, &worker_stop).await {
                Ok(worker) => next = Some((worker, worker_stop)),
                Err(error) => tracing::error!(%error, "the worker cannot be started again"),
            }
            continue;
        };
        let run = worker.run();
        tokio::pin!(run);
        tokio::select! {
            outcome = &mut run => {
                if let Err(error) = outcome {
                    tracing::error!(%error, "the worker ended and is started again");
                }
            }
            () = watch(&db, &registry, config) => {
                tracing::error!("jobs are due and none was run: the worker is started again");
                metrics::counter!("jobs_worker_restarts_total").increment(1);
                worker_stop.cancel();
                // What it still does is given up after the grace period; locks that it leaves
                // behind are released by the sweep.
                if tokio::time::timeout(config.grace * 2, &mut run).await.is_err() {
                    tracing::error!("the stuck worker did not end and is dropped");
                }
            }
        }
    }
}

/// Keeps the gauges fresh, and returns when jobs are overdue although none was run for long.
async fn watch(db: &Db, registry: &Registry, config: Config) {
    let (mut seen, _) = registry.activity();
    let mut idle = Duration::ZERO;
    let period = Duration::from_secs(5);
    loop {
        tokio::time::sleep(period).await;
        let figures = match record_figures(db).await {
            Ok(figures) => figures,
            Err(error) => {
                tracing::warn!(%error, "the figures of the job queue cannot be read");
                continue;
            }
        };
        let (begun, running) = registry.activity();
        // A long job that still runs is no sign of being stuck, nor is a queue without due jobs.
        let overdue = figures.oldest_ready_seconds > config.stuck_after.as_secs_f64();
        let stuck = begun == seen && running == 0 && overdue;
        idle = if stuck { idle + period } else { Duration::ZERO };
        seen = begun;
        if idle >= config.stuck_after {
            return;
        }
    }
}

/// The library's worker with the settings that it needs: a local queue, or a backlog drains at a
/// few jobs a second; recovery, or the jobs of a killed process stay locked for hours.
async fn build(
    db: &Db,
    registry: &Registry,
    config: Config,
    stop: &CancellationToken,
) -> Result<graphile_worker::Worker, StartError> {
    let local_queue = LocalQueueConfig::default()
        .with_size(100)
        .with_refetch_delay(
            RefetchDelayConfig::default()
                .with_duration(Duration::from_millis(100))
                .with_threshold(10),
        );
    let recovery = WorkerRecoveryConfig::default()
        .heartbeat_interval(config.dead_after / 4)
        .sweep_interval(config.dead_after / 3)
        .sweep_threshold(config.dead_after)
        .recovery_delay(Duration::from_secs(1));
    let mut options = WorkerOptions::default()
        .pg_pool(db.pool().clone())
        .concurrency(config.concurrency.max(1))
        .poll_interval(config.poll_interval.max(Duration::from_millis(100)))
        .local_queue(local_queue)
        .worker_recovery(recovery)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(stop.clone().cancelled_owned())
        .shutdown_grace_period(config.grace)
        .shutdown_interrupted_job_retry_delay(Duration::from_secs(1))
        .add_extension(registry.clone())
        .define_job::<Task>();
    for (kind, schedule) in registry.crons() {
        options = options.with_crons(crontabs(registry, kind, schedule)?);
    }
    options
        .init()
        .await
        .map_err(|error| StartError::Queue(error.to_string()))
}

fn crontabs(
    registry: &Registry,
    kind: &str,
    schedule: &str,
) -> Result<Vec<graphile_worker::Crontab>, StartError> {
    let wrong = |reason: String| StartError::Cron {
        kind: kind.to_owned(),
        reason,
    };
    if !registry.kinds().any(|known| known == kind) {
        return Err(wrong("no handler is registered for it".to_owned()));
    }
    let mut crontabs =
        parse_crontab(&format!("{schedule} {TASK}")).map_err(|error| wrong(error.to_string()))?;
    for crontab in &mut crontabs {
        let name = format!("cron:{kind}");
        crontab.payload = Some(wrap(kind, Value::Null, None));
        crontab.options.id = Some(name.clone());
        // One waits at most, and none runs beside another.
        crontab.options.job_key = Some(name.clone());
        crontab.options.queue = Some(name);
    }
    Ok(crontabs)
}

/// The library's view of any job of ours.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Task(Value);

impl TaskHandler for Task {
    const IDENTIFIER: &'static str = TASK;

    #[expect(
        clippy::manual_async_fn,
        reason = "the trait asks for a future that outlives the call and may change threads"
    )]
    fn run(
        self,
        context: WorkerContext,
    ) -> impl Future<Output = impl IntoTaskHandlerResult> + Send + 'static {
        async move {
            let Some(registry) = context.get_ext::<Registry>().cloned() else {
                return Err(Shown("the worker has no registry".to_owned()));
            };
            let (kind, body) = unwrap_payload(self.0);
            let Err(error) = registry.run(&kind, body).await else {
                return Ok(());
            };
            if error.retry {
                tracing::warn!(job.kind = kind, job.id = context.job().id(), %error, "a job failed");
            } else {
                tracing::error!(job.kind = kind, job.id = context.job().id(), %error, "a job failed for good");
                use_up_tries(&context).await;
            }
            Err(Shown(error.message))
        }
    }
}

/// Lets the library believe that this was the last try, which is how it knows failure for good.
async fn use_up_tries(context: &WorkerContext) {
    let outcome = sqlx::query(
        "update graphile_worker._private_jobs
         set attempts = max_attempts
         where id = $1
           and locked_by = $2",
    )
    .bind(context.job().id())
    .bind(context.worker_id())
    .execute(context.pg_pool())
    .await;
    if let Err(error) = outcome {
        // Then it is tried again, which a handler can bear.
        tracing::warn!(%error, "a job that failed for good could not be marked so");
    }
}

/// The library keeps an error's debug form; ours reads like a sentence.
struct Shown(String);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
