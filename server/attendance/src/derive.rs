//! Stale days become days again.
//!
//! Whatever changes what a day is made of marks it stale, in the same transaction. A round takes marks,
//! reads all that is known of those people ([`crate::load`]), lets the pure rules make their days
//! ([`outcome`]), and writes what has become another ([`crate::write`]); if it fails, the marks are back.
//! Marks of one person that come close together are one derivation. Any worker may take any mark: two
//! that meet over one person wait for each other, and the later reads what the earlier wrote.
//!
//! A day of a locked period stays as it is, and what it has come to is an adjustment.

pub(crate) mod laws;
pub(crate) mod outcome;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::PersonId;
use platform::db::Tx;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::load::{self, Batch, Loaded, Span};
use crate::store::days::Written;
use crate::store::stale::{self, Mark};
use crate::{Attendance, Error};
use outcome::Outcome;

/// How many marks one round takes.
const ROUND: i64 = 1_000;
/// How often the loop looks when nobody wakes it.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it waits once it is woken, so that marks that come by the dozen are one round.
const TOGETHER: Duration = Duration::from_millis(200);
/// How long it waits after a round that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// Stretches of one person that are no farther apart than this are derived as one.
const APART: u64 = 6;

/// What an event says of the days that have become others.
#[derive(Clone, Debug, Serialize)]
struct Changed {
    days: Vec<ChangedDay>,
}

/// A day that has become another.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangedDay {
    employee: PersonId,
    work_date: NaiveDate,
}

impl Attendance {
    /// Marks days as stale, in the caller's transaction: from the first to the last date of each range.
    /// The days beside them are derived as well.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_stale_in_tx(
        &self,
        conn: &mut PgConnection,
        ranges: &[(PersonId, NaiveDate, NaiveDate)],
    ) -> Result<(), sqlx::Error> {
        if ranges.is_empty() {
            return Ok(());
        }
        stale::mark(conn, ranges, self.deps.now()).await
    }

    /// Wakes the loop that derives, if it runs in this process. To be called after the commit.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Derives what is stale, one round of it, and says how many marks that were.
    ///
    /// # Errors
    /// When the database refuses; then nothing has changed.
    pub async fn derive_stale(&self) -> Result<usize, Error> {
        let mut tx = self.deps.db.begin("attendance.derive").await?;
        let marks = stale::take(&mut tx, ROUND).await?;
        self.derive_marks(tx, marks).await
    }

    /// Derives until told to stop. Several may run, in several processes.
    pub async fn keep_deriving(&self, stopped: impl Future<Output = ()> + Send) {
        tokio::pin!(stopped);
        loop {
            let pause = match self.derive_stale().await {
                // There may be more.
                Ok(done) if i64::try_from(done).is_ok_and(|done| done >= ROUND) => Duration::ZERO,
                Ok(_) => PAUSE,
                Err(error) => {
                    tracing::error!(error = ?error, "days could not be derived");
                    AFTER_FAILURE
                }
            };
            let woken = async {
                if pause <= PAUSE {
                    self.nudge.notified().await;
                    tokio::time::sleep(TOGETHER).await;
                } else {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = &mut stopped => return,
                () = woken => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Derives what is stale of one person before somebody looks at it, so that whoever has told a
    /// punch sees the day that it makes.
    pub(crate) async fn freshen(&self, employee: PersonId) -> Result<(), Error> {
        let mut conn = self.deps.db.read().await?;
        let is_stale = stale::is_stale(&mut conn, employee).await?;
        drop(conn);
        if !is_stale {
            return Ok(());
        }
        let mut tx = self.deps.db.begin("attendance.freshen").await?;
        // Locks in the same order as a round: periods, then people. Whoever is deriving this person
        // right now has taken the marks.
        stale::share_periods(&mut tx).await?;
        stale::lock_people(&mut tx, &[employee.0]).await?;
        let marks = stale::take_of(&mut tx, employee, ROUND).await?;
        self.derive_marks(tx, marks).await?;
        Ok(())
    }

    /// Everything that some days of one person are made of, both ends included, under the terms that
    /// hold on the last of them.
    pub(crate) async fn load_inputs(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Loaded, Error> {
        let span = Span { employee, from, to };
        last_of(load::load(conn, &[span], self.deps.now()).await?)
    }

    /// The same for many days of one person, one for each stretch under the same terms.
    pub(crate) async fn load_terms(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Loaded>, Error> {
        let span = Span { employee, from, to };
        let mut batch = load::load(conn, &[span], self.deps.now()).await?;
        match batch.broken.pop() {
            Some((_, error)) => Err(unreadable(error)),
            None => Ok(batch.loaded),
        }
    }

    /// Derives what marks that were taken ask for, and says how many of them are done away with.
    async fn derive_marks(&self, mut tx: Tx, marks: Vec<Mark>) -> Result<usize, Error> {
        if marks.is_empty() {
            tx.rollback().await?;
            return Ok(0);
        }
        let now = self.deps.now();
        // Days before have lost punches to retention, and stay as they are.
        let first = crate::retention::derivable_from(now);
        let kept: Vec<Mark> = marks
            .iter()
            .copied()
            .filter(|m| m.work_date >= first)
            .collect();
        let spans = spans(&kept);
        let people: Vec<Uuid> = spans.iter().map(|span| span.employee.0).collect();
        stale::share_periods(&mut tx).await?;
        stale::lock_people(&mut tx, &people).await?;
        let batch = load::load(&mut tx, &spans, now).await?;
        let (outcomes, mut broken) = outcomes(batch.loaded, now).await?;
        broken.extend(batch.broken);
        let changed = self.write_in_tx(&mut tx, &outcomes, now).await?;
        stale::mark(&mut tx, &beyond(&outcomes, &changed), now).await?;
        let failed: HashSet<PersonId> = broken.iter().map(|(person, _)| *person).collect();
        for (employee, error) in &broken {
            tracing::error!(employee.id = %employee, error, "days of somebody could not be derived");
        }
        let (again, done): (Vec<Mark>, Vec<Mark>) = marks
            .into_iter()
            .partition(|mark| failed.contains(&mark.employee_id));
        stale::put_back(&mut tx, &again).await?;
        if !changed.is_empty() {
            let days = changed.iter().map(|day| ChangedDay {
                employee: day.employee_id,
                work_date: day.work_date,
            });
            let payload = Changed {
                days: days.collect(),
            };
            let id = self.deps.new_id();
            platform::outbox::publish(&mut tx, id, now, "attendance.day", &payload).await?;
        }
        tx.commit().await?;
        let written = self.deps.now();
        for mark in &done {
            let waited = (written - mark.since).to_std().unwrap_or_default();
            metrics::histogram!("attendance_derive_seconds").record(waited.as_secs_f64());
        }
        metrics::counter!("attendance_days_written_total").increment(changed.len() as u64);
        Ok(done.len())
    }
}

/// What was loaded last of one person.
fn last_of(mut batch: Batch) -> Result<Loaded, Error> {
    if let Some((_, error)) = batch.broken.pop() {
        return Err(unreadable(error));
    }
    batch.loaded.pop().ok_or(Error::NotFound("person"))
}

/// The error of rows that cannot be read.
pub(crate) fn unreadable(error: String) -> Error {
    Error::Database(sqlx::Error::Decode(error.into()))
}

/// The stretches of days that marks ask for, each with a day before and after.
fn spans(marks: &[Mark]) -> Vec<Span> {
    let mut dates: BTreeMap<PersonId, Vec<NaiveDate>> = BTreeMap::new();
    for mark in marks {
        dates
            .entry(mark.employee_id)
            .or_default()
            .push(mark.work_date);
    }
    let mut spans: Vec<Span> = Vec::new();
    for (employee, mut dates) in dates {
        dates.sort_unstable();
        for date in dates {
            let from = date.checked_sub_days(Days::new(1)).unwrap_or(date);
            let to = date.checked_add_days(Days::new(1)).unwrap_or(date);
            let near = from.checked_sub_days(Days::new(APART)).unwrap_or(from);
            match spans.last_mut() {
                Some(last) if last.employee == employee && near <= last.to => {
                    last.to = last.to.max(to);
                }
                _ => spans.push(Span { employee, from, to }),
            }
        }
    }
    spans
}

/// Days that follow on stretches whose last day has become another. Where people come and go without
/// shifts and without saying which way, a punch decides what all those after it are taken for, until
/// there is a rest. It goes forward only, so it comes to an end.
fn beyond(outcomes: &[Outcome], changed: &[Written]) -> Vec<(PersonId, NaiveDate, NaiveDate)> {
    let changed: HashMap<(PersonId, NaiveDate), bool> = changed
        .iter()
        .map(|day| ((day.employee_id, day.work_date), day.is_new))
        .collect();
    let reached = outcomes
        .iter()
        .filter(|o| match changed.get(&(o.employee, o.to)) {
            // Where nobody came before or now, nothing follows.
            Some(is_new) => !is_new || o.has_punches_at_the_end(),
            None => false,
        });
    let next = reached.filter_map(|o| {
        // The day before it is derived as well, and that is the first beyond.
        let date = o.to.checked_add_days(Days::new(2))?;
        Some((o.employee, date, date))
    });
    next.collect()
}

/// Lets the rules make the days, on a thread that may take its time. A defect in the rules over one
/// person's data must not keep everybody else's days from being derived.
async fn outcomes(
    loaded: Vec<Loaded>,
    now: DateTime<Utc>,
) -> Result<(Vec<Outcome>, Vec<(PersonId, String)>), Error> {
    let work = move || {
        let (mut outcomes, mut broken) = (Vec::with_capacity(loaded.len()), Vec::new());
        for loaded in &loaded {
            match catch_unwind(AssertUnwindSafe(|| outcome::of(loaded, now))) {
                Ok(outcome) => outcomes.push(outcome),
                Err(_) => broken.push((loaded.person.id, "the rules have failed".to_owned())),
            }
        }
        (outcomes, broken)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(person: u128, date: &str) -> Mark {
        Mark {
            employee_id: PersonId(Uuid::from_u128(person)),
            work_date: date.parse().expect("a date"),
            since: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn marks_that_lie_together_are_one_stretch() {
        let marks = [
            mark(2, "2026-11-23"),
            mark(1, "2026-11-24"),
            mark(1, "2026-11-23"),
            mark(1, "2026-11-23"),
            mark(1, "2026-12-24"),
        ];
        let found: Vec<_> = spans(&marks)
            .iter()
            .map(|s| format!("{} {} {}", s.employee.0.as_u128(), s.from, s.to))
            .collect();
        assert_eq!(
            found,
            [
                "1 2026-11-22 2026-11-25",
                "1 2026-12-23 2026-12-25",
                "2 2026-11-22 2026-11-24"
            ]
        );
    }
}
