//! Batches become punches, operations and lines that nobody can read: at once when they are kept, and by
//! a job each minute for those that a crash left behind.
//!
//! Everything that a batch comes to commits with the mark that it is done, so it comes to it once. That
//! commit does not wait for the disk: the bytes are there already, and what is lost is done again.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{NaiveDateTime, SubsecRound, TimeDelta, Timelike};
use model::attendance::day::Flag;
use platform::jobs::{JobError, JobResult, Registry};
use sqlx::PgConnection;

use super::adms::DeviceTime;
use super::adms::attlog::{self, AttRecord, Line};
use super::adms::operlog::{self, Entry, Operation};
use super::call::is_away;
use super::known::Known;
use crate::punch::{Arrived, SourceKind};
use crate::store::devices;
use crate::store::devices_batches::{self, Closed, OpenBatch, Outcome, Unreadable};
use crate::{Attendance, Error};

/// The job.
const JOB: &str = "attendance.devices";
/// How many batches the job looks for at once.
const BATCH: i64 = 50;
/// How many punches go to the database at once.
const CHUNK: usize = 5_000;
/// The flag of a punch that came while its device spoke from elsewhere.
pub(crate) const FLAG_AWAY: &str = "source_changed";

impl Attendance {
    pub(super) fn register_work_off(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move { this.work_off_all().await }
        });
        registry.cron(JOB, "* * * * *");
        registry.at_start(JOB);
    }

    /// Reads every batch that was kept and not read. A second run finds nothing to do, since a batch
    /// that is read is marked.
    async fn work_off_all(&self) -> JobResult {
        let (mut after, mut failed) = (0, 0_usize);
        loop {
            let mut conn = self.deps.db.read().await?;
            let ids = devices_batches::all_open(&mut conn, after, BATCH).await?;
            drop(conn);
            let Some(last) = ids.last() else { break };
            after = *last;
            failed += self.work_off(&ids).await;
        }
        match failed {
            0 => Ok(()),
            _ => Err(JobError::retry(format!(
                "{failed} batches of devices were not read"
            ))),
        }
    }

    /// Reads batches, unless that is done or being done, and says how many could not be. They are read
    /// together; if that fails, each by itself, so that one does not hold up the others.
    pub(super) async fn work_off(&self, ids: &[i64]) -> usize {
        if ids.len() > 1 {
            match self.work_off_together(ids).await {
                Ok(()) => return 0,
                Err(error) => {
                    tracing::warn!(%error, "batches of devices are read one by one");
                }
            }
        }
        let mut failed = 0;
        for id in ids {
            if let Err(error) = self.work_off_together(&[*id]).await {
                failed += 1;
                tracing::error!(batch.id = id, %error,
                    "a batch of a device is kept and not read yet");
            }
        }
        failed
    }

    async fn work_off_together(&self, ids: &[i64]) -> Result<(), Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.work_off").await?;
        let batches = devices_batches::open(&mut tx, ids).await?;
        if batches.is_empty() {
            return Ok(());
        }
        let mut closed: Vec<Closed> = batches.iter().map(nothing_yet).collect();
        let mut arrived = Vec::new();
        for (place, (batch, closed)) in batches.iter().zip(&mut closed).enumerate() {
            if batch.kind == "operlog" {
                closed.outcome = self.work_off_operations(&mut tx, batch).await?;
                continue;
            }
            let known = self.device_known(batch.device_id).await?;
            let known = known.ok_or(Error::NotFound("device"))?;
            let (punches, unreadable) = read(&known, batch);
            keep_unreadable(&mut tx, batch, &unreadable, &mut closed.outcome).await?;
            arrived.extend(punches.into_iter().map(|read| (place, read)));
        }
        for chunk in arrived.chunks(CHUNK) {
            let punches: Vec<Arrived> = chunk.iter().map(|(_, read)| read.punch.clone()).collect();
            let taken = self.take_punches_in_tx(&mut tx, &punches).await?;
            for ((place, read), became) in chunk.iter().zip(&taken.punches) {
                count_in(&mut closed[*place], read, became.new.is_some());
            }
        }
        // What somebody else has closed meanwhile is not ours to count.
        if devices_batches::close(&mut tx, &closed, now).await? < closed.len() {
            return if closed.len() == 1 {
                Ok(())
            } else {
                Err(Error::Changed)
            };
        }
        tx.commit().await?;
        let sum = |of: fn(&Outcome) -> i32| -> u64 {
            let counts = closed.iter().map(|c| u64::try_from(of(&c.outcome)));
            counts.map(Result::unwrap_or_default).sum()
        };
        if sum(|outcome| outcome.accepted) > 0 {
            self.nudge();
        }
        count("accepted", sum(|outcome| outcome.accepted));
        count("repeated", sum(|outcome| outcome.repeated));
        count("unreadable", sum(|outcome| outcome.unreadable));
        Ok(())
    }

    async fn work_off_operations(
        &self,
        conn: &mut PgConnection,
        batch: &OpenBatch,
    ) -> Result<Outcome, sqlx::Error> {
        let mut outcome = Outcome::default();
        let mut unreadable = Vec::new();
        for entry in operlog::lines(&batch.body) {
            match entry {
                Entry::Operation(operation) => {
                    let is_new = self.operated_in_tx(conn, batch, &operation).await?;
                    outcome.repeated += i32::from(!is_new);
                }
                Entry::User(_) | Entry::NotKept { .. } => {}
                Entry::Garbage {
                    number,
                    reason,
                    raw,
                } => unreadable.push(Unreadable {
                    line: line_number(number),
                    text: raw,
                    reason: reason.to_string(),
                }),
            }
        }
        keep_unreadable(conn, batch, &unreadable, &mut outcome).await?;
        Ok(outcome)
    }

    /// Raises the alarm of an operation, and begins a new epoch when it set the clock. False when the
    /// operation raised its alarm before.
    async fn operated_in_tx(
        &self,
        conn: &mut PgConnection,
        batch: &OpenBatch,
        operation: &Operation,
    ) -> Result<bool, sqlx::Error> {
        let Some(alarm) = operation.alarm() else {
            return Ok(true);
        };
        let (device, at) = (batch.device_id, batch.received_at);
        let about = format!(
            "{} {} {} {}",
            operation.code,
            operation.time,
            operation.operator.as_deref().unwrap_or("-"),
            operation.values.join(" "),
        );
        let is_new = self.raise_in_tx(conn, device, &alarm, &about, at).await?;
        if is_new && operation.sets_clock() {
            devices::begin_epoch(conn, device, at).await?;
        }
        Ok(is_new)
    }
}

fn nothing_yet(batch: &OpenBatch) -> Closed {
    Closed {
        id: batch.id,
        device: batch.device_id,
        outcome: Outcome::default(),
        hours: BTreeMap::new(),
    }
}

/// A punch, and the hour that its device's clock showed.
struct Read {
    punch: Arrived,
    hour: NaiveDateTime,
}

/// The punches of a batch, and the lines that nobody can read.
fn read(known: &Known, batch: &OpenBatch) -> (Vec<Read>, Vec<Unreadable>) {
    let address = batch
        .address
        .as_deref()
        .and_then(|text| text.parse::<IpAddr>().ok());
    let away = is_away(known, address);
    let (mut arrived, mut unreadable) = (Vec::new(), Vec::new());
    for line in attlog::lines(&batch.body) {
        match line {
            Line::Punch(record) => match punch(known, batch, away, &record) {
                Some(punch) => {
                    let shown = punch.raw_local;
                    let shown = shown.unwrap_or_else(|| known.zone.local_of(punch.occurred_at));
                    arrived.push(Read {
                        punch,
                        hour: hour_of(shown),
                    });
                }
                None => unreadable.push(Unreadable {
                    line: line_number(record.number),
                    text: record.raw,
                    reason: attlog::Reason::BadTime.to_string(),
                }),
            },
            // A door opened by a button, or one that stayed shut: in the batch, and no punch.
            Line::Event { .. } => {}
            Line::Garbage {
                number,
                reason,
                raw,
            } => unreadable.push(Unreadable {
                line: line_number(number),
                text: raw,
                reason: reason.to_string(),
            }),
        }
    }
    (arrived, unreadable)
}

fn count_in(closed: &mut Closed, read: &Read, is_new: bool) {
    if !is_new {
        closed.outcome.repeated += 1;
        return;
    }
    closed.outcome.accepted += 1;
    closed.outcome.newest_at = closed.outcome.newest_at.max(Some(read.punch.occurred_at));
    *closed.hours.entry(read.hour).or_default() += 1;
}

async fn keep_unreadable(
    conn: &mut PgConnection,
    batch: &OpenBatch,
    unreadable: &[Unreadable],
    outcome: &mut Outcome,
) -> Result<(), sqlx::Error> {
    if unreadable.is_empty() {
        return Ok(());
    }
    outcome.unreadable = i32::try_from(unreadable.len()).unwrap_or(i32::MAX);
    let new = devices_batches::insert_lines(
        conn,
        batch.device_id,
        batch.id,
        batch.received_at,
        unreadable,
    )
    .await?;
    outcome.newly_unreadable = i64::try_from(new).unwrap_or(i64::MAX);
    Ok(())
}

/// A punch as it goes into the one path of all punches; nothing when its time is in no year that is
/// kept.
fn punch(known: &Known, batch: &OpenBatch, away: bool, record: &AttRecord) -> Option<Arrived> {
    let (shown, offset) = match record.time {
        DeviceTime::Local(local) => (Some(local), record.utc_offset_seconds),
        DeviceTime::Instant(_) => (None, None),
    };
    let told = record.instant();
    let occurred_at = match (told, shown) {
        (Some(at), _) => at,
        (None, local) => known.zone.instant_of(local?)?,
    };
    let mut flags = Vec::new();
    if told.is_none() && shown.is_some_and(|local| known.zone.skips(local)) {
        flags.push(Flag::NonexistentTime.as_str().to_owned());
    }
    if away {
        flags.push(FLAG_AWAY.to_owned());
    }
    Some(Arrived {
        source_kind: SourceKind::Device,
        source: batch.device_id.to_string(),
        key: key(record),
        employee: None,
        badge: Some(record.pin.clone()),
        occurred_at,
        raw_local: shown,
        raw_offset_seconds: offset,
        zone: known.zone_name.clone(),
        direction: record.direction(),
        trusted: known.trusts_direction,
        verify: record.verify.map(i32::from),
        raw_text: Some(record.raw.clone()),
        address: batch.address.clone(),
        flags,
    })
}

/// Rule R3: what makes a punch of a device the same punch. An offset that was sent is part of it, or of
/// two punches in an hour that comes twice one would be lost.
fn key(record: &AttRecord) -> String {
    let time = match record.time {
        DeviceTime::Local(local) => local.format("%Y-%m-%d %H:%M:%S").to_string(),
        DeviceTime::Instant(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    let status = record
        .status
        .map_or_else(String::new, |status| status.to_string());
    let verify = record
        .verify
        .map_or_else(String::new, |verify| verify.to_string());
    match record.utc_offset_seconds {
        Some(offset) => format!("{}|{time}|{status}|{verify}|{offset:+}", record.pin),
        None => format!("{}|{time}|{status}|{verify}", record.pin),
    }
}

fn hour_of(shown: NaiveDateTime) -> NaiveDateTime {
    let over = i64::from(shown.minute()) * 60 + i64::from(shown.second());
    shown.trunc_subsecs(0) - TimeDelta::seconds(over)
}

fn line_number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn count(result: &'static str, lines: u64) {
    if lines > 0 {
        metrics::counter!("device_lines_total", "result" => result).increment(lines);
    }
}
