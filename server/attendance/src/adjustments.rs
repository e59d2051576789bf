//! What a day of a locked period has come to since. The locked row stays; the difference waits for
//! HR, and once it is granted belongs to an open period.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::day::Day;
use model::attendance::views::AdjustmentState;
use model::{Actor, AdjustmentId, PeriodId, Permission, PersonId, Problem};
use serde_json::json;
use sqlx::PgConnection;

use crate::inbox::not_oneself;
use crate::periods::News;
use crate::store::periods::{self, AdjustmentRow};
use crate::store::stale;
use crate::{Attendance, Error};

impl Attendance {
    /// Says what a day of a locked period comes to now, in the transaction of the derivation: `new`
    /// is the day as it is derived, nothing if there is none any more, and `locked_counted` what the
    /// locked row counts, 0 if there is no row. What is neither in the locked row nor granted
    /// already becomes the one adjustment of the day that waits; one that waited and says something
    /// else is overtaken. Told again, it changes nothing. Minutes that HR has refused do not come
    /// back until the day counts something else. True if anything was written.
    ///
    /// The caller holds the lock of periods (shared) and the lock of the employee.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one fact, which are a row nowhere else"
    )]
    pub async fn adjust_in_tx<'d>(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        work_date: NaiveDate,
        period: PeriodId,
        new: impl Into<Option<&'d Day>>,
        locked_counted: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, sqlx::Error> {
        let new: Option<&Day> = new.into();
        // First the row that waits: whoever decides about it holds it, and what is granted is read
        // only once that is done.
        let pending = periods::find_pending_locked(conn, employee, work_date).await?;
        let approved = periods::approved_minutes(conn, employee, work_date).await?;
        let counted = new.map_or(0, |day| day.counted_minutes);
        let minutes = counted - locked_counted - approved;
        let refused = periods::refused_counted(conn, employee, work_date).await?;
        let wanted = minutes != 0 && refused != Some(counted);
        let minutes =
            i32::try_from(minutes).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        let document =
            serde_json::to_value(new).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        if let Some(pending) = pending {
            if wanted && pending.minutes == minutes {
                if pending.document == document {
                    return Ok(false);
                }
                periods::replace_document(conn, pending.id, &document).await?;
                return Ok(true);
            }
            let overtaken = AdjustmentState::Overtaken;
            periods::decide(conn, pending.id, overtaken, None, None, now).await?;
            if !wanted {
                self.tell_of_adjustment(conn, period, pending.id, "overtaken", None, now)
                    .await?;
                return Ok(true);
            }
        } else if !wanted {
            return Ok(false);
        }
        let row = AdjustmentRow {
            id: self.deps.new_id(),
            employee_id: employee,
            work_date,
            period_id: period,
            minutes,
            document,
            state: AdjustmentState::Pending,
        };
        periods::insert_adjustment(conn, &row, now).await?;
        self.tell_of_adjustment(conn, period, row.id, "adjusted", None, now)
            .await?;
        Ok(true)
    }

    /// Grants or refuses an adjustment. Granted, it is paid in the first open period that is not
    /// over, else in the last open one.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; 403 for one's own; [`Error::NotFound`];
    /// [`Error::Decided`]; [`Error::Invalid`] with status 409 if no period is open.
    pub async fn decide_adjustment(
        &self,
        actor: &Actor,
        id: AdjustmentId,
        approve: bool,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.decide_adjustment").await?;
        // Nobody may lock the period in which this is paid before it stands in there.
        stale::share_periods(&mut tx).await?;
        let found = periods::find_adjustment_locked(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("adjustment"))?;
        not_oneself(actor, row.employee_id)?;
        if row.state != AdjustmentState::Pending {
            return Err(Error::Decided(row.state.as_str()));
        }
        let (state, payable) = if approve {
            let payable = periods::payable(&mut tx, now.date_naive()).await?;
            let payable = payable.ok_or_else(|| Error::Invalid(no_open_period()))?;
            (AdjustmentState::Approved, Some(payable))
        } else {
            (AdjustmentState::Refused, None)
        };
        let label = Some(actor.who.label());
        periods::decide(&mut tx, id, state, payable, label, now).await?;
        self.tell_of_adjustment(&mut tx, row.period_id, id, state.as_str(), Some(actor), now)
            .await?;
        let detail = json!({
            "date": row.work_date, "minutes": row.minutes, "state": state, "payable": payable,
        });
        let subject = format!("person:{}", row.employee_id);
        self.audit_in_tx(&mut tx, actor, "adjustment.decided", subject, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_of_adjustment(
        &self,
        conn: &mut PgConnection,
        period: PeriodId,
        adjustment: AdjustmentId,
        what: &'static str,
        actor: Option<&Actor>,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let news = News {
            period,
            adjustment: Some(adjustment),
            what,
            by: actor.map(|actor| actor.who.reference()),
        };
        self.tell_of_period_in_tx(conn, &news, now).await
    }
}

fn no_open_period() -> Problem {
    Problem::new(
        409,
        "no_open_period",
        "No period is open in which this could be paid. Make the next period first.",
    )
}
