//! What is told of a change: a line of the meeting's history, and an event for whoever listens.

use chrono::{DateTime, Utc};
use model::permission::Who;
use model::{Actor, MeetingId};
use serde::Serialize;
use sqlx::PgConnection;

use crate::Scheduling;
use crate::store::history::{self, EventRow};
use crate::store::meetings::MeetingRow;

/// One thing that happened to a meeting.
pub(crate) struct News {
    pub kind: &'static str,
    pub text: String,
    /// Somebody has to see it, although the machine did it.
    pub for_people: bool,
}

impl News {
    pub(crate) fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            for_people: false,
        }
    }

    /// Keeps it from being folded away with the steps of the machine.
    pub(crate) fn for_people(self) -> Self {
        Self {
            for_people: true,
            ..self
        }
    }
}

/// The payload of every event of this domain.
#[derive(Serialize)]
struct Payload {
    meeting: MeetingId,
}

impl Scheduling {
    /// Writes history and event in the caller's transaction. The event's topic is `meeting.` and
    /// the kind.
    pub(crate) async fn tell_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        meeting: &MeetingRow,
        news: News,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let row = EventRow {
            id: self.deps.new_id(),
            meeting_id: meeting.id,
            at: now,
            actor: actor.who.reference(),
            actor_label: actor.who.label().to_owned(),
            kind: news.kind.to_owned(),
            text: news.text,
            machine: matches!(actor.who, Who::System { .. }) && !news.for_people,
        };
        history::insert_event(conn, &row).await?;
        let topic = format!("meeting.{}", news.kind);
        let payload = Payload {
            meeting: meeting.id,
        };
        platform::outbox::publish(conn, self.deps.new_id(), now, &topic, &payload).await
    }
}
