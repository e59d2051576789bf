//! Ending leave that is granted, from a day on: its days are working days again, and what they had cost is
//! given back by entries of its own. Whoever decides about somebody's leave may do so at any time, also
//! when it has begun or is over.

use chrono::NaiveDate;
use model::attendance::views::{LeaveState, LeaveView};
use model::{Actor, LeaveRequestId};
use serde_json::json;

use super::request::{get, small};
use super::view;
use crate::inbox::{approve_or_manage, check_text, may_decide, not_oneself};
use crate::store::leave_requests::{self as requests, End};
use crate::{Attendance, Error};

/// The longest reason.
const MOST_REASON: usize = 1000;

impl Attendance {
    /// Ends granted leave: `from_day` is the first day that is no leave any more. Ended from its first day
    /// on, it is given back as a whole.
    ///
    /// # Errors
    /// [`Error::NotFound`] for leave that is not the actor's to decide; 403 for one's own;
    /// [`Error::Invalid`] for a day that is not of this leave, or without a reason; [`Error::Decided`] for
    /// leave that is not granted; [`Error::Changed`] when it is no longer what was seen.
    pub async fn end_leave(
        &self,
        actor: &Actor,
        id: LeaveRequestId,
        version: i32,
        from_day: NaiveDate,
        reason: &str,
    ) -> Result<LeaveView, Error> {
        actor.require(approve_or_manage(actor))?;
        let reason = checked_reason(reason)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.end_leave").await?;
        let employee = requests::lock(&mut tx, id).await?;
        let employee = employee.ok_or(Error::NotFound("request"))?;
        not_oneself(actor, employee)?;
        let (_, today) = self.person_on_leave(&mut tx, employee).await?;
        let row = get(&mut tx, id, today).await?;
        if !may_decide(actor, employee, row.manager_id) {
            return Err(Error::NotFound("request"));
        }
        if row.state != LeaveState::Approved {
            return Err(Error::Decided(row.state.as_str()));
        }
        if row.version != version {
            return Err(Error::Changed);
        }
        let last = from_day.pred_opt();
        let last = last.filter(|_| (row.from_day..=row.to_day).contains(&from_day));
        let last = last.ok_or_else(|| {
            Error::field(
                "from",
                "Choose a day of this leave, the first or a later one.",
            )
        })?;
        self.give_back_in_tx(&mut tx, actor, &row, from_day).await?;
        let is_whole = from_day == row.from_day;
        let left = requests::granted_minutes(&mut tx, id).await?;
        let (state, to_day, minutes) = match is_whole {
            true => (LeaveState::Cancelled, row.to_day, row.minutes),
            false => (LeaveState::Approved, last, small(left)?),
        };
        let by = actor.who.reference();
        let end = End {
            state,
            to_day,
            minutes,
            by: &by,
            by_label: actor.who.label(),
            at: now,
            note: reason,
        };
        if !requests::end(&mut tx, id, version, &end).await? {
            return Err(Error::Changed);
        }
        let detail = json!({
            "request": id,
            "from": from_day,
            "until": row.to_day,
        });
        let subject = format!("person:{employee}");
        self.audit_in_tx(&mut tx, actor, "leave.ended", subject, detail)
            .await?;
        self.tell_request_in_tx(&mut tx, "leave", id.0, employee)
            .await?;
        let row = get(&mut tx, id, today).await?;
        let view = view::request(&mut tx, actor, &row, today, false).await?;
        tx.commit().await?;
        self.nudge();
        Ok(view)
    }
}

fn checked_reason(reason: &str) -> Result<&str, Error> {
    let reason = reason.trim();
    check_text("reason", reason)?;
    match reason.chars().count() {
        1..=MOST_REASON => Ok(reason),
        _ => Err(Error::field(
            "reason",
            "Say why, in 1 to 1000 characters; whose leave it is reads it.",
        )),
    }
}
