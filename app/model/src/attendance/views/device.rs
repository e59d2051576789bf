//! Wall devices and kiosks: what they are, how they are, what they lack.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::kiosk::KioskView;
use super::{Named, Site};
use crate::attendance::severity::Severity;
use crate::ids::{BadgeId, DeviceAlarmId, DeviceId, PunchId, SiteId};
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
    /// How far a command to a device is.
    CommandState {
        /// It waits for the device's next poll.
        Queued = "queued",
        /// The device has fetched it.
        Sent = "sent",
        /// The device has done it.
        Done = "done",
        /// The device could not, or never said.
        Failed = "failed",
    }
);

/// What a device was asked last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandView {
    /// What, in words.
    pub text: String,
    /// How far it is.
    pub state: CommandState,
    /// Since when.
    pub at: Stamp,
    /// What the device said, or why it is not done.
    pub result: Option<String>,
}

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
    /// What it was asked last.
    pub asked: Option<CommandView>,
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

/// That a badge is somebody's, for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeLine {
    /// Id.
    pub id: BadgeId,
    /// The badge.
    pub badge: String,
    /// Whose.
    pub owner: Named,
    /// Whether they are here no more.
    pub has_left: bool,
    /// The first day, where they are.
    pub from: NaiveDate,
    /// The last day; nothing as long as nobody has said.
    pub until: Option<NaiveDate>,
    /// Whether the last day is over.
    pub is_over: bool,
}

/// Who has and had which badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgesPage {
    /// By badge, the last owner first.
    pub badges: Vec<BadgeLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Today, where the reader is.
    pub today: NaiveDate,
}

words!(
    /// What of that which was set aside is shown.
    SetAside {
        /// Punches whose time cannot be true.
        Punches = "punches",
        /// Lines that could not be read, and nobody has looked at.
        Lines = "lines",
        /// Lines that somebody has looked at.
        Seen = "seen",
    }
);

/// A punch of a device whose time cannot be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsidePunch {
    /// Id.
    pub id: PunchId,
    /// The name of the device; its serial number, if it has none.
    pub device: String,
    /// Whose it is, if the badge is somebody's at that time.
    pub person: Option<Named>,
    /// The badge.
    pub badge: String,
    /// What the clock of the device showed: `2000-01-01 00:03:12`.
    pub told: String,
    /// The date that it would count on.
    pub date: NaiveDate,
    /// When it came.
    pub received: Stamp,
    /// The date on which it came, where the person is.
    pub received_date: NaiveDate,
    /// Why its time cannot be true.
    pub why: String,
}

/// A line of a device that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableLine {
    /// Its number.
    pub id: i64,
    /// The name of the device; its serial number, if it has none.
    pub device: String,
    /// When it came.
    pub received: Stamp,
    /// Why it could not be read.
    pub reason: String,
    /// What it says.
    pub text: String,
    /// Who has looked at it, and when.
    pub seen: Option<(String, Stamp)>,
}

/// What devices sent and does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsidePage {
    /// What of it.
    pub shown: SetAside,
    /// Punches, the latest to come first; none where lines are shown.
    pub punches: Vec<SetAsidePunch>,
    /// Lines, the latest to come first; none where punches are shown.
    pub lines: Vec<UnreadableLine>,
    /// How many lines nobody has looked at.
    pub open_lines: i64,
    /// Where the next page begins.
    pub next: Option<String>,
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
    /// Whether the reader may take PINs away, and see who has which badge and what was set aside.
    pub keeps_people: bool,
    /// Badges that are nobody's.
    pub unknown_badges: Vec<UnknownBadge>,
    /// Who has which badge, for those who may see that.
    pub badges: Option<BadgesPage>,
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
