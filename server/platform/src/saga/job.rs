//! The jobs that take sagas further.

use chrono::TimeDelta;
use serde_json::Value;

use super::{Engine, EngineError, Progress, ResumePayload, job_kind, resume_job, store};
use crate::jobs::{JobError, JobResult, Registry, enqueue};

/// How long to leave a saga alone that another process is running, in seconds.
const BUSY_PAUSE_SECONDS: i64 = 1;

impl<C: Send + Sync + 'static> Engine<C> {
    /// Registers the jobs: one that takes a saga further, and a sweep that finds sagas whose job
    /// was lost. When workers start, the sweep runs at once and takes up what a crash interrupted.
    pub fn register(&self, registry: &mut Registry) {
        let engine = self.clone();
        registry.register(job_kind(self.kind()), move |payload| {
            let engine = engine.clone();
            async move { engine.run_job(payload).await }
        });
        let sweep = format!("{}.sweep", job_kind(self.kind()));
        let engine = self.clone();
        registry.register(sweep.clone(), move |_| {
            let engine = engine.clone();
            async move { engine.sweep(true).await }
        });
        registry.cron(sweep, "* * * * *");
        let recover = format!("{}.recover", job_kind(self.kind()));
        let engine = self.clone();
        registry.register(recover.clone(), move |_| {
            let engine = engine.clone();
            async move { engine.sweep(false).await }
        });
        registry.at_start(recover);
    }

    async fn run_job(&self, payload: Value) -> JobResult {
        let ResumePayload { saga } = serde_json::from_value(payload)?;
        match self.resume(saga).await {
            // What woke us may have come after the twin looked, so look again when it is done.
            Ok(Progress::Busy) => {
                let at = self.now() + TimeDelta::seconds(BUSY_PAUSE_SECONDS);
                let mut conn = self.db().read().await?;
                enqueue(&mut conn, resume_job(self.kind(), saga).run_at(at)).await?;
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(error @ (EngineError::NotFound(_) | EngineError::NoSuchStep { .. })) => {
                Err(JobError::permanent(error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Enqueues a job for every saga that is due. One that has a job already keeps it, its pauses
    /// and its failures, unless this is a start after a crash, when that job may be in the hands
    /// of the dead.
    async fn sweep(&self, keep: bool) -> JobResult {
        let mut conn = self.db().read().await?;
        for id in store::list_due(&mut conn, self.kind(), self.now(), 1000).await? {
            let job = resume_job(self.kind(), id);
            enqueue(&mut conn, if keep { job.unless_queued() } else { job }).await?;
        }
        Ok(())
    }
}
