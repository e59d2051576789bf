//! What HR changes that an audit log is to name: kinds of leave, entries of a balance, rotations, devices,
//! files of punches. It is an event that commits with the change; who keeps an audit log writes it there.

use model::Actor;
use model::permission::Who;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Attendance, Error};

/// The topic of what is to stand in the audit log.
pub const AUDITED: &str = "attendance.audited";

/// What an event of [`AUDITED`] says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Audited {
    /// Who did it.
    pub by: Who,
    /// What, such as `leave_kind.saved`.
    pub action: String,
    /// To what, such as `person:…`.
    pub subject: String,
    /// What it says now; no secrets.
    pub detail: Value,
}

impl Attendance {
    /// Tells the audit log, in the caller's transaction.
    pub(crate) async fn audit_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        action: &str,
        subject: String,
        detail: Value,
    ) -> Result<(), Error> {
        let audited = Audited {
            by: actor.who.clone(),
            action: action.to_owned(),
            subject,
            detail,
        };
        let (id, now) = (self.deps.new_id(), self.deps.now());
        platform::outbox::publish(conn, id, now, AUDITED, &audited).await?;
        Ok(())
    }
}
