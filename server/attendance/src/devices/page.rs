//! The page of devices, and what is said of a device there.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use model::attendance::views::{
    CommandView, DeviceAlarmView, DeviceForm, DeviceState, DeviceView, DevicesPage, KeyChange,
    UnknownBadge,
};
use model::problem::FieldError;
use model::zone::Zone;
use model::{Actor, DeviceAlarmId, DeviceId, Permission, Problem};
use platform::db::on_constraint;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::adms::health::Network;
use super::adms::{Alarm, CommKey, Command, health};
use super::poll::last_view;
use super::watch::SILENT_MINUTES;
use crate::people::{zone_named, zone_of};
use crate::store::devices::{self, DeviceRow, ListedRow};
use crate::store::{devices_alarms, devices_badges, devices_commands, terms};
use crate::{Attendance, Error};

/// How many badges the page shows.
const MOST_BADGES: i64 = 200;
/// How long the networks of a device may be, as text.
const MOST_NETWORK: usize = 60;
/// The longest key of a device, in characters.
const MOST_KEY: usize = 128;

impl Attendance {
    /// All wall devices and kiosks, how they are, and badges that are nobody's. Whose the others are says
    /// [`Attendance::badges_page`].
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`.
    pub async fn devices_page(&self, actor: &Actor) -> Result<DevicesPage, Error> {
        actor.require(Permission::DevicesManage)?;
        let now = self.deps.now();
        let zone = zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let rows = devices::listed(&mut conn).await?;
        let mut alarms: HashMap<DeviceId, Vec<DeviceAlarmView>> = HashMap::new();
        for alarm in devices_alarms::open(&mut conn).await? {
            alarms
                .entry(alarm.device_id)
                .or_default()
                .push(DeviceAlarmView {
                    id: alarm.id,
                    text: alarm.text,
                    severity: alarm.severity,
                    at: zone.stamp(alarm.at),
                });
        }
        let kiosks = self.kiosk_views(&mut conn, &zone, &mut alarms).await?;
        let sites = terms::sites(&mut conn).await?;
        let badges = devices_badges::unknown(&mut conn, MOST_BADGES).await?;
        let asked = devices_commands::last(&mut conn).await?.into_iter();
        let mut asked: HashMap<DeviceId, CommandView> = asked
            .map(|row| (row.device_id, last_view(row, &zone)))
            .collect();
        let view = |row: ListedRow| {
            // What this process has heard may not be written down yet.
            let last_seen = row.last_seen_at.max(self.devices.seen(row.id));
            let is_active = row.state == DeviceState::Active;
            DeviceView {
                id: row.id,
                serial: row.serial,
                name: row.name,
                zone: row.zone,
                state: row.state,
                last_seen: last_seen.map(|at| zone.stamp(at)),
                silent: is_active && health::silent(last_seen, now, SILENT_MINUTES).is_some(),
                skew_seconds: row.skew_seconds,
                firmware: row.firmware,
                punches: row.punches,
                unreadable: row.unreadable,
                waiting: row.waiting,
                alarms: alarms.remove(&row.id).unwrap_or_default(),
                site: row.site_id,
                in_use_from: row.in_use_from,
                network: row.network.unwrap_or_default(),
                has_key: row.has_key,
                trusts_direction: row.trusts_direction,
                asked: asked.remove(&row.id),
                version: row.version,
            }
        };
        Ok(DevicesPage {
            devices: rows.into_iter().map(view).collect(),
            kiosks,
            sites,
            keeps_people: actor.may(Permission::AttendanceManage),
            unknown_badges: badges
                .into_iter()
                .map(|row| UnknownBadge {
                    badge: row.badge,
                    punches: row.punches,
                    last: zone.stamp(row.last_at),
                })
                .collect(),
            badges: None,
            now: zone.stamp(now),
        })
    }

    /// Names a device that is still at `version`, and says whether it is listened to, from where, under
    /// which key, and whether its keys are believed. What it punched before keeps the zone that it had
    /// then. Of its key only a hash is kept.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::Invalid`]; [`Error::NotFound`];
    /// [`Error::Changed`].
    pub async fn save_device(
        &self,
        actor: &Actor,
        id: DeviceId,
        version: i32,
        form: &DeviceForm,
    ) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        check(form)?;
        let network = networks(&form.network)?;
        let key = key_hash(&form.key)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.save_device").await?;
        let row = devices::find_locked(&mut tx, id).await?;
        let row = row.ok_or(Error::NotFound("device"))?;
        if row.version != version {
            return Err(Error::Changed);
        }
        let is_active = form.state == DeviceState::Active;
        let from_before = row.in_use_from;
        let moved = row.state == DeviceState::Active && is_active && row.zone != form.zone;
        let changed = DeviceRow {
            name: form.name.trim().to_owned(),
            zone: form.zone.clone(),
            state: form.state,
            installed_at: row.installed_at.or(is_active.then_some(now)),
            site_id: form.site,
            in_use_from: form.in_use_from,
            network,
            trusts_direction: form.trusts_direction,
            secret_hash: match &form.key {
                KeyChange::Keep => row.secret_hash,
                KeyChange::Forget | KeyChange::Set(_) => key,
            },
            ..row
        };
        let done = devices::update(&mut tx, &changed).await;
        on_constraint(done, "device_site_id_fkey", || {
            Error::field("site", "Choose a site of the list.")
        })?;
        self.count_from_in_tx(&mut tx, from_before, &changed)
            .await?;
        if moved {
            // Its clock goes by the zone that its options name.
            let by = actor.who.reference();
            devices_commands::queue(&mut tx, id, &Command::Check.to_string(), &by, now).await?;
        }
        self.tell_of_device_in_tx(&mut tx, id, now).await?;
        let detail = json!({
            "name": changed.name,
            "state": changed.state,
            "zone": changed.zone,
            "site": changed.site_id,
            "network": changed.network,
            "in_use_from": changed.in_use_from,
            "trusts_direction": changed.trusts_direction,
            "key": match form.key {
                KeyChange::Keep => "kept",
                KeyChange::Forget => "forgotten",
                KeyChange::Set(_) => "set",
            },
        });
        self.audit_in_tx(
            &mut tx,
            actor,
            "device.saved",
            format!("device:{id}"),
            detail,
        )
        .await?;
        tx.commit().await?;
        self.refresh_devices_soon().await;
        if form.key == KeyChange::Forget {
            self.forgive_key(id);
        }
        Ok(())
    }

    /// Derives anew what lies between the day from which a device's punches counted and the one from which
    /// they count now.
    async fn count_from_in_tx(
        &self,
        conn: &mut PgConnection,
        before: Option<NaiveDate>,
        device: &DeviceRow,
    ) -> Result<(), Error> {
        let (first, last) = match (before, device.in_use_from) {
            (Some(a), Some(b)) if a != b => (Some(a.min(b)), a.max(b)),
            (None, Some(day)) | (Some(day), None) => (None, day),
            _ => return Ok(()),
        };
        let zone = zone_named(&device.zone);
        let from = match first {
            Some(day) => zone.start_of(day).ok_or_else(no_day)?,
            None => DateTime::UNIX_EPOCH,
        };
        let to = zone.start_of(last).ok_or_else(no_day)?;
        let days = devices::days_between(conn, device.id, from, to).await?;
        let days = days.into_iter().map(|(person, day)| (person, day, day));
        self.mark_stale_in_tx(conn, &days.collect::<Vec<_>>())
            .await?;
        Ok(())
    }

    /// Says whether the keys that people press on a device are believed. Punches that are kept already
    /// stay as they were told.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`].
    pub async fn trust_keys(&self, actor: &Actor, id: DeviceId, trusts: bool) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let mut tx = self.deps.db.begin("attendance.trust_keys").await?;
        if !devices::trust_keys(&mut tx, id, trusts).await? {
            return Err(Error::NotFound("device"));
        }
        self.tell_of_device_in_tx(&mut tx, id, self.deps.now())
            .await?;
        tx.commit().await?;
        self.refresh_devices_soon().await;
        Ok(())
    }

    /// Puts an alarm away. Whoever puts away that a device speaks from elsewhere says that it belongs
    /// there.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `devices:manage`; [`Error::NotFound`].
    pub async fn close_alarm(&self, actor: &Actor, id: DeviceAlarmId) -> Result<(), Error> {
        actor.require(Permission::DevicesManage)?;
        let now = self.deps.now();
        // Where a device speaks from now is not written down at once.
        self.flush_devices().await?;
        let mut tx = self.deps.db.begin("attendance.close_alarm").await?;
        let closed = devices_alarms::close(&mut tx, id, actor.who.label(), now).await?;
        let closed = closed.ok_or(Error::NotFound("alarm"))?;
        let elsewhere = closed.kind == kind_of_source_changed();
        if elsewhere {
            devices::settle(&mut tx, closed.device_id).await?;
        }
        self.tell_of_device_in_tx(&mut tx, closed.device_id, now)
            .await?;
        tx.commit().await?;
        if elsewhere {
            self.refresh_devices_soon().await;
        }
        Ok(())
    }
}

fn no_day() -> Error {
    Error::field("in_use_from", "That is no day of the calendar.")
}

fn kind_of_source_changed() -> &'static str {
    let now = std::net::Ipv4Addr::UNSPECIFIED.into();
    Alarm::SourceChanged { before: None, now }.code()
}

/// Networks as they are kept: each read, with commas between them.
fn networks(text: &str) -> Result<Option<String>, Error> {
    let parts = text.split([',', ' ', '\n']).map(str::trim);
    let mut networks = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let network: Network = part.parse().map_err(|_| {
            let message =
                format!("“{part}” is no network: write an address such as 192.168.16.0/24.");
            Error::field("network", message)
        })?;
        networks.push(network.to_string());
    }
    let text = networks.join(",");
    if text.chars().count() > MOST_NETWORK {
        return Err(Error::field(
            "network",
            "Name fewer networks, or wider ones.",
        ));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The hash of a key that is set.
fn key_hash(change: &KeyChange) -> Result<Option<Vec<u8>>, Error> {
    let KeyChange::Set(key) = change else {
        return Ok(None);
    };
    let key = key.trim();
    // What is longer would be cut off, here and when it is sent.
    let is_short = key.chars().count() <= MOST_KEY;
    let key = CommKey::parse(key).filter(|parsed| is_short && parsed.expose() == key);
    let key = key.ok_or_else(|| {
        Error::field(
            "secret",
            "A key has 1 to 128 characters, as the device has it in its menu.",
        )
    })?;
    Ok(Some(Sha256::digest(key.expose()).to_vec()))
}

/// Checks what is said of a device. One that is only to be kept out needs no name.
fn check(form: &DeviceForm) -> Result<(), Error> {
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    let length = form.name.trim().chars().count();
    let is_plain = !form.name.chars().any(char::is_control);
    let needs_name = form.state == DeviceState::Active;
    check(
        length <= 80 && is_plain && (length >= 1 || !needs_name),
        "name",
        "Give the device a name of 1 to 80 characters.",
    );
    check(
        Zone::named(&form.zone).is_ok(),
        "zone",
        "That is no time zone: use a name such as Europe/Berlin.",
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
