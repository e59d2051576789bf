//! Whose badge it is. What was punched with a badge becomes its owner's when days are derived, so a badge
//! that is given late makes the days it was used on stale, and no punch changes.

use chrono::NaiveDate;
use model::ids::Id;
use model::{Actor, Permission};
use platform::db::on_constraint;
use uuid::Uuid;

use crate::people::zone_named;
use crate::store::{devices_badges, punches};
use crate::{Attendance, Error};

/// The longest badge.
const MOST: usize = 40;

/// That a badge is somebody's.
#[derive(Clone, Copy)]
struct AssignmentId(Uuid);

impl Id for AssignmentId {
    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl Attendance {
    /// Gives a badge to somebody, named by id, address or number, from the beginning of a day on where
    /// they are. Whoever has it already from a later day on has it from the earlier one then.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::Invalid`] for somebody who is not known;
    /// [`Error::Taken`] when it is another's on that day or later.
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
        let found = self.employee_named(&mut tx, employee).await;
        let employee = found.map_err(|error| match error {
            Error::NotFound(_) => Error::field(
                "employee",
                "Nobody is known by this. Use an e-mail address or an employee number.",
            ),
            other => other,
        })?;
        let zone = zone_named(&employee.zone);
        let Some(start) = zone.start_of(from) else {
            return Err(Error::field("from", "Choose a day of the present century."));
        };
        // Punches that are being taken either see the new owner or are found below.
        punches::lock_badges(&mut tx).await?;
        let owners = devices_badges::owners_since(&mut tx, badge, start).await?;
        match owners.as_slice() {
            [] => {
                let id: AssignmentId = self.deps.new_id();
                let made = devices_badges::insert(&mut tx, id.0, badge, employee.id, start).await;
                on_constraint(made, "badge_has_one_owner", || Error::Taken("badge"))?;
            }
            [own] if own.employee_id == employee.id => {
                if own.from_at <= start {
                    return Ok(());
                }
                devices_badges::begin_earlier(&mut tx, own.id, start).await?;
            }
            _ => return Err(Error::Taken("badge")),
        }
        let days = devices_badges::days_used(&mut tx, badge, start, zone.name()).await?;
        let stale: Vec<_> = days
            .into_iter()
            .map(|day| (employee.id, day, day))
            .collect();
        self.mark_stale_in_tx(&mut tx, &stale).await?;
        devices_badges::want_no_more(&mut tx, badge).await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Takes a badge from whoever has it, from the beginning of a day on where they are. What was punched
    /// with it since is nobody's then, until it is given to somebody.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`] when it is nobody's on that
    /// day.
    pub async fn end_badge(
        &self,
        actor: &Actor,
        badge: &str,
        from: NaiveDate,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let badge = badge.trim();
        let mut tx = self.deps.db.begin("attendance.end_badge").await?;
        punches::lock_badges(&mut tx).await?;
        let owner = devices_badges::owner_on(&mut tx, badge, from).await?;
        let owner = owner.ok_or(Error::NotFound("badge"))?;
        let zone = zone_named(&owner.zone);
        let Some(start) = zone.start_of(from) else {
            return Err(Error::NotFound("badge"));
        };
        let ended = devices_badges::end(&mut tx, badge, start).await?;
        let employee = ended.ok_or(Error::NotFound("badge"))?;
        let days = devices_badges::days_used(&mut tx, badge, start, zone.name()).await?;
        let stale: Vec<_> = days.into_iter().map(|day| (employee, day, day)).collect();
        self.mark_stale_in_tx(&mut tx, &stale).await?;
        devices_badges::want(&mut tx, &[badge]).await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }
}
