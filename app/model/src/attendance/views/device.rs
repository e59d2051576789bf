//! Wall devices and kiosks: what they are, how they are, what they lack.

use serde::{Deserialize, Serialize};

use super::kiosk::{KioskSite, KioskView};
use crate::ids::{DeviceAlarmId, DeviceId};
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

words!(
    /// How grave an alarm is.
    Severity {
        /// To be known.
        Info = "info",
        /// To be looked at.
        Warning = "warning",
        /// To be looked at now.
        Serious = "serious",
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
    /// Where a new kiosk can stand.
    pub sites: Vec<KioskSite>,
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
}
