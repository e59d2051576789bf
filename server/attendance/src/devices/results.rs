//! How commands went, and what a count of punches says: whether all that a device holds has come.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use model::DeviceId;
use sqlx::PgConnection;

use super::adms::command::Period;
use super::adms::{Alarm, Command, CommandResult, health};
use super::alarms;
use super::known::Known;
use crate::store::{devices_alarms, devices_batches, devices_commands};
use crate::{Attendance, Error};

/// Who asks for punches that are missing.
const COMPLETENESS: &str = "system:completeness";

impl Attendance {
    /// Writes down how commands went. Told again, it changes nothing.
    pub(super) async fn take_results(
        &self,
        known: &Known,
        results: &[CommandResult],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut asked_again = false;
        let mut tx = self.deps.db.begin("attendance.command_results").await?;
        for result in results {
            let Ok(id) = result.id.parse::<i64>() else {
                continue;
            };
            let done = result.succeeded();
            let words = result.words();
            let text =
                devices_commands::answered(&mut tx, known.id, id, done, result.code, words, now);
            let Some(text) = text.await? else {
                continue;
            };
            let counted = result.punch_sum().filter(|_| done);
            if let (Some(Command::VerifySum(period)), Some(sum)) = (Command::parse(&text), counted)
            {
                asked_again |= self
                    .compare_in_tx(&mut tx, known.id, period, sum.count, now)
                    .await?;
            }
        }
        tx.commit().await?;
        if asked_again {
            self.command_waits(known.id).await;
        }
        Ok(())
    }

    /// Compares what a device counts with what is kept. Missing punches are asked for once, and the
    /// alarm passes when a later count agrees.
    async fn compare_in_tx(
        &self,
        conn: &mut PgConnection,
        device: DeviceId,
        period: Period,
        on_device: u64,
        now: DateTime<Utc>,
    ) -> Result<bool, sqlx::Error> {
        // Only whole hours are counted here; nobody asks for anything else.
        let Some((from, before)) = whole_hours(period) else {
            return Ok(false);
        };
        let stored = devices_batches::stored_between(conn, device, from, before).await?;
        let stored = u64::try_from(stored).unwrap_or(0);
        let Some(alarm) = health::completeness(period, on_device, stored) else {
            for alarm in [missing(period), gone(period)] {
                let key = alarms::key(&alarm, &period.to_string());
                devices_alarms::pass_one(conn, device, &key, now).await?;
            }
            return Ok(false);
        };
        let is_new = self
            .raise_in_tx(conn, device, &alarm, &period.to_string(), now)
            .await?;
        if !is_new || !matches!(alarm, Alarm::PunchesMissing { .. }) {
            return Ok(false);
        }
        let query = Command::QueryPunches(period).to_string();
        devices_commands::queue(conn, device, &query, COMPLETENESS, now).await
    }
}

fn missing(period: Period) -> Alarm {
    Alarm::PunchesMissing {
        period,
        on_device: 0,
        stored: 0,
    }
}

fn gone(period: Period) -> Alarm {
    Alarm::PunchesGone {
        period,
        on_device: 0,
        stored: 0,
    }
}

/// The first hour of a period and the one after its last, if its ends are those of hours.
fn whole_hours(period: Period) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let before = period.to() + TimeDelta::seconds(1);
    let is_hour = |at: NaiveDateTime| at.minute() == 0 && at.second() == 0;
    (is_hour(period.from()) && is_hour(before)).then_some((period.from(), before))
}

/// The period that an open alarm of missing punches is about.
pub(super) fn period_of_alarm(key: &str) -> Option<Period> {
    let about = key.strip_prefix("punches_missing ")?;
    match Command::parse(&format!("VERIFY SUM ATTLOG {about}")) {
        Some(Command::VerifySum(period)) => Some(period),
        _ => None,
    }
}
