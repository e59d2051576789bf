//! What waits for a manager or HR to decide, and who may decide what.

use chrono::{NaiveDate, TimeDelta};
use model::attendance::views::Inbox;
use model::{Actor, Permission, PersonId, Problem};
use sqlx::PgConnection;

use crate::people::{in_force, zone_of};
use crate::store::corrections::{self, DecidedRow};
use crate::store::{employees, leave_requests, swaps};
use crate::{Attendance, Error};

/// The most requests of each kind that are shown at once: the oldest.
const OPEN: i64 = 200;
/// How many decisions are shown.
const DECIDED: i64 = 10;
/// How far back they are looked for.
const DECIDED_DAYS: i64 = 90;
/// The longest key of a request, and the longest note, in characters.
const KEY: usize = 200;
const NOTE: usize = 1000;

impl Attendance {
    /// What waits for the reader: requests of those whom the reader manages today, for HR those of
    /// everybody. One's own are for somebody else to decide.
    ///
    /// # Errors
    /// 403 without `attendance:approve` or `attendance:manage`.
    pub async fn inbox(&self, actor: &Actor) -> Result<Inbox, Error> {
        actor.require(approve_or_manage(actor))?;
        let everybody = actor.may(Permission::AttendanceManage);
        let own = actor.person_id();
        let manager = match (everybody, own) {
            (true, _) => None,
            (false, Some(id)) => Some(id),
            (false, None) => return Err(Error::NotAPerson),
        };
        let now = self.deps.now();
        let zone = zone_of(actor);
        let today = zone.day_of(now);
        let mut conn = self.deps.db.read().await?;
        let ids = corrections::open_ids(&mut conn, manager, own, today, OPEN).await?;
        let corrections = self.correction_views(&mut conn, actor, &ids, today).await?;
        let ids = leave_requests::open_ids(&mut conn, manager, own, today, OPEN).await?;
        let mut requests = Vec::with_capacity(ids.len());
        for row in leave_requests::by_ids(&mut conn, &ids, today).await? {
            requests.push(crate::leave::view(&mut conn, actor, &row, today, true).await?);
        }
        let ids = swaps::open_ids(&mut conn, manager, own, today, OPEN).await?;
        let swaps = self.swap_views(&mut conn, actor, &ids, today).await?;
        let overtime = self.overtime_waiting(&mut conn, actor, today).await?;
        let since = now - TimeDelta::days(DECIDED_DAYS);
        let decided = corrections::decided(&mut conn, manager, today, since, DECIDED).await?;
        let decided = decided.iter();
        Ok(Inbox {
            corrections,
            leave: requests,
            swaps,
            overtime,
            decided: decided
                .map(|row| (sentence(row), zone.stamp(row.decided_at)))
                .collect(),
        })
    }

    /// Whether an actor decides today what somebody asks for.
    pub(crate) async fn decides_for(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
    ) -> Result<bool, sqlx::Error> {
        let today = zone_of(actor).day_of(self.deps.now());
        let terms = employees::employments(conn, &[employee.0]).await?;
        let manager = in_force(&terms, today).and_then(|terms| terms.manager_id);
        Ok(may_decide(actor, employee, manager))
    }

    /// Holds that an actor decides what somebody asks for, so that it may do so unasked.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody for whom others decide; 403 for oneself.
    pub(crate) async fn require_decider(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
    ) -> Result<(), Error> {
        not_oneself(actor, employee)?;
        match self.decides_for(conn, actor, employee).await? {
            true => Ok(()),
            false => Err(Error::NotFound("person")),
        }
    }
}

/// Nobody decides about themselves, whatever else they may.
pub(crate) fn not_oneself(actor: &Actor, employee: PersonId) -> Result<(), Error> {
    if actor.person_id() != Some(employee) {
        return Ok(());
    }
    Err(Error::Invalid(Problem::new(
        403,
        "about_oneself",
        "This is about yourself, so somebody else has to do it: your manager, or another person in HR.",
    )))
}

/// The wider of the two permissions that the actor has; the narrower one is what is missing.
pub(crate) fn approve_or_manage(actor: &Actor) -> Permission {
    if actor.may(Permission::AttendanceManage) {
        Permission::AttendanceManage
    } else {
        Permission::AttendanceApprove
    }
}

/// Whether an actor may decide what somebody asks for: the manager in force, or HR; never oneself.
pub(crate) fn may_decide(actor: &Actor, employee: PersonId, manager: Option<PersonId>) -> bool {
    let reader = actor.person_id();
    let manages = reader.is_some() && reader == manager && actor.may(Permission::AttendanceApprove);
    reader != Some(employee) && (manages || actor.may(Permission::AttendanceManage))
}

/// A key that tells one request from another.
pub(crate) fn check_key(key: &str) -> Result<(), Error> {
    match key.chars().count() {
        1..=KEY => check_text("key", key),
        _ => Err(Error::field("key", "Give a key of 1 to 200 characters.")),
    }
}

/// What is said with a decision.
pub(crate) fn check_note(note: &str) -> Result<(), Error> {
    match note.trim().chars().count() {
        0..=NOTE => check_text("note", note),
        _ => Err(Error::field("note", "Say it in a thousand characters.")),
    }
}

/// Text that people write, on as many lines as they like.
pub(crate) fn check_text(field: &str, text: &str) -> Result<(), Error> {
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match text.contains(strange) {
        true => Err(Error::field(field, "Use characters that can be printed.")),
        false => Ok(()),
    }
}

/// `Tom Becker approved Annual leave of Ana Kowalski, 1 Dec 2026 – 4 Dec 2026`.
fn sentence(row: &DecidedRow) -> String {
    let what = match row.what.as_str() {
        "correction" => "the correction",
        "swap" => "the swap",
        kind => kind,
    };
    let day = |date: NaiveDate| date.format("%-d %b %Y").to_string();
    let when = if row.from_day == row.to_day {
        day(row.from_day)
    } else {
        format!("{} – {}", day(row.from_day), day(row.to_day))
    };
    let (by, verb, who) = (&row.decided_by, &row.state, &row.employee_name);
    format!("{by} {verb} {what} of {who}, {when}")
}
