//! Putting right the day of somebody who has not asked: whoever would decide the request makes it, and it
//! is granted in the same step. From there on it is a request like any other.

use model::attendance::views::{CorrectionForm, CorrectionPreview, CorrectionView};
use model::{Actor, PersonId};
use serde_json::json;

use super::{Asked, check_changes};
use crate::inbox::{approve_or_manage, check_key};
use crate::{Attendance, Error};

impl Attendance {
    /// What a correction would make of the day of somebody for whom the actor decides.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody for whom others decide; 403 for oneself; 422 with the changes
    /// that cannot be.
    pub async fn preview_correction_of(
        &self,
        actor: &Actor,
        employee: PersonId,
        form: &CorrectionForm,
    ) -> Result<CorrectionPreview, Error> {
        actor.require(approve_or_manage(actor))?;
        check_changes(form)?;
        let mut conn = self.deps.db.read().await?;
        self.require_decider(&mut conn, actor, employee).await?;
        self.look_at_correction(&mut conn, employee, form).await
    }

    /// Puts the day of somebody right for whom the actor decides: asked for and granted in one step. The
    /// same key again makes nothing more.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody for whom others decide; 403 for oneself; 422 with the changes
    /// that cannot be, or without a reason; [`Error::KeyReused`] when the key was used for another one.
    pub async fn make_correction(
        &self,
        actor: &Actor,
        employee: PersonId,
        form: &CorrectionForm,
        key: &str,
    ) -> Result<CorrectionView, Error> {
        actor.require(approve_or_manage(actor))?;
        check_key(key)?;
        let mut tx = self.deps.db.begin("attendance.make_correction").await?;
        self.require_decider(&mut tx, actor, employee).await?;
        let id = match self
            .known_or_new(&mut tx, actor, employee, form, key)
            .await?
        {
            Asked::Before(known) => return Ok(*known),
            Asked::Now(id) => id,
        };
        let row = self.open_correction(&mut tx, actor, id).await?;
        self.settle_correction_in_tx(&mut tx, actor, &row, true, "")
            .await?;
        let detail = json!({
            "correction": id,
            "day": row.work_date,
            "changes": row.changes.0,
            "reason": row.reason,
        });
        let subject = format!("person:{employee}");
        self.audit_in_tx(&mut tx, actor, "correction.made", subject, detail)
            .await?;
        let view = self.correction_view(&mut tx, actor, id).await?;
        tx.commit().await?;
        self.nudge();
        Ok(view)
    }
}
