//! What other domains hear of people: that somebody is new or has changed. What has changed they read
//! themselves, so no event holds personal data.

use model::PersonId;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::Identity;

/// The topic of [`PersonChanged`].
pub const PERSON_CHANGED: &str = "person.changed";

/// Somebody was added, disabled or enabled, or has other roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChanged {
    /// Who.
    pub person: PersonId,
}

impl Identity {
    /// Publishes the event in the transaction of the change.
    pub(crate) async fn tell_in_tx(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
    ) -> Result<(), sqlx::Error> {
        let event = PersonChanged { person };
        let (id, now) = (self.deps.new_id(), self.deps.now());
        platform::outbox::publish(conn, id, now, PERSON_CHANGED, &event).await
    }
}
