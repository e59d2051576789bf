//! Logs, metrics and traces of this process.

mod traces;

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

pub use traces::Traces;

/// What is logged when `RUST_LOG` does not say otherwise. The job queue's library tells of every
/// single job, which our own span does already.
const DEFAULT_FILTER: &str = "info,graphile_worker=warn,graphile_worker_migrations=warn";

/// A part of the subscriber, with a filter of its own.
type AnyLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Logging and metrics are on, and traces if they are wanted; hold this to read the metrics and to
/// end the traces.
#[derive(Clone)]
pub struct Telemetry {
    metrics: PrometheusHandle,
    traces: Option<Traces>,
}

/// Why logging, metrics or traces did not start: something in this process had set them up already,
/// or the collector's address is none.
#[derive(Debug, thiserror::Error)]
#[error("telemetry cannot start: {0}")]
pub struct TelemetryError(String);

impl Telemetry {
    /// Sends logs to standard error, as text on a terminal and as JSON elsewhere, filtered by
    /// `RUST_LOG`; begins to collect metrics; sends traces to `collector`, if there is one. Call
    /// once, within the runtime.
    ///
    /// # Errors
    /// When called twice, or when the collector's address is none.
    pub fn init(collector: Option<&str>) -> Result<Self, TelemetryError> {
        let traces = collector.map(Traces::begin).transpose()?;
        let mut layers = vec![logs()];
        layers.extend(traces.as_ref().map(Traces::layer));
        tracing_subscriber::registry()
            .with(layers)
            .try_init()
            .map_err(|error| TelemetryError(error.to_string()))?;
        let metrics = PrometheusBuilder::new()
            .install_recorder()
            .map_err(|error| TelemetryError(error.to_string()))?;
        Ok(Self { metrics, traces })
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

    /// Sends the last traces. Call it at the end, while the runtime still runs; it takes a few
    /// seconds at most.
    pub async fn close(&self) {
        if let Some(traces) = &self.traces {
            traces.close().await;
        }
    }
}

fn logs() -> AnyLayer {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| DEFAULT_FILTER.into());
    let lines = tracing_subscriber::fmt::layer::<Registry>().with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        lines.with_filter(filter).boxed()
    } else {
        let lines = lines.json().flatten_event(true);
        lines.with_filter(filter).boxed()
    }
}
