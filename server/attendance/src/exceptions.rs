//! Exceptions: what is out of order on a day, until somebody has said why or let it pass. Managers
//! see those of their people, HR everybody's.

use chrono::{NaiveDate, TimeDelta};
use model::attendance::views::{ExceptionState, ExceptionView, ExceptionsPage, Named};
use model::{Actor, ExceptionId, Permission, PersonId};
use platform::jobs::Registry;
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::inbox::approve_or_manage;
use crate::store::exceptions::{self, ExceptionListed};
use crate::{Attendance, Error};

/// How many open ones the page shows.
const OPEN: i64 = 500;
/// How many settled ones.
const SETTLED: i64 = 200;
/// Of how many days settled ones are shown.
const SETTLED_DAYS: i64 = 92;
/// The longest note.
const LONGEST_NOTE: usize = 1000;

/// The event of an exception that somebody settled, for pages that are open.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settled {
    exception: ExceptionId,
    employee: PersonId,
    work_date: NaiveDate,
    kind: String,
    from: ExceptionState,
    to: ExceptionState,
    by: String,
}

/// The timer.
const JOB: &str = "attendance.exceptions";

impl Attendance {
    pub(crate) fn register_exceptions(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.record_exceptions().await?;
                Ok(())
            }
        });
        registry.cron(JOB, "* * * * *");
        registry.at_start(JOB);
    }

    /// Sets the gauge `attendance_exceptions_open`.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    async fn record_exceptions(&self) -> Result<(), Error> {
        let mut conn = self.deps.db.read().await?;
        let open = exceptions::count_open(&mut conn, None).await?;
        metrics::gauge!("attendance_exceptions_open").set(open as f64);
        Ok(())
    }

    /// What is out of order: open ones first, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`.
    pub async fn exceptions_page(&self, actor: &Actor) -> Result<ExceptionsPage, Error> {
        actor.require(approve_or_manage(actor))?;
        let today = self.deps.now().date_naive();
        let mut conn = self.deps.db.read().await?;
        let whose = whose(&mut conn, actor, today).await?;
        let whose = whose.as_deref();
        let open = exceptions::open(&mut conn, whose, OPEN).await?;
        let since = today - TimeDelta::days(SETTLED_DAYS);
        let settled = exceptions::settled(&mut conn, whose, since, SETTLED).await?;
        Ok(ExceptionsPage {
            exceptions: open.into_iter().chain(settled).map(view).collect(),
            counts: exceptions::counts(&mut conn, whose).await?,
        })
    }

    /// Explains an exception, lets it pass, or opens it again. Told again, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`; [`Error::Invalid`]
    /// without a note; [`Error::NotFound`] also for one of somebody whom the actor does not manage;
    /// [`Error::Decided`] for one that is gone with the next version of its day.
    pub async fn settle_exception(
        &self,
        actor: &Actor,
        id: ExceptionId,
        state: ExceptionState,
        note: &str,
    ) -> Result<(), Error> {
        actor.require(approve_or_manage(actor))?;
        let note = accepted(state, note)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.settle_exception").await?;
        let found = exceptions::find_locked(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("exception"))?;
        let whose = whose(&mut tx, actor, now.date_naive()).await?;
        if whose.is_some_and(|people| !people.contains(&row.employee_id.0)) {
            return Err(Error::NotFound("exception"));
        }
        if row.state == ExceptionState::Gone {
            return Err(Error::Decided("gone"));
        }
        if row.state == state && row.note == note {
            return Ok(());
        }
        let by = (state != ExceptionState::Open).then(|| (actor.who.label(), now));
        exceptions::settle(&mut tx, id, state, note, by).await?;
        let news = Settled {
            exception: id,
            employee: row.employee_id,
            work_date: row.work_date,
            kind: row.kind,
            from: row.state,
            to: state,
            by: actor.who.reference(),
        };
        let topic = "attendance.exception";
        platform::outbox::publish(&mut tx, self.deps.new_id(), now, topic, &news).await?;
        let detail = json!({
            "date": news.work_date, "kind": news.kind, "from": news.from, "to": news.to,
        });
        let subject = format!("person:{}", news.employee);
        self.audit_in_tx(&mut tx, actor, "exception.settled", subject, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whom the actor may see beyond themselves: everybody (`None`) with `attendance:manage`, else those
/// whom they manage on that day.
pub(crate) async fn whose(
    conn: &mut PgConnection,
    actor: &Actor,
    today: NaiveDate,
) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    if actor.may(Permission::AttendanceManage) {
        return Ok(None);
    }
    match actor.person_id() {
        Some(manager) => exceptions::reports_of(conn, manager, today).await.map(Some),
        // A program manages nobody.
        None => Ok(Some(Vec::new())),
    }
}

/// The note as it is kept.
fn accepted(state: ExceptionState, note: &str) -> Result<&str, Error> {
    let note = note.trim();
    if state == ExceptionState::Gone {
        let message = "An exception goes with its day and not by a decision.";
        return Err(Error::field("state", message));
    }
    if state != ExceptionState::Open && note.is_empty() {
        return Err(Error::field(
            "note",
            "Say why, for whoever looks at this later.",
        ));
    }
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::field("note", "Say it in a thousand characters."));
    }
    Ok(note)
}

fn view(row: ExceptionListed) -> ExceptionView {
    ExceptionView {
        id: row.id,
        employee: Named {
            id: row.employee_id,
            name: row.name,
        },
        work_date: row.work_date,
        kind: row.kind,
        severity: row.severity,
        text: row.text,
        minutes: i64::from(row.minutes),
        state: row.state,
        note: row.note,
    }
}
