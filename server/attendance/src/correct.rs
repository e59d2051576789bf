//! Having a day put right: a request is a list of changes and a preview, and a decision makes
//! annotations beside the punches. The punches stay as they are. Whoever would decide may put a day right
//! unasked as well ([`make`]).
//!
//! The preview goes through the same rules as the day itself (`model::attendance::derive`), over the
//! same inputs with the changes laid on them ([`changes`]). In a locked period the day stays, and what
//! it comes to is an adjustment; that is for the derivation to see.

mod changes;
mod make;
mod view;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::attendance::day::{Day, Status};
use model::attendance::views::{
    CorrectionForm, CorrectionPreview, CorrectionState, CorrectionView,
};
use model::{Actor, CorrectionId, Permission, PersonId, Problem};
use platform::db::Tx;
use sqlx::PgConnection;

use crate::inbox::{approve_or_manage, check_key, check_note, check_text, may_decide};
use crate::load::Loaded;
use crate::people::zone_of;
use crate::punch::Owner;
use crate::store::calendars;
use crate::store::corrections::{self as store, CorrectionRow, Decision, NewCorrection};
use crate::{Attendance, Error};
use changes::Changes;

/// A request, and whether this call made it.
enum Asked {
    Before(Box<CorrectionView>),
    Now(CorrectionId),
}

impl Attendance {
    /// What a correction of one's own day would make of it.
    ///
    /// # Errors
    /// 422 with the changes that cannot be.
    pub async fn preview_correction(
        &self,
        actor: &Actor,
        form: &CorrectionForm,
    ) -> Result<CorrectionPreview, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let id = actor.person_id().ok_or(Error::NotAPerson)?;
        check_changes(form)?;
        let mut conn = self.deps.db.read().await?;
        self.look_at_correction(&mut conn, id, form).await
    }

    /// Asks for one's own day to be put right.
    ///
    /// # Errors
    /// 422 with the changes that cannot be.
    pub async fn request_correction(
        &self,
        actor: &Actor,
        form: &CorrectionForm,
        key: &str,
    ) -> Result<CorrectionView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let employee = actor.person_id().ok_or(Error::NotAPerson)?;
        check_key(key)?;
        let mut tx = self.deps.db.begin("attendance.request_correction").await?;
        let id = match self
            .known_or_new(&mut tx, actor, employee, form, key)
            .await?
        {
            Asked::Before(known) => return Ok(*known),
            Asked::Now(id) => id,
        };
        self.tell_request_in_tx(&mut tx, "correction", id.0, employee)
            .await?;
        let view = self.correction_view(&mut tx, actor, id).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Grants or refuses a correction.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not the actor's to decide; [`Error::Decided`] and
    /// [`Error::Changed`] when it was decided already or is no longer what was seen.
    pub async fn decide_correction(
        &self,
        actor: &Actor,
        id: CorrectionId,
        version: i32,
        approve: bool,
        note: &str,
    ) -> Result<CorrectionView, Error> {
        actor.require(approve_or_manage(actor))?;
        check_note(note)?;
        let mut tx = self.deps.db.begin("attendance.decide_correction").await?;
        let row = self.open_correction(&mut tx, actor, id).await?;
        if !may_decide(actor, row.employee_id, row.manager_id) {
            return Err(Error::NotFound("request"));
        }
        check(&row, version)?;
        self.settle_correction_in_tx(&mut tx, actor, &row, approve, note)
            .await?;
        let view = self.correction_view(&mut tx, actor, id).await?;
        tx.commit().await?;
        self.nudge();
        Ok(view)
    }

    /// Takes one's own request back.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one of somebody else; [`Error::Decided`] and [`Error::Changed`] when it
    /// was decided already or is no longer what was seen.
    pub async fn withdraw_correction(
        &self,
        actor: &Actor,
        id: CorrectionId,
        version: i32,
    ) -> Result<CorrectionView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let mut tx = self.deps.db.begin("attendance.withdraw_correction").await?;
        let row = self.open_correction(&mut tx, actor, id).await?;
        if row.created_by != actor.who.reference() {
            return Err(Error::NotFound("request"));
        }
        check(&row, version)?;
        let decision = Decision {
            state: CorrectionState::Withdrawn.as_str(),
            by: None,
            by_label: None,
            at: None,
            note: "",
        };
        if !store::settle(&mut tx, id, version, &decision).await? {
            return Err(Error::Changed);
        }
        self.tell_request_in_tx(&mut tx, "correction", id.0, row.employee_id)
            .await?;
        let view = self.correction_view(&mut tx, actor, id).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The request that was made under the same key, or else the one that this makes.
    async fn known_or_new(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        employee: PersonId,
        form: &CorrectionForm,
        key: &str,
    ) -> Result<Asked, Error> {
        let known = self.known_correction(tx, actor, key, employee, form);
        if let Some(known) = known.await? {
            return Ok(Asked::Before(Box::new(known)));
        }
        let kept = self.keep_correction_in_tx(tx, actor, employee, form, key);
        if let Some(id) = kept.await? {
            return Ok(Asked::Now(id));
        }
        // Another try of the same request was a moment faster.
        let known = self.known_correction(tx, actor, key, employee, form);
        let known = known.await?.ok_or(Error::NotFound("request"))?;
        Ok(Asked::Before(Box::new(known)))
    }

    /// Keeps a request that nobody has decided yet; nothing if its key was used before.
    async fn keep_correction_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        employee: PersonId,
        form: &CorrectionForm,
        key: &str,
    ) -> Result<Option<CorrectionId>, Error> {
        check_text("reason", &form.reason)?;
        let errors = form.errors();
        if !errors.is_empty() {
            return Err(Error::Invalid(Problem::invalid(errors)));
        }
        let preview = self.look_at_correction(tx, employee, form).await?;
        let (id, by): (CorrectionId, _) = (self.deps.new_id(), actor.who.reference());
        let new = NewCorrection {
            id,
            employee_id: employee,
            work_date: form.work_date,
            reason: form.reason.trim(),
            changes: &form.changes,
            before: preview.before.as_ref(),
            after: preview.after.as_ref(),
            client_key: key,
            created_by: &by,
            created_by_label: actor.who.label(),
            created_at: self.deps.now(),
        };
        let is_new = store::insert(tx, &new).await?;
        Ok(is_new.then_some(id))
    }

    /// Writes a decision about an open request, does what it says, and tells of it.
    async fn settle_correction_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &CorrectionRow,
        approve: bool,
        note: &str,
    ) -> Result<(), Error> {
        let (by, now) = (actor.who.reference(), self.deps.now());
        let state = match approve {
            true => CorrectionState::Approved,
            false => CorrectionState::Refused,
        };
        let decision = Decision {
            state: state.as_str(),
            by: Some(&by),
            by_label: Some(actor.who.label()),
            at: Some(now),
            note: note.trim(),
        };
        if !store::settle(tx, row.id, row.version, &decision).await? {
            return Err(Error::Changed);
        }
        if approve {
            self.apply_correction_in_tx(tx, actor, row, now).await?;
        }
        self.tell_request_in_tx(tx, "correction", row.id.0, row.employee_id)
            .await
    }

    /// The day as it is and as it would be.
    async fn look_at_correction(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        form: &CorrectionForm,
    ) -> Result<CorrectionPreview, Error> {
        let (date, now) = (form.work_date, self.deps.now());
        let loaded = self.load_inputs(conn, employee, date, date).await?;
        if date > loaded.zone.day_of(now) {
            return Err(Error::field("work_date", "Choose a day that has begun."));
        }
        let changes = Changes::check(form, now, &loaded)?;
        let locked = calendars::locked(conn, date, date).await?;
        let before = day(&loaded, date);
        let mut changed = loaded;
        changed.input = changes.laid_on(&changed, now);
        Ok(CorrectionPreview {
            before,
            after: day(&changed, date),
            locked: !locked.is_empty(),
        })
    }

    /// Writes what a granted request says: annotations, and punches by hand.
    async fn apply_correction_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &CorrectionRow,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let date = row.work_date;
        let loaded = self.load_inputs(tx, row.employee_id, date, date).await?;
        let changes = Changes::read(&row.changes, &loaded.zone)?;
        let annotations = changes.annotations(|| self.deps.new_id());
        let (by, label) = (actor.who.reference(), actor.who.label());
        store::annotate(tx, &annotations, row.id, &row.reason, &by, label, now).await?;
        let owner = Owner::from(&loaded.person);
        let added = changes.added(&owner, row.id, &loaded.zone);
        self.take_punches_in_tx(tx, &added).await?;
        // A punch may be moved to a neighbouring day.
        let around = Days::new(1);
        let from = row.work_date.checked_sub_days(around);
        let to = row.work_date.checked_add_days(around);
        let range = (
            row.employee_id,
            from.unwrap_or(row.work_date),
            to.unwrap_or(row.work_date),
        );
        self.mark_stale_in_tx(tx, &[range]).await?;
        Ok(())
    }

    /// A request that nobody else settles meanwhile.
    async fn open_correction(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CorrectionId,
    ) -> Result<CorrectionRow, Error> {
        if !store::lock(tx, id).await? {
            return Err(Error::NotFound("request"));
        }
        let today = zone_of(actor).day_of(self.deps.now());
        let rows = store::by_ids(tx, &[id.0], today).await?;
        rows.into_iter().next().ok_or(Error::NotFound("request"))
    }

    /// The request that the actor made under the same key; it must be the same one.
    async fn known_correction(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        key: &str,
        employee: PersonId,
        form: &CorrectionForm,
    ) -> Result<Option<CorrectionView>, Error> {
        let by = actor.who.reference();
        let Some(id) = store::id_by_key(tx, &by, key).await? else {
            return Ok(None);
        };
        let row = self.open_correction(tx, actor, id).await?;
        let is_same = row.employee_id == employee
            && row.work_date == form.work_date
            && row.changes.0 == form.changes
            && row.reason == form.reason.trim();
        if !is_same {
            return Err(Error::KeyReused);
        }
        Ok(Some(self.correction_view(tx, actor, id).await?))
    }

    async fn correction_view(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: CorrectionId,
    ) -> Result<CorrectionView, Error> {
        let today = zone_of(actor).day_of(self.deps.now());
        let views = self.correction_views(conn, actor, &[id.0], today).await?;
        views.into_iter().next().ok_or(Error::NotFound("request"))
    }
}

/// What is wrong with a form that only asks how the day would be: whoever looks has often not said why
/// yet.
fn check_changes(form: &CorrectionForm) -> Result<(), Error> {
    let mut errors = form.errors();
    errors.retain(|error| error.field != "reason");
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(Problem::invalid(errors))),
    }
}

/// One day of what the rules make; nothing for a day off on which nothing happened.
fn day(loaded: &Loaded, date: NaiveDate) -> Option<Day> {
    let mut days = loaded.derived().days.into_iter();
    let day = days.find(|day| day.work_date == date)?;
    let is_free = day.status.status == Status::DayOff && !day.status.worked;
    (!is_free || loaded.leave.contains_key(&date)).then_some(day)
}

/// Whether a request is still to be decided, as it was seen.
fn check(row: &CorrectionRow, version: i32) -> Result<(), Error> {
    if row.state != CorrectionState::Requested {
        return Err(Error::Decided(row.state.as_str()));
    }
    if row.version != version {
        return Err(Error::Changed);
    }
    Ok(())
}
