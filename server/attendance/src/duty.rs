//! When shifts are, as instants; and what is told of rosters that have changed.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::PersonId;
use model::attendance::shift::ShiftTemplate;
use model::scheduling::interval::Interval;
use model::zone::Zone;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::people::{in_force, zone_named};
use crate::reach::Stretch;
use crate::store::employees;
use crate::store::roster::{self, DayRow};
use crate::{Attendance, Error};

/// The most shifts of one day.
pub const MOST_SHIFTS: usize = 4;

/// Tells subscribers of days whose shifts have changed.
pub const ROSTER_CHANGED: &str = "roster.changed";

/// Tells pages that stay open.
const PAGES: &str = "attendance.roster";

/// Of shifts before this nobody is told that clocks have changed.
const LONG_PAST: Days = Days::new(35);

/// Whoever works this long between midnight and five works at night.
const NIGHT: TimeDelta = TimeDelta::hours(3);

/// The payload of [`ROSTER_CHANGED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterChanged {
    /// Whose days.
    pub employee: PersonId,
    /// The first.
    pub date: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

/// A shift of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What it comes from; see [`shift_key`].
    pub source_key: String,
    /// On which date of the roster.
    pub date: NaiveDate,
    /// From when to when.
    pub during: Interval,
    /// Whether three hours of it or more lie between midnight and five.
    pub is_night: bool,
}

/// The key of one shift of a day, by its place in the day from 0 on, below [`MOST_SHIFTS`].
pub fn shift_key(employee: PersonId, date: NaiveDate, place: usize) -> String {
    format!("roster:{employee}:{date}:{place}")
}

impl Attendance {
    /// The shifts of one person on one date: key, from, to, and whether it is a night.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is not known.
    pub async fn shifts_of(
        &self,
        employee: PersonId,
        date: NaiveDate,
    ) -> Result<Vec<(String, DateTime<Utc>, DateTime<Utc>, bool)>, Error> {
        let mut conn = self.deps.db.read().await?;
        let duties = self.duties_in_tx(&mut conn, employee, date, date).await?;
        let parts = |duty: Duty| {
            let Interval { from, to } = duty.during;
            (duty.source_key, from, to, duty.is_night)
        };
        Ok(duties.into_iter().map(parts).collect())
    }

    /// The shifts of one person from one date to another, for callers with a connection.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is not known.
    pub async fn duties_in_tx(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Duty>, Error> {
        let person = self.employee(conn, employee).await?;
        let terms = employees::employments(conn, &[employee.0]).await?;
        let days = roster::days(conn, &[employee.0], from, to).await?;
        let mut zones = Zones::default();
        let mut found = Vec::new();
        for day in &days {
            let site = in_force(&terms, day.work_date).and_then(|t| t.site_zone.as_deref());
            for (place, during, zone) in zones.intervals(day, site, &person.zone) {
                found.push(Duty {
                    source_key: shift_key(employee, day.work_date, place),
                    date: day.work_date,
                    during,
                    is_night: is_night(during, &zone),
                });
            }
        }
        Ok(found)
    }

    /// Has changed days derived again and tells of them, in the caller's transaction. The days come
    /// by person and date.
    pub(crate) async fn roster_changed_in_tx(
        &self,
        conn: &mut PgConnection,
        days: &[(PersonId, NaiveDate)],
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let runs = runs(days);
        self.mark_stale_in_tx(conn, &runs).await?;
        self.tell_roster_in_tx(conn, &runs, now).await
    }

    /// As [`Attendance::roster_changed_in_tx`] for stretches of days whose shifts may be at other
    /// times, since they follow other clocks. Of what is long past nobody is told.
    pub(crate) async fn clocks_changed_in_tx(
        &self,
        conn: &mut PgConnection,
        stretches: &[Stretch],
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        self.mark_stale_in_tx(conn, stretches).await?;
        let since = now.date_naive() - LONG_PAST;
        let recent = stretches.iter().filter(|(.., to)| since <= *to);
        let recent = recent.map(|(person, from, to)| (*person, since.max(*from), *to));
        let recent: Vec<Stretch> = recent.collect();
        self.tell_roster_in_tx(conn, &recent, now).await
    }

    async fn tell_roster_in_tx(
        &self,
        conn: &mut PgConnection,
        stretches: &[Stretch],
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        if stretches.is_empty() {
            return Ok(());
        }
        for (employee, date, until) in stretches {
            let told = RosterChanged {
                employee: *employee,
                date: *date,
                until: *until,
            };
            let id = self.deps.new_id();
            platform::outbox::publish(conn, id, now, ROSTER_CHANGED, &told).await?;
        }
        let id = self.deps.new_id();
        platform::outbox::publish(conn, id, now, PAGES, &serde_json::json!({})).await
    }
}

/// Days of people in a row, as stretches.
pub(crate) fn runs(days: &[(PersonId, NaiveDate)]) -> Vec<Stretch> {
    let mut runs: Vec<Stretch> = Vec::new();
    for (person, date) in days {
        match runs.last_mut() {
            Some((of, _, last)) if of == person && last.succ_opt() == Some(*date) => *last = *date,
            _ => runs.push((*person, *date, *date)),
        }
    }
    runs
}

/// Zones by name, each looked up once.
#[derive(Default)]
pub(crate) struct Zones(HashMap<String, Zone>);

impl Zones {
    /// A zone; one that has left the database reads as UTC.
    pub fn get(&mut self, name: &str) -> Zone {
        if let Some(zone) = self.0.get(name) {
            return zone.clone();
        }
        let zone = zone_named(name);
        self.0.insert(name.to_owned(), zone.clone());
        zone
    }

    /// The shifts of a day with their place in it, when they are, and whose clocks they follow:
    /// their own, else the site's, else the person's.
    pub fn intervals(
        &mut self,
        day: &DayRow,
        site: Option<&str>,
        person: &str,
    ) -> Vec<(usize, Interval, Zone)> {
        let mut found = Vec::new();
        for (place, instance) in day.shifts.iter().enumerate() {
            let zone = self.get(instance.shift.zone.as_deref().or(site).unwrap_or(person));
            if let Some(during) = interval(&instance.shift, day.work_date, &zone) {
                found.push((place, during, zone));
            }
        }
        found
    }
}

/// When a shift of a date is. `None` for a year beyond 9999.
pub(crate) fn interval(shift: &ShiftTemplate, date: NaiveDate, zone: &Zone) -> Option<Interval> {
    let from = zone.first_reading(date.and_time(shift.start.time()))?;
    let days = u64::from(shift.end <= shift.start);
    let end_date = date.checked_add_days(Days::new(days))?;
    let to = zone.first_reading(end_date.and_time(shift.end.time()))?;
    Some(Interval::new(from, to.max(from)))
}

fn is_night(during: Interval, zone: &Zone) -> bool {
    let mut date = zone.day_of(during.from);
    let last = zone.day_of(during.to);
    let five = NaiveTime::from_hms_opt(5, 0, 0).unwrap_or_default();
    let mut nightly = TimeDelta::zero();
    while date <= last {
        let night = zone
            .start_of(date)
            .zip(zone.first_reading(date.and_time(five)));
        if let Some((midnight, five)) = night {
            let part = Interval::new(midnight.max(during.from), five.min(during.to));
            nightly += part.duration();
        }
        let Some(next) = date.succ_opt() else { break };
        date = next;
    }
    nightly >= NIGHT
}

#[cfg(test)]
#[path = "duty_tests.rs"]
mod tests;
