//! What was derived is written, as far as it is news: days, adjustments of locked ones, exceptions, and
//! where people are.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use model::{PeriodId, PersonId};
use platform::db::Tx;
use uuid::Uuid;

use crate::derive::laws::{self, Exception};
use crate::derive::outcome::Outcome;
use crate::store::days::{self, NewDay, Written};
use crate::store::findings::{self, Found, Looked};
use crate::store::presence::{self, NewPresence};
use crate::store::{calendars, periods};
use crate::{Attendance, Error};

impl Attendance {
    /// Writes what is news, and says which days have become others.
    pub(crate) async fn write_in_tx(
        &self,
        tx: &mut Tx,
        outcomes: &[Outcome],
        now: DateTime<Utc>,
    ) -> Result<Vec<Written>, Error> {
        let Some(first) = outcomes.iter().map(|o| o.from).min() else {
            return Ok(Vec::new());
        };
        let last = outcomes.iter().map(|o| o.to).max().unwrap_or(first);
        let people: Vec<Uuid> = outcomes.iter().map(|o| o.employee.0).collect();
        let from: Vec<NaiveDate> = outcomes.iter().map(|o| o.from).collect();
        let to: Vec<NaiveDate> = outcomes.iter().map(|o| o.to).collect();
        let standing = days::standing(tx, &people, &from, &to).await?;
        let standing: HashMap<(PersonId, NaiveDate), Vec<u8>> = standing
            .into_iter()
            .map(|row| ((row.employee_id, row.work_date), row.inputs_hash))
            .collect();
        let locked = calendars::locked(tx, first, last).await?;
        let lock_of = |date: NaiveDate| {
            let mut periods = locked.iter();
            periods
                .find(|(_, from, to)| *from <= date && date < *to)
                .map(|(id, ..)| *id)
        };
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            let of_nothing = outcome.nothing.iter().map(|day| (day, true));
            for (day, is_nothing) in outcome.days.iter().map(|d| (d, false)).chain(of_nothing) {
                let date = day.document.day.work_date;
                let known = standing.get(&(day.employee, date));
                let is_known = known.is_some_and(|hash| *hash == day.inputs_hash);
                match lock_of(date) {
                    Some(period) => closed.push((day, period)),
                    None if is_known => {}
                    // A day that there is nothing to say of is written only over another.
                    None if is_nothing && known.is_none() => {}
                    None => open.push(day.clone()),
                }
            }
        }
        let mut changed = days::write(tx, &open, now).await?;
        changed.extend(self.adjust_all_in_tx(tx, &closed, now).await?);
        // Of several stretches of one person's days, that with the last punch knows.
        let mut places: BTreeMap<PersonId, NewPresence> = BTreeMap::new();
        for place in outcomes.iter().filter_map(|o| o.presence) {
            let known = places.entry(place.employee).or_insert(place);
            if known.since <= place.since {
                *known = place;
            }
        }
        let rows: Vec<NewPresence> = places.into_values().collect();
        presence::write(tx, &rows).await?;
        self.tell_laws_in_tx(tx, outcomes, now).await?;
        Ok(changed)
    }

    /// Says what days of locked periods have come to, where that is not what was locked, or was not
    /// for a time.
    async fn adjust_all_in_tx(
        &self,
        tx: &mut Tx,
        closed: &[(&NewDay, PeriodId)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Written>, Error> {
        let mut changed = Vec::new();
        if closed.is_empty() {
            return Ok(changed);
        }
        let people: Vec<Uuid> = closed.iter().map(|(day, _)| day.employee.0).collect();
        let dates: Vec<NaiveDate> = closed
            .iter()
            .map(|(d, _)| d.document.day.work_date)
            .collect();
        let counted = days::counted(tx, &people, &dates).await?;
        let counted: HashMap<(PersonId, NaiveDate), i64> = counted.into_iter().collect();
        let adjusted = periods::adjusted(tx, &people, &dates).await?;
        let adjusted: HashSet<(PersonId, NaiveDate)> = adjusted.into_iter().collect();
        for (day, period) in closed {
            let (employee, new) = (day.employee, &day.document.day);
            let key = (employee, new.work_date);
            let locked = counted.get(&key).copied().unwrap_or(0);
            if locked == new.counted_minutes && !adjusted.contains(&key) {
                continue;
            }
            if self
                .adjust_in_tx(tx, employee, new.work_date, *period, new, locked, now)
                .await?
            {
                changed.push(Written {
                    employee_id: employee,
                    work_date: new.work_date,
                    is_new: false,
                });
            }
        }
        Ok(changed)
    }

    async fn tell_laws_in_tx(
        &self,
        tx: &mut Tx,
        outcomes: &[Outcome],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let (mut looked, mut found) = (Vec::new(), Vec::new());
        let mut look = |employee, range: Option<(NaiveDate, NaiveDate)>, kinds| {
            if let Some((from, to)) = range {
                looked.push(Looked {
                    employee,
                    from,
                    to,
                    kinds,
                });
            }
        };
        for outcome in outcomes {
            let checked = &outcome.checked;
            look(outcome.employee, checked.days, laws::OF_DAYS);
            look(outcome.employee, checked.weeks, laws::OF_WEEKS);
            found.extend(checked.found.iter().map(|e| (outcome.employee, e.clone())));
        }
        let averages = outcomes.iter().filter_map(|o| o.checked.average.as_ref());
        let averages: Vec<_> = averages.collect();
        if !averages.is_empty() {
            let people: Vec<Uuid> = averages.iter().map(|a| a.employee.0).collect();
            let from: Vec<NaiveDate> = averages.iter().map(|a| a.since).collect();
            let to: Vec<NaiveDate> = averages.iter().map(|a| a.weeks.1).collect();
            let worked = days::worked(tx, &people, &from, &to).await?;
            for average in averages {
                look(average.employee, Some(average.weeks), laws::OF_AVERAGES);
                let exceptions = average.check(&worked).into_iter();
                found.extend(exceptions.map(|e| (average.employee, e)));
            }
        }
        let mut seen = HashSet::new();
        found.retain(|(employee, e)| seen.insert((*employee, e.date, e.kind)));
        let found = found
            .into_iter()
            .map(|(employee, e)| self.found(employee, e));
        let found: Vec<Found> = found.collect();
        findings::write(tx, &looked, &found, now).await?;
        Ok(())
    }

    fn found(&self, employee: PersonId, exception: Exception) -> Found {
        Found {
            id: self.deps.new_id(),
            employee,
            work_date: exception.date,
            kind: exception.kind,
            severity: exception.severity,
            minutes: exception.minutes,
            text: exception.text,
        }
    }
}
