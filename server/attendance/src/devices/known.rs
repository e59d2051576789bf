//! Devices as they are known in memory. Nearly all that a device says is “is there anything for me?”, and
//! that is answered from here: the database is read every half minute and after each change of ours, and
//! told every ten seconds who was heard.
//!
//! With several nodes, a change of another node is known after half a minute at the latest.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use model::attendance::views::DeviceState;
use model::zone::Zone;
use model::{DeviceId, EventId};
use platform::outbox;
use serde_json::json;

use super::adms::health::Network;
use super::adms::{DeviceInfo, Serial, Stamp, Version};
use crate::people::zone_named;
use crate::store::devices::{self, Heard, KnownRow};
use crate::{Attendance, Error};

/// How often the database is told who was heard.
const FLUSH: Duration = Duration::from_secs(10);
/// How many flushes lie between two readings.
const FLUSHES_PER_READING: u32 = 3;
/// A command that was fetched and not answered for so long is fetched again.
pub(super) const LOST: TimeDelta = TimeDelta::minutes(10);
/// What a device may call on average, in calls that bring something: ten a second.
const CALL_MICROS: i64 = 100_000;
/// And so many at once, as after an outage.
const BURST: i64 = 200;
/// No more unknown devices than these are listed: anybody can invent serial numbers.
const MOST_PENDING: usize = 200;

/// A device.
#[derive(Debug)]
pub(crate) struct Known {
    pub id: DeviceId,
    pub zone: Zone,
    pub zone_name: String,
    pub state: DeviceState,
    /// Where it may speak from; empty if nobody has said.
    pub networks: Vec<Network>,
    /// Where it spoke from first.
    pub home: Option<IpAddr>,
    /// SHA-256 of the key that it is to send.
    pub secret_hash: Option<[u8; 32]>,
    pub trusts_direction: bool,
    pub live: Arc<Live>,
}

/// What changes with every call; it outlives a reading of the database.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// Microseconds since 1970 at which it was last heard; zero for not since we started.
    seen: AtomicI64,
    /// It was heard since that was written down.
    heard: AtomicBool,
    /// A command waits.
    pub waiting: AtomicBool,
    /// Until when its calls are used up, in microseconds since 1970 (the generic cell rate algorithm).
    used_until: AtomicI64,
    told: Mutex<Told>,
}

/// What a device told of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub address: Option<IpAddr>,
    pub firmware: Option<String>,
    pub record_count: Option<i32>,
    pub version: Option<Version>,
    pub punches: Option<Stamp>,
    pub operations: Option<Stamp>,
    /// It has sent a wrong key, and no right one since.
    pub is_impostor: bool,
    /// From where it was found to speak that is not its home.
    pub away: Option<IpAddr>,
}

impl Live {
    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the device told, as it is now.
    pub fn told_now(&self) -> Told {
        self.told().clone()
    }

    /// Changes what the device told.
    pub fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told());
    }

    fn hear(&self, at: DateTime<Utc>, address: Option<IpAddr>) {
        self.seen
            .fetch_max(at.timestamp_micros(), Ordering::Relaxed);
        self.heard.store(true, Ordering::Relaxed);
        if address.is_some() {
            self.told().address = address;
        }
    }

    /// What a poll tells of how full the device is.
    pub fn hear_info(&self, info: DeviceInfo) {
        let count = info.punches.and_then(|count| i32::try_from(count).ok());
        self.tell(|told| {
            told.firmware = info.firmware.or(told.firmware.take());
            told.record_count = count.or(told.record_count);
        });
    }

    /// Whether it may bring something now. Anybody can invent a serial number that exists, and what is
    /// brought is kept.
    pub fn may_bring(&self, now: DateTime<Utc>) -> bool {
        let now = now.timestamp_micros();
        let take = |until: i64| {
            let until = until.max(now) + CALL_MICROS;
            (until - now <= BURST * CALL_MICROS).then_some(until)
        };
        let order = Ordering::Relaxed;
        self.used_until.fetch_update(order, order, take).is_ok()
    }

    /// Stamps of batches that are kept.
    pub fn stamp(&self, kind: &str, stamp: Option<Stamp>) {
        let Some(stamp) = stamp else { return };
        self.tell(|told| match kind {
            "attlog" => told.punches = Some(stamp),
            "operlog" => told.operations = Some(stamp),
            _ => {}
        });
    }
}

/// All devices.
pub(crate) struct KnownDevices {
    map: RwLock<Snapshot>,
    /// Serial numbers that were refused a place on the list, until the next reading.
    strangers: Mutex<HashSet<String>>,
    /// When this process began to listen: before, nobody can have been heard.
    pub since: DateTime<Utc>,
}

#[derive(Default)]
struct Snapshot {
    is_read: bool,
    by_serial: HashMap<String, Arc<Known>>,
    by_id: HashMap<DeviceId, Arc<Known>>,
}

impl KnownDevices {
    /// Nothing is known yet.
    pub fn new(since: DateTime<Utc>) -> Self {
        Self {
            map: RwLock::default(),
            strangers: Mutex::default(),
            since,
        }
    }

    fn is_read(&self) -> bool {
        self.map
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_read
    }

    fn by_serial(&self, serial: &str) -> Option<Arc<Known>> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        map.by_serial.get(serial).cloned()
    }

    fn by_id(&self, id: DeviceId) -> Option<Arc<Known>> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        map.by_id.get(&id).cloned()
    }

    /// All of them, in no order.
    pub fn all(&self) -> Vec<Arc<Known>> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        map.by_id.values().cloned().collect()
    }

    /// When a device was last heard here.
    pub fn seen(&self, id: DeviceId) -> Option<DateTime<Utc>> {
        let micros = self.by_id(id)?.live.seen.load(Ordering::Relaxed);
        DateTime::from_timestamp_micros(micros).filter(|_| micros > 0)
    }

    fn replace(&self, rows: Vec<KnownRow>) {
        let mut next = Snapshot {
            is_read: true,
            ..Snapshot::default()
        };
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let live = map.by_id.get(&row.id).map(|known| Arc::clone(&known.live));
            let live = live.unwrap_or_default();
            // Never taken down here: a command may have come since the database was read.
            live.waiting.fetch_or(row.waiting, Ordering::Relaxed);
            live.tell(|told| {
                told.punches = row.attlog_stamp.as_deref().and_then(Stamp::parse);
                told.operations = row.operlog_stamp.as_deref().and_then(Stamp::parse);
            });
            let networks = row.network.iter().flat_map(|text| text.split(','));
            let known = Arc::new(Known {
                id: row.id,
                zone: zone_named(&row.zone),
                zone_name: row.zone,
                state: row.state,
                networks: networks.filter_map(|text| text.parse().ok()).collect(),
                home: row.home_address.and_then(|text| text.parse().ok()),
                secret_hash: row.secret_hash.and_then(|hash| hash.try_into().ok()),
                trusts_direction: row.trusts_direction,
                live,
            });
            next.by_id.insert(row.id, Arc::clone(&known));
            next.by_serial.insert(row.serial, known);
        }
        *map = next;
        drop(map);
        self.lock_strangers().clear();
    }

    fn lock_strangers(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attendance {
    /// Reads all devices again.
    ///
    /// # Errors
    /// When the database does not answer; then what was known stays.
    pub async fn refresh_devices(&self) -> Result<(), Error> {
        let lost = self.deps.now() - LOST;
        let rows = devices::known(&mut *self.deps.db.read().await?, lost).await?;
        self.devices.replace(rows);
        Ok(())
    }

    /// Writes down which devices and kiosks were heard since the last time.
    ///
    /// # Errors
    /// When the database does not answer; then it is written the next time.
    pub async fn flush_devices(&self) -> Result<(), Error> {
        let mut heard = Vec::new();
        let kiosks = self.kiosks.take();
        let mut rows = kiosks.clone();
        for known in self.devices.all() {
            if !known.live.heard.swap(false, Ordering::Relaxed) {
                continue;
            }
            let seen = known.live.seen.load(Ordering::Relaxed);
            let told = known.live.told_now();
            rows.extend(DateTime::from_timestamp_micros(seen).map(|seen_at| Heard {
                id: known.id,
                seen_at,
                address: told.address.map(|address| address.to_string()),
                firmware: told.firmware,
                record_count: told.record_count,
            }));
            heard.push(known);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let written = async { devices::hear(&mut *self.deps.db.read().await?, &rows).await };
        if let Err(error) = written.await {
            for known in heard {
                known.live.heard.store(true, Ordering::Relaxed);
            }
            self.kiosks.put_back(&kiosks);
            return Err(error.into());
        }
        Ok(())
    }

    /// Keeps what is known of devices in step with the database, until it is told to stop; then writes
    /// down who was heard last.
    pub async fn keep_devices(&self, stopped: impl Future<Output = ()> + Send) {
        tokio::pin!(stopped);
        let mut rounds = 0_u32;
        loop {
            if let Err(error) = self.flush_devices().await {
                tracing::warn!(%error, "it was not written down which devices were heard");
            }
            if rounds.is_multiple_of(FLUSHES_PER_READING)
                && let Err(error) = self.refresh_devices().await
            {
                tracing::warn!(%error, "the devices could not be read again");
            }
            rounds = rounds.wrapping_add(1);
            tokio::select! {
                () = tokio::time::sleep(FLUSH) => {}
                () = &mut stopped => break,
            }
        }
        if let Err(error) = self.flush_devices().await {
            tracing::warn!(%error, "it was not written down which devices were heard");
        }
    }

    /// Reads all devices again after a change of ours. When that fails, the next reading finds it.
    pub(super) async fn refresh_devices_soon(&self) {
        if let Err(error) = self.refresh_devices().await {
            tracing::warn!(%error, "the devices could not be read again");
        }
    }

    /// A device need not send a key any more, so a wrong one that it has sent is forgiven. With another
    /// key it stays refused until it sends the right one.
    pub(super) fn forgive_key(&self, id: DeviceId) {
        if let Some(known) = self.devices.by_id(id) {
            known.live.tell(|told| told.is_impostor = false);
        }
    }

    /// The device of a call, which is now heard. One that is not known is listed as pending.
    pub(super) async fn device_heard(
        &self,
        serial: &Serial,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Known>>, Error> {
        if !self.devices.is_read() {
            self.refresh_devices().await?;
        }
        let known = match self.devices.by_serial(serial.as_str()) {
            Some(known) => Some(known),
            None => self.list_stranger(serial, address, now).await?,
        };
        if let Some(known) = &known {
            known.live.hear(now, address);
        }
        Ok(known)
    }

    /// A device by id.
    pub(super) async fn device_known(&self, id: DeviceId) -> Result<Option<Arc<Known>>, Error> {
        if let Some(known) = self.devices.by_id(id) {
            return Ok(Some(known));
        }
        self.refresh_devices().await?;
        Ok(self.devices.by_id(id))
    }

    async fn list_stranger(
        &self,
        serial: &Serial,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Known>>, Error> {
        let pending = self.devices.all();
        let pending = pending
            .iter()
            .filter(|known| known.state == DeviceState::Pending);
        if pending.count() >= MOST_PENDING {
            return Ok(None);
        }
        // Whom the database has refused it is not asked about with every call.
        if self.devices.lock_strangers().contains(serial.as_str()) {
            return Ok(None);
        }
        let id: DeviceId = self.deps.new_id();
        let address = address.map(|address| address.to_string());
        let mut tx = self.deps.db.begin("attendance.list_stranger").await?;
        let is_new =
            devices::insert_pending(&mut tx, id, serial.as_str(), address.as_deref(), now).await?;
        if is_new {
            let event: EventId = self.deps.new_id();
            let payload = json!({ "device": id });
            outbox::publish(&mut tx, event, now, "attendance.device", &payload).await?;
        }
        tx.commit().await?;
        if is_new {
            tracing::info!(device.id = %id, "a device called that nobody knows");
        }
        self.refresh_devices().await?;
        let known = self.devices.by_serial(serial.as_str());
        if known.is_none() {
            // The number is that of something else.
            let mut strangers = self.devices.lock_strangers();
            strangers.insert(serial.as_str().to_owned());
        }
        Ok(known)
    }
}
