//! What an audit log is to name: what HR changes of pay rules, holidays, sites, shifts, the roster, leave,
//! rotations, employment, devices and files of punches; what is done with kiosks and PINs; who has decided
//! on overtime, swaps, adjustments and exceptions; who has locked a period or taken its files. It is an
//! event that commits with the change; who keeps an audit log writes it there.

use model::Actor;
use model::permission::Who;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
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

/// Which fields of a thing have changed: from what, to what. What is not written was not there.
pub(crate) fn changes(before: &Value, after: &Value) -> Value {
    let none = Map::new();
    let (before, after) = (
        before.as_object().unwrap_or(&none),
        after.as_object().unwrap_or(&none),
    );
    let mut changes = Map::new();
    for field in before.keys().chain(after.keys()) {
        let (from, to) = (before.get(field), after.get(field));
        if from != to {
            changes.insert(field.clone(), json!({ "from": from, "to": to }));
        }
    }
    Value::Object(changes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_changed_is_told() {
        let before = json!({ "grace": 5, "name": "Usual", "old": true });
        let after = json!({ "grace": 10, "name": "Usual", "new": [1] });
        assert_eq!(
            changes(&before, &after),
            json!({
                "grace": { "from": 5, "to": 10 },
                "old": { "from": true, "to": null },
                "new": { "from": null, "to": [1] },
            })
        );
        assert_eq!(changes(&before, &before), json!({}));
    }
}
