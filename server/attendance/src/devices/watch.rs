//! Whether devices can be believed, looked at by the clock: every five minutes whether they are silent,
//! how their clocks go and whether far more punches came than usual; once a day, by the clock of each,
//! how many punches it holds; and when its zone changes the clocks, that it reads its options again,
//! since a device knows no rules of summer time.
//!
//! Each of these compares what is with what should be, so a second run finds nothing new to do.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use model::DeviceId;
use platform::jobs::{JobResult, Registry};
use sqlx::PgConnection;

use super::adms::command::Period;
use super::adms::health::{self, Delivery};
use super::adms::{Alarm, Command};
use super::{alarms, results};
use crate::people::zone_named;
use crate::store::devices::{self, WatchedRow};
use crate::store::{devices_alarms, devices_batches, devices_commands};
use crate::{Attendance, Error};

/// The job that looks after health.
const HEALTH: &str = "attendance.device_health";
/// The job that looks after commands and counts.
const UPKEEP: &str = "attendance.device_upkeep";
/// A device that has said nothing for so long is silent.
pub(crate) const SILENT_MINUTES: u32 = 30;
/// Deliveries so old say nothing of a clock any more.
const EVIDENCE: TimeDelta = TimeDelta::hours(48);
/// Deliveries of the same clock differ by so much.
const JITTER_SECONDS: i64 = 10;
/// A clock that is off by no more than this changes no day.
const MATTERS_SECONDS: i64 = 60;
/// From this hour on, by its own clock, a device is asked how much it holds of the day before.
const VERIFY_HOUR: u32 = 3;
/// Commands that were not answered for so long are given up.
const GIVE_UP: TimeDelta = TimeDelta::days(3);
/// Devices that called once and were never named are forgotten after so long.
const FORGET: TimeDelta = TimeDelta::days(7);
/// Who asks.
const BY: &str = "system:devices";

impl Attendance {
    pub(super) fn register_watch(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(HEALTH, move |_| {
            let this = this.clone();
            async move { this.watch_health().await }
        });
        registry.cron(HEALTH, "*/5 * * * *");
        let this = self.clone();
        registry.register(UPKEEP, move |_| {
            let this = this.clone();
            async move { this.keep_up().await }
        });
        registry.cron(UPKEEP, "7 * * * *");
    }

    async fn watch_health(&self) -> JobResult {
        // What this process has heard and not written down yet counts as well.
        self.flush_devices().await?;
        let watched = devices::watched(&mut *self.deps.db.read().await?).await?;
        self.watch_silence(&watched).await?;
        self.watch_clocks(&watched).await?;
        self.watch_volume().await?;
        self.watch_summer_time(&watched).await?;
        Ok(())
    }

    /// Raises an alarm for each device that fell silent in working hours; one that speaks again puts it
    /// away.
    async fn watch_silence(&self, watched: &[WatchedRow]) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.device_silence").await?;
        for device in watched {
            // Nobody can have been heard before we listened.
            let heard = device.last_seen_at.map(|at| at.max(self.devices.since));
            let Some(alarm) = health::silent(heard, now, SILENT_MINUTES) else {
                let alarm = Alarm::Silent {
                    since: now,
                    minutes: 0,
                };
                let passed =
                    devices_alarms::pass(&mut tx, device.id, alarm.code(), None, now).await?;
                if passed > 0 {
                    self.tell_of_device_in_tx(&mut tx, device.id, now).await?;
                }
                continue;
            };
            if is_working_time(device, now)
                && let Some(since) = device.last_seen_at
            {
                self.raise_in_tx(&mut tx, device.id, &alarm, &since.to_rfc3339(), now)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tells how far each clock is off from what was delivered as it was made.
    async fn watch_clocks(&self, watched: &[WatchedRow]) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.device_clocks").await?;
        let mut deliveries: HashMap<DeviceId, Vec<Delivery>> = HashMap::new();
        for row in devices_batches::deliveries(&mut tx, now - EVIDENCE).await? {
            deliveries.entry(row.device_id).or_default().push(Delivery {
                occurred_at: row.newest_at,
                received_at: row.received_at,
            });
        }
        for device in watched {
            let of_device = deliveries.get(&device.id).map_or(&[][..], Vec::as_slice);
            // The rows are those of the present epoch.
            let Some(skew) = health::skew(of_device) else {
                continue;
            };
            self.set_skew_in_tx(&mut tx, device, skew.seconds).await?;
            let kind = Alarm::ClockOff { behind_seconds: 0 }.code();
            let Some(alarm) = health::alarm_of_skew(skew) else {
                devices_alarms::pass(&mut tx, device.id, kind, None, now).await?;
                continue;
            };
            // Once in each epoch, and once more if it grows worse.
            let about = format!("{} {}", device.clock_epoch, alarm.severity().as_str());
            self.raise_in_tx(&mut tx, device.id, &alarm, &about, now)
                .await?;
            let key = alarms::key(&alarm, &about);
            devices_alarms::pass(&mut tx, device.id, kind, Some(&key), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Writes how far a clock is off, if that has changed by more than the delivery of a punch differs
    /// from that of another. Days hang on it once it is large.
    async fn set_skew_in_tx(
        &self,
        conn: &mut PgConnection,
        device: &WatchedRow,
        seconds: i64,
    ) -> Result<(), Error> {
        let before = i64::from(device.skew_seconds);
        if (seconds - before).abs() <= JITTER_SECONDS {
            return Ok(());
        }
        let bound = i64::from(i32::MAX);
        let clamped = i32::try_from(seconds.clamp(-bound, bound)).unwrap_or(0);
        let is_new = devices::set_skew(conn, device.id, device.clock_epoch, clamped).await?;
        if is_new && seconds.abs().max(before.abs()) > MATTERS_SECONDS {
            let since = self.deps.now() - EVIDENCE;
            let days = devices::days_of_epoch(conn, device.id, since).await?;
            let stale: Vec<_> = days.into_iter().map(|(who, day)| (who, day, day)).collect();
            self.mark_stale_in_tx(conn, &stale).await?;
        }
        Ok(())
    }

    /// Raises an alarm for hours with far more punches than the same hour of other days.
    async fn watch_volume(&self) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.device_volume").await?;
        // Hours are those of the devices' own clocks, of which the latest is fourteen hours ahead.
        let from = now.naive_utc() - TimeDelta::hours(26);
        let changed = now - TimeDelta::minutes(15);
        for row in devices_batches::hours(&mut tx, from, changed).await? {
            let count = u32::try_from(row.punches).unwrap_or(0);
            let before = row.before.iter().filter_map(|n| u32::try_from(*n).ok());
            let before: Vec<u32> = before.collect();
            if let Some(alarm) = health::volume(count, &before) {
                let about = row.hour.to_string();
                self.raise_in_tx(&mut tx, row.device_id, &alarm, &about, now)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Has devices read their options again when the clocks of their zone have changed.
    async fn watch_summer_time(&self, watched: &[WatchedRow]) -> Result<(), Error> {
        let now = self.deps.now();
        let mut changed: HashMap<&str, Option<DateTime<Utc>>> = HashMap::new();
        let check = Command::Check.to_string();
        let mut tx = self.deps.db.begin("attendance.device_summer_time").await?;
        let mut asked = Vec::new();
        for device in watched {
            let last = changed.entry(&device.zone).or_insert_with(|| {
                let changes = zone_named(&device.zone).transitions(now - TimeDelta::hours(6), now);
                changes.last().map(|change| change.at)
            });
            let Some(at) = *last else { continue };
            if !devices_commands::asked_since(&mut tx, device.id, &check, at).await? {
                devices_commands::queue(&mut tx, device.id, &check, BY, now).await?;
                asked.push(device.id);
            }
        }
        tx.commit().await?;
        for device in asked {
            self.command_waits(device).await;
        }
        Ok(())
    }

    /// Asks each device, once a day, how many punches it holds; gives up commands that were never
    /// answered; forgets devices that were never named.
    async fn keep_up(&self) -> JobResult {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.device_upkeep").await?;
        devices_commands::give_up(&mut tx, now - GIVE_UP, now).await?;
        devices::forget_pending(&mut tx, now - FORGET).await?;
        tx.commit().await?;
        let mut conn = self.deps.db.read().await?;
        let watched = devices::watched(&mut conn).await?;
        let open = devices_alarms::open(&mut conn).await?;
        drop(conn);
        for device in &watched {
            let again = open.iter().filter(|alarm| alarm.device_id == device.id);
            let again = again
                .filter_map(|alarm| results::period_of_alarm(&alarm.key))
                .collect();
            self.verify_day(device, again, now).await?;
        }
        self.refresh_devices().await?;
        Ok(())
    }

    /// Asks a device how many punches it holds of the day before, and of days that lacked some.
    async fn verify_day(
        &self,
        device: &WatchedRow,
        mut periods: Vec<Period>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let local = zone_named(&device.zone).local_of(now);
        let yesterday = local.date().checked_sub_days(Days::new(1));
        let is_due = |day: &NaiveDate| {
            local.hour() >= VERIFY_HOUR && device.verified_day.is_none_or(|last| last < *day)
        };
        let Some(yesterday) = yesterday.filter(is_due) else {
            return Ok(());
        };
        // The punches of the day before it was named may not have come yet.
        let zone = zone_named(&device.zone);
        let named = device.installed_at.map(|at| zone.day_of(at));
        let mut tx = self.deps.db.begin("attendance.verify_day").await?;
        if named.is_none_or(|named| named > yesterday)
            || !devices::note_verified(&mut tx, device.id, yesterday).await?
        {
            return Ok(());
        }
        let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
        let day = Period::new(yesterday.and_time(NaiveTime::MIN), yesterday.and_time(last));
        periods.extend(day);
        for period in periods {
            let command = Command::VerifySum(period).to_string();
            devices_commands::queue(&mut tx, device.id, &command, BY, now).await?;
        }
        tx.commit().await?;
        self.command_waits(device.id).await;
        Ok(())
    }
}

/// Whether somebody would notice: from Monday to Saturday, from six to twenty o'clock where it hangs.
fn is_working_time(device: &WatchedRow, now: DateTime<Utc>) -> bool {
    let local = zone_named(&device.zone).local_of(now);
    local.weekday() != Weekday::Sun && (6..20).contains(&local.hour())
}
