//! Periods of payroll: until one is locked, its days change with what they are made of; from then on
//! they stay, and a change becomes an adjustment ([`crate::adjustments`]).

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use model::attendance::views::{
    AdjustmentState, AdjustmentView, EARLY_MINUTES, Named, PeriodState, PeriodView, PeriodsPage,
};
use model::zone::Zone;
use model::{Actor, AdjustmentId, FieldError, PeriodId, Permission, Problem};
use platform::db::on_constraint;
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;

use crate::inbox::not_oneself;
use crate::people::zone_of;
use crate::store::payroll;
use crate::store::periods::{self, AdjustmentListed, PeriodListed, PeriodRow, UnderWay};
use crate::{Attendance, Error};

/// How many periods the page shows: five years of months.
const PERIODS: i64 = 60;
/// How many adjustments the page shows.
const ADJUSTMENTS: i64 = 300;
/// How many rounds of derivation a lock waits for before each try.
const CATCH_UP: usize = 40;
/// How often a lock is tried while days come in.
const TRIES: usize = 3;
/// The code of the problem that days of a period are still being worked out.
const UNDER_WAY: &str = "days_under_way";
/// How many days before a period have a say in its first ones: those of a workweek.
const BEFORE: Days = Days::new(7);
/// The longest period, in days.
const LONGEST_DAYS: i64 = 366;
/// The years of which periods can be.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// The event of a period: it was made or locked, or one of its days has an adjustment.
#[derive(Serialize)]
pub(crate) struct News {
    pub period: PeriodId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<AdjustmentId>,
    pub what: &'static str,
    /// Who did it, as a reference; nobody for what the derivation found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Attendance {
    /// Periods, newest first, and what days of locked ones have come to. No punches, no reasons.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `payroll:read`.
    pub async fn periods_page(&self, actor: &Actor) -> Result<PeriodsPage, Error> {
        actor.require(Permission::PayrollRead)?;
        let zone = Zone::named(&actor.zone).unwrap_or_else(|_| Zone::utc());
        let mut conn = self.deps.db.read().await?;
        let rows = periods::listed(&mut conn, EARLY_MINUTES, PERIODS).await?;
        let adjustments = periods::adjustments(&mut conn, ADJUSTMENTS).await?;
        Ok(PeriodsPage {
            periods: rows
                .into_iter()
                .map(|row| period_view(row, &zone))
                .collect(),
            adjustments: adjustments
                .into_iter()
                .map(|row| adjustment_view(row, actor, &zone))
                .collect(),
            may_change: actor.may(Permission::AttendanceManage),
        })
    }

    /// Makes a period.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] for days that make no
    /// period; [`Error::Taken`] for days that another period has.
    pub async fn make_period(
        &self,
        actor: &Actor,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<PeriodId, Error> {
        actor.require(Permission::AttendanceManage)?;
        check(from, to)?;
        let now = self.deps.now();
        let id: PeriodId = self.deps.new_id();
        let mut tx = self.deps.db.begin("attendance.make_period").await?;
        let made = periods::insert(&mut tx, id, from, to).await;
        on_constraint(made, "period_no_overlap", || Error::Taken("day"))?;
        let detail = json!({ "from": from, "to": to });
        self.audit_in_tx(&mut tx, actor, "period.made", subject(id), detail)
            .await?;
        self.tell_of_period(&mut tx, actor, id, "made", now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Locks a period that is over, as the version that was seen. Derivation waits meanwhile, so no
    /// day slips in half-way, and a lock waits in turn until what has come in so far is derived. With
    /// it, the leave of the period is settled for payroll.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`]; [`Error::Decided`] when
    /// it is locked already; [`Error::Changed`]; [`Error::Invalid`] with status 409 when it is not
    /// over everywhere (`period_not_over`), or days of it are still being worked out
    /// (`days_under_way`).
    pub async fn lock_period(
        &self,
        actor: &Actor,
        id: PeriodId,
        version: i32,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        // What has come in so far belongs to the period; what comes later is an adjustment.
        let asked = self.deps.now();
        self.mark_due().await?;
        for _ in 1..TRIES {
            self.catch_up().await?;
            // Somebody has come meanwhile; mostly that is derived as soon as it is looked at again.
            match self.lock_at(actor, id, version, asked).await {
                Err(Error::Invalid(problem)) if problem.code == UNDER_WAY => {}
                outcome => return outcome,
            }
        }
        self.catch_up().await?;
        self.lock_at(actor, id, version, asked).await
    }

    /// Derives what is stale, as far as that does not take too long.
    async fn catch_up(&self) -> Result<(), Error> {
        for _ in 0..CATCH_UP {
            if self.derive_stale().await? == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Locks a period with what had come in by an instant.
    async fn lock_at(
        &self,
        actor: &Actor,
        id: PeriodId,
        version: i32,
        asked: DateTime<Utc>,
    ) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.lock_period").await?;
        periods::keep_closed(&mut tx).await?;
        let found = periods::find_locked(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("period"))?;
        if row.state == PeriodState::Locked {
            return Err(Error::Decided("locked"));
        }
        if row.version != version {
            return Err(Error::Changed);
        }
        let zones = periods::zones(&mut tx).await?;
        if let Some((until, zone)) = over_at(row.to_day, &zones).filter(|(until, _)| *until > now) {
            return Err(Error::Invalid(not_over(row.to_day, until, &zone, actor)));
        }
        let under_way = periods::under_way(&mut tx, reaching(&row), asked).await?;
        if let Some(problem) = under_way_problem(under_way) {
            return Err(Error::Invalid(problem));
        }
        if !periods::sign(&mut tx, id, version, actor.who.label(), now).await? {
            return Err(Error::Changed);
        }
        payroll::settle_leave(&mut tx, id, row.from_day, row.to_day).await?;
        let detail = json!({ "from": row.from_day, "to": row.to_day });
        self.audit_in_tx(&mut tx, actor, "period.locked", subject(id), detail)
            .await?;
        self.tell_of_period(&mut tx, actor, id, "locked", now)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_of_period(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        period: PeriodId,
        what: &'static str,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let news = News {
            period,
            adjustment: None,
            what,
            by: Some(actor.who.reference()),
        };
        self.tell_of_period_in_tx(conn, &news, now).await
    }

    /// Publishes `attendance.period` in the caller's transaction.
    pub(crate) async fn tell_of_period_in_tx(
        &self,
        conn: &mut PgConnection,
        news: &News,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        platform::outbox::publish(conn, self.deps.new_id(), now, "attendance.period", news).await
    }
}

/// A period, as the audit log names it.
pub(crate) fn subject(id: PeriodId) -> String {
    format!("period:{id}")
}

/// Whether two days make a period.
fn check(from: NaiveDate, to: NaiveDate) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    let year = "Choose a day of the years 2000 to 2199.";
    if !YEARS.contains(&from.year()) {
        wrong("from", year);
    }
    if !YEARS.contains(&to.year()) {
        wrong("to", year);
    }
    if to < from {
        wrong("to", "The last day is before the first.");
    } else if to - from >= TimeDelta::days(LONGEST_DAYS) {
        wrong("to", "A period has 366 days at most.");
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// When a day is over in the last of some zones, and that zone.
fn over_at(day: NaiveDate, zones: &[String]) -> Option<(DateTime<Utc>, Zone)> {
    let next = day.succ_opt()?;
    let known = zones.iter().filter_map(|name| Zone::named(name).ok());
    let ends = known.chain([Zone::utc()]).filter_map(|zone| {
        let end = zone.start_of(next)?;
        Some((end, zone))
    });
    ends.max_by_key(|(end, _)| *end)
}

fn not_over(last: NaiveDate, until: DateTime<Utc>, zone: &Zone, actor: &Actor) -> Problem {
    let own = zone_of(actor);
    let last = last.format("%-d %B %Y");
    let until = own.local_of(until).format("%-d %B %Y, %H:%M");
    let (there, here) = (zone.place(), own.place());
    let detail = format!(
        "The last day of this period, {last}, is over everywhere on {until} ({here} time): {there} is the last place. Lock it then."
    );
    Problem::new(409, "period_not_over", detail)
}

/// The days whose derivation can change days of a period.
fn reaching(row: &PeriodRow) -> (NaiveDate, NaiveDate) {
    let from = row.from_day.checked_sub_days(BEFORE);
    (
        from.unwrap_or(row.from_day),
        row.to_day.succ_opt().unwrap_or(row.to_day),
    )
}

/// Why a period cannot be locked yet, if something of it is still being worked out.
fn under_way_problem(under_way: UnderWay) -> Option<Problem> {
    let days = match under_way.days {
        0 => None,
        1 => Some("1 day is still being worked out".to_owned()),
        days => Some(format!("{days} days are still being worked out")),
    };
    let batches = match under_way.batches {
        0 => None,
        1 => Some("1 delivery of a wall device is still being read".to_owned()),
        batches => Some(format!(
            "{batches} deliveries of wall devices are still being read"
        )),
    };
    let what: Vec<String> = days.into_iter().chain(batches).collect();
    (!what.is_empty()).then(|| {
        let detail = format!(
            "{}. Try again in a moment. If this stays so, ask whoever runs Punctual.",
            what.join(", and ")
        );
        Problem::new(409, UNDER_WAY, detail)
    })
}

fn period_view(row: PeriodListed, zone: &Zone) -> PeriodView {
    PeriodView {
        id: row.id,
        from_day: row.from_day,
        to_day: row.to_day,
        state: row.state,
        locked: row
            .locked_by_label
            .zip(row.locked_at)
            .map(|(label, at)| (label, zone.stamp(at))),
        open_days: row.open_days,
        open_exceptions: row.open_exceptions,
        open_requests: row.open_requests,
        open_overtime: row.open_overtime,
        version: row.version,
    }
}

fn adjustment_view(row: AdjustmentListed, actor: &Actor, zone: &Zone) -> AdjustmentView {
    AdjustmentView {
        id: row.id,
        employee: Named {
            id: row.employee_id,
            name: row.name,
        },
        work_date: row.work_date,
        minutes: i64::from(row.minutes),
        state: row.state,
        at: zone.stamp(row.created_at),
        decided_by: row.decided_by_label,
        may_decide: row.state == AdjustmentState::Pending
            && actor.may(Permission::AttendanceManage)
            && not_oneself(actor, row.employee_id).is_ok(),
    }
}
