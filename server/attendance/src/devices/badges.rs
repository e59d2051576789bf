//! Whose badge it is. What was punched with a badge becomes its owner's when days are derived, so a badge
//! that is given late, handed on or given back makes the days it was used on stale, and no punch changes.
//!
//! A badge is somebody's from the beginning of a day on where they are, until it is given back or the
//! next owner has it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use model::attendance::views::{BadgeLine, BadgesPage, Named};
use model::zone::Zone;
use model::{Actor, BadgeId, Permission};
use platform::db::on_constraint;
use serde_json::json;
use sqlx::PgConnection;

use crate::people::zone_named;
use crate::roster::today_of;
use crate::store::devices_badges::{self, BadgeRow, ListedRow};
use crate::store::employees::EmployeeRow;
use crate::store::punches;
use crate::{Attendance, Error};

/// The longest badge.
const MOST: usize = 40;
/// How many a page has.
const PAGE: i64 = 50;

impl Attendance {
    /// Who has and had which badge: by badge, the last owner first. `search` is a badge, a number, or
    /// part of a name or address.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] for a cursor that is none.
    pub async fn badges_page(
        &self,
        actor: &Actor,
        search: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<BadgesPage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let after = cursor.map(|text| text.parse::<BadgeId>());
        let after = after
            .transpose()
            .map_err(|_| Error::field("cursor", "This page no longer exists."))?;
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let mut rows = devices_badges::listed(&mut conn, search, after, PAGE + 1).await?;
        let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| has_more);
        Ok(BadgesPage {
            next: next.map(|row| row.id.to_string()),
            badges: rows.into_iter().map(|row| line(row, now)).collect(),
            today: today_of(actor, now),
        })
    }

    /// Gives a badge to somebody, named by id, address or number, from the beginning of a day on where
    /// they are, until the next owner has it. Whoever has it already from a later day on has it from the
    /// earlier one then.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::Invalid`] for somebody who is not known;
    /// [`Error::Taken`] when it is another's on that day.
    pub async fn assign_badge(
        &self,
        actor: &Actor,
        badge: &str,
        employee: &str,
        from: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let badge = badge.trim();
        let is_badge = (1..=MOST).contains(&badge.chars().count())
            && !badge.chars().any(|c| c.is_control() || c.is_whitespace());
        if !is_badge {
            let message = format!("A badge is 1 to {MOST} characters without a space.");
            return Err(Error::field("badge", message));
        }
        let mut tx = self.deps.db.begin("attendance.assign_badge").await?;
        let employee = self.receiver(&mut tx, employee).await?;
        let start = start_of(&zone_named(&employee.zone), from)?;
        // Punches that are being taken either see the new owner or are found below.
        punches::lock_badges(&mut tx).await?;
        let owners = devices_badges::owners_since(&mut tx, badge, start).await?;
        match owners.first().filter(|owner| owner.from_at <= start) {
            Some(owner) if owner.employee_id == employee.id => return Ok(()),
            Some(_) => return Err(Error::Taken("badge")),
            None => {}
        }
        let next = owners.first();
        self.give_in_tx(&mut tx, badge, &employee, start, next)
            .await?;
        let detail = json!({
            "employee": employee.id,
            "from": from,
            "until": next.map(|next| next.from_at),
        });
        self.audit_in_tx(
            &mut tx,
            actor,
            "badge.given",
            format!("badge:{badge}"),
            detail,
        )
        .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Hands a badge on from whoever has it to somebody else, from the beginning of a day on where the
    /// new owner is: the one before has it until then, and the new one until the next who has it. Each
    /// punch stays with the owner of its date.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`] when nobody has it so any more;
    /// [`Error::Invalid`] for somebody who is not known or has it already, and for a day on which it is
    /// not theirs who have it.
    pub async fn hand_badge(
        &self,
        actor: &Actor,
        id: BadgeId,
        employee: &str,
        from: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let mut tx = self.deps.db.begin("attendance.hand_badge").await?;
        let employee = self.receiver(&mut tx, employee).await?;
        punches::lock_badges(&mut tx).await?;
        let before = devices_badges::find_locked(&mut tx, id).await?;
        let before = before.ok_or(Error::NotFound("badge"))?;
        if before.employee_id == employee.id {
            let message = "They have it already. Name whoever is to have it next.";
            return Err(Error::field("employee", message));
        }
        let start = start_within(&zone_named(&employee.zone), from, &before)?;
        let owners = devices_badges::owners_since(&mut tx, &before.badge, start).await?;
        let next = owners.iter().find(|owner| owner.id != before.id);
        devices_badges::end(&mut tx, before.id, start).await?;
        self.reach_in_tx(&mut tx, &before, start).await?;
        self.give_in_tx(&mut tx, &before.badge, &employee, start, next)
            .await?;
        let detail = json!({
            "employee": employee.id,
            "from": from,
            "until": next.map(|next| next.from_at),
            "before": before.employee_id,
        });
        let subject = format!("badge:{}", before.badge);
        self.audit_in_tx(&mut tx, actor, "badge.handed_on", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Takes a badge back from whoever has it, from the beginning of a day on where they are. What was
    /// punched with it since is nobody's then, until it is given to somebody.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`] when nobody has it so any more;
    /// [`Error::Invalid`] for a day on which it is not theirs.
    pub async fn end_badge(
        &self,
        actor: &Actor,
        id: BadgeId,
        from: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let mut tx = self.deps.db.begin("attendance.end_badge").await?;
        punches::lock_badges(&mut tx).await?;
        let owner = devices_badges::find_locked(&mut tx, id).await?;
        let owner = owner.ok_or(Error::NotFound("badge"))?;
        let start = start_within(&zone_named(&owner.zone), from, &owner)?;
        devices_badges::end(&mut tx, owner.id, start).await?;
        self.reach_in_tx(&mut tx, &owner, start).await?;
        devices_badges::want(&mut tx, &[&owner.badge]).await?;
        let detail = json!({ "employee": owner.employee_id, "from": from });
        let subject = format!("badge:{}", owner.badge);
        self.audit_in_tx(&mut tx, actor, "badge.given_back", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    async fn receiver(&self, conn: &mut PgConnection, name: &str) -> Result<EmployeeRow, Error> {
        let found = self.employee_named(conn, name).await;
        found.map_err(|error| match error {
            Error::NotFound(_) => Error::field(
                "employee",
                "Nobody is known by this. Use an e-mail address or an employee number.",
            ),
            other => other,
        })
    }

    /// Writes that somebody has a badge from an instant on at which it is nobody's, until the next owner
    /// has it, and has the days derived that this reaches.
    async fn give_in_tx(
        &self,
        conn: &mut PgConnection,
        badge: &str,
        employee: &EmployeeRow,
        start: DateTime<Utc>,
        next: Option<&BadgeRow>,
    ) -> Result<(), Error> {
        let until = next.map(|next| next.from_at);
        match next {
            Some(own) if own.employee_id == employee.id => {
                devices_badges::begin_earlier(conn, own.id, start).await?;
            }
            _ => {
                let id: BadgeId = self.deps.new_id();
                let made = devices_badges::insert(conn, id, badge, employee.id, start, until).await;
                on_constraint(made, "badge_has_one_owner", || Error::Taken("badge"))?;
            }
        }
        let days = devices_badges::days_used(conn, badge, start, until, &employee.zone).await?;
        let stale: Vec<_> = days
            .into_iter()
            .map(|day| (employee.id, day, day))
            .collect();
        self.mark_stale_in_tx(conn, &stale).await?;
        devices_badges::want_no_more(conn, badge).await?;
        Ok(())
    }

    /// Has the days derived of somebody who has a badge no more from an instant on.
    async fn reach_in_tx(
        &self,
        conn: &mut PgConnection,
        owner: &BadgeRow,
        start: DateTime<Utc>,
    ) -> Result<(), Error> {
        let days =
            devices_badges::days_used(conn, &owner.badge, start, owner.to_at, &owner.zone).await?;
        let stale: Vec<_> = days
            .into_iter()
            .map(|day| (owner.employee_id, day, day))
            .collect();
        self.mark_stale_in_tx(conn, &stale).await?;
        Ok(())
    }
}

fn start_of(zone: &Zone, day: NaiveDate) -> Result<DateTime<Utc>, Error> {
    let start = zone.start_of(day);
    start.ok_or_else(|| Error::field("from", "Choose a day of the present century."))
}

/// When a day begins on which a badge is somebody's: not before it is theirs.
fn start_within(zone: &Zone, day: NaiveDate, owner: &BadgeRow) -> Result<DateTime<Utc>, Error> {
    let mut start = start_of(zone, day)?;
    if zone.day_of(owner.from_at) == day {
        start = start.max(owner.from_at);
    }
    if start < owner.from_at || owner.to_at.is_some_and(|to| to <= start) {
        let message = "The badge is not theirs on this day. Choose a day on which they have it.";
        return Err(Error::field("from", message));
    }
    Ok(start)
}

fn line(row: ListedRow, now: DateTime<Utc>) -> BadgeLine {
    let zone = zone_named(&row.zone);
    let last = |to: DateTime<Utc>| zone.day_of(to - TimeDelta::seconds(1));
    BadgeLine {
        id: row.id,
        badge: row.badge,
        owner: Named {
            id: row.employee_id,
            name: row.name,
        },
        has_left: !row.active,
        from: zone.day_of(row.from_at),
        until: row.to_at.map(last),
        is_over: row.to_at.is_some_and(|to| to <= now),
    }
}
