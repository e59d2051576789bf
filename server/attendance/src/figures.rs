//! Figures for charts: late, absent and overtime by week and team, and when people are there. Counts
//! only, and only for those who may see the days behind them.

use chrono::{Datelike, NaiveDate, TimeDelta};
use model::attendance::rotation::DateRange;
use model::attendance::views::{AttendanceFigures, PresenceHour, TeamWeek};
use model::{Actor, Problem};

use crate::exceptions::whose;
use crate::inbox::approve_or_manage;
use crate::store::{exceptions, figures};
use crate::{Attendance, Error};

/// The most days of one call: half a year of whole weeks.
const MOST_DAYS: i64 = 189;
/// Of how many of the last days presence by hour is counted.
const HOUR_DAYS: i64 = 28;

impl Attendance {
    /// The figures of some days, both ends among them: of everybody for HR, of their people for
    /// managers. Presence by hour is of the last four weeks of them.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`; [`Error::Invalid`]
    /// for days in the wrong order or too many of them.
    pub async fn figures(
        &self,
        actor: &Actor,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<AttendanceFigures, Error> {
        actor.require(approve_or_manage(actor))?;
        if to < from || to - from >= TimeDelta::days(MOST_DAYS) {
            let message = "Choose a last day within 27 weeks of the first.";
            return Err(Error::Invalid(Problem::invalid_field("to", message)));
        }
        let today = self.deps.now().date_naive();
        let mut conn = self.deps.db.read().await?;
        let whose = whose(&mut conn, actor, today).await?;
        let whose = whose.as_deref();
        let weeks = figures::weeks(&mut conn, from, to, whose).await?;
        let hours_from = from.max(to - TimeDelta::days(HOUR_DAYS - 1));
        let hours = figures::hours(&mut conn, hours_from, to, whose).await?;
        let mut weekdays = [0; 7];
        for date in DateRange::new(hours_from, to.min(today)).dates() {
            if let Some(count) = weekdays.get_mut(date.weekday().num_days_from_monday() as usize) {
                *count += 1;
            }
        }
        Ok(AttendanceFigures {
            from,
            to,
            open_exceptions: exceptions::count_open(&mut conn, whose).await?,
            weeks: weeks
                .into_iter()
                .map(|row| TeamWeek {
                    week: row.week,
                    team: row.team,
                    days: row.days,
                    late_days: row.late_days,
                    late_minutes: row.late_minutes,
                    absent_days: row.absent_days,
                    overtime_minutes: row.overtime_minutes,
                })
                .collect(),
            hours_from,
            weekdays,
            hours: hours
                .into_iter()
                .map(|row| PresenceHour {
                    weekday: row.weekday,
                    hour: row.hour,
                    people: row.people,
                })
                .collect(),
        })
    }
}
