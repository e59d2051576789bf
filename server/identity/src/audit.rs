//! The audit log: who did what, to what, when. It can only grow; the database refuses the rest.

use model::identity::AuditRow;
use model::{Actor, AuditId, Page, Permission};
use serde_json::Value;
use sqlx::PgConnection;

use crate::error::Error;
use crate::store::audit::{self, NewRow};
use crate::{Identity, Reader, cursor, page_size};

impl Identity {
    /// Writes a row in the caller's transaction, so that the action and its trace stand or fall
    /// together. `action` is two or more lower-case words with dots, the first being the group by
    /// which the log is filtered; `subject` is `<kind>:<id>`. `detail` must hold no secret and no
    /// personal data: what is written here cannot be taken out again.
    ///
    /// # Errors
    /// When the database refuses the row.
    pub async fn record_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        action: &str,
        subject: &str,
        detail: Value,
    ) -> Result<(), sqlx::Error> {
        let row = NewRow {
            id: self.deps.new_id(),
            at: self.deps.now(),
            actor: &actor.who.reference(),
            actor_label: actor.who.label(),
            action,
            subject,
            detail: &detail,
        };
        audit::insert(conn, &row).await
    }

    /// The log, newest first; with `action`, only rows whose action begins with that text. `limit`
    /// is 1 to 200.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `audit:read`; [`Error::Invalid`] for a cursor that is none.
    pub async fn list_audit(
        &self,
        actor: &Actor,
        action: Option<&str>,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<AuditRow>, Error> {
        actor.require(Permission::AuditRead)?;
        let after = cursor::<AuditId>(after)?;
        let limit = page_size(limit);
        let mut conn = self.deps.db.read().await?;
        let rows = audit::list(&mut conn, action.unwrap_or_default(), after, limit + 1).await?;
        let reader = Reader::actor(actor);
        let views = rows.into_iter().map(|row| row.view(&reader)).collect();
        Ok(Page::from_overfetch(
            views,
            limit as usize,
            |row: &AuditRow| row.id.to_string(),
        ))
    }
}
