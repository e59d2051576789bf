//! Leave of somebody who has not asked, sick leave above all: whoever would decide the request enters it,
//! and it is granted in the same step. From there on it is leave like any other.

use model::attendance::views::{LeaveCost, LeaveForm, LeavePage, LeaveView};
use model::{Actor, PersonId};
use serde_json::json;

use super::request::{get, known};
use super::view;
use crate::inbox::{approve_or_manage, check_key, check_note};
use crate::privacy::Data;
use crate::store::leave::lock_ledger;
use crate::{Attendance, Error};

impl Attendance {
    /// The leave of somebody, for whoever may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody whose leave the actor may not see.
    pub async fn leave_page_of(
        &self,
        actor: &Actor,
        employee: PersonId,
    ) -> Result<LeavePage, Error> {
        actor.require(approve_or_manage(actor))?;
        let mut tx = self.deps.db.begin("attendance.leave_page_of").await?;
        self.require_sight(&mut tx, actor, employee, Data::LeaveKind)
            .await?;
        let page = self.leave_page_in_tx(&mut tx, actor, employee).await?;
        tx.commit().await?;
        self.tell_viewed(actor, employee, "leave").await?;
        Ok(page)
    }

    /// What leave of somebody for whom the actor decides would cost, and what is in its way.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody for whom others decide; 403 for oneself; 422 with the fields that
    /// are wrong.
    pub async fn leave_cost_of(
        &self,
        actor: &Actor,
        employee: PersonId,
        form: &LeaveForm,
    ) -> Result<LeaveCost, Error> {
        actor.require(approve_or_manage(actor))?;
        let mut tx = self.deps.db.begin("attendance.leave_cost_of").await?;
        self.require_decider(&mut tx, actor, employee).await?;
        let asked = self.look_at(&mut tx, employee, form).await?;
        tx.commit().await?;
        Ok(asked.cost())
    }

    /// Gives leave to somebody for whom the actor decides: asked for and granted in one step. A manager
    /// gives what there is; only HR gives more. The same key again gives nothing more.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody for whom others decide; 403 for oneself; 422 with the fields that
    /// are wrong; 409 for days that are taken, or when too little is left; [`Error::KeyReused`] when the
    /// key was used for other leave.
    pub async fn give_leave(
        &self,
        actor: &Actor,
        employee: PersonId,
        form: &LeaveForm,
        key: &str,
    ) -> Result<LeaveView, Error> {
        actor.require(approve_or_manage(actor))?;
        check_key(key)?;
        check_note(&form.note)?;
        let mut tx = self.deps.db.begin("attendance.give_leave").await?;
        self.require_decider(&mut tx, actor, employee).await?;
        lock_ledger(&mut tx, employee).await?;
        let (person, today) = self.person_on_leave(&mut tx, employee).await?;
        if let Some(row) = known(&mut tx, actor, key, employee, form, today).await? {
            return view::request(&mut tx, actor, &row, today, true).await;
        }
        let row = self
            .keep_request_in_tx(&mut tx, actor, employee, form, key)
            .await?;
        self.settle_leave_in_tx(&mut tx, actor, &person, &row, true, "", today)
            .await?;
        let detail = json!({
            "request": row.id,
            "type": row.type_id,
            "from": row.from_day,
            "until": row.to_day,
        });
        let subject = format!("person:{employee}");
        self.audit_in_tx(&mut tx, actor, "leave.given", subject, detail)
            .await?;
        let row = get(&mut tx, row.id, today).await?;
        let view = view::request(&mut tx, actor, &row, today, true).await?;
        tx.commit().await?;
        self.nudge();
        Ok(view)
    }
}
