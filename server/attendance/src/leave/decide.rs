//! Deciding about leave, and giving it back.

use chrono::NaiveDate;
use model::attendance::accrual::{
    EntryKind, LeaveDay, LeaveRequest, balance_errors, give_back, take,
};
use model::attendance::rotation::DateRange;
use model::attendance::views::{LeaveState, LeaveView};
use model::{Actor, LeaveRequestId, Permission, Problem};
use platform::db::{Tx, on_constraint};

use super::balance::{ledger, says};
use super::plan::{self, Plan};
use super::request::{get, overlaps, small};
use super::view;
use crate::inbox::{approve_or_manage, check_note, may_decide};
use crate::store::leave::{self as store, PersonRow};
use crate::store::leave_requests::{self as requests, Decision, GrantedDay, RequestRow};
use crate::{Attendance, Error};

impl Attendance {
    /// Grants or refuses leave. A manager grants what there is; only HR grants more.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request that is not the actor's to decide; 409 when it was decided
    /// already or changed, when days of it are leave already, or when too little is left.
    pub async fn decide_leave(
        &self,
        actor: &Actor,
        id: LeaveRequestId,
        version: i32,
        approve: bool,
        note: &str,
    ) -> Result<LeaveView, Error> {
        actor.require(approve_or_manage(actor))?;
        check_note(note)?;
        let mut tx = self.deps.db.begin("attendance.decide_leave").await?;
        let employee = requests::lock(&mut tx, id).await?;
        let employee = employee.ok_or(Error::NotFound("request"))?;
        let (person, today) = self.person_on_leave(&mut tx, employee).await?;
        let row = get(&mut tx, id, today).await?;
        if !may_decide(actor, row.employee_id, row.manager_id) {
            return Err(Error::NotFound("request"));
        }
        check(&row, version)?;
        self.settle_leave_in_tx(&mut tx, actor, &person, &row, approve, note, today)
            .await?;
        let row = get(&mut tx, id, today).await?;
        let view = view::request(&mut tx, actor, &row, today, true).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Writes a decision about an open request, does what it says, and tells of it.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another part of the decision"
    )]
    pub(super) async fn settle_leave_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: &PersonRow,
        row: &RequestRow,
        approve: bool,
        note: &str,
        today: NaiveDate,
    ) -> Result<(), Error> {
        let (state, minutes) = if approve {
            let minutes = self.grant_in_tx(tx, actor, person, row, today).await?;
            (LeaveState::Approved, minutes)
        } else {
            (LeaveState::Refused, row.minutes)
        };
        let (by, now) = (actor.who.reference(), self.deps.now());
        let decision = Decision {
            from: LeaveState::Requested,
            state,
            minutes,
            by: Some(&by),
            by_label: Some(actor.who.label()),
            at: Some(now),
            note: note.trim(),
        };
        if !requests::settle(tx, row.id, row.version, &decision).await? {
            return Err(Error::Changed);
        }
        self.tell_request_in_tx(tx, "leave", row.id.0, person.id)
            .await
    }

    /// Takes one's own request back, or gives granted leave back that has not begun.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request of somebody else; 409 when it is too late for that.
    pub async fn withdraw_leave(
        &self,
        actor: &Actor,
        id: LeaveRequestId,
        version: i32,
    ) -> Result<LeaveView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.deps.db.begin("attendance.withdraw_leave").await?;
        let employee = requests::lock(&mut tx, id).await?;
        let employee = employee.filter(|employee| *employee == own);
        let employee = employee.ok_or(Error::NotFound("request"))?;
        let (_, today) = self.person_on_leave(&mut tx, employee).await?;
        let row = get(&mut tx, id, today).await?;
        let state = match row.state {
            LeaveState::Requested => LeaveState::Withdrawn,
            LeaveState::Approved if today < row.from_day => LeaveState::Cancelled,
            LeaveState::Approved => {
                return Err(Error::Invalid(Problem::new(
                    409,
                    "leave_has_begun",
                    "This leave has begun. Whoever decides about your leave, or HR, can end it from a day on.",
                )));
            }
            LeaveState::Refused | LeaveState::Withdrawn | LeaveState::Cancelled => {
                return Err(Error::Decided(row.state.as_str()));
            }
        };
        if row.version != version {
            return Err(Error::Changed);
        }
        if state == LeaveState::Cancelled {
            self.give_back_in_tx(&mut tx, actor, &row, row.from_day)
                .await?;
        }
        let decision = Decision {
            from: row.state,
            state,
            minutes: row.minutes,
            by: None,
            by_label: None,
            at: None,
            note: &row.decision_note,
        };
        if !requests::settle(&mut tx, id, version, &decision).await? {
            return Err(Error::Changed);
        }
        self.tell_request_in_tx(&mut tx, "leave", id.0, employee)
            .await?;
        let row = get(&mut tx, id, today).await?;
        let view = view::request(&mut tx, actor, &row, today, false).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Grants the days of a request and enters them. Gives what they cost by the roster of now.
    async fn grant_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: &PersonRow,
        row: &RequestRow,
        today: NaiveDate,
    ) -> Result<i32, Error> {
        store::lock_ledger(tx, person.id).await?;
        let now = self.deps.now();
        let kinds = store::types(tx).await?;
        let kind = kinds.into_iter().find(|kind| kind.id == row.type_id);
        let kind = kind.ok_or(Error::NotFound("kind of leave"))?;
        let plan = Plan::load(tx, person.id, row.from_day, row.to_day).await?;
        let request = plan::request(row.from_day, row.to_day, row.part);
        let days = plan.cost_of(&request);
        let rules = kind.rules();
        if kind.is_counted() && !days.is_empty() && !actor.may(Permission::AttendanceManage) {
            let ledger = ledger(tx, person, &kind, row.to_day, today).await?;
            let left = ledger.available_beside_requests(row.from_day);
            if let Some(short) = balance_errors(&rules, &days, left).into_iter().next() {
                let detail = format!("{} HR can grant it nevertheless.", short.message);
                return Err(Error::Invalid(Problem::new(409, "too_little_left", detail)));
            }
        }
        let granted = granted(&request, &days)?;
        on_constraint(
            requests::grant_days(tx, person.id, row.id, row.type_id, &granted).await,
            "leave_day_no_overlap",
            || overlaps("Days of this request are leave already.".to_owned()),
        )?;
        let by = actor.who.reference();
        for entry in take(&rules, &row.id.to_string(), &days) {
            let id = self.deps.new_id();
            let text = says(&entry);
            store::add_entry(tx, id, person.id, kind.id, &entry, &text, &by, now).await?;
        }
        self.mark_stale_in_tx(tx, &[(person.id, row.from_day, row.to_day)])
            .await?;
        self.tell_leave_changed_in_tx(tx, row.id).await?;
        small(days.iter().map(|day| day.minutes).sum())
    }

    /// Takes the days of granted leave back, from one on, and enters what they had cost.
    pub(super) async fn give_back_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &RequestRow,
        from: NaiveDate,
    ) -> Result<(), Error> {
        store::lock_ledger(tx, row.employee_id).await?;
        let now = self.deps.now();
        let kinds = store::types(tx).await?;
        let kind = kinds.into_iter().find(|kind| kind.id == row.type_id);
        let kind = kind.ok_or(Error::NotFound("kind of leave"))?;
        let code = kind.rules().code;
        let own = format!("{code}:taken:{}:", row.id);
        let entries = store::entries(tx, row.employee_id, kind.id, &code).await?;
        let taken = entries.iter().filter(|entry| {
            let is_own = entry.kind == EntryKind::Taken && entry.source_key.starts_with(&own);
            is_own && entry.effective_on >= from
        });
        let by = actor.who.reference();
        for entry in taken.map(give_back) {
            let id = self.deps.new_id();
            let text = says(&entry);
            store::add_entry(tx, id, row.employee_id, kind.id, &entry, &text, &by, now).await?;
        }
        requests::take_days_back(tx, row.id, from).await?;
        self.mark_stale_in_tx(tx, &[(row.employee_id, from, row.to_day)])
            .await?;
        self.tell_leave_changed_in_tx(tx, row.id).await
    }
}

/// Every date of a request, also those that cost nothing: who is rostered later on a Saturday within
/// their leave is away then as well.
fn granted(request: &LeaveRequest, days: &[LeaveDay]) -> Result<Vec<GrantedDay>, Error> {
    let dates = DateRange::new(request.from, request.until).dates();
    let granted = dates.filter_map(|day| {
        let part = request.part_on(day)?;
        let cost = days.iter().find(|cost| cost.date == day);
        Some((day, part, cost.map_or(0, |cost| cost.minutes)))
    });
    granted
        .map(|(day, part, minutes)| {
            let minutes = small(minutes)?;
            Ok(GrantedDay { day, part, minutes })
        })
        .collect()
}

/// Whether a request is still to be decided, as it was seen.
fn check(row: &RequestRow, version: i32) -> Result<(), Error> {
    if row.state != LeaveState::Requested {
        return Err(Error::Decided(row.state.as_str()));
    }
    if row.version != version {
        return Err(Error::Changed);
    }
    Ok(())
}
