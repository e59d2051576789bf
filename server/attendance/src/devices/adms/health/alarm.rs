//! What somebody should know of a device, in words.

use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::super::command::Period;
use super::super::time::written;

/// How much an alarm matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know when something else is wrong.
    Notice,
    /// To be looked at on the next working day.
    Warning,
    /// Punches may be lost or wrong.
    Critical,
}

impl Severity {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What was done to a device, as it tells itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operated {
    /// It was switched on.
    Started,
    /// It was switched off.
    ShutDown,
    /// Its case was opened or its door forced.
    BrokenOpen,
    /// It forgot a person.
    UserDeleted {
        /// Whom.
        pin: Option<String>,
    },
    /// All data was cleared.
    DataCleared,
    /// Its clock was set: a new epoch begins.
    TimeSet {
        /// What it shows since.
        to: NaiveDateTime,
    },
    /// It was reset to how it left the factory.
    FactoryReset,
    /// Its punches were deleted.
    PunchesDeleted,
    /// Anybody may change it now.
    AdministratorsCleared,
    /// It was pointed at another server.
    ServerChanged,
}

/// Something that somebody should know of a device. Its [`fmt::Display`] is plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The device told what was done to it.
    Operated {
        /// What.
        what: Operated,
        /// By whom, as the device knows them.
        operator: Option<String>,
        /// When, by its clock.
        device_time: NaiveDateTime,
    },
    /// Its clock is off.
    ClockOff {
        /// How far it is behind; below zero it is ahead.
        behind_seconds: i64,
    },
    /// It holds punches that never came.
    PunchesMissing {
        /// In which period.
        period: Period,
        /// How many it counts.
        on_device: u64,
        /// How many are stored.
        stored: u64,
    },
    /// It holds fewer punches than came.
    PunchesGone {
        /// In which period.
        period: Period,
        /// How many it counts.
        on_device: u64,
        /// How many are stored.
        stored: u64,
    },
    /// Far more punches than usual.
    UnusualVolume {
        /// How many.
        count: u32,
        /// How many there mostly are.
        usual: u32,
    },
    /// It speaks from another network than before, or than it may.
    SourceChanged {
        /// Where it spoke from before.
        before: Option<IpAddr>,
        /// Where it speaks from now.
        now: IpAddr,
    },
    /// It has said nothing for too long.
    Silent {
        /// When it last did.
        since: DateTime<Utc>,
        /// How long that is ago.
        minutes: i64,
    },
}

impl Alarm {
    /// The word that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Operated { what, .. } => match what {
                Operated::Started => "started",
                Operated::ShutDown => "shut_down",
                Operated::BrokenOpen => "broken_open",
                Operated::UserDeleted { .. } => "user_deleted",
                Operated::DataCleared => "data_cleared",
                Operated::TimeSet { .. } => "time_set",
                Operated::FactoryReset => "factory_reset",
                Operated::PunchesDeleted => "punches_deleted",
                Operated::AdministratorsCleared => "administrators_cleared",
                Operated::ServerChanged => "server_changed",
            },
            Self::ClockOff { .. } => "clock_off",
            Self::PunchesMissing { .. } => "punches_missing",
            Self::PunchesGone { .. } => "punches_gone",
            Self::UnusualVolume { .. } => "unusual_volume",
            Self::SourceChanged { .. } => "source_changed",
            Self::Silent { .. } => "silent",
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Operated { what, .. } => match what {
                Operated::Started | Operated::ShutDown => Severity::Notice,
                Operated::UserDeleted { .. } | Operated::TimeSet { .. } => Severity::Warning,
                Operated::BrokenOpen
                | Operated::DataCleared
                | Operated::FactoryReset
                | Operated::PunchesDeleted
                | Operated::AdministratorsCleared
                | Operated::ServerChanged => Severity::Critical,
            },
            Self::UnusualVolume { .. } | Self::SourceChanged { .. } | Self::Silent { .. } => {
                Severity::Warning
            }
            // Ten minutes decide whether somebody was late.
            Self::ClockOff { behind_seconds } if behind_seconds.abs() < 600 => Severity::Warning,
            Self::ClockOff { .. } | Self::PunchesMissing { .. } | Self::PunchesGone { .. } => {
                Severity::Critical
            }
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operated {
                what,
                operator,
                device_time,
            } => {
                write!(f, "{what}")?;
                if let Some(operator) = operator {
                    write!(f, " by badge {operator}")?;
                }
                write!(f, ", at {} by its own clock.", written(*device_time))
            }
            Self::ClockOff { behind_seconds } => {
                let way = if *behind_seconds < 0 {
                    "ahead"
                } else {
                    "behind"
                };
                write!(
                    f,
                    "The clock is {} {way}.",
                    length(behind_seconds.unsigned_abs())
                )
            }
            Self::PunchesMissing {
                period,
                on_device,
                stored,
            } => write!(
                f,
                "From {} to {} the device holds {on_device} punches, but only {stored} have arrived.",
                written(period.from()),
                written(period.to())
            ),
            Self::PunchesGone {
                period,
                on_device,
                stored,
            } => write!(
                f,
                "From {} to {} the device holds only {on_device} punches, although {stored} have \
                 arrived: some were deleted there, or never came from it.",
                written(period.from()),
                written(period.to())
            ),
            Self::UnusualVolume { count, usual } => {
                write!(f, "{count} punches arrived where {usual} are usual.")
            }
            Self::SourceChanged { before: None, now } => {
                write!(f, "The device speaks from {now}, outside of its network.")
            }
            Self::SourceChanged {
                before: Some(before),
                now,
            } => write!(
                f,
                "The device speaks from {now}; before, it spoke from {before}."
            ),
            Self::Silent { since, minutes } => write!(
                f,
                "The device has said nothing for {}, since {} UTC. Nobody is called absent meanwhile.",
                length(minutes.unsigned_abs().saturating_mul(60)),
                written(since.naive_utc())
            ),
        }
    }
}

impl fmt::Display for Operated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("The device was switched on"),
            Self::ShutDown => f.write_str("The device was switched off"),
            Self::BrokenOpen => {
                f.write_str("The device reports that it or its door was forced open")
            }
            Self::UserDeleted { pin: Some(pin) } => {
                write!(f, "Badge {pin} was deleted from the device")
            }
            Self::UserDeleted { pin: None } => f.write_str("A badge was deleted from the device"),
            Self::DataCleared => f.write_str("All data on the device was cleared"),
            Self::TimeSet { to } => write!(f, "The clock was set to {}", written(*to)),
            Self::FactoryReset => f.write_str("The device was reset to factory settings"),
            Self::PunchesDeleted => f.write_str("The punches on the device were deleted"),
            Self::AdministratorsCleared => f.write_str(
                "The administrators of the device were removed, so that anybody may change it",
            ),
            Self::ServerChanged => f.write_str("The device was pointed at another server"),
        }
    }
}

/// A length of time in its largest units.
fn length(seconds: u64) -> String {
    let said = |count: u64, unit: &str| {
        let s = if count == 1 { "" } else { "s" };
        format!("{count} {unit}{s}")
    };
    match seconds {
        0..60 => said(seconds, "second"),
        60..3_600 => said(seconds / 60, "minute"),
        3_600..86_400 if seconds % 3_600 < 60 => said(seconds / 3_600, "hour"),
        3_600..86_400 => format!(
            "{} {}",
            said(seconds / 3_600, "hour"),
            said(seconds % 3_600 / 60, "minute")
        ),
        _ => said(seconds / 86_400, "day"),
    }
}
