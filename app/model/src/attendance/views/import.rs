//! Files of punches: how one is read, what it holds, what came of it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::super::day::Direction;
use crate::ids::PunchImportId;
use crate::time::Stamp;

words!(
    /// How far a file is.
    ImportState {
        /// It was sent, and nothing of it is taken yet.
        Kept = "kept",
        /// It is read, or waits for its turn.
        Waiting = "waiting",
        /// Its punches are kept.
        Done = "done",
        /// It could not be read, and nothing of it was taken.
        Refused = "refused",
    }
);

words!(
    /// What stands between two values of a line.
    Separator {
        /// A comma.
        Comma = "comma",
        /// A semicolon.
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
);

words!(
    /// What comes first in a date such as 05/10/2026.
    DayOrMonth {
        /// The day.
        Day = "day",
        /// The month.
        Month = "month",
    }
);

words!(
    /// What a column of a file is.
    PunchColumn {
        /// A date with a time of day.
        DateTime = "date_time",
        /// A date.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// The number of a badge.
        Badge = "badge",
        /// The number of an employee.
        EmployeeNumber = "employee_number",
        /// An e-mail address.
        Email = "email",
        /// In or out.
        Direction = "direction",
        /// A time zone, or how far from UTC.
        Zone = "zone",
        /// A reader.
        Device = "device",
    }
);

/// What a file is taken for. What is not said is found out from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportReading {
    /// What stands between two values.
    pub separator: Option<Separator>,
    /// What each column is, from the first; `None` is not read.
    pub columns: Option<Vec<Option<PunchColumn>>>,
    /// What comes first in a date that could be two.
    pub date_order: Option<DayOrMonth>,
    /// The zone of times that come without one.
    pub zone: Option<String>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// Its header.
    pub header: String,
    /// What it is taken for; nothing if it is not read.
    pub taken_for: Option<PunchColumn>,
    /// Its first values.
    pub samples: Vec<String>,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFault {
    /// Which line, from 1.
    pub line: u64,
    /// The header of the column.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

words!(
    /// What becomes of a line.
    ImportFate {
        /// It is kept.
        New = "new",
        /// It was there before, or stands twice in the file.
        Repeated = "repeated",
        /// It is kept, and counts once its badge has an owner.
        Unmatched = "unmatched",
        /// Nobody is known by its name, or there is no such zone.
        LeftOut = "left_out",
    }
);

/// A line as it will be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Which line, from 1.
    pub line: u64,
    /// Whose, as the file says it.
    pub who: String,
    /// Whose that is.
    pub name: Option<String>,
    /// What the clock showed.
    pub local: NaiveDateTime,
    /// The zone of that clock, or how far it was from UTC.
    pub zone: String,
    /// Which way.
    pub direction: Direction,
    /// Which reader.
    pub device: Option<String>,
    /// What becomes of it.
    pub fate: ImportFate,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// What stands between two values.
    pub separator: Separator,
    /// What comes first in its dates; nothing if they can only be read in one way.
    pub date_order: Option<DayOrMonth>,
    /// The zone of times that come without one.
    pub zone: String,
    /// Why nothing of it can be read like this.
    pub refusal: Option<String>,
    /// Lines below the header.
    pub lines: i64,
    /// Punches that are new.
    pub new: i64,
    /// Punches that were there before, or stand twice in the file.
    pub repeated: i64,
    /// Of the new ones, those of badges that are nobody's.
    pub unmatched: i64,
    /// Some of those badges.
    pub badges: Vec<String>,
    /// Lines of people who are not known, or of zones that there are not.
    pub left_out: i64,
    /// Some of those people and zones.
    pub unknown: Vec<String>,
    /// Lines that cannot be read.
    pub unreadable: i64,
    /// The first of them.
    pub faults: Vec<ImportFault>,
    /// The first and the last day of what can be read.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The first lines, as they will be kept.
    pub first: Vec<ImportRow>,
}

/// A file of punches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchImportView {
    /// Id.
    pub id: PunchImportId,
    /// What it was called.
    pub name: String,
    /// How large it is.
    pub size_bytes: i64,
    /// How far it is.
    pub state: ImportState,
    /// How many rows can be read.
    pub rows_total: i64,
    /// How many of them are through.
    pub rows_done: i64,
    /// How many punches were new.
    pub accepted: i64,
    /// How many were there before, or twice in the file.
    pub repeated: i64,
    /// How many of the new ones are of badges that are nobody's.
    pub unmatched: i64,
    /// How many lines were left out.
    pub left_out: i64,
    /// How many lines could not be read.
    pub unreadable: i64,
    /// The first of them.
    pub faults: Vec<ImportFault>,
    /// Why nothing of it was taken.
    pub refusal: Option<String>,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// When it was done with.
    pub finished_at: Option<Stamp>,
    /// What a change must name.
    pub version: i32,
}

/// The page of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchImportPage {
    /// The file.
    pub file: PunchImportView,
    /// What it holds, as long as nothing is decided.
    pub preview: Option<ImportPreview>,
    /// The same bytes, as they were taken in before.
    pub before: Option<(PunchImportId, Stamp)>,
}
