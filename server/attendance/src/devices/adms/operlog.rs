//! What was done to a device and whom it knows: `OPERLOG`.
//!
//! The same table carries operations, people, templates and photographs. Templates and photographs
//! are recognised by their first word and dropped while reading: they never become a value.

use chrono::NaiveDateTime;

use super::health::{Alarm, Operated};
use super::text::{self, RawLine};
use super::time::{DeviceTime, local};

/// What became of one line.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Something was done to the device.
    Operation(Operation),
    /// A person the device knows.
    User(DeviceUser),
    /// A template or a photograph. Nothing of it is kept but that it came.
    NotKept {
        /// The line, counted from 1.
        number: usize,
        /// What it was.
        kind: Biometric,
        /// Whose.
        pin: Option<String>,
    },
    /// Nothing that could be read. It counts.
    Garbage {
        /// The line, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: Reason,
        /// The line as it came, or its first word when it may hold a template.
        raw: String,
    },
}

/// Why a line tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A first word that is not known.
    #[error("the line begins with a word that is not known")]
    UnknownWord,
    /// Longer than what is read.
    #[error("the line is longer than an operation can be")]
    TooLong,
    /// An operation without a number.
    #[error("the operation has no number")]
    NoCode,
    /// An operation without a time.
    #[error("the operation has no time")]
    NoTime,
    /// A person without a number.
    #[error("the person has no badge number")]
    NoPin,
}

/// Kinds of data that are never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Biometric {
    /// A finger, or the veins of one.
    Finger,
    /// A face.
    Face,
    /// A photograph of a person.
    Photo,
    /// A template of any other kind.
    Template,
}

/// One thing that was done to a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The line, counted from 1.
    pub number: usize,
    /// What was done.
    pub code: u16,
    /// Who did it, as the device knows them; `None` when nobody had signed in.
    pub operator: Option<String>,
    /// When, as the device's clock showed it.
    pub time: NaiveDateTime,
    /// What it was done to; the meaning goes with the code.
    pub values: Vec<String>,
    /// The line as it came.
    pub raw: String,
}

impl Operation {
    /// The alarm it raises, if it is one that somebody should know of.
    pub fn alarm(&self) -> Option<Alarm> {
        let first = self.values.first().filter(|value| *value != "0");
        let what = match self.code {
            0 => Operated::Started,
            1 => Operated::ShutDown,
            3 if self
                .values
                .iter()
                .any(|reason| matches!(reason.as_str(), "54" | "55")) =>
            {
                Operated::BrokenOpen
            }
            9 => Operated::UserDeleted {
                pin: first.cloned(),
            },
            13 => Operated::DataCleared,
            21 => Operated::TimeSet {
                to: self.time_set(),
            },
            22 => Operated::FactoryReset,
            // Deleted outright, deleted after a copy to a stick, deleted as records of a door.
            23 | 43 | 105 => Operated::PunchesDeleted,
            24 => Operated::AdministratorsCleared,
            // Address, port, and the proxy that stands in for both.
            82 | 83 | 110..=112 => Operated::ServerChanged,
            _ => return None,
        };
        Some(Alarm::Operated {
            what,
            operator: self.operator.clone(),
            device_time: self.time,
        })
    }

    /// Whether a new epoch of the clock begins here.
    pub fn sets_clock(&self) -> bool {
        self.code == 21
    }

    /// What the clock was set to. Firmware that does not say writes the operation after setting it,
    /// so that its own time is the new one.
    fn time_set(&self) -> NaiveDateTime {
        self.values
            .iter()
            .find_map(|value| local(value))
            .unwrap_or(self.time)
    }
}

/// A person as a device knows them. Passwords are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceUser {
    /// The line, counted from 1.
    pub number: usize,
    /// Their number.
    pub pin: String,
    /// Their name, with replacement marks where it was GB2312.
    pub name: Option<String>,
    /// What they may do with the device.
    pub privilege: Option<u8>,
    /// The number of their card.
    pub card: Option<String>,
}

impl DeviceUser {
    /// Whether they may change the device.
    pub fn is_administrator(&self) -> bool {
        self.privilege.is_some_and(|privilege| privilege > 0)
    }
}

/// Reads a body: one [`Entry`] for every line that is not empty, in order.
pub fn lines(body: &[u8]) -> impl Iterator<Item = Entry> + '_ {
    text::lines(body).map(entry)
}

fn entry(line: RawLine<'_>) -> Entry {
    // Templates are as long as they like; only the start is looked at.
    let start = text::decode(&line.bytes[..line.bytes.len().min(text::LINE_BYTES)]);
    let start = start.trim_start();
    let (word, record) = start.split_once([' ', '\t']).unwrap_or((start, ""));
    let word = word.trim();
    let kind = match word.to_ascii_uppercase().as_str() {
        "OPLOG" | "USER" => None,
        "FP" | "FVEIN" | "FINGERTMP" => Some(Biometric::Finger),
        "FACE" => Some(Biometric::Face),
        "USERPIC" | "BIOPHOTO" => Some(Biometric::Photo),
        "BIODATA" => Some(Biometric::Template),
        _ => {
            return Entry::Garbage {
                number: line.number,
                reason: Reason::UnknownWord,
                // An unknown word may stand before a template of tomorrow.
                raw: text::bounded(word, 32).unwrap_or_default(),
            };
        }
    };
    if let Some(kind) = kind {
        let pin = text::value_of(record, "pin").and_then(|pin| text::bounded(pin, 32));
        return Entry::NotKept {
            number: line.number,
            kind,
            pin,
        };
    }
    let read = if line.bytes.len() > text::LINE_BYTES {
        Err(Reason::TooLong)
    } else if word.eq_ignore_ascii_case("OPLOG") {
        operation(line, record).map(Entry::Operation)
    } else {
        user(line, record).map(Entry::User)
    };
    read.unwrap_or_else(|reason| Entry::Garbage {
        number: line.number,
        reason,
        // The record of a person may hold a password.
        raw: text::bounded(word, 32).unwrap_or_default(),
    })
}

fn operation(line: RawLine<'_>, record: &str) -> Result<Operation, Reason> {
    let mut fields = record.split('\t').map(str::trim);
    let code = fields.next().and_then(|text| text.parse().ok());
    let code = code.ok_or(Reason::NoCode)?;
    let operator = fields.next().filter(|text| *text != "0");
    let time = match fields.next().and_then(DeviceTime::parse) {
        Some(DeviceTime::Local(time)) => time,
        Some(DeviceTime::Instant(at)) => at.naive_utc(),
        None => return Err(Reason::NoTime),
    };
    Ok(Operation {
        number: line.number,
        code,
        operator: operator.and_then(|text| text::bounded(text, 32)),
        time,
        values: fields
            .take(8)
            .map(|value| text::bounded(value, 64).unwrap_or_default())
            .collect(),
        raw: text::kept(line.bytes),
    })
}

fn user(line: RawLine<'_>, record: &str) -> Result<DeviceUser, Reason> {
    let field = |name: &str| text::value_of(record, name);
    let pin = field("pin").and_then(|pin| text::bounded(pin, 32));
    Ok(DeviceUser {
        number: line.number,
        pin: pin.ok_or(Reason::NoPin)?,
        name: field("name").and_then(|name| text::bounded(name, 64)),
        privilege: field("pri").and_then(|text| text.parse().ok()),
        card: field("card").and_then(card),
    })
}

/// The number of a card, written in digits or as bytes, lowest first: `[15CD5B07]`.
fn card(text: &str) -> Option<String> {
    let bytes = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let number = match bytes {
        Some(hex) => {
            let low_first = u32::from_str_radix(hex, 16)
                .ok()
                .filter(|_| hex.len() == 8)?;
            low_first.swap_bytes().to_string()
        }
        None => text::bounded(text, 32)?,
    };
    (number != "0").then_some(number)
}

#[cfg(test)]
#[path = "operlog_tests.rs"]
mod tests;
