//! Wall devices and kiosks: what they are, how they are, what they lack.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Site;
use super::kiosk::KioskView;
use crate::attendance::severity::Severity;
use crate::ids::{DeviceAlarmId, DeviceId, SiteId};
use crate::time::Stamp;

words!(
    /// Whether a device is listened to.
    DeviceState {
        /// It has called, and nobody has said whose it is.
        Pending = "pending",
        /// It is listened to.
        Active = "active",
        /// It is not.
        Blocked = "blocked",
    }
);

/// Something that a device did or lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAlarmView {
    /// Id.
    pub id: DeviceAlarmId,
    /// What, in words.
    pub text: String,
    /// How grave.
    pub severity: Severity,
    /// When.
    pub at: Stamp,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Id.
    pub id: DeviceId,
    /// Its serial number.
    pub serial: String,
    /// Its name; empty while it is pending.
    pub name: String,
    /// The zone of its clock.
    pub zone: String,
    /// Whether it is listened to.
    pub state: DeviceState,
    /// When it called last.
    pub last_seen: Option<Stamp>,
    /// Whether that is longer ago than it should be.
    pub silent: bool,
    /// How many seconds its clock is behind (positive) or ahead (negative).
    pub skew_seconds: i32,
    /// Its firmware.
    pub firmware: Option<String>,
    /// How many punches it has sent that are kept.
    pub punches: i64,
    /// How many lines could not be read.
    pub unreadable: i64,
    /// How many batches wait to be worked off.
    pub waiting: i64,
    /// Open alarms, newest first.
    pub alarms: Vec<DeviceAlarmView>,
    /// Where it hangs.
    pub site: Option<SiteId>,
    /// The first day, by its clock, of which its punches count; nothing for all.
    pub in_use_from: Option<NaiveDate>,
    /// The networks that it may speak from; empty for anywhere near its home.
    pub network: String,
    /// Whether it has to send a key.
    pub has_key: bool,
    /// Whether the keys that people press on it are believed.
    pub trusts_direction: bool,
    /// What a change must name.
    pub version: i32,
}

/// A badge that is nobody's, and what was punched with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownBadge {
    /// The badge.
    pub badge: String,
    /// How many punches wait for an owner.
    pub punches: i64,
    /// The last one.
    pub last: Stamp,
}

/// The page of devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesPage {
    /// All devices: pending ones first, then by name.
    pub devices: Vec<DeviceView>,
    /// Kiosks, by name.
    pub kiosks: Vec<KioskView>,
    /// Where a device or a kiosk can be, by name.
    pub sites: Vec<Site>,
    /// Whether the reader may take PINs away.
    pub clears_pins: bool,
    /// Badges that are nobody's.
    pub unknown_badges: Vec<UnknownBadge>,
    /// The present instant.
    pub now: Stamp,
}

/// What is said of a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeviceForm {
    /// Its name.
    pub name: String,
    /// The zone of its clock.
    pub zone: String,
    /// Whether it is listened to.
    pub state: DeviceState,
    /// Where it hangs.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// The first day, by its clock, of which its punches count; nothing for all.
    #[serde(default)]
    pub in_use_from: Option<NaiveDate>,
    /// The networks that it may speak from, with commas between them; empty for anywhere near its home.
    #[serde(default)]
    pub network: String,
    /// Whether the keys that people press on it are believed.
    #[serde(default)]
    pub trusts_direction: bool,
    /// What becomes of its key.
    #[serde(default)]
    pub key: KeyChange,
}

/// What becomes of the key that a device has to send. It is never shown again, and never printed.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChange {
    /// It stays, or there is none.
    #[default]
    Keep,
    /// It need not send one any more.
    Forget,
    /// It has to send this one.
    Set(String),
}

impl fmt::Debug for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Forget => "Forget",
            Self::Set(_) => "Set(…)",
        })
    }
}
