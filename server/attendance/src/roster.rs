//! The roster of a week: who works when, who is away, where rest is short. A manager sees those whom
//! they manage today, HR everybody.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use model::attendance::views::{RosterPage, TemplateView};
use model::{Actor, Permission, PersonId};
use uuid::Uuid;

use crate::duty::Zones;
pub use crate::duty::{MOST_SHIFTS, ROSTER_CHANGED, RosterChanged, shift_key};
use crate::inbox::approve_or_manage;
use crate::people::{in_force, zone_of};
use crate::planned::{Known, by_person};
use crate::store::roster::{self, PersonRow};
use crate::store::{employees, templates};
use crate::{Attendance, Error};

impl Attendance {
    /// The roster of the week of a day, of one team or all.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`;
    /// [`Error::Invalid`] for a day that is far away.
    pub async fn roster(
        &self,
        actor: &Actor,
        day: Option<NaiveDate>,
        team: Option<&str>,
    ) -> Result<RosterPage, Error> {
        actor.require(approve_or_manage(actor))?;
        let today = today_of(actor, self.deps.now());
        let week = Week::of(day.unwrap_or(today))?;
        let team = team.map(str::trim).filter(|team| !team.is_empty());
        let mut conn = self.deps.db.read().await?;
        let people = roster::people(&mut conn, manager(actor)?, today).await?;
        let ids: Vec<Uuid> = people.iter().map(|person| person.id.0).collect();
        let terms = employees::employments(&mut conn, &ids).await?;
        let terms = by_person(terms, |row| row.employee_id);
        let team_of = |person: &PersonRow| -> String {
            let terms = terms.get(&person.id).map_or(&[][..], Vec::as_slice);
            in_force(terms, week.sunday()).map_or_else(String::new, |terms| terms.team.clone())
        };
        let mut people: Vec<(String, PersonRow)> = people
            .into_iter()
            .map(|person| (team_of(&person), person))
            .collect();
        let teams: BTreeSet<String> = people.iter().map(|(team, _)| team.clone()).collect();
        let teams = teams.into_iter().filter(|team| !team.is_empty()).collect();
        people.retain(|(of, _)| team.is_none_or(|team| team == of));
        // People come by name, and stay so within their team; those without one come last.
        people.sort_by_key(|(team, _)| (team.is_empty(), team.to_lowercase()));
        let span = (week.monday, week.sunday());
        let ids: Vec<Uuid> = people.iter().map(|(_, person)| person.id.0).collect();
        let known = Known::load(&mut conn, &ids, terms, span, zone_of(actor)).await?;
        let mut zones = Zones::default();
        let rows = people.into_iter();
        let rows = rows.map(|(team, person)| known.row(team, person, span, &mut zones));
        let rows = rows.collect();
        let templates = templates::all(&mut conn).await?;
        let templates = templates.into_iter().map(|row| TemplateView {
            id: row.id,
            version: row.version,
            template: row.template.0,
        });
        Ok(RosterPage {
            monday: week.monday,
            today,
            rows,
            templates: templates.collect(),
            teams,
            team: team.map(str::to_owned),
            may_change: true,
        })
    }
}

/// Whose people an actor sees: a manager's own, or with `attendance:manage` everybody.
pub(crate) fn manager(actor: &Actor) -> Result<Option<PersonId>, Error> {
    if actor.may(Permission::AttendanceManage) {
        return Ok(None);
    }
    actor.person_id().map(Some).ok_or(Error::NotAPerson)
}

/// The date on which an actor reads this.
pub(crate) fn today_of(actor: &Actor, now: DateTime<Utc>) -> NaiveDate {
    zone_of(actor).day_of(now)
}

/// Refuses days on which nobody plans.
pub(crate) fn sane_day(field: &str, day: NaiveDate) -> Result<NaiveDate, Error> {
    if (2000..2100).contains(&day.year()) {
        Ok(day)
    } else {
        Err(Error::field(field, "Choose a day from 2000 to 2099."))
    }
}

/// A week from Monday on.
pub(crate) struct Week {
    pub monday: NaiveDate,
}

impl Week {
    /// The week of a day.
    pub fn of(day: NaiveDate) -> Result<Self, Error> {
        let day = sane_day("day", day)?;
        let since = u64::from(day.weekday().num_days_from_monday());
        Ok(Self {
            monday: day - Days::new(since),
        })
    }

    pub fn sunday(&self) -> NaiveDate {
        self.monday + Days::new(6)
    }
}
