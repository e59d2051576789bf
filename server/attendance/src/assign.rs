//! What somebody works on one day, decided by hand; and a week that is written like another.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use model::attendance::views::AssignForm;
use model::{Actor, Permission, ShiftTemplateId};
use serde_json::json;
use uuid::Uuid;

use crate::duty::{MOST_SHIFTS, interval};
use crate::inbox::approve_or_manage;
use crate::people::in_force;
use crate::roster::{manager, sane_day, today_of};
use crate::store::calendars::RosterInstance;
use crate::store::roster::{self, Batch, NewDay, source};
use crate::store::{employees, stale, templates};
use crate::{Attendance, Error};

const DAYS_OF_A_WEEK: Days = Days::new(7);

impl Attendance {
    /// Writes what somebody works on one day; a manager for those whom they manage.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`;
    /// [`Error::NotFound`] for somebody whom the actor does not manage; [`Error::Locked`];
    /// [`Error::Changed`]; [`Error::Invalid`].
    pub async fn assign(&self, actor: &Actor, form: &AssignForm) -> Result<(), Error> {
        actor.require(approve_or_manage(actor))?;
        let now = self.deps.now();
        let date = sane_day("date", form.date)?;
        let manager = manager(actor)?;
        let mut tx = self.deps.db.begin("attendance.assign").await?;
        roster::person(&mut tx, form.person, manager, today_of(actor, now))
            .await?
            .ok_or(Error::NotFound("person"))?;
        let known = templates::by_ids(&mut tx, &ids(&form.templates)).await?;
        let known = known.into_iter().map(|row| (row.id, row.template.0));
        let shifts = instances(&form.templates, &known.collect(), date)?;
        stale::share_periods(&mut tx).await?;
        if !roster::locked(&mut tx, date, date).await?.is_empty() {
            return Err(Error::Locked);
        }
        let day = NewDay {
            employee: form.person,
            date,
            source: source::MANUAL,
            shifts: &shifts,
            by: &actor.who.reference(),
            now,
        };
        if !roster::keep(&mut tx, &day, form.version).await? {
            return Err(Error::Changed);
        }
        self.roster_changed_in_tx(&mut tx, &[(form.person, date)], now)
            .await?;
        let names: Vec<&str> = shifts.iter().map(|one| one.shift.name.as_str()).collect();
        let detail = json!({ "date": date, "shifts": names });
        let subject = format!("person:{}", form.person);
        self.audit_in_tx(&mut tx, actor, "roster.assigned", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// Writes the week after like this one, of one team or all, where nothing was decided by hand
    /// and the period is open; says how many days have changed. Shifts are written as their
    /// templates are now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] unless the day is a
    /// Monday.
    pub async fn copy_week(
        &self,
        actor: &Actor,
        monday: NaiveDate,
        team: Option<&str>,
    ) -> Result<i64, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        if sane_day("monday", monday)?.weekday() != Weekday::Mon {
            return Err(Error::field("monday", "A week begins on a Monday."));
        }
        let team = team.map(str::trim).filter(|team| !team.is_empty());
        let mut tx = self.deps.db.begin("attendance.copy_week").await?;
        let sunday = monday + Days::new(6);
        let people = roster::people(&mut tx, None, today_of(actor, now)).await?;
        let mut people: Vec<Uuid> = people.iter().map(|person| person.id.0).collect();
        if let Some(team) = team {
            let terms = employees::employments(&mut tx, &people).await?;
            let is_meant = |person: &Uuid| {
                let first = terms.partition_point(|row| row.employee_id.0 < *person);
                let own = terms[first..].partition_point(|row| row.employee_id.0 == *person);
                let held = in_force(&terms[first..first + own], sunday);
                held.is_some_and(|terms| terms.team == team)
            };
            people.retain(is_meant);
        }
        let current = templates::all(&mut tx).await?.into_iter();
        let current: HashMap<_, _> = current.map(|row| (row.id, row.template.0)).collect();
        let mut batch = Batch::default();
        for day in roster::days(&mut tx, &people, monday, sunday).await? {
            let shifts = day.shifts.0.into_iter().map(|instance| RosterInstance {
                shift: instance
                    .template
                    .and_then(|id| current.get(&id).cloned())
                    .unwrap_or(instance.shift),
                ..instance
            });
            let date = day.work_date + DAYS_OF_A_WEEK;
            batch.push(day.employee_id, date, shifts.collect(), true);
        }
        stale::share_periods(&mut tx).await?;
        let by = actor.who.reference();
        let changed = roster::write(&mut tx, &batch, source::MANUAL, &by, now).await?;
        self.roster_changed_in_tx(&mut tx, &changed, now).await?;
        let detail = json!({ "from": monday, "team": team, "days": changed.len() });
        let subject = format!("roster:{}", monday + DAYS_OF_A_WEEK);
        self.audit_in_tx(&mut tx, actor, "roster.copied", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(i64::try_from(changed.len()).unwrap_or(i64::MAX))
    }
}

fn ids(templates: &[ShiftTemplateId]) -> Vec<Uuid> {
    templates.iter().map(|id| id.0).collect()
}

/// The shifts of a day, in the order in which they begin.
fn instances(
    wanted: &[ShiftTemplateId],
    known: &HashMap<ShiftTemplateId, model::attendance::shift::ShiftTemplate>,
    date: NaiveDate,
) -> Result<Vec<RosterInstance>, Error> {
    let wrong = |message: &str| Error::field("templates", message);
    if wanted.len() > MOST_SHIFTS {
        return Err(wrong("A day has four shifts at most."));
    }
    if wanted.iter().collect::<BTreeSet<_>>().len() < wanted.len() {
        return Err(wrong("A day has each shift only once."));
    }
    let mut shifts = Vec::new();
    for id in wanted {
        let shift = known
            .get(id)
            .ok_or_else(|| wrong("There is no such shift any more."))?;
        shifts.push(RosterInstance {
            template: Some(*id),
            shift: shift.clone(),
        });
    }
    shifts.sort_by_key(|instance| (instance.shift.start, instance.template));
    // Shifts in different zones are compared by what clocks show, as people read a roster.
    let utc = model::zone::Zone::utc();
    let times: Vec<_> = shifts
        .iter()
        .filter_map(|i| interval(&i.shift, date, &utc))
        .collect();
    if times.windows(2).any(|two| two[1].from < two[0].to) {
        return Err(wrong("Two of these shifts are at the same time."));
    }
    Ok(shifts)
}
