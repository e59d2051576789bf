//! What may be asked of a device, and what it says to that.
//!
//! A command is a value of [`Command`], so what has no variant cannot be sent: no shell, no file to
//! be written, no punches to be cleared, no administrator to be made. A command is stored as its
//! text and read back with [`Command::parse`], which knows no more than the variants do.

mod result;

use std::fmt;

use chrono::NaiveDateTime;

use super::text;
use super::time::{local, written};

pub use result::{CommandResult, PunchSum, results};

/// What comes back with the result of a command: up to 16 letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandId(String);

impl CommandId {
    /// Takes 1 to 16 letters and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u32> for CommandId {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a value cannot stand in a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// The number of a person.
    #[error("a badge number on a device is 1 to 24 letters and digits")]
    Pin,
    /// The number of a card.
    #[error("a card number is 1 to 20 digits")]
    Card,
    /// A period.
    #[error("the period ends before it begins")]
    Period,
}

/// The number of a person in a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pin(String);

impl Pin {
    /// Takes 1 to 24 letters and digits.
    ///
    /// # Errors
    /// [`BadValue::Pin`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let text = text.trim();
        let fits =
            (1..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadValue::Pin)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number of a card.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Card(String);

impl Card {
    /// Takes 1 to 20 digits.
    ///
    /// # Errors
    /// [`BadValue::Card`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let text = text.trim();
        let fits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadValue::Card)
        }
    }
}

/// The name that a device shows. Tabs and line ends would become further fields and commands, so
/// they are spaces here; it is no longer than a device keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShownName(String);

impl ShownName {
    /// Takes any text.
    pub fn new(text: &str) -> Self {
        const LONGEST_BYTES: usize = 24;
        let mut name = String::new();
        for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
            let gap = usize::from(!name.is_empty());
            for c in std::iter::repeat_n(' ', gap)
                .filter(|_| !word.is_empty())
                .chain(word.chars())
            {
                if name.len() + c.len_utf8() > LONGEST_BYTES {
                    name.truncate(name.trim_end().len());
                    return Self(name);
                }
                name.push(c);
            }
        }
        Self(name)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A period, both ends included, as the device's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: NaiveDateTime,
    to: NaiveDateTime,
}

impl Period {
    /// From one time to another.
    ///
    /// # Errors
    /// [`BadValue::Period`] when it ends before it begins.
    pub fn new(from: NaiveDateTime, to: NaiveDateTime) -> Result<Self, BadValue> {
        if from > to {
            Err(BadValue::Period)
        } else {
            Ok(Self { from, to })
        }
    }

    /// The first second.
    pub fn from(self) -> NaiveDateTime {
        self.from
    }

    /// The last second.
    pub fn to(self) -> NaiveDateTime {
        self.to
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "StartTime={}\tEndTime={}",
            written(self.from),
            written(self.to)
        )
    }
}

/// What may be asked of a device. As text it is what goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Know this person, without a right to change the device and without a password.
    UpdateUser {
        /// Their number.
        pin: Pin,
        /// What is shown when they punch.
        name: ShownName,
        /// Their card.
        card: Option<Card>,
    },
    /// Forget this person, with their fingers and faces.
    DeleteUser {
        /// Their number.
        pin: Pin,
    },
    /// Send the punches of a period again. They come as any punches do.
    QueryPunches(Period),
    /// Count the punches of a period: [`CommandResult::punch_sum`].
    VerifySum(Period),
    /// Read the options again, and send again from the stamps they hold.
    Check,
    /// Send what is new, now.
    Log,
    /// Tell how it is set up.
    Info,
    /// Start again.
    Reboot,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UpdateUser { pin, name, card } => {
                write!(
                    f,
                    "DATA UPDATE USERINFO PIN={}\tName={}\tPri=0",
                    pin.0, name.0
                )?;
                card.as_ref()
                    .map_or(Ok(()), |card| write!(f, "\tCard={}", card.0))
            }
            Self::DeleteUser { pin } => write!(f, "DATA DELETE USERINFO PIN={}", pin.0),
            Self::QueryPunches(period) => write!(f, "DATA QUERY ATTLOG {period}"),
            Self::VerifySum(period) => write!(f, "VERIFY SUM ATTLOG {period}"),
            Self::Check => f.write_str("CHECK"),
            Self::Log => f.write_str("LOG"),
            Self::Info => f.write_str("INFO"),
            Self::Reboot => f.write_str("REBOOT"),
        }
    }
}

impl Command {
    /// Reads the text of a command back. Anything that is no command of ours is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let command = match text {
            "CHECK" => Self::Check,
            "LOG" => Self::Log,
            "INFO" => Self::Info,
            "REBOOT" => Self::Reboot,
            _ => Self::with_record(text)?,
        };
        // What reads back as something else was not written here.
        (command.to_string() == text).then_some(command)
    }

    fn with_record(text: &str) -> Option<Self> {
        let after = |start: &str| text.strip_prefix(start);
        let period = |record: &str| {
            let time = |name| text::value_of(record, name).and_then(local);
            Period::new(time("StartTime")?, time("EndTime")?).ok()
        };
        let pin = |record: &str| Pin::parse(text::value_of(record, "PIN")?).ok();
        if let Some(record) = after("DATA UPDATE USERINFO ") {
            let card = text::value_of(record, "Card").map(Card::parse);
            return Some(Self::UpdateUser {
                pin: pin(record)?,
                name: ShownName::new(text::value_of(record, "Name")?),
                card: card.transpose().ok()?,
            });
        }
        if let Some(record) = after("DATA DELETE USERINFO ") {
            return pin(record).map(|pin| Self::DeleteUser { pin });
        }
        if let Some(record) = after("DATA QUERY ATTLOG ") {
            return period(record).map(Self::QueryPunches);
        }
        period(after("VERIFY SUM ATTLOG ")?).map(Self::VerifySum)
    }
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
