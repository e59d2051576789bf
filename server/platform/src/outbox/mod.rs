//! Events that leave with the transaction that caused them.
//!
//! [`publish`] inserts a row in the caller's transaction, and with it a job. Once both are
//! committed, the [`Relay`] hands the event to every durable subscriber of its topic
//! ([`Subscribers::on`]) and to whoever listens in this process ([`Relay::listen`]).
//!
//! * A durable subscriber has the effect of each event exactly once: its work commits together with
//!   the inbox row that says it is done, and a second delivery stops at that row.
//! * It gets the events of a topic in the order in which they were inserted. One that fails holds
//!   up those behind it through [`PATIENCE`] tries; then they pass it, and it is tried on beside
//!   them, ever more slowly. Other subscribers never wait for it.
//! * Listening in process is a hint without memory: for pages that want to refresh, never for work.
//! * A subscriber that is new gets the events that are still open when it first runs, not history.

mod relay;
mod store;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use model::EventId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

pub use relay::{PATIENCE, Relay, RelayError};

use crate::db::Tx;
use crate::jobs::{JobResult, NewJob, enqueue};

/// The kind of the job that relays.
const RELAY_JOB: &str = "outbox.relay";

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id, the same in every delivery.
    pub id: EventId,
    /// What kind of thing happened, such as `payment.captured`.
    pub topic: String,
    /// What it was about: ids and amounts, no personal data.
    pub payload: Value,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// Writes an event in the caller's transaction; if that rolls back, nothing happened.
///
/// # Errors
/// When the database refuses, the id is taken, or the payload has no JSON form.
pub async fn publish(
    conn: &mut PgConnection,
    id: EventId,
    at: DateTime<Utc>,
    topic: &str,
    payload: &impl Serialize,
) -> Result<(), sqlx::Error> {
    let payload =
        serde_json::to_value(payload).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    store::insert(conn, id, topic, &payload, at).await?;
    // One job an event and no common key: with one, every publishing transaction would wait for
    // the one before it, and two that hold row locks would deadlock.
    enqueue(conn, NewJob::new(RELAY_JOB, &RelayPayload { event: id })).await
}

#[derive(Serialize, Deserialize)]
struct RelayPayload {
    event: EventId,
}

type Handler = Arc<dyn for<'a> Fn(&'a mut Tx, &'a Event) -> BoxFuture<'a, JobResult> + Send + Sync>;

#[derive(Clone)]
struct Subscription {
    consumer: &'static str,
    topic: String,
    handler: Handler,
}

/// The durable subscribers of this program.
#[derive(Clone, Default)]
pub struct Subscribers {
    by_consumer: BTreeMap<&'static str, Subscription>,
}

impl fmt::Debug for Subscribers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_consumer.keys()).finish()
    }
}

impl Subscribers {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has a handler run once for every event of a topic. All that it does it does on the
    /// transaction that it is given, which commits when it succeeds; calls out belong in a job that
    /// it enqueues there. `name` stays the same for ever: it is how the database knows which
    /// subscriber has had what.
    ///
    /// # Panics
    /// When the name is taken.
    pub fn on<F>(&mut self, topic: impl Into<String>, name: &'static str, handler: F)
    where
        F: for<'a> Fn(&'a mut Tx, &'a Event) -> BoxFuture<'a, JobResult> + Send + Sync + 'static,
    {
        let subscription = Subscription {
            consumer: name,
            topic: topic.into(),
            handler: Arc::new(handler),
        };
        let before = self.by_consumer.insert(name, subscription);
        assert!(before.is_none(), "two subscribers have the name {name}");
    }

    fn of_topic(&self, topic: &str) -> Vec<Subscription> {
        self.by_consumer
            .values()
            .filter(|s| s.topic == topic)
            .cloned()
            .collect()
    }

    fn names_of_topic(&self, topic: &str) -> Vec<String> {
        self.of_topic(topic)
            .iter()
            .map(|s| s.consumer.to_owned())
            .collect()
    }
}
