//! Rotations: cycles of shifts that write the roster by themselves, eight weeks ahead. What was
//! decided by hand or swapped stays, and so does whatever is in a locked period. [`page`]: rotations as HR
//! sees them, with those who follow them.

mod page;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::attendance::rotation::{Assignment, DateRange, Rotation, expand};
use model::attendance::shift::ShiftTemplate;
use model::{Actor, Permission, PersonId, Problem, RotationId, ShiftTemplateId};
use platform::db::on_constraint;
use platform::jobs::Registry;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::duty::{MOST_SHIFTS, Zones};
use crate::roster::sane_day;
use crate::store::calendars::RosterInstance;
use crate::store::roster::{self, Batch, source};
use crate::store::rotations::{self, AssignmentRow, Which};
use crate::store::{stale, templates};
use crate::{Attendance, Error};

/// The timer.
const JOB: &str = "attendance.rotate";
/// How far ahead the roster is written.
const AHEAD: Days = Days::new(56);
/// How far back days are written that are missing, because the timer did not run.
const BACK: Days = Days::new(14);
/// How many people are written in one transaction.
const BATCH: i64 = 200;

impl Attendance {
    pub(crate) fn register_rotations(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.rotate().await?;
                Ok(())
            }
        });
        registry.cron(JOB, "37 1 * * *");
        registry.at_start(JOB);
    }

    /// Every rotation.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn rotations(
        &self,
        actor: &Actor,
    ) -> Result<Vec<(RotationId, i32, Rotation)>, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut conn = self.deps.db.read().await?;
        let rows = rotations::all(&mut conn).await?.into_iter();
        Ok(rows
            .map(|row| (row.id, row.version, row.rotation.0))
            .collect())
    }

    /// Makes or changes a rotation. Days to come of those who follow it are written anew.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`]; [`Error::Taken`] for
    /// its name; [`Error::Changed`].
    pub async fn save_rotation(
        &self,
        actor: &Actor,
        id: Option<RotationId>,
        version: i32,
        rotation: &Rotation,
    ) -> Result<RotationId, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.save_rotation").await?;
        let rotation = accepted(&mut tx, rotation).await?;
        let taken = || Error::Taken("name");
        let id = match id {
            None => {
                let id = self.deps.new_id();
                let made = rotations::insert(&mut tx, id, &rotation).await;
                on_constraint(made, "rotation_name_unique", taken)?;
                id
            }
            Some(id) => {
                let changed = rotations::update(&mut tx, id, version, &rotation).await;
                if !on_constraint(changed, "rotation_name_unique", taken)? {
                    return Err(Error::Changed);
                }
                self.rotate_in_tx(&mut tx, &Which::Rotation(id), now)
                    .await?;
                id
            }
        };
        let (subject, detail) = (format!("rotation:{id}"), json!({ "rotation": rotation }));
        self.audit_in_tx(&mut tx, actor, "rotation.saved", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(id)
    }

    /// Has somebody follow a rotation from a day on, or none. Days from then on that another
    /// rotation has written give way, also those that are past.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`] for a person or
    /// rotation; [`Error::Invalid`] for a day that is far away.
    pub async fn assign_rotation(
        &self,
        actor: &Actor,
        employee: PersonId,
        rotation: Option<RotationId>,
        from: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let from = sane_day("from", from)?;
        let mut tx = self.deps.db.begin("attendance.assign_rotation").await?;
        self.follow_in_tx(&mut tx, actor, employee, rotation, from, now)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Has somebody follow a rotation from a day on, or none, in the caller's transaction.
    async fn follow_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
        rotation: Option<RotationId>,
        from: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        roster::person(&mut *conn, employee, None, from)
            .await?
            .ok_or(Error::NotFound("person"))?;
        stale::share_periods(&mut *conn).await?;
        rotations::end(&mut *conn, employee, from).await?;
        let dropped = roster::drop_rotation(&mut *conn, employee, from).await?;
        let mut changed: BTreeSet<NaiveDate> = dropped.into_iter().collect();
        if let Some(rotation) = rotation {
            let id: PersonId = self.deps.new_id();
            let made = rotations::assign(&mut *conn, id.0, employee, rotation, from).await;
            on_constraint(made, "rotation_assignment_rotation_id_fkey", || {
                Error::NotFound("rotation")
            })?;
            let which = Which::Person(employee);
            let rows = rotations::assignments(&mut *conn, &which, from, Uuid::nil(), 1).await?;
            let written = write(&mut *conn, &rows, Some(from), now).await?;
            changed.extend(written.into_iter().map(|(_, date)| date));
        }
        let changed: Vec<_> = changed.into_iter().map(|date| (employee, date)).collect();
        self.roster_changed_in_tx(&mut *conn, &changed, now).await?;
        let detail = json!({ "rotation": rotation, "from": from });
        let subject = format!("person:{employee}");
        self.audit_in_tx(conn, actor, "rotation.followed", subject, detail)
            .await
    }

    /// Writes all rotations ahead, some people a transaction. A second run finds all written.
    async fn rotate(&self) -> Result<(), Error> {
        let now = self.deps.now();
        let mut after = Uuid::nil();
        loop {
            let mut tx = self.deps.db.begin("attendance.rotate").await?;
            let found = self
                .rotate_some_in_tx(&mut tx, &Which::All, after, now)
                .await?;
            tx.commit().await?;
            self.nudge();
            match found {
                Some(last) => after = last,
                None => return Ok(()),
            }
        }
    }

    /// Writes the days to come of those who follow a rotation, in the caller's transaction.
    pub(crate) async fn rotate_in_tx(
        &self,
        conn: &mut PgConnection,
        which: &Which,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut after = Uuid::nil();
        while let Some(last) = self.rotate_some_in_tx(conn, which, after, now).await? {
            after = last;
        }
        Ok(())
    }

    /// Of people after another, some; gives the last of them.
    async fn rotate_some_in_tx(
        &self,
        conn: &mut PgConnection,
        which: &Which,
        after: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>, Error> {
        let since = now.date_naive() - BACK;
        let rows = rotations::assignments(conn, which, since, after, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.employee_id.0) else {
            return Ok(None);
        };
        stale::share_periods(conn).await?;
        let changed = write(conn, &rows, None, now).await?;
        self.roster_changed_in_tx(conn, &changed, now).await?;
        Ok(Some(last))
    }
}

/// Writes what assignments give. Past days, and the present one, are only written where there is
/// nothing yet: all of them from `from` on, or those of the last two weeks.
async fn write(
    conn: &mut PgConnection,
    rows: &[AssignmentRow],
    from: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Vec<(PersonId, NaiveDate)>, sqlx::Error> {
    let known = rotations::all(conn).await?.into_iter();
    let known: HashMap<RotationId, Rotation> = known.map(|row| (row.id, row.rotation.0)).collect();
    let used: BTreeSet<Uuid> = known
        .values()
        .flat_map(|rotation| rotation.days.iter().flatten())
        .map(|id| id.0)
        .collect();
    let used: Vec<Uuid> = used.into_iter().collect();
    let shifts = templates::by_ids(conn, &used).await?.into_iter();
    let shifts: HashMap<_, _> = shifts.map(|row| (row.id, row.template.0)).collect();
    let mut zones = Zones::default();
    let mut batch = Batch::default();
    for row in rows {
        let Some(rotation) = known.get(&row.rotation_id) else {
            continue;
        };
        let today = zones.get(&row.zone).day_of(now);
        let assignment = Assignment {
            from: row.from_day,
            until: row.until.and_then(|until| until.pred_opt()),
            ahead_days: 0,
        };
        let range = DateRange::new(from.unwrap_or(today - BACK), today + AHEAD);
        for (date, wanted) in expand(rotation, assignment, range) {
            batch.push(
                row.employee_id,
                date,
                instances(wanted, &shifts),
                date > today,
            );
        }
    }
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    roster::write(conn, &batch, source::ROTATION, "system:attendance", now).await
}

fn instances(
    wanted: &[ShiftTemplateId],
    known: &HashMap<ShiftTemplateId, ShiftTemplate>,
) -> Vec<RosterInstance> {
    let found = wanted.iter().filter_map(|id| {
        Some(RosterInstance {
            template: Some(*id),
            shift: known.get(id)?.clone(),
        })
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|instance| (instance.shift.start, instance.template));
    found
}

/// A rotation with which nothing is wrong.
async fn accepted(conn: &mut PgConnection, rotation: &Rotation) -> Result<Rotation, Error> {
    let rotation = Rotation {
        name: rotation.name.trim().to_owned(),
        ..rotation.clone()
    };
    let mut errors = rotation.errors();
    let mut wrong = |field: &str, message: &str| {
        errors.push(model::FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    if rotation.name.chars().count() > 80 {
        wrong("name", "Use at most 80 characters.");
    }
    if rotation.days.iter().any(|day| day.len() > MOST_SHIFTS) {
        wrong("days", "A day has four shifts at most.");
    }
    if sane_day("anchor", rotation.anchor).is_err() {
        wrong("anchor", "Choose a day from 2000 to 2099.");
    }
    let used: BTreeSet<Uuid> = rotation.days.iter().flatten().map(|id| id.0).collect();
    let used: Vec<Uuid> = used.into_iter().collect();
    if templates::by_ids(conn, &used).await?.len() < used.len() {
        wrong("days", "There is no such shift.");
    }
    if errors.is_empty() {
        Ok(rotation)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
