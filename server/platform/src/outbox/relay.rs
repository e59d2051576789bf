//! Hands events to subscribers and listeners.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures::FutureExt;
use model::EventId;
use serde_json::Value;
use tokio::sync::broadcast;

use super::{Event, RELAY_JOB, RelayPayload, Subscribers, Subscription, store};
use crate::clock::Clock;
use crate::db::Db;
use crate::jobs::{JobError, JobResult, NewJob, Registry, enqueue};

/// How many tries of an event hold up the events behind it, for the subscriber that fails.
pub const PATIENCE: i32 = 5;

/// How long closed events are kept for those who look back, in days.
const KEEP_DAYS: i64 = 30;

/// How many events a listener may lag behind before it misses some.
const LISTENER_BUFFER: usize = 1024;

/// Why the relay stopped; what is owed stays owed.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Hands events to subscribers and listeners; cheap to clone.
#[derive(Clone)]
pub struct Relay {
    db: Db,
    clock: Arc<dyn Clock>,
    subscribers: Arc<Subscribers>,
    listeners: broadcast::Sender<Event>,
}

impl Relay {
    /// A relay to these subscribers.
    pub fn new(db: Db, clock: Arc<dyn Clock>, subscribers: Subscribers) -> Self {
        let (listeners, _) = broadcast::channel(LISTENER_BUFFER);
        Self {
            db,
            clock,
            subscribers: Arc::new(subscribers),
            listeners,
        }
    }

    /// Every event that this process relays from now on. A listener that is slower than 1024
    /// events misses some and is told so.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.listeners.subscribe()
    }

    /// Registers the jobs: one that relays an event, one that sweeps up what was left, one that
    /// tidies away old events.
    pub fn register(&self, registry: &mut Registry) {
        let relay = self.clone();
        registry.register(RELAY_JOB, move |payload| {
            let relay = relay.clone();
            async move { relay.run(payload).await }
        });
        let relay = self.clone();
        registry.register("outbox.sweep", move |_| {
            let relay = relay.clone();
            async move { relay.sweep().await }
        });
        registry.cron("outbox.sweep", "* * * * *");
        registry.at_start("outbox.sweep");
        let relay = self.clone();
        registry.register("outbox.tidy", move |_| {
            let relay = relay.clone();
            async move {
                let before = relay.now() - TimeDelta::days(KEEP_DAYS);
                let deleted = store::delete_closed(&mut *relay.db.read().await?, before).await?;
                tracing::info!(deleted, "old events were tidied away");
                Ok(())
            }
        });
        registry.cron("outbox.tidy", "17 3 * * *");
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    async fn run(&self, payload: Value) -> JobResult {
        let RelayPayload { event } = serde_json::from_value(payload)?;
        self.relay(event).await?;
        Ok(())
    }

    async fn sweep(&self) -> JobResult {
        // Ordinarily each event has its own job; this finds those whose job was lost or discarded.
        let open = store::list_open(&mut *self.db.read().await?, 1000).await?;
        for id in open {
            self.relay(id).await?;
        }
        Ok(())
    }

    /// Delivers an event, and whatever open events stand before it, to every subscriber of its
    /// topic that has not had it. Nothing to do for one that is closed already, so a job that runs
    /// twice does no harm.
    ///
    /// # Errors
    /// When the database does not answer. A subscriber that fails is no error here: its next try
    /// is a job of its own.
    pub async fn relay(&self, id: EventId) -> Result<(), RelayError> {
        let Some(event) = store::find_open(&mut *self.db.read().await?, id).await? else {
            return Ok(());
        };
        for subscription in self.subscribers.of_topic(&event.topic) {
            while self.deliver_next(&subscription).await? {}
        }
        let mut tx = self.db.begin("outbox.close").await?;
        let now = self.now();
        let first = store::mark_broadcast(&mut tx, id, now).await?;
        store::close(
            &mut tx,
            id,
            &self.subscribers.names_of_topic(&event.topic),
            now,
        )
        .await?;
        tx.commit().await?;
        if first {
            // Nobody may be listening, which is no error.
            let _ = self.listeners.send(event);
        }
        Ok(())
    }

    /// Delivers the next event that a subscriber is owed. Returns whether there may be more.
    async fn deliver_next(&self, subscription: &Subscription) -> Result<bool, RelayError> {
        let now = self.now();
        let mut tx = self.db.begin("outbox.deliver").await?;
        store::lock_consumer(&mut tx, subscription.consumer).await?;
        let owed = store::next_owed(
            &mut tx,
            subscription.consumer,
            &subscription.topic,
            PATIENCE,
            now,
        );
        let Some(event) = owed.await? else {
            tx.rollback().await?;
            return Ok(false);
        };
        // One that panics is one that fails: the other subscribers still get theirs.
        let handled = AssertUnwindSafe((subscription.handler)(&mut tx, &event))
            .catch_unwind()
            .await;
        let handled = handled.unwrap_or_else(|_| Err(JobError::retry("the subscriber panicked")));
        let outcome = match handled {
            Ok(()) => store::mark_handled(&mut tx, subscription.consumer, event.id, now)
                .await
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.message),
        };
        let outcome = match outcome {
            Ok(()) => tx.commit().await.map_err(|error| error.to_string()),
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        };
        match outcome {
            Ok(()) => {
                metrics::counter!("outbox_delivered_total", "consumer" => subscription.consumer)
                    .increment(1);
            }
            Err(error) => self.record_failure(subscription, &event, &error).await?,
        }
        Ok(true)
    }

    /// Keeps the failure and enqueues the next try, with a pause that doubles from 1 s to 1 h.
    async fn record_failure(
        &self,
        subscription: &Subscription,
        event: &Event,
        error: &str,
    ) -> Result<(), RelayError> {
        let mut tx = self.db.begin("outbox.fail").await?;
        let consumer = subscription.consumer;
        let attempts = store::count_failure(&mut tx, consumer, event.id, error).await?;
        let exponent = u32::try_from(attempts - 1).unwrap_or(0).min(12);
        let next_at = self.now() + TimeDelta::seconds(2_i64.pow(exponent).min(3600));
        store::set_next_try(&mut tx, consumer, event.id, next_at).await?;
        let retry = NewJob::new(RELAY_JOB, &RelayPayload { event: event.id }).run_at(next_at);
        enqueue(&mut tx, retry).await?;
        tx.commit().await?;
        metrics::counter!("outbox_failed_total", "consumer" => consumer).increment(1);
        tracing::warn!(
            event.id = %event.id,
            event.topic = event.topic,
            outbox.consumer = consumer,
            outbox.attempts = attempts,
            error,
            "a subscriber failed and is tried again later"
        );
        Ok(())
    }
}
