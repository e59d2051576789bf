//! `GET /events`: what changes while a page is open, as server-sent events. Each says only that
//! something of a topic has changed; the page then reads again what it may see.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use model::{Actor, Permission};
use serde_json::Value;
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
        let topic = match &event {
            Ok(event) => told(&actor, &event.topic, &event.payload),
            Err(_) => Some("missed"),
        };
        let told = topic.map(|topic| Ok(Event::default().event("changed").data(topic)));
        std::future::ready(told)
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

/// What somebody may know of an event: its topic, a coarser one, or nothing.
fn told<'a>(actor: &Actor, topic: &'a str, payload: &Value) -> Option<&'a str> {
    let may = |permission: Permission| actor.may(permission).then_some(topic);
    match (topic.split('.').next(), topic) {
        (Some("payment"), _) => may(Permission::PaymentsRead),
        (Some("settlement"), _) => may(Permission::SettlementRead),
        (Some("meeting"), _) => may(Permission::MeetingsRead),
        (_, "attendance.device") => may(Permission::DevicesManage),
        // Who has looked at whose days, and who has changed what, is for the audit log.
        (_, "attendance.viewed" | "attendance.audited") => None,
        // In the morning days change by the dozen a second. Whoever reads days of others hears of
        // all, everybody of the own; that somebody has come or gone concerns the board alone.
        (_, "attendance.day") => {
            let others = [Permission::AttendanceApprove, Permission::AttendanceManage];
            match others.into_iter().any(|p| actor.may(p)) || is_own(actor, payload) {
                true => Some(topic),
                false => may(Permission::AttendanceSelf).map(|_| "attendance.presence"),
            }
        }
        (Some("attendance"), _) => may(Permission::AttendanceSelf),
        _ => None,
    }
}

/// Whether one of the days that changed is the actor's own.
fn is_own(actor: &Actor, payload: &Value) -> bool {
    let Some(me) = actor.person_id().map(|id| id.to_string()) else {
        return false;
    };
    let days = payload["days"].as_array().into_iter().flatten();
    days.filter_map(|day| day["employee"].as_str())
        .any(|employee| employee == me)
}
