//! What a column is, told by its header, and what the words in it mean.

use std::fmt;

use super::{Direction, Refusal, RowFault};
use crate::devices::adms::attlog;

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// A comma.
    Comma,
    /// A semicolon: spreadsheets of countries with a decimal comma.
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The one of which the first line has most, outside of quotation marks.
    pub(super) fn of(text: &str) -> Self {
        let first = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let (mut quoted, mut counts) = (false, [0_usize; 3]);
        let all = [Self::Comma, Self::Semicolon, Self::Tab];
        for byte in first.bytes() {
            quoted ^= byte == b'"';
            let found = all.iter().position(|one| one.byte() == byte && !quoted);
            if let Some(count) = found.and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
        }
        let [comma, semicolon, tab] = counts;
        if tab > comma.max(semicolon) {
            Self::Tab
        } else if semicolon > comma {
            Self::Semicolon
        } else {
            Self::Comma
        }
    }
}

/// Takes the line `sep=;` off a text, with which spreadsheets name the delimiter to themselves.
pub(super) fn without_mark(text: &str) -> (&str, Option<Delimiter>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let delimiter = match first.trim_end_matches('\r').strip_prefix("sep=") {
        Some(",") => Delimiter::Comma,
        Some(";") => Delimiter::Semicolon,
        Some("\t") => Delimiter::Tab,
        _ => return (text, None),
    };
    (rest, Some(delimiter))
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A date with a time of day.
    DateTime,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// The number of a badge.
    Badge,
    /// The number of an employee.
    EmployeeNumber,
    /// An e-mail address.
    Email,
    /// In or out.
    Direction,
    /// A time zone, or how far from UTC.
    Zone,
    /// A reader.
    Device,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::Badge,
        Self::EmployeeNumber,
        Self::Email,
        Self::Direction,
        Self::Zone,
        Self::Device,
    ];

    /// The word by which it is chosen in a form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DateTime => "date_time",
            Self::Date => "date",
            Self::Time => "time",
            Self::Badge => "badge",
            Self::EmployeeNumber => "employee_number",
            Self::Email => "email",
            Self::Direction => "direction",
            Self::Zone => "zone",
            Self::Device => "device",
        }
    }

    /// The one with a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }

    /// Headers that say so, in small letters and without what is between them.
    fn headers(self) -> &'static [&'static str] {
        match self {
            Self::DateTime => &[
                "datetime",
                "timestamp",
                "dateandtime",
                "datetimestamp",
                "punchtime",
                "punchdatetime",
                "checktime",
                "clocktime",
                "logtime",
                "eventtime",
                "recordtime",
                "attendancetime",
                "occurredat",
                "punchedat",
                "zeitstempel",
                "datumuhrzeit",
                "datumzeit",
                "fechahora",
                "dateheure",
            ],
            Self::Date => &[
                "date",
                "punchdate",
                "logdate",
                "workdate",
                "attendancedate",
                "day",
                "datum",
                "tag",
                "fecha",
                "jour",
            ],
            Self::Time => &["time", "timeofday", "uhrzeit", "zeit", "hora", "heure"],
            Self::Badge => &[
                "badge",
                "badgeno",
                "badgenumber",
                "badgeid",
                "pin",
                "card",
                "cardno",
                "cardnumber",
                "acno",
                "enrollno",
                "enrollnumber",
                "enrollid",
                "userid",
                "ausweis",
                "ausweisnummer",
            ],
            Self::EmployeeNumber => &[
                "employee",
                "employeenumber",
                "employeeno",
                "employeeid",
                "employeecode",
                "empid",
                "empno",
                "empcode",
                "staffno",
                "staffid",
                "staffnumber",
                "personnelno",
                "personnelnumber",
                "personalnummer",
                "personalnr",
                "mitarbeiternummer",
                "matricule",
            ],
            Self::Email => &["email", "mail", "emailaddress", "workemail", "useremail"],
            Self::Direction => &[
                "direction",
                "inout",
                "io",
                "type",
                "status",
                "state",
                "punchtype",
                "punchstate",
                "checktype",
                "logtype",
                "event",
                "attendancestate",
                "richtung",
                "buchungsart",
            ],
            Self::Zone => &["zone", "timezone", "tz", "utcoffset", "offset", "zeitzone"],
            Self::Device => &[
                "device",
                "devicename",
                "deviceid",
                "deviceserial",
                "devicesn",
                "serial",
                "serialnumber",
                "sn",
                "terminal",
                "reader",
                "machine",
                "door",
                "gate",
                "location",
                "gerät",
            ],
        }
    }

    fn of(header: &str) -> Option<Self> {
        let plain = plain(header);
        Self::ALL
            .into_iter()
            .find(|column| column.headers().contains(&plain.as_str()))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DateTime => "a date with a time",
            Self::Date => "a date",
            Self::Time => "a time of day",
            Self::Badge => "a badge number",
            Self::EmployeeNumber => "an employee number",
            Self::Email => "an e-mail address",
            Self::Direction => "a direction",
            Self::Zone => "a time zone",
            Self::Device => "a device",
        })
    }
}

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Which column is where.
pub(super) struct Layout {
    headers: Vec<String>,
    found: Vec<Option<Column>>,
}

impl Layout {
    pub fn of(
        header: &::csv::StringRecord,
        chosen: Option<&[Option<Column>]>,
    ) -> Result<Self, Refusal> {
        let headers: Vec<String> = header.iter().map(super::kept).collect();
        let found = Self::found(&headers, chosen);
        let layout = Self { headers, found };
        for column in Column::ALL {
            if layout
                .found
                .iter()
                .filter(|one| **one == Some(column))
                .count()
                > 1
            {
                return Err(Refusal::Twice(column));
            }
        }
        let who = [Column::Badge, Column::EmployeeNumber, Column::Email];
        if !who.iter().any(|column| layout.has(*column)) {
            return Err(Refusal::NoWho);
        }
        let in_two = layout.has(Column::Date) && layout.has(Column::Time);
        if !(in_two || layout.has(Column::DateTime)) {
            return Err(Refusal::NoTime);
        }
        Ok(layout)
    }

    /// What each column is: what was chosen, or what its header says.
    pub fn found(headers: &[String], chosen: Option<&[Option<Column>]>) -> Vec<Option<Column>> {
        if let Some(chosen) = chosen {
            let places = 0..headers.len();
            return places.map(|at| chosen.get(at).copied().flatten()).collect();
        }
        let mut found: Vec<Option<Column>> =
            headers.iter().map(|header| Column::of(header)).collect();
        // A time without a date beside it is both, as in exports that call the instant "Time".
        let none = |column| !found.contains(&Some(column));
        if none(Column::Date) && none(Column::DateTime) {
            for column in found
                .iter_mut()
                .filter(|column| **column == Some(Column::Time))
            {
                *column = Some(Column::DateTime);
            }
        }
        found
    }

    pub fn place(&self, column: Column) -> Option<usize> {
        self.found.iter().position(|one| *one == Some(column))
    }

    pub fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    pub fn title(&self, column: Column) -> String {
        let title = self.place(column).and_then(|at| self.headers.get(at));
        title.cloned().unwrap_or_else(|| column.as_str().to_owned())
    }

    pub fn columns(&self) -> Vec<(String, Option<Column>)> {
        self.headers
            .iter()
            .cloned()
            .zip(self.found.iter().copied())
            .collect()
    }
}

/// Which way a word or a key of a reader stands for. Nothing is unknown; a word that means nothing
/// is a fault, so that no column of something else is taken for directions.
pub(super) fn direction(text: &str) -> Result<Direction, RowFault> {
    let word = plain(text);
    if let Ok(key) = word.parse::<u8>() {
        return Ok(attlog::direction(key));
    }
    Ok(match word.as_str() {
        "" | "unknown" | "none" => Direction::Unknown,
        "in" | "i" | "cin" | "checkin" | "clockin" | "punchin" | "entry" | "arrival" | "start"
        | "overtimein" | "otin" | "kommen" | "ein" | "entrée" | "entrada" => Direction::In,
        "out" | "o" | "cout" | "checkout" | "clockout" | "punchout" | "exit" | "departure"
        | "end" | "overtimeout" | "otout" | "gehen" | "aus" | "sortie" | "salida" => Direction::Out,
        "breakout" | "breakstart" | "startbreak" | "pausebeginn" => Direction::BreakOut,
        "breakin" | "breakend" | "endbreak" | "pauseende" => Direction::BreakIn,
        _ => return Err(RowFault::NotADirection),
    })
}

/// A zone as a file names it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Zone {
    pub name: Option<String>,
    pub utc_offset_seconds: Option<i32>,
}

pub(super) fn zone(text: &str) -> Result<Zone, RowFault> {
    if text.is_empty() {
        return Ok(Zone::default());
    }
    let offset = text
        .strip_prefix("UTC")
        .or_else(|| text.strip_prefix("GMT"))
        .unwrap_or(text);
    if let Some(seconds) = super::when::utc_offset(if offset.is_empty() { "Z" } else { offset }) {
        return Ok(Zone {
            name: None,
            utc_offset_seconds: Some(seconds),
        });
    }
    let good = |c: char| c.is_ascii_alphanumeric() || "_+-/".contains(c);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if text.len() > 64 || !starts || !text.chars().all(good) {
        return Err(RowFault::NotAZone);
    }
    Ok(Zone {
        name: Some(text.to_owned()),
        utc_offset_seconds: None,
    })
}
