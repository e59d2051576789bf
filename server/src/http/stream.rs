//! `GET /events`: what changes while a page is open, as server-sent events. Each says only that
//! something of a topic has changed; the page then reads again what it may see.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use model::{Actor, Permission};
use tokio_stream::wrappers::BroadcastStream;

use super::auth::Somebody;
use crate::wiring::Services;

/// The stream for somebody who is signed in, with the topics that they may see.
pub async fn events(
    State(services): State<Services>,
    Somebody(actor): Somebody,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = BroadcastStream::new(services.relay.listen()).filter_map(move |event| {
        // A listener that fell behind has missed some, and reads everything again.
        let topic = event.map_or_else(|_| "missed".to_owned(), |event| event.topic);
        let seen = may_see(&actor, &topic);
        std::future::ready(seen.then(|| Ok(Event::default().event("changed").data(topic))))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

/// Who may know that something of a topic has changed.
fn may_see(actor: &Actor, topic: &str) -> bool {
    match topic.split('.').next() {
        Some("payment") => actor.may(Permission::PaymentsRead),
        Some("settlement") => actor.may(Permission::SettlementRead),
        Some("meeting") => actor.may(Permission::MeetingsRead),
        Some("missed") => true,
        _ => false,
    }
}
