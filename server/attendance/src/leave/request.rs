//! Asking for leave: what it would cost, what is in its way, and the request.

use chrono::{Datelike, NaiveDate};
use model::attendance::accrual::{LeaveDay, LeaveRequest, Part, balance_errors, request_errors};
use model::attendance::views::{LeaveCost, LeaveForm, LeaveView};
use model::problem::FieldError;
use model::{Actor, LeaveRequestId, Permission, PersonId, Problem};
use platform::db::Tx;
use serde_json::json;
use sqlx::PgConnection;

use super::balance::{Ledger, ledger};
use super::plan::{self, Plan};
use super::view;
use crate::inbox::{check_key, check_note};
use crate::store::leave::{TypeRow, lock_ledger};
use crate::store::leave_requests::{self as store, NewRequest, RequestRow};
use crate::{Attendance, Error};

/// How many years back, and ahead, leave may be.
const YEARS: i32 = 2;

impl Attendance {
    /// What leave would cost, and what is in its way.
    ///
    /// # Errors
    /// 422 with the fields that are wrong.
    pub async fn leave_cost(&self, actor: &Actor, form: &LeaveForm) -> Result<LeaveCost, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.deps.db.begin("attendance.leave_cost").await?;
        let asked = self.look_at(&mut tx, id, form).await?;
        tx.commit().await?;
        Ok(asked.cost())
    }

    /// Asks for leave. Whoever asks for more than is left may do so: HR can grant it.
    ///
    /// # Errors
    /// 422 with the fields that are wrong; 409 for days that are taken.
    pub async fn request_leave(
        &self,
        actor: &Actor,
        form: &LeaveForm,
        key: &str,
    ) -> Result<LeaveView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        check_key(key)?;
        check_note(&form.note)?;
        let mut tx = self.deps.db.begin("attendance.request_leave").await?;
        lock_ledger(&mut tx, id).await?;
        let (_, today) = self.person_on_leave(&mut tx, id).await?;
        if let Some(row) = known(&mut tx, actor, key, id, form, today).await? {
            return view::request(&mut tx, actor, &row, today, true).await;
        }
        let row = self
            .keep_request_in_tx(&mut tx, actor, id, form, key)
            .await?;
        self.tell_request_in_tx(&mut tx, "leave", row.id.0, id)
            .await?;
        let view = view::request(&mut tx, actor, &row, today, true).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Keeps a request that nobody has decided yet. The caller holds the ledger, and knows that the key
    /// was not used before.
    pub(super) async fn keep_request_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: PersonId,
        form: &LeaveForm,
        key: &str,
    ) -> Result<RequestRow, Error> {
        let asked = self.look_at(tx, id, form).await?;
        if let Some(overlap) = asked.overlap {
            return Err(overlaps(overlap.message));
        }
        if asked.minutes() == 0 {
            return Err(Error::field(
                "from_day",
                "There is no work on these days that leave could free you from.",
            ));
        }
        let (request, by): (LeaveRequestId, _) = (self.deps.new_id(), actor.who.reference());
        let new = NewRequest {
            id: request,
            employee_id: id,
            type_id: form.type_id,
            from_day: form.from_day,
            to_day: form.to_day,
            part: form.part,
            note: form.note.trim(),
            minutes: small(asked.minutes())?,
            client_key: key,
            created_by: &by,
            created_at: self.deps.now(),
        };
        if !store::insert(tx, &new).await? {
            return Err(Error::KeyReused);
        }
        get(tx, request, asked.today).await
    }

    /// Everything about a form: what it costs, what is left, what is in its way.
    pub(super) async fn look_at(
        &self,
        conn: &mut PgConnection,
        id: PersonId,
        form: &LeaveForm,
    ) -> Result<Asked, Error> {
        let (person, today) = self.person_on_leave(conn, id).await?;
        let kinds = self.ensure_leave_types_in_tx(conn).await?;
        let mut errors = form_errors(form, today);
        let kind = kinds
            .into_iter()
            .find(|kind| kind.id == form.type_id && !kind.retired);
        if kind.is_none() {
            errors.push(wrong("type_id", "Choose a kind of leave."));
        }
        let Some(kind) = kind.filter(|_| errors.is_empty()) else {
            return Err(Error::Invalid(Problem::invalid(errors)));
        };
        let request = plan::request(form.from_day, form.to_day, form.part);
        let plan = Plan::load(conn, id, form.from_day, form.to_day).await?;
        let others = store::live_between(conn, id, form.from_day, form.to_day).await?;
        let others: Vec<LeaveRequest> = others
            .iter()
            .map(|row| plan::request(row.from_day, row.to_day, row.part))
            .collect();
        let overlap = request_errors(&request, &others).into_iter().next();
        let ledger = ledger(conn, &person, &kind, form.to_day, today).await?;
        Ok(Asked {
            days: plan.cost_of(&request),
            from: form.from_day,
            kind,
            overlap,
            ledger,
            today,
        })
    }

    /// Tells pages that something was asked for or decided.
    pub(crate) async fn tell_request_in_tx(
        &self,
        conn: &mut PgConnection,
        kind: &str,
        id: uuid::Uuid,
        employee: PersonId,
    ) -> Result<(), Error> {
        let payload = json!({ "kind": kind, "id": id, "employee": employee });
        let (event, now) = (self.deps.new_id(), self.deps.now());
        platform::outbox::publish(conn, event, now, "attendance.request", &payload).await?;
        Ok(())
    }
}

/// What is asked for, looked at.
pub(super) struct Asked {
    kind: TypeRow,
    from: NaiveDate,
    days: Vec<LeaveDay>,
    overlap: Option<FieldError>,
    ledger: Ledger,
    today: NaiveDate,
}

impl Asked {
    fn minutes(&self) -> i64 {
        self.days.iter().map(|day| day.minutes).sum()
    }

    pub(super) fn cost(&self) -> LeaveCost {
        let available = self.ledger.available(self.from);
        let too_little = balance_errors(&self.kind.rules(), &self.days, available);
        let obstacles = self.overlap.iter().chain(&too_little);
        LeaveCost {
            minutes: self.minutes(),
            days: i64::try_from(self.days.len()).unwrap_or(i64::MAX),
            left_minutes: self.kind.is_counted().then(|| available - self.minutes()),
            obstacles: obstacles.map(|error| error.message.clone()).collect(),
            // Meetings are another domain's to tell.
        }
    }
}

/// What is wrong with a form, whatever the roster.
fn form_errors(form: &LeaveForm, today: NaiveDate) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let years = (today.year() - YEARS)..=(today.year() + YEARS);
    if !years.contains(&form.from_day.year()) {
        errors.push(wrong("from_day", "Choose a day within two years."));
    }
    if form.to_day < form.from_day {
        errors.push(wrong("to_day", "The last day is before the first."));
    } else if (form.to_day - form.from_day).num_days() >= 366 {
        errors.push(wrong("to_day", "Ask for at most a year at once."));
    }
    if form.part != Part::Full && form.from_day != form.to_day {
        errors.push(wrong("part", "Half a day is of a single day."));
    }
    if form.note.trim().chars().count() > 1000 {
        errors.push(wrong("note", "Say it in a thousand characters."));
    }
    errors
}

fn wrong(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}

pub(super) fn overlaps(message: String) -> Error {
    Error::Invalid(Problem::new(409, "leave_overlaps", message))
}

pub(super) fn small(minutes: i64) -> Result<i32, Error> {
    i32::try_from(minutes).map_err(|_| Error::field("to_day", "This is too much work to be true."))
}

/// The request that the actor made under the same key; it must be the same one.
pub(super) async fn known(
    conn: &mut PgConnection,
    actor: &Actor,
    key: &str,
    employee: PersonId,
    form: &LeaveForm,
    today: NaiveDate,
) -> Result<Option<RequestRow>, Error> {
    let by = actor.who.reference();
    let Some(id) = store::id_by_key(conn, &by, key).await? else {
        return Ok(None);
    };
    let row = get(conn, id, today).await?;
    match row.employee_id == employee && is_same(&row, form) {
        true => Ok(Some(row)),
        false => Err(Error::KeyReused),
    }
}

fn is_same(row: &RequestRow, form: &LeaveForm) -> bool {
    row.type_id == form.type_id
        && (
            row.from_day,
            row.granted_to_day.unwrap_or(row.to_day),
            row.part,
        ) == (form.from_day, form.to_day, form.part)
        && row.note == form.note.trim()
}

pub(super) async fn get(
    conn: &mut PgConnection,
    id: LeaveRequestId,
    today: NaiveDate,
) -> Result<RequestRow, Error> {
    let rows = store::by_ids(conn, &[id.0], today).await?;
    rows.into_iter().next().ok_or(Error::NotFound("request"))
}
