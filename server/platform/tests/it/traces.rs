//! Spans reach a collector. One that is not there holds nobody up.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use platform::telemetry::Traces;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt;

/// More spans than the queue of the library holds.
const MANY: usize = 5_000;

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

fn begin(addr: SocketAddr) -> Traces {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Traces::begin(&format!("http://{addr}/")).unwrap()
}

/// Runs `work` under a subscriber that has nothing but these traces.
fn traced(traces: &Traces, work: impl FnOnce()) {
    let subscriber = tracing_subscriber::registry().with(traces.layer());
    tracing::subscriber::with_default(subscriber, work);
}

/// A collector that takes one request, gives thanks, and tells its head and its body.
async fn take_one(listener: TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut read = Vec::new();
    let begins = loop {
        if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "no head");
    };
    let head = String::from_utf8(read[..begins].to_vec()).unwrap();
    let length: usize = header(&head, "content-length").unwrap().parse().unwrap();
    while read.len() < begins + length {
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "no body");
    }
    let thanks = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    stream.write_all(thanks).await.unwrap();
    (head, read.split_off(begins))
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
}

fn text<'a>(attributes: &'a [KeyValue], wanted: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|one| one.key == wanted)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.as_str()),
        _ => None,
    }
}

#[tokio::test]
async fn our_spans_arrive_as_protobuf_and_nothing_else_does() {
    let (listener, addr) = listen().await;
    let traces = begin(addr);
    let collector = tokio::spawn(take_one(listener));
    traced(&traces, || {
        let request = tracing::info_span!(
            target: "server::http::router",
            "http.request",
            http.route = "/pay/{link}"
        );
        request.in_scope(|| {
            tracing::error!(target: "server::http", error = "ada@example.org", "a log line");
            drop(tracing::info_span!(target: "platform::jobs", "job", job.kind = "mail.send"));
            drop(tracing::debug_span!(target: "platform::jobs", "a detail"));
            drop(tracing::info_span!(target: "sqlx::query", "theirs", text = "ada@example.org"));
            drop(tracing::info_span!(target: "server_fn", "theirs", text = "ada@example.org"));
        });
    });
    traces.close().await;

    let (head, body) = collector.await.unwrap();
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert_eq!(
        header(&head, "content-type"),
        Some("application/x-protobuf")
    );
    let mut batch = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
    assert_eq!(batch.resource_spans.len(), 1);
    let ours = batch.resource_spans.remove(0);
    let resource = ours.resource.unwrap().attributes;
    assert_eq!(text(&resource, "service.name"), Some("punctual"));
    let version = Some(env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&resource, "service.version"), version);

    let spans: Vec<_> = ours.scope_spans.into_iter().flat_map(|s| s.spans).collect();
    let [job, request] = spans.as_slice() else {
        panic!("not two spans: {spans:?}");
    };
    assert_eq!(
        (job.name.as_str(), request.name.as_str()),
        ("job", "http.request")
    );
    assert_eq!(job.parent_span_id, request.span_id);
    assert_eq!(job.trace_id, request.trace_id);
    assert!(request.parent_span_id.is_empty());
    assert_eq!(text(&job.attributes, "job.kind"), Some("mail.send"));
    assert_eq!(text(&request.attributes, "http.route"), Some("/pay/{link}"));
    let mut known: Vec<_> = request.attributes.iter().map(|a| a.key.as_str()).collect();
    known.sort_unstable();
    assert_eq!(known, ["busy_ns", "http.route", "idle_ns"]);
    assert!(job.events.is_empty() && request.events.is_empty());
}

#[tokio::test]
async fn a_collector_that_is_not_there_costs_nothing() {
    let (listener, addr) = listen().await;
    drop(listener);
    let traces = begin(addr);
    let started = Instant::now();
    traced(&traces, || {
        for _ in 0..MANY {
            drop(tracing::info_span!(target: "platform::jobs", "refused"));
        }
    });
    assert!(started.elapsed() < Duration::from_secs(5), "a span waited");
    traces.close().await;
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "the end waited"
    );
    // Spans after the end are nothing, and so is a second end.
    traced(&traces, || {
        drop(tracing::info_span!(target: "platform::jobs", "late"))
    });
    traces.close().await;
}

#[tokio::test]
async fn a_collector_that_never_answers_holds_nobody_up() {
    // It is connected to, and reads nothing.
    let (_listener, addr) = listen().await;
    let traces = begin(addr);
    let started = Instant::now();
    traced(&traces, || {
        for _ in 0..MANY {
            drop(tracing::info_span!(target: "platform::jobs", "unheard"));
        }
    });
    assert!(started.elapsed() < Duration::from_secs(5), "a span waited");
    traces.close().await;
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "the end waited"
    );
}
