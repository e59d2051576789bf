//! Which days have to be read for the days that are asked for.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::attendance::overtime::{self, workweek_of};
use model::attendance::policy::Policy;
use model::zone::Zone;
use model::{PersonId, PolicyId, SiteId};

use super::{Policies, Span};
use crate::people::zone_named;
use crate::store::employees::{EmployeeRow, EmploymentRow};

/// So many days before the first that is derived are made of all that there is of them.
const BEFORE: u64 = 1;
/// So many days after the last one.
const AFTER: u64 = 1;
/// So many days before those are read at first: somebody may have been at work then.
const REACH: u64 = 2;

/// Days of one person under the same terms.
pub(super) struct Window {
    pub person: EmployeeRow,
    pub zone: Zone,
    pub region: Option<String>,
    pub site: Option<SiteId>,
    pub policy: Policy,
    pub policy_id: PolicyId,
    pub policy_version: i32,
    /// What is derived.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// What is made of all that there is of it.
    pub sure: (NaiveDate, NaiveDate),
    /// What is read.
    pub known: (NaiveDate, NaiveDate),
    /// The same in instants: from the first to before the last.
    pub instants: (DateTime<Utc>, DateTime<Utc>),
}

/// All windows, and whose terms cannot be read.
#[derive(Default)]
pub(super) struct Planned {
    pub windows: Vec<Window>,
    pub broken: Vec<(PersonId, String)>,
}

/// Plans what to read, by person and day.
pub(super) fn windows(
    spans: &[Span],
    people: &HashMap<PersonId, EmployeeRow>,
    terms: &[EmploymentRow],
    policies: &Policies,
    now: DateTime<Utc>,
) -> Planned {
    let mut planned = Planned::default();
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    for span in sorted {
        let Some(person) = people.get(&span.employee) else {
            continue;
        };
        let first = terms.partition_point(|row| row.employee_id < span.employee);
        let own = &terms[first..];
        let count = own.partition_point(|row| row.employee_id == span.employee);
        if let Err(error) = of_span(span, person, &own[..count], policies, now, &mut planned) {
            planned.broken.push((span.employee, error));
        }
    }
    planned
}

/// One window for each stretch of the span under the same terms.
fn of_span(
    span: Span,
    person: &EmployeeRow,
    terms: &[EmploymentRow],
    policies: &Policies,
    now: DateTime<Utc>,
    planned: &mut Planned,
) -> Result<(), String> {
    for (number, row) in terms.iter().enumerate() {
        // The first terms hold for all days before them as well.
        let begins = if number == 0 {
            NaiveDate::MIN
        } else {
            row.from_day
        };
        let next = terms
            .get(number + 1)
            .and_then(|next| next.from_day.pred_opt());
        let ends = next.unwrap_or(NaiveDate::MAX);
        let (from, to) = (span.from.max(begins), span.to.min(ends));
        if from > to {
            continue;
        }
        let (policy, policy_version) = match policies.get(&row.policy_id) {
            Some((Ok(policy), version)) => (policy.clone(), *version),
            Some((Err(error), _)) => return Err(error.clone()),
            None => return Err(format!("policy {} is missing", row.policy_id)),
        };
        let zone = zone_named(row.site_zone.as_deref().unwrap_or(&person.zone));
        let week = |date| workweek_of(date, policy.workweek_start.weekday());
        let week_end = |date| later(week(date), 6);
        // Overtime of a week is decided by all of it.
        let (from, to) = if policy.overtime == overtime::Rule::None {
            (from, to)
        } else {
            (week(from).max(begins), week_end(to).min(ends))
        };
        let last = planned.windows.last_mut();
        let touching = last.filter(|w| {
            w.person.id == person.id
                && w.policy_id == row.policy_id
                && from <= later(w.to, 1)
                && begins <= w.from
        });
        let from = match &touching {
            Some(before) => before.from.min(from),
            None => from,
        };
        let to = touching.as_ref().map_or(to, |before| before.to.max(to));
        let mut sure = (earlier(from, BEFORE), later(to, AFTER));
        // What the law says to a whole week, and to the rests around it, is looked at once the week
        // is over.
        if week_end(from) < zone.day_of(now) {
            sure.0 = sure.0.min(earlier(week(from), 2));
            sure.1 = sure.1.max(later(week_end(to), 2));
        }
        let known = (earlier(sure.0, REACH), later(sure.1, 1));
        let instants = instants(&zone, known)?;
        let window = Window {
            person: person.clone(),
            zone,
            region: row.region.clone(),
            site: row.site_id,
            policy,
            policy_id: row.policy_id,
            policy_version,
            from,
            to,
            sure,
            known,
            instants,
        };
        match touching {
            Some(before) => *before = window,
            None => planned.windows.push(window),
        }
    }
    Ok(())
}

impl Window {
    /// The same, with so many days before what has to be sure.
    pub fn reaching(mut self, days: u64) -> Result<Self, String> {
        self.known.0 = earlier(self.sure.0, days);
        self.instants = instants(&self.zone, self.known)?;
        Ok(self)
    }
}

/// From the first instant of the first day to the last of the last.
fn instants(
    zone: &Zone,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(DateTime<Utc>, DateTime<Utc>), String> {
    let instants = zone.start_of(first).zip(zone.start_of(later(last, 1)));
    instants.ok_or_else(|| format!("{last} is no day of the calendar"))
}

fn earlier(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}
