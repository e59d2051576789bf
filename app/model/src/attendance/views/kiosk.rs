//! Kiosks: tablets at the door on which people clock in. How they are, what they show, and what a person
//! sees of the own way in.

use serde::{Deserialize, Serialize};

use super::super::day::{Direction, Presence};
use super::device::{DeviceAlarmView, DeviceState};
use crate::ids::{DeviceId, SiteId};
use crate::time::Stamp;

/// A kiosk, as those see it who keep devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskView {
    /// Id.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// At which site it stands.
    pub site: Option<String>,
    /// The zone in which it shows times.
    pub zone: String,
    /// Whether it is listened to.
    pub state: DeviceState,
    /// Whether a tablet is signed in as it.
    pub signed_in: bool,
    /// Until when its set-up code can be used, if there is one.
    pub setup_until: Option<Stamp>,
    /// When it was last heard.
    pub last_seen: Option<Stamp>,
    /// Whether that is longer ago than it should be.
    pub silent: bool,
    /// How many punches were made on it.
    pub punches: i64,
    /// Open alarms, newest first.
    pub alarms: Vec<DeviceAlarmView>,
    /// What a change must name.
    pub version: i32,
}

/// What is said of a new kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskForm {
    /// Its name.
    pub name: String,
    /// At which site it stands.
    pub site: Option<SiteId>,
    /// The zone in which it shows times.
    pub zone: String,
}

/// A code with which one tablet becomes a kiosk. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskSetup {
    /// Which kiosk.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// The code, in two halves.
    pub code: String,
    /// Until when it can be used.
    pub until: Stamp,
}

/// What the page of a kiosk shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskPage {
    /// The house.
    pub organisation: String,
    /// The name of the kiosk, if the browser is one.
    pub name: Option<String>,
    /// The present instant, where the kiosk stands.
    pub now: Stamp,
    /// What is to be done.
    pub step: KioskStep,
}

/// What is to be done at a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum KioskStep {
    /// The browser is no kiosk yet: it asks for the set-up code.
    SetUp,
    /// It asks who is there.
    Start,
    /// It knows who is there.
    Card(KioskCard),
    /// The press is kept.
    Done(KioskDone),
}

/// What a person sees of themselves at a kiosk; nothing of anybody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskCard {
    /// The first name.
    pub first_name: String,
    /// In, out or in a break.
    pub state: Presence,
    /// Since when.
    pub since: Option<Stamp>,
    /// Minutes of the day that count so far.
    pub counted_minutes: i64,
    /// How many days behind lack a punch.
    pub incomplete: i64,
}

impl KioskCard {
    /// What can be pressed, the most likely first.
    pub const fn choices(&self) -> &'static [Direction] {
        match self.state {
            Presence::Out => &[Direction::In],
            Presence::In => &[Direction::Out, Direction::BreakOut],
            Presence::Break => &[Direction::BreakIn, Direction::Out],
        }
    }
}

/// What a person reads after the press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskDone {
    /// The first name.
    pub first_name: String,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub at: Stamp,
}

/// A person's own way in at kiosks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskAccess {
    /// The number to type; the first PIN brings one to whoever has none.
    pub number: Option<String>,
    /// Whether there is a PIN.
    pub has_pin: bool,
}

/// A code that a kiosk reads instead of number and PIN, as a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskCode {
    /// What the picture says.
    pub text: String,
    /// The dark modules, as the data of one SVG path.
    pub path: String,
    /// How many modules wide the picture is, with its quiet zone.
    pub width: u32,
    /// For how many seconds it is good.
    pub seconds: u32,
}
