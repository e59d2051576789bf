//! One day that explains itself: what it is, what it is made of, and what it was before.

use std::collections::HashMap;

use chrono::NaiveDate;
use model::attendance::day::Day;
use model::attendance::views::{DayPage, Named};
use model::{Actor, Permission, PersonId};

use super::days_permission;
use crate::people::{in_force, zone_of};
use crate::privacy::Data;
use crate::store::{calendars, days as store, employees};
use crate::{Attendance, Error, shown};

impl Attendance {
    /// One day; the reader's own without `employee`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without a permission to see anybody's days; [`Error::NotFound`] for
    /// somebody whose days the reader may not see.
    pub async fn day_page(
        &self,
        actor: &Actor,
        employee: Option<PersonId>,
        date: NaiveDate,
    ) -> Result<DayPage, Error> {
        actor.require(days_permission(actor))?;
        let id = self.whose_days(actor, employee)?;
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let sees = self
            .require_sight(&mut conn, actor, id, Data::Punches)
            .await?;
        drop(conn);
        self.freshen(id).await?;
        let mut conn = self.deps.db.read().await?;
        let loaded = self.load_inputs(&mut conn, id, date, date).await?;
        let stored = store::of_person(&mut conn, id, date, date, 1).await?.pop();
        let versions = store::versions(&mut conn, id, date).await?;
        let locked = !calendars::locked(&mut conn, date, date).await?.is_empty();
        let adjustment = match sees.may(Data::CorrectionTotals) && locked {
            true => store::adjustment(&mut conn, id, date).await?,
            false => None,
        };
        let corrections = match sees.may(Data::Corrections) {
            true => self.corrections_of_day(&mut conn, actor, id, date).await?,
            false => Vec::new(),
        };
        let overtime = match sees.may(Data::Corrections) {
            true => {
                let today = zone_of(actor).day_of(now);
                let terms = employees::employments(&mut conn, &[id.0]).await?;
                let manager = in_force(&terms, today).and_then(|terms| terms.manager_id);
                self.overtime_decision(&mut conn, actor, id, date, manager)
                    .await?
            }
            false => None,
        };
        let decides = self.decides_for(&mut conn, actor, id).await?;
        let receivers = employees::by_ids(&mut conn, &shown::receivers(&loaded)).await?;
        drop(conn);
        self.tell_viewed(actor, id, "day").await?;

        let names: HashMap<PersonId, String> = receivers
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let derived = loaded.derived();
        let history = match &stored {
            Some(row) => {
                let current = (&row.document.0, row.version, row.derived_at);
                shown::history(&loaded.zone, current, &versions)
            }
            None => Vec::new(),
        };
        let today = loaded.zone.day_of(now);
        let version = stored.as_ref().map_or(0, |row| row.version);
        let fresh = derived.days.iter().find(|day| day.work_date == date);
        let day: Option<Day> = match stored {
            Some(row) => Some(row.document.0),
            None => fresh.filter(|_| !locked).cloned(),
        };
        let leave = loaded.leave.get(&date).map(|leave| leave.name.clone());
        Ok(DayPage {
            own: sees.is_own(),
            date,
            day,
            version,
            shifts: shown::shifts(&loaded, date),
            holiday: loaded
                .holidays
                .get(&date)
                .map(|holiday| holiday.name.clone()),
            leave: leave.filter(|_| sees.may(Data::LeaveKind)),
            punches: shown::punches(&loaded, &derived, date, &names),
            corrections,
            history,
            locked,
            adjustment,
            overtime,
            may_request: sees.is_own() && date <= today && actor.may(Permission::AttendanceSelf),
            may_correct: decides && date <= today,
            decides,
            zone: loaded.zone.name().to_owned(),
            employee: Named {
                id,
                name: loaded.person.name,
            },
        })
    }
}
