//! Who may see what of whom. Default deny: what is not in [`may_see`] is not seen, and of somebody of
//! whom one may see nothing one is not told that they are there.

use chrono::NaiveDate;
use model::permission::Who;
use model::{Actor, Permission, PersonId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::people::in_force;
use crate::store::employees;
use crate::{Attendance, Error};

/// The topic of others' punches that somebody has looked at.
pub const VIEWED: &str = "attendance.viewed";

/// What somebody is to the person whose data it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It is their own.
    Own,
    /// In the same team today.
    TeamPeer,
    /// Manages them today.
    LineManager,
    /// Keeps everybody's attendance.
    Hr,
    /// Pays.
    Payroll,
    /// Keeps devices.
    DeviceAdmin,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Own,
        Self::TeamPeer,
        Self::LineManager,
        Self::Hr,
        Self::Payroll,
        Self::DeviceAdmin,
    ];
}

/// Classes of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// In, out or away.
    Presence,
    /// Which shifts are planned, as the roster on the wall of a team has them; of leave only *away*.
    PlannedShifts,
    /// Since when.
    PresenceTimes,
    /// Times of punches, where they were made, and the days that they make.
    Punches,
    /// The number of the badge.
    BadgeNumber,
    /// Places, addresses and pictures.
    Traces {
        /// An exception of the day is open.
        exception_is_open: bool,
        /// The reader has said why.
        has_reason: bool,
    },
    /// The kind of leave and its balance.
    LeaveKind,
    /// Why somebody is on leave.
    LeaveReason,
    /// Minutes of paid and unpaid leave.
    LeaveMinutes,
    /// Totals of periods, and adjustments.
    Totals,
    /// What was put right.
    Corrections,
    /// What that came to.
    CorrectionTotals,
}

/// The table of who may see what.
pub const fn may_see(relation: Relation, data: Data) -> bool {
    use Relation as R;
    match data {
        Data::Presence | Data::PlannedShifts => {
            matches!(relation, R::Own | R::TeamPeer | R::LineManager | R::Hr)
        }
        Data::PresenceTimes | Data::Punches | Data::LeaveKind | Data::Corrections => {
            matches!(relation, R::Own | R::LineManager | R::Hr)
        }
        Data::BadgeNumber => {
            matches!(relation, R::Own | R::LineManager | R::Hr | R::DeviceAdmin)
        }
        Data::Traces {
            exception_is_open,
            has_reason,
        } => match relation {
            R::Own => true,
            R::LineManager => exception_is_open,
            R::Hr => has_reason,
            R::TeamPeer | R::Payroll | R::DeviceAdmin => false,
        },
        Data::LeaveReason => matches!(relation, R::Own | R::Hr),
        Data::LeaveMinutes | Data::Totals | Data::CorrectionTotals => {
            matches!(relation, R::Own | R::LineManager | R::Hr | R::Payroll)
        }
    }
}

/// What an actor is to one person: nothing, or several things at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sees(Vec<Relation>);

impl Sees {
    /// Whether the actor may see some data.
    pub fn may(&self, data: Data) -> bool {
        self.0.iter().any(|relation| may_see(*relation, data))
    }

    /// Whether it is the actor's own.
    pub fn is_own(&self) -> bool {
        self.0.contains(&Relation::Own)
    }

    /// What the actor is to the person.
    pub fn relations(&self) -> &[Relation] {
        &self.0
    }
}

/// What an event of [`VIEWED`] says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Viewed {
    /// Who has looked.
    pub viewer: Who,
    /// At whose data.
    pub employee: PersonId,
    /// At what: `month`, `day` or `days`.
    pub what: String,
}

impl Viewed {
    /// Who has looked, as an actor who may do nothing, for an audit log to name.
    pub fn actor(&self) -> Actor {
        named(&self.viewer)
    }
}

/// Whom an event names, as an actor who may do nothing, for an audit log to name.
pub fn named(who: &Who) -> Actor {
    match who {
        Who::Person { id, name } => Actor::person(*id, name, "UTC", &[]),
        Who::Token { id, name } => Actor::token(*id, name, &[]),
        // Nobody else has anything to look at, and Punctual itself is not told of.
        Who::Customer => Actor::system("customer"),
        Who::System { part } => Actor::system(part),
    }
}

impl Attendance {
    /// What an actor is to somebody today.
    pub(crate) async fn sees(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
    ) -> Result<Sees, sqlx::Error> {
        let mut relations = Vec::new();
        if actor.may(Permission::AttendanceManage) {
            relations.push(Relation::Hr);
        }
        if actor.may(Permission::PayrollRead) {
            relations.push(Relation::Payroll);
        }
        if actor.may(Permission::DevicesManage) {
            relations.push(Relation::DeviceAdmin);
        }
        // Only people have colleagues; a program is what its token says.
        if let Who::Person { id, .. } = &actor.who {
            let today = crate::people::zone_of(actor).day_of(self.deps.now());
            relations.extend(self.personal(conn, actor, *id, employee, today).await?);
        }
        Ok(Sees(relations))
    }

    async fn personal(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        reader: PersonId,
        employee: PersonId,
        today: NaiveDate,
    ) -> Result<Vec<Relation>, sqlx::Error> {
        let mut relations = Vec::new();
        let is_member = actor.may(Permission::AttendanceSelf);
        if reader == employee {
            if is_member {
                relations.push(Relation::Own);
            }
            return Ok(relations);
        }
        let is_manager = actor.may(Permission::AttendanceApprove);
        if !is_member && !is_manager {
            return Ok(relations);
        }
        let terms = employees::employments(conn, &[reader.0, employee.0]).await?;
        let (own, theirs): (Vec<_>, Vec<_>) =
            terms.into_iter().partition(|row| row.employee_id == reader);
        let (own, theirs) = (in_force(&own, today), in_force(&theirs, today));
        if is_manager && theirs.is_some_and(|row| row.manager_id == Some(reader)) {
            relations.push(Relation::LineManager);
        }
        let team = own
            .map(|row| row.team.as_str())
            .filter(|team| !team.is_empty());
        if is_member && team.is_some() && team == theirs.map(|row| row.team.as_str()) {
            relations.push(Relation::TeamPeer);
        }
        Ok(relations)
    }

    /// What an actor is to somebody of whom it wants to see some data.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it may not.
    pub(crate) async fn require_sight(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
        data: Data,
    ) -> Result<Sees, Error> {
        let sees = self.sees(conn, actor, employee).await?;
        match sees.may(data) {
            true => Ok(sees),
            false => Err(Error::NotFound("person")),
        }
    }

    /// Tells that somebody has looked at another's data, for the audit log.
    pub(crate) async fn tell_viewed(
        &self,
        actor: &Actor,
        employee: PersonId,
        what: &str,
    ) -> Result<(), Error> {
        if actor.person_id() == Some(employee) || matches!(actor.who, Who::System { .. }) {
            return Ok(());
        }
        let viewed = Viewed {
            viewer: actor.who.clone(),
            employee,
            what: what.to_owned(),
        };
        let (id, now) = (self.deps.new_id(), self.deps.now());
        let mut tx = self.deps.db.begin("attendance.viewed").await?;
        platform::outbox::publish(&mut tx, id, now, VIEWED, &viewed).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the specification: self, team peer, line manager, HR, payroll, device admin.
    #[test]
    fn everybody_sees_what_the_table_says_and_no_more() {
        let traces = |exception_is_open, has_reason| Data::Traces {
            exception_is_open,
            has_reason,
        };
        let table = [
            (Data::Presence, "yes yes yes yes no no"),
            (Data::PlannedShifts, "yes yes yes yes no no"),
            (Data::PresenceTimes, "yes no yes yes no no"),
            (Data::Punches, "yes no yes yes no no"),
            (Data::BadgeNumber, "yes no yes yes no yes"),
            (traces(false, false), "yes no no no no no"),
            (traces(true, false), "yes no yes no no no"),
            (traces(false, true), "yes no no yes no no"),
            (traces(true, true), "yes no yes yes no no"),
            (Data::LeaveKind, "yes no yes yes no no"),
            (Data::LeaveReason, "yes no no yes no no"),
            (Data::LeaveMinutes, "yes no yes yes yes no"),
            (Data::Totals, "yes no yes yes yes no"),
            (Data::Corrections, "yes no yes yes no no"),
            (Data::CorrectionTotals, "yes no yes yes yes no"),
        ];
        for (data, row) in table {
            let words = row.split(' ');
            for (relation, word) in Relation::ALL.into_iter().zip(words) {
                assert_eq!(
                    may_see(relation, data),
                    word == "yes",
                    "{relation:?} {data:?}"
                );
            }
        }
        assert!(!Sees::default().may(Data::Presence));
    }
}
