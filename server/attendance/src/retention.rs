//! What is kept for how long, each night: the raw batches of devices and the addresses of punches for
//! a short time, lines that could not be read for a year, tries at kiosks for a day, punches for years.
//! Days, and with them what was paid, stay.
//!
//! The database refuses every other change of a punch. A second run finds nothing to do: what it
//! clears and drops is gone.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use platform::jobs::{JobResult, Registry};

use crate::store::{imports, kiosk_tries, retention};
use crate::{Attendance, Config, Error};

/// The timer.
const JOB: &str = "attendance.retention";
/// How many rows one transaction clears or deletes.
const SLICE: i64 = 5_000;
/// For how many months ahead punches have a partition of their own.
const MONTHS_AHEAD: i32 = 12;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Batches of devices that were deleted.
    pub batches: u64,
    /// Lines of devices that were deleted.
    pub lines: u64,
    /// Addresses that were taken away from punches.
    pub addresses: u64,
    /// Months of punches that were dropped.
    pub months: i32,
    /// Files of punches that were forgotten, since nobody decided about them.
    pub files: u64,
}

impl Attendance {
    pub(crate) fn register_retention(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move { this.keep_and_clear().await }
        });
        registry.cron(JOB, "17 3 * * *");
        registry.at_start(JOB);
    }

    async fn keep_and_clear(&self) -> JobResult {
        let cleared = self.clear_old().await?;
        if cleared != Cleared::default() {
            tracing::info!(
                batches = cleared.batches,
                lines = cleared.lines,
                addresses = cleared.addresses,
                months = cleared.months,
                files = cleared.files,
                "old attendance data was cleared"
            );
        }
        Ok(())
    }

    /// Makes the months to come, and clears what is older than it is kept.
    ///
    /// # Errors
    /// When the database refuses, or others hold the punches for too long: then the next run does it.
    pub async fn clear_old(&self) -> Result<Cleared, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.keep_months").await?;
        retention::keep_months(&mut tx, now.date_naive(), MONTHS_AHEAD).await?;
        tx.commit().await?;
        let mut cleared = Cleared::default();
        let before = now - TimeDelta::days(Config::BATCH_DAYS);
        loop {
            let mut tx = self.deps.db.begin("attendance.clear_batches").await?;
            let done = retention::delete_batches(&mut tx, before, SLICE).await?;
            tx.commit().await?;
            cleared.batches += done;
            if done == 0 {
                break;
            }
        }
        let before = now - TimeDelta::days(Config::LINE_DAYS);
        loop {
            let mut tx = self.deps.db.begin("attendance.clear_lines").await?;
            let done = retention::delete_lines(&mut tx, before, SLICE).await?;
            tx.commit().await?;
            cleared.lines += done;
            if done == 0 {
                break;
            }
        }
        let before = now - TimeDelta::days(Config::ADDRESS_DAYS);
        loop {
            let mut tx = self.deps.db.begin("attendance.clear_addresses").await?;
            let done = retention::clear_addresses(&mut tx, before, SLICE).await?;
            tx.commit().await?;
            cleared.addresses += done;
            if done == 0 {
                break;
            }
        }
        // What was tried at kiosks counts for minutes; a day of it is kept for whoever asks what happened.
        let before = now - TimeDelta::days(1);
        let mut tx = self.deps.db.begin("attendance.clear_kiosks").await?;
        kiosk_tries::delete_old(&mut tx, before).await?;
        tx.commit().await?;
        cleared.months = self.drop_punches(now).await?;
        let before = now - TimeDelta::days(Config::FILE_DAYS);
        let mut tx = self.deps.db.begin("attendance.forget_files").await?;
        cleared.files = imports::forget(&mut tx, before).await?;
        tx.commit().await?;
        Ok(cleared)
    }

    /// Drops the months of which nobody needs a punch any more, and then the keys of their punches.
    async fn drop_punches(&self, now: DateTime<Utc>) -> Result<i32, Error> {
        let from = kept_from(now);
        let Some(before) = from.and_hms_opt(0, 0, 0).map(|at| at.and_utc()) else {
            return Ok(0);
        };
        let mut tx = self.deps.db.begin("attendance.drop_months").await?;
        let months = retention::drop_months(&mut tx, from).await?;
        retention::delete_strays(&mut tx, before).await?;
        tx.commit().await?;
        if months > 0 {
            let mut tx = self.deps.db.begin("attendance.delete_keys").await?;
            retention::delete_keys(&mut tx, before).await?;
            tx.commit().await?;
        }
        Ok(months)
    }
}

/// The first day of which punches are kept: a first of a month.
pub(crate) fn kept_from(now: DateTime<Utc>) -> NaiveDate {
    let today = now.date_naive();
    let years = Months::new(Config::PUNCH_YEARS * 12);
    let then = today.checked_sub_months(years).unwrap_or(NaiveDate::MIN);
    then.with_day(1).unwrap_or(then)
}

/// The first day that can be derived. Those before it stay as they are: they, or others of their
/// workweek, may lack punches that were dropped.
pub fn derivable_from(now: DateTime<Utc>) -> NaiveDate {
    let from = kept_from(now);
    from.checked_add_days(Days::new(8)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_months_are_kept_for_five_years() {
        let now: DateTime<Utc> = "2026-11-25T03:17:00Z".parse().expect("an instant");
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(kept_from(now), date("2021-11-01"));
        assert_eq!(derivable_from(now), date("2021-11-09"));
    }
}
