//! Overtime and early arrivals: the days that wait for somebody's word, and that word.
//!
//! The rules say how much there is; nothing of it is lost while nobody decides, it is only not paid.
//! Each decision is another row, so what was decided before stays. A day that later comes to more than
//! was decided about waits again.

use chrono::{Days, NaiveDate};
use model::attendance::accrual::time_told;
use model::attendance::day::{Day, Rule};
use model::attendance::views::{
    EARLY_MINUTES, Named, OvertimeChoice, OvertimeDay, OvertimeDecision,
};
use model::{Actor, PersonId};
use platform::db::{Tx, on_constraint};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::exceptions::whose;
use crate::inbox::{approve_or_manage, check_note, may_decide};
use crate::people::zone_of;
use crate::store::overtime::{self as store, NewDecision, StandingRow};
use crate::store::{periods, stale};
use crate::{Attendance, Error};

/// How far back days are looked for that wait; as far as the first open period, if that is farther.
const BACK: Days = Days::new(62);
/// The most of them that are shown at once: the oldest.
const OPEN: i64 = 200;
/// The most that are decided at once.
const MOST: usize = 200;

impl Attendance {
    /// Days that wait for the reader; never the reader's own.
    pub(crate) async fn overtime_waiting(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        today: NaiveDate,
    ) -> Result<Vec<OvertimeDay>, sqlx::Error> {
        let people = whose(conn, actor, today).await?;
        // What keeps a period from being locked with a good conscience is shown, however long ago.
        let open = periods::first_open_day(conn).await?;
        let from = today.checked_sub_days(BACK).unwrap_or(today);
        let from = open.map_or(from, |open| open.min(from));
        let range = (from, today);
        let own = actor.person_id();
        let rows = store::waiting(conn, people.as_deref(), own, range, EARLY_MINUTES, OPEN).await?;
        let days = rows.into_iter().map(|row| {
            let day = row.document.0;
            OvertimeDay {
                employee: Named {
                    id: row.employee_id,
                    name: row.name,
                },
                work_date: day.work_date,
                counted_minutes: day.counted_minutes,
                overtime_minutes: day.overtime_minutes(),
                early_minutes: match day.uncounted_early_minutes {
                    early @ EARLY_MINUTES.. => early,
                    _ => 0,
                },
                why: why(&day),
                overtime: day.overtime,
                version: row.version,
            }
        });
        Ok(days.collect())
    }

    /// Approves or refuses overtime and early arrivals of some days: all of it, part of it, or nothing.
    /// Sent again, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`; [`Error::NotFound`]
    /// for a day that is not the actor's to decide about; [`Error::Changed`] for one about which
    /// somebody has decided meanwhile; [`Error::Locked`] for overtime of a locked period;
    /// [`Error::Invalid`].
    pub async fn decide_overtime(
        &self,
        actor: &Actor,
        choices: &[OvertimeChoice],
        note: &str,
    ) -> Result<usize, Error> {
        actor.require(approve_or_manage(actor))?;
        check_note(note)?;
        match choices.len() {
            0 => return Err(Error::field("pick", "Choose at least one day.")),
            1..=MOST => {}
            _ => {
                return Err(Error::field(
                    "pick",
                    "Decide about 200 days at most at once.",
                ));
            }
        }
        let today = zone_of(actor).day_of(self.deps.now());
        let mut tx = self.deps.db.begin("attendance.decide_overtime").await?;
        // Nobody locks the period while something of it is decided.
        stale::share_periods(&mut tx).await?;
        let people = whose(&mut tx, actor, today).await?;
        // In one order, so that two who decide about the same days do not wait in a circle.
        let mut sorted: Vec<&OvertimeChoice> = choices.iter().collect();
        sorted.sort_unstable_by_key(|choice| (choice.employee, choice.work_date));
        for choice in sorted {
            self.decide_day_in_tx(&mut tx, actor, people.as_deref(), choice, note.trim())
                .await?;
        }
        tx.commit().await?;
        self.nudge();
        Ok(choices.len())
    }

    /// Takes a decision back: the day waits again.
    ///
    /// # Errors
    /// As [`Attendance::decide_overtime`].
    pub async fn undo_overtime(
        &self,
        actor: &Actor,
        employee: PersonId,
        work_date: NaiveDate,
        version: i32,
    ) -> Result<(), Error> {
        actor.require(approve_or_manage(actor))?;
        let nothing = OvertimeChoice {
            employee,
            work_date,
            version,
            early: false,
            minutes: 0,
            seen_early: 0,
            seen_overtime: 0,
        };
        self.decide_overtime(actor, &[nothing], "").await?;
        Ok(())
    }

    async fn decide_day_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        people: Option<&[Uuid]>,
        choice: &OvertimeChoice,
        note: &str,
    ) -> Result<(), Error> {
        let (employee, date, now) = (choice.employee, choice.work_date, self.deps.now());
        let is_theirs = people.is_none_or(|people| people.contains(&employee.0))
            && actor.person_id() != Some(employee);
        let found = match is_theirs {
            true => store::standing(tx, employee, date).await?,
            false => None,
        };
        let standing = found.ok_or(Error::NotFound("day"))?;
        let by = actor.who.reference();
        if is_again(&standing, choice, &by) {
            return Ok(());
        }
        check(&standing, choice)?;
        let small = |minutes: i64| i32::try_from(minutes).unwrap_or(i32::MAX);
        let new = NewDecision {
            employee,
            work_date: date,
            version: choice.version + 1,
            early: choice.early,
            minutes: small(choice.minutes),
            seen_early: small(choice.seen_early),
            seen_overtime: small(choice.seen_overtime),
            note,
            by: &by,
            by_label: actor.who.label(),
            at: now,
        };
        let kept = store::insert(tx, &new).await;
        on_constraint(kept, "overtime_decision_once", || Error::Changed)?;
        self.mark_stale_in_tx(tx, &[(employee, date, date)]).await?;
        let subject = format!("person:{employee}");
        let detail = json!({
            "date": date,
            "early": choice.early,
            "minutes": choice.minutes,
        });
        self.audit_in_tx(tx, actor, "overtime", subject, detail)
            .await?;
        self.tell_request_in_tx(tx, "overtime", employee.0, employee)
            .await
    }

    /// What was decided about a day, as one reader sees it.
    pub(crate) async fn overtime_decision(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        employee: PersonId,
        date: NaiveDate,
        manager: Option<PersonId>,
    ) -> Result<Option<OvertimeDecision>, sqlx::Error> {
        let last = store::last(conn, employee, date).await?;
        Ok(last.filter(|row| row.stands).map(|row| OvertimeDecision {
            early: row.early_approved,
            minutes: i64::from(row.overtime_minutes),
            by: row.decided_by_label,
            at: zone_of(actor).stamp(row.decided_at),
            note: row.note,
            version: row.version,
            may_undo: may_decide(actor, employee, manager),
        }))
    }
}

/// Whether a decision is the last one once more.
fn is_again(standing: &StandingRow, choice: &OvertimeChoice, by: &str) -> bool {
    let was = (
        standing.early_approved,
        i64::from(standing.approved_minutes),
        i64::from(standing.seen_early_minutes),
        i64::from(standing.seen_overtime_minutes),
    );
    let is = (
        choice.early,
        choice.minutes,
        choice.seen_early,
        choice.seen_overtime,
    );
    standing.version == choice.version + 1 && was == is && standing.decided_by == by
}

/// Whether a decision can be.
fn check(standing: &StandingRow, choice: &OvertimeChoice) -> Result<(), Error> {
    if standing.version != choice.version {
        return Err(Error::Changed);
    }
    if choice.seen_early < 0 || choice.seen_overtime < 0 {
        return Err(Error::field("pick", "Load the page again."));
    }
    let there_is = i64::from(standing.overtime_minutes);
    if !(0..=there_is.min(choice.seen_overtime)).contains(&choice.minutes) {
        let most = time_told(there_is.min(choice.seen_overtime));
        return Err(Error::field(
            "minutes",
            format!("There are {most} of overtime."),
        ));
    }
    // What a locked day counts becomes an adjustment. What it is paid above that went to payroll.
    if standing.locked && choice.minutes != i64::from(standing.approved_minutes) {
        return Err(Error::Locked);
    }
    Ok(())
}

/// Why a day waits, in the words of the rules.
fn why(day: &Day) -> Vec<String> {
    let lines = day.explanation.iter().filter(|line| match line.rule {
        Rule::Overtime => true,
        Rule::Count => day.uncounted_early_minutes >= EARLY_MINUTES && line.minutes < 0,
        _ => false,
    });
    lines.map(|line| line.text.clone()).collect()
}
