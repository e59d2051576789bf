//! Days that become others by the passing of time: a shift whose window has closed, a day on which
//! nobody came, a reader that has reported at last. A timer marks them, and they are derived like all
//! others. A run too many marks days that come out the same.

use chrono::{Datelike, TimeDelta};
use model::attendance::policy::WeekStart;
use platform::jobs::Registry;

use crate::store::stale;
use crate::{Attendance, Error};

/// The timer of days.
const DUE: &str = "attendance.due";
/// The timer of weeks.
const WEEKS: &str = "attendance.weeks";

impl Attendance {
    pub(crate) fn register_due(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(DUE, move |_| {
            let this = this.clone();
            async move {
                this.mark_due().await?;
                Ok(())
            }
        });
        registry.cron(DUE, "*/15 * * * *");
        let this = self.clone();
        registry.register(WEEKS, move |_| {
            let this = this.clone();
            async move {
                this.mark_weeks().await?;
                Ok(())
            }
        });
        registry.cron(WEEKS, "30 12 * * *");
    }

    /// Marks the days on which time has passed; says how many.
    pub(crate) async fn mark_due(&self) -> Result<u64, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.mark_due").await?;
        let marked = stale::mark_due(&mut tx, now.date_naive(), now).await?;
        tx.commit().await?;
        self.nudge();
        Ok(marked)
    }

    /// Marks the workweeks that are over, for what the law says to whole weeks; says how many people.
    pub(crate) async fn mark_weeks(&self) -> Result<u64, Error> {
        let now = self.deps.now();
        let today = now.date_naive();
        let begins = (today - TimeDelta::days(2)).weekday();
        let Some(start) = WeekStart::ALL.iter().find(|day| day.weekday() == begins) else {
            return Ok(0);
        };
        let mut tx = self.deps.db.begin("attendance.mark_weeks").await?;
        let marked = stale::mark_weeks(&mut tx, today, start.as_str(), now).await?;
        tx.commit().await?;
        self.nudge();
        Ok(marked)
    }
}
