//! Which function runs a kind of job, and which kinds run by the clock.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use tracing::Instrument;

/// Why a job did not succeed. Any error becomes one by `?` and is then tried again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobError {
    /// What happened, with its causes; no personal data.
    pub message: String,
    /// Whether another try may help. If not, the job counts as failed at once.
    pub retry: bool,
}

/// What a handler answers.
pub type JobResult = Result<(), JobError>;

impl JobError {
    /// A failure that may pass: the job is tried again after a pause.
    pub fn retry(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            retry: true,
        }
    }

    /// A failure that no repetition mends: the job is kept as failed until a person looks.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            retry: false,
        }
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// `JobError` itself is no `std::error::Error`, which is what makes this possible.
impl<E: std::error::Error> From<E> for JobError {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            // Transparent wrappers repeat what they wrap.
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            source = cause.source();
        }
        Self::retry(message)
    }
}

type Handler = Arc<dyn Fn(Value) -> BoxFuture<'static, JobResult> + Send + Sync>;

/// The kinds of jobs that this program can run; cheap to clone once it is filled.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<String, Handler>,
    crons: Vec<(String, String)>,
    at_start: Vec<String>,
    activity: Arc<Activity>,
}

/// What this process is doing, for the watch over stuck workers.
#[derive(Default)]
struct Activity {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what runs jobs of a kind. The handler gets the payload as it was enqueued.
    ///
    /// # Panics
    /// When the kind has a handler already: two parts of the program claim the same name.
    pub fn register<F, Fut>(&mut self, kind: impl Into<String>, handler: F)
    where
        F: Fn(Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = JobResult> + Send + 'static,
    {
        let kind = kind.into();
        let handler: Handler = Arc::new(move |payload| handler(payload).boxed());
        let before = self.handlers.insert(kind.clone(), handler);
        assert!(before.is_none(), "the job kind {kind} is registered twice");
    }

    /// Runs a registered kind by the clock (five fields, UTC), once across all nodes and never
    /// beside itself. The handler gets `null`.
    pub fn cron(&mut self, kind: impl Into<String>, schedule: impl Into<String>) {
        self.crons.push((kind.into(), schedule.into()));
    }

    /// Runs a registered kind once whenever workers start, to pick up what a crash left behind.
    /// The handler gets `null`.
    pub fn at_start(&mut self, kind: impl Into<String>) {
        self.at_start.push(kind.into());
    }

    /// Every registered kind, in order of the alphabet.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }

    pub(super) fn crons(&self) -> &[(String, String)] {
        &self.crons
    }

    pub(super) fn kinds_at_start(&self) -> &[String] {
        &self.at_start
    }

    /// How many jobs this process has begun, and how many of them have not ended.
    pub(super) fn activity(&self) -> (u64, u64) {
        // In this order the difference cannot be negative.
        let ended = self.activity.ended.load(Ordering::SeqCst);
        let begun = self.activity.begun.load(Ordering::SeqCst);
        (begun, begun - ended)
    }

    /// Runs a job here and now, without the queue. A panic of the handler becomes an error.
    ///
    /// # Errors
    /// What the handler answers; a kind that nobody registered may be known to a newer node, and
    /// so is worth another try.
    pub async fn run(&self, kind: &str, payload: Value) -> JobResult {
        let Some(handler) = self.handlers.get(kind) else {
            return Err(JobError::retry(format!(
                "no handler is registered for jobs of kind {kind}"
            )));
        };
        let _running = Running::begin(&self.activity);
        let began = Instant::now();
        let span = tracing::info_span!("job", job.kind = kind);
        let run = async { handler(payload).await };
        let outcome = AssertUnwindSafe(run.instrument(span)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|panic| {
            let text = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "without a message".to_owned());
            Err(JobError::retry(format!("the handler panicked: {text}")))
        });
        let result = if outcome.is_ok() { "done" } else { "failed" };
        metrics::counter!("jobs_total", "kind" => kind.to_owned(), "result" => result).increment(1);
        metrics::histogram!("job_seconds", "kind" => kind.to_owned())
            .record(began.elapsed().as_secs_f64());
        outcome
    }
}

/// Counts a job as ended even when the worker drops it in the middle.
struct Running<'a>(&'a Activity);

impl<'a> Running<'a> {
    fn begin(activity: &'a Activity) -> Self {
        activity.begun.fetch_add(1, Ordering::SeqCst);
        Self(activity)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_of_the_job_alone() {
        let mut registry = Registry::new();
        registry.register("test.panic", |_| async { panic!("out of cheese") });
        let error = registry
            .run("test.panic", Value::Null)
            .await
            .expect_err("it panics");
        assert_eq!(
            error,
            JobError::retry("the handler panicked: out of cheese")
        );
    }

    #[test]
    fn an_error_brings_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("the file cannot be read")]
        struct Outer(#[source] std::io::Error);
        let error = JobError::from(Outer(std::io::Error::other("disk gone")));
        assert_eq!(error.message, "the file cannot be read: disk gone");
        assert!(error.retry);
    }
}
