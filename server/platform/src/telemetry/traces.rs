//! Spans on their way to a collector: OTLP, as protobuf over HTTP.
//!
//! A thread of the library takes finished spans from a queue and sends them in batches. Nobody
//! waits for it: when it does not keep up, or the collector does not answer, spans are dropped.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::{Layer, Registry};

use super::{AnyLayer, TelemetryError};

/// Whose spans leave the house. What libraries write into theirs is not ours to know.
const OURS: &[&str] = &[
    "app", "identity", "ledger", "payments", "platform", "sandbox", "server",
];

/// How long one request to the collector may take, and how long a batch is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the end of the process waits for the last batch.
const LAST_CALL: Duration = Duration::from_secs(3);

/// How long nothing is said after it was said that the collector does not answer.
const SILENCE: Duration = Duration::from_secs(600);

/// The way of spans to a collector; cheap to clone.
#[derive(Clone, Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Begins to collect for the collector at `endpoint`, its address without `/v1/traces`. Whether
    /// it answers is not asked. Call this within the runtime that shall do the sending.
    ///
    /// # Errors
    /// When the address is none, or there is no runtime.
    pub fn begin(endpoint: &str) -> Result<Self, TelemetryError> {
        let courier = Courier {
            client: crate::http::client().map_err(refused)?,
            runtime: Handle::try_current().map_err(refused)?,
            complaints: Complaints::default(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(courier)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .build()
            .map_err(refused)?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder()
            .with_service_name("punctual")
            .with_attribute(version)
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_batch_exporter(exporter)
            .build();
        Ok(Self { provider })
    }

    /// What hands our spans over. Log lines stay here, since they may quote a database or a
    /// gateway; so do the names of files and threads.
    pub fn layer(&self) -> AnyLayer {
        tracing_opentelemetry::layer::<Registry>()
            .with_tracer(self.provider.tracer("punctual"))
            .with_context_activation(false)
            .with_location(false)
            .with_target(false)
            .with_threads(false)
            .with_filter(filter_fn(leaves).with_max_level_hint(LevelFilter::INFO))
            .boxed()
    }

    /// Sends what is left, and ends. It takes a few seconds at most, whatever the collector does.
    pub async fn close(&self) {
        let provider = self.provider.clone();
        let end = move || provider.shutdown_with_timeout(LAST_CALL);
        let fault = match tokio::task::spawn_blocking(end).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::warn!(error = fault, "the last traces may not have been sent");
    }
}

fn refused(error: impl Error) -> TelemetryError {
    TelemetryError(error.to_string())
}

fn leaves(metadata: &Metadata<'_>) -> bool {
    let package = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && *metadata.level() <= Level::INFO && OURS.contains(&package)
}

/// Makes the library's requests with the client of this house. The library's thread belongs to no
/// runtime, and the client needs one, so the request is made on ours.
#[derive(Debug)]
struct Courier {
    client: reqwest::Client,
    runtime: Handle,
    complaints: Complaints,
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let asked = async move { tokio::time::timeout(PATIENCE, client.send_bytes(request)).await };
        // This fails when the runtime ends, and then nobody is left to be told.
        let answer = self.runtime.spawn(asked).await?;
        let answer = answer
            .unwrap_or_else(|late| Err(late.into()))
            .map_err(without_address);
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.complaints.utter(&answer.status().to_string()),
            Err(error) => self.complaints.utter(&with_causes(&**error)),
        }
        answer
    }
}

/// The collector's address may hold a password.
fn without_address(error: HttpError) -> HttpError {
    match error.downcast::<reqwest::Error>() {
        Ok(error) => error.without_url().into(),
        Err(error) => error,
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

/// Tells of lost traces once in a while. A collector that is away fails with each batch.
#[derive(Debug, Default)]
struct Complaints {
    last: Mutex<Option<Instant>>,
}

impl Complaints {
    fn utter(&self, error: &str) {
        if self.is_due(Instant::now()) {
            tracing::warn!(
                error,
                "the collector takes no traces; they are dropped, and all else goes on"
            );
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now.duration_since(last) >= SILENCE);
        if due {
            *last = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_that_is_away_is_told_of_once_in_a_while() {
        let complaints = Complaints::default();
        let start = Instant::now();
        assert!(complaints.is_due(start));
        assert!(!complaints.is_due(start + Duration::from_secs(5)));
        assert!(!complaints.is_due(start + SILENCE - Duration::from_secs(1)));
        assert!(complaints.is_due(start + SILENCE));
        assert!(!complaints.is_due(start + SILENCE));
    }
}
