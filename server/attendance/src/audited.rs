//! What an audit log is to name: what HR changes of leave, rotations, devices and files of punches; what is
//! done with kiosks and PINs; who has decided on overtime and swaps. It is an event that commits with the change; who keeps an audit log writes it there.

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
    /// What, such as `attendance.leave_kind.saved`.
    pub action: String,
    /// To what, such as `person:…`.
    pub subject: String,
    /// What it says now; no secrets.
    pub detail: Value,
}

impl Attendance {
    /// Tells the audit log, in the caller's transaction, what somebody has done here.
    pub(crate) async fn audit_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        action: &str,
        subject: String,
        detail: Value,
    ) -> Result<(), Error> {
        let action = format!("attendance.{action}");
        self.audit_as_in_tx(conn, &actor.who, action, subject, detail)
            .await?;
        Ok(())
    }

    /// The same of whoever it was, under the whole name of what was done.
    pub(crate) async fn audit_as_in_tx(
        &self,
        conn: &mut PgConnection,
        who: &Who,
        action: String,
        subject: String,
        detail: Value,
    ) -> Result<(), sqlx::Error> {
        let audited = Audited {
            by: who.clone(),
            action,
            subject,
            detail,
        };
        let (id, now) = (self.deps.new_id(), self.deps.now());
        platform::outbox::publish(conn, id, now, AUDITED, &audited).await
    }
}
