//! `GET /events`: what changes while a page is open, as server-sent events. Each says only that
//! something of a topic has changed; the page then reads again what it may see.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use model::Permission;
use tokio_stream::wrappers::BroadcastStream;

use super::auth::Somebody;
use super::problem::HttpProblem;
use crate::wiring::Services;

/// The stream for somebody who may see payments.
pub async fn events(
    State(services): State<Services>,
    Somebody(actor): Somebody,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, HttpProblem> {
    actor.require(Permission::PaymentsRead)?;
    let stream = BroadcastStream::new(services.relay.listen()).map(|event| {
        // A listener that fell behind has missed some, and reads everything again.
        let topic = event.map_or_else(|_| "missed".to_owned(), |event| event.topic);
        Ok(Event::default().event("changed").data(topic))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}
