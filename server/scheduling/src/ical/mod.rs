//! iCalendar text (RFC 5545): reading what other calendars write, and writing invitations.
//!
//! * [`read`]: text to a [`Calendar`]: its series with their exceptions, and free-busy periods.
//! * [`busy`]: when the owner of a calendar is busy. [`expand`]: every instance of its events.
//! * [`write`]: the text of one meeting for a mail, with the time zone's definition.
//! * [`reply`]: what a guest answered, from a raw mail.
//!
//! Two rules hold everywhere. What cannot be read is named with its line and the rest still counts:
//! one bad event never hides the others. And doubt is busy: an event whose repetition is damaged
//! still blocks its first day, since a free time that is not free costs more than the reverse.
//!
//! Everything here is pure, and every loop has a limit ([`limits`]), because files come from anyone.

pub mod busy;
mod clock;
pub mod expand;
pub mod read;
pub mod reply;
mod series;
mod warning;
pub mod write;

pub use busy::{Busy, BusyStatus, BusyTime, busy};
pub use clock::Clock;
pub use read::{Calendar, calendar, decode};
pub use warning::Warning;

use warning::Warnings;

/// How much one file may ask of us.
pub mod limits {
    /// The size of a file, in bytes.
    pub const FILE_BYTES: usize = 32 << 20;
    /// A content line after unfolding, in bytes; a longer one is passed over with a warning.
    pub const LINE_BYTES: usize = 1 << 20;
    /// Components of every kind in one file.
    pub const COMPONENTS: usize = 200_000;
    /// Components inside one another; RFC 5545 needs three.
    pub const DEPTH: usize = 16;
    /// Different TZIDs in one file; the times of any further one are read as local.
    pub const ZONES: usize = 1_000;
    /// Changes of offset in one VTIMEZONE.
    pub const CHANGES_PER_ZONE: usize = 5_000;
    /// Attendees of one event; who comes after them does not count.
    pub const GUESTS: usize = 1_000;
    /// Dates that one event may list in RDATE and EXDATE.
    pub const DATES_PER_EVENT: usize = 20_000;
    /// Instances of one series within the asked range; what follows them counts as busy.
    pub const INSTANCES_PER_SERIES: usize = 50_000;
    /// Instances of one file within the asked range.
    pub const INSTANCES: usize = 2_000_000;
    /// What a rule that gives nothing counts as: the search for nothing is what takes long.
    pub const EMPTY_RULE: usize = 20_000;
    /// Warnings kept; the rest is counted.
    pub const WARNINGS: usize = 100;
}

/// Why a file as a whole is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing in it begins a calendar.
    #[error("line 1: this is not an iCalendar file, it has no BEGIN:VCALENDAR")]
    NotACalendar,
    /// Larger than [`limits::FILE_BYTES`].
    #[error(
        "line 1: the file has {bytes} bytes, more than the {} allowed",
        limits::FILE_BYTES
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More than [`limits::COMPONENTS`].
    #[error("line {line}: more than {} components", limits::COMPONENTS)]
    TooManyComponents {
        /// Where the limit is passed.
        line: u32,
    },
    /// Deeper than [`limits::DEPTH`].
    #[error("line {line}: components nested more than {} deep", limits::DEPTH)]
    TooDeep {
        /// Where the limit is passed.
        line: u32,
    },
    /// More than [`limits::INSTANCES`] in the asked range. To leave the rest out would show time as
    /// free that is not.
    #[error(
        "line {line}: the events repeat more than {} times in this range",
        limits::INSTANCES
    )]
    TooManyInstances {
        /// The event at which the limit is passed.
        line: u32,
    },
    /// The asked range is empty or backwards.
    #[error("the range ends before it begins")]
    EmptyRange,
}
