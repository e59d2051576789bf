//! Logs and metrics of this process.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// What is logged when `RUST_LOG` does not say otherwise. The job queue's library tells of every
/// single job, which our own span does already.
const DEFAULT_FILTER: &str = "info,graphile_worker=warn,graphile_worker_migrations=warn";

/// Logging and metrics are on; hold this to read the metrics.
#[derive(Clone)]
pub struct Telemetry {
    metrics: PrometheusHandle,
}

/// Why logging or metrics did not start: something in this process had set them up already.
#[derive(Debug, thiserror::Error)]
#[error("telemetry cannot start: {0}")]
pub struct TelemetryError(String);

impl Telemetry {
    /// Sends logs to standard error, as text on a terminal and as JSON elsewhere, filtered by
    /// `RUST_LOG`; begins to collect metrics. Call once.
    ///
    /// # Errors
    /// When called twice.
    pub fn init() -> Result<Self, TelemetryError> {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| DEFAULT_FILTER.into());
        let builder = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        let started = if std::io::stderr().is_terminal() {
            builder.try_init()
        } else {
            builder.json().flatten_event(true).try_init()
        };
        started.map_err(|error| TelemetryError(error.to_string()))?;
        let metrics = PrometheusBuilder::new()
            .install_recorder()
            .map_err(|error| TelemetryError(error.to_string()))?;
        Ok(Self { metrics })
    }

    /// Every metric in Prometheus' text format.
    pub fn render(&self) -> String {
        self.metrics.render()
    }

    /// Folds samples of histograms together, so that they take no more memory than they need.
    /// Call every few seconds.
    pub fn run_upkeep(&self) {
        self.metrics.run_upkeep();
    }
}
