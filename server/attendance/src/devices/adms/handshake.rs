//! What a device says of itself.

use std::fmt;
use std::net::IpAddr;

use super::text::{bounded, percent_decoded};
use super::version::Version;

/// Which dialect a device speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A time clock, and whatever does not say what it is.
    #[default]
    Attendance,
    /// A terminal that compares people with their papers.
    Identity,
    /// A screen.
    Screen,
    /// A door controller: another dialect.
    Access,
}

impl DeviceKind {
    /// From `DeviceType`.
    pub fn parse(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "acc" => Self::Access,
            "pid" => Self::Identity,
            "ins" => Self::Screen,
            _ => Self::Attendance,
        }
    }
}

/// The key a device may send to show that it was set up for this server. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct CommKey(String);

impl CommKey {
    /// A key of a sensible length, without what cannot be typed.
    pub fn parse(text: &str) -> Option<Self> {
        bounded(text, 128).map(Self)
    }

    /// The key itself, to be compared in constant time.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CommKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommKey(…)")
    }
}

/// The first thing a device says after it was switched on or lost the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The protocol it speaks. None is old firmware.
    pub version: Option<Version>,
    /// Its dialect.
    pub kind: DeviceKind,
    /// Number of its language.
    pub language: Option<u16>,
    /// What it sends to show that it belongs here.
    pub comm_key: Option<CommKey>,
}

/// What a device adds to a poll: how full it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Firmware, such as `Ver 8.0.4.3-20230615`.
    pub firmware: Option<String>,
    /// People it knows.
    pub users: Option<u32>,
    /// Fingers it knows.
    pub fingers: Option<u32>,
    /// Punches it holds, those already sent too.
    pub punches: Option<u32>,
    /// Its address in its own network.
    pub address: Option<IpAddr>,
    /// Faces it knows.
    pub faces: Option<u32>,
}

impl DeviceInfo {
    /// Reads the `INFO` of a poll: values with commas between them, in a fixed order. `None` when
    /// it holds nothing.
    pub fn parse(text: &str) -> Option<Self> {
        // Old firmware encodes it twice.
        let decoded = percent_decoded(text.as_bytes(), false);
        let decoded = String::from_utf8_lossy(&decoded);
        let fields: Vec<&str> = decoded.split(',').map(str::trim).take(16).collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let number = |at: usize| field(at).parse().ok();
        let info = Self {
            firmware: bounded(field(0), 64),
            users: number(1),
            fingers: number(2),
            punches: number(3),
            address: field(4).parse().ok(),
            faces: number(8),
        };
        (info != Self::default()).then_some(info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_tells_how_full_a_device_is() {
        let info = DeviceInfo::parse("Ver 2.0.12-20150625,12,24,4711,192.168.16.27,10,7,15,3,111")
            .unwrap();
        assert_eq!(info.firmware.as_deref(), Some("Ver 2.0.12-20150625"));
        assert_eq!(
            (info.users, info.fingers, info.punches, info.faces),
            (Some(12), Some(24), Some(4711), Some(3))
        );
        assert_eq!(info.address, Some("192.168.16.27".parse().unwrap()));
        assert_eq!(
            DeviceInfo::parse("Ver%202.0,1")
                .unwrap()
                .firmware
                .as_deref(),
            Some("Ver 2.0")
        );
        assert_eq!(DeviceInfo::parse(" ,,x,"), None);
    }

    #[test]
    fn a_key_is_not_printed() {
        let hello = Handshake {
            comm_key: CommKey::parse("4a9594af"),
            ..Handshake::default()
        };
        assert!(!format!("{hello:?}").contains("4a95"));
    }
}
