//! Punches from a table somebody exported: a preview first, and nothing guessed in silence.
//!
//! The header says what each column is. A date that could be two days, `05/10/2026`, is only read
//! when the file itself shows which it is or somebody chose. Every row becomes a punch or an error
//! that names its line and column, so that the rows and errors of a preview add up to the file.

mod columns;
mod look;
mod when;

use std::borrow::Cow;

use chrono::NaiveDateTime;

use super::Direction;
use columns::Layout;
pub use columns::{Column, Delimiter};
pub use look::{Look, LookedColumn, look};
pub use when::DateOrder;
use when::Moment;

/// The largest file that is read.
pub const MAX_BYTES: usize = 16 << 20;
/// The most rows of a file.
pub const MAX_ROWS: usize = 200_000;
/// The most errors that are listed; all of them are counted.
pub const MAX_ERRORS: usize = 500;
/// The longest value that is taken, in characters.
const LONGEST: usize = 128;

/// What somebody chose in the preview, where the file does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What stands between two values.
    pub delimiter: Option<Delimiter>,
    /// What each column is, from the first; what is missing or `None` is not read.
    pub columns: Option<Vec<Option<Column>>>,
    /// What comes first in `05/10/2026`.
    pub date_order: Option<DateOrder>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What stands between two values.
    pub delimiter: Delimiter,
    /// The header, with what each column was taken for.
    pub columns: Vec<(String, Option<Column>)>,
    /// How dates such as `05/10/2026` were read; `None` when there are none.
    pub date_order: Option<DateOrder>,
    /// The punches.
    pub rows: Vec<Row>,
    /// What could not be read, up to [`MAX_ERRORS`].
    pub errors: Vec<RowError>,
    /// How many rows could not be read.
    pub error_count: usize,
}

/// One punch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// Whose.
    pub who: Who,
    /// When, as a clock on the wall showed it.
    pub local: NaiveDateTime,
    /// How far that clock was from UTC, if the file says.
    pub utc_offset_seconds: Option<i32>,
    /// The zone of that clock, if the file names one. Whether there is such a zone is not checked.
    pub zone: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// Which reader.
    pub device: Option<String>,
    /// The row as it stands in the file.
    pub raw: String,
}

/// Whose a punch is, as a file says it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The number of a badge.
    Badge(String),
    /// The number of an employee.
    EmployeeNumber(String),
    /// An address, in lower case.
    Email(String),
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column “{column}”: {reason}")]
pub struct RowError {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The header of the column.
    pub column: String,
    /// What is wrong.
    pub reason: RowFault,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// An empty value that is needed.
    #[error("a value is missing")]
    Missing,
    /// A value with a line end in it, which a forgotten quotation mark makes.
    #[error("the value goes on over the line; a quotation mark is not closed")]
    NotClosed,
    /// A value without an end.
    #[error("the value is too long")]
    TooLong,
    /// Not a date.
    #[error("this is not a date; 2026-10-05, 05.10.2026 and 5 Oct 2026 are read")]
    NotADate,
    /// A date of some century.
    #[error("the year has two digits")]
    ShortYear,
    /// Not a time of day.
    #[error("this is not a time of day; 17:05, 17:05:30 and 5:05 PM are read")]
    NotATime,
    /// An address without a sign.
    #[error("this is not an e-mail address")]
    NotAnAddress,
    /// A word that means no direction.
    #[error("this is not a direction; in, out, break out and break in are read")]
    NotADirection,
    /// No zone could be called that.
    #[error("this is not a time zone; Europe/Berlin and +02:00 are read")]
    NotAZone,
}

/// Why a file as a whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too many bytes.
    #[error("the file is larger than {} MB", MAX_BYTES >> 20)]
    TooLarge,
    /// Too many rows.
    #[error("the file has more than {MAX_ROWS} rows")]
    TooManyRows,
    /// No header, or nothing below it.
    #[error("the file has no rows below a header")]
    Empty,
    /// Nothing says whose a punch is.
    #[error("no column is a badge number, an employee number or an e-mail address")]
    NoWho,
    /// Nothing says when a punch was.
    #[error("no column is a date with a time, or there is a date without a time")]
    NoTime,
    /// Two columns that are the same.
    #[error("two columns are both taken for {0}: choose one")]
    Twice(Column),
    /// Dates that could be two days each.
    #[error("dates such as “{example}” can be read in two ways: choose what comes first")]
    AmbiguousDates {
        /// One of them.
        example: String,
    },
}

/// Reads a file.
///
/// # Errors
/// [`Refusal`] when nothing of it can be read, or a choice is needed first.
pub fn read(bytes: &[u8], choices: &Choices) -> Result<Preview, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let whole = decode(bytes);
    let (text, named) = columns::without_mark(&whole);
    let first_line = if named.is_some() { 2 } else { 1 };
    let delimiter = choices
        .delimiter
        .or(named)
        .unwrap_or_else(|| Delimiter::of(text));
    let mut records = records(text, delimiter, first_line)?;
    let is_empty = |record: &Record<'_>| record.fields.iter().all(str::is_empty);
    records.retain(|record| !is_empty(record));
    let (header, records) = records.split_first().ok_or(Refusal::Empty)?;
    if records.is_empty() {
        return Err(Refusal::Empty);
    }
    let layout = Layout::of(&header.fields, choices.columns.as_deref())?;
    let date_order = date_order(records, &layout, choices.date_order)?;
    let mut preview = Preview {
        delimiter,
        columns: layout.columns(),
        date_order,
        rows: Vec::new(),
        errors: Vec::new(),
        error_count: 0,
    };
    for record in records {
        match record.row(&layout, date_order) {
            Ok(row) => preview.rows.push(row),
            Err(error) => {
                preview.error_count += 1;
                if preview.errors.len() < MAX_ERRORS {
                    preview.errors.push(error);
                }
            }
        }
    }
    Ok(preview)
}

/// The rows of a text, with the lines on which they begin.
fn records(text: &str, delimiter: Delimiter, first_line: u64) -> Result<Vec<Record<'_>>, Refusal> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter.byte())
        .has_headers(false)
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut fields = ::csv::StringRecord::new();
    let (mut records, mut line, mut before) = (Vec::new(), first_line, 0);
    // The text is UTF-8 and rows may be of any length, so no row is an error here.
    while reader.read_record(&mut fields).unwrap_or(false) {
        if records.len() > MAX_ROWS {
            return Err(Refusal::TooManyRows);
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // The end of the line before may still be here, and empty lines.
        let raw = text.get(before..end).unwrap_or_default();
        let breaks = |part: &str| part.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let shown = raw.trim_start_matches(['\r', '\n']);
        line += breaks(&raw[..raw.len() - shown.len()]);
        records.push(Record {
            line,
            raw: shown,
            fields: std::mem::take(&mut fields),
        });
        line += breaks(shown);
        before = end;
    }
    Ok(records)
}

/// What comes first in dates that could be two days: what was chosen, or what those dates of the
/// file show that can be only one.
fn date_order(
    records: &[Record<'_>],
    layout: &Layout,
    chosen: Option<DateOrder>,
) -> Result<Option<DateOrder>, Refusal> {
    let column = if layout.has(Column::DateTime) {
        Column::DateTime
    } else {
        Column::Date
    };
    let (mut day_first, mut month_first, mut example) = (false, false, None);
    for record in records {
        let text = record.field(layout, column);
        let Some((first, second)) = when::undecided(text) else {
            continue;
        };
        day_first |= first > 12 && second <= 12;
        month_first |= second > 12 && first <= 12;
        example = example.or(Some(text));
    }
    let Some(example) = example else {
        return Ok(None);
    };
    match (chosen, day_first, month_first) {
        (Some(order), ..) => Ok(Some(order)),
        (None, true, false) => Ok(Some(DateOrder::DayFirst)),
        (None, false, true) => Ok(Some(DateOrder::MonthFirst)),
        (None, ..) => Err(Refusal::AmbiguousDates {
            example: kept(example),
        }),
    }
}

struct Record<'t> {
    line: u64,
    fields: ::csv::StringRecord,
    raw: &'t str,
}

impl Record<'_> {
    /// The value in a column; nothing when the row is too short or there is no such column.
    fn field(&self, layout: &Layout, column: Column) -> &str {
        let at = layout.place(column);
        at.and_then(|at| self.fields.get(at)).unwrap_or_default()
    }

    fn row(&self, layout: &Layout, order: Option<DateOrder>) -> Result<Row, RowError> {
        let fault = |column: Column| {
            move |reason: RowFault| RowError {
                line: self.line,
                column: layout.title(column),
                reason,
            }
        };
        for column in Column::ALL {
            let value = self.field(layout, column);
            if value.contains(['\n', '\r']) {
                return Err(fault(column)(RowFault::NotClosed));
            }
            if value.chars().count() > LONGEST {
                return Err(fault(column)(RowFault::TooLong));
            }
        }
        let who = self.who(layout, fault)?;
        let moment = self.moment(layout, order, fault)?;
        let zone = columns::zone(self.field(layout, Column::Zone)).map_err(fault(Column::Zone))?;
        let direction = self.field(layout, Column::Direction);
        let direction = columns::direction(direction).map_err(fault(Column::Direction))?;
        let device = kept(self.field(layout, Column::Device));
        Ok(Row {
            line: self.line,
            who,
            local: moment.local,
            utc_offset_seconds: moment.utc_offset_seconds.or(zone.utc_offset_seconds),
            zone: zone.name,
            direction,
            device: (!device.is_empty()).then_some(device),
            raw: kept(self.raw.trim()),
        })
    }

    fn who<F>(&self, layout: &Layout, fault: impl Fn(Column) -> F) -> Result<Who, RowError>
    where
        F: Fn(RowFault) -> RowError,
    {
        let columns = [Column::Badge, Column::EmployeeNumber, Column::Email];
        let present = || columns.into_iter().filter(|column| layout.has(*column));
        let value = |column| kept(self.field(layout, column));
        let column = present().find(|column| !value(*column).is_empty());
        let Some(column) = column else {
            let needed = present().next().unwrap_or(Column::Badge);
            return Err(fault(needed)(RowFault::Missing));
        };
        let value = value(column);
        Ok(match column {
            Column::Badge => Who::Badge(value),
            Column::EmployeeNumber => Who::EmployeeNumber(value),
            _ => {
                let (name, host) = value.split_once('@').unwrap_or_default();
                if name.is_empty() || host.is_empty() || value.contains(char::is_whitespace) {
                    return Err(fault(column)(RowFault::NotAnAddress));
                }
                Who::Email(value.to_lowercase())
            }
        })
    }

    fn moment<F>(
        &self,
        layout: &Layout,
        order: Option<DateOrder>,
        fault: impl Fn(Column) -> F,
    ) -> Result<Moment, RowError>
    where
        F: Fn(RowFault) -> RowError,
    {
        if layout.has(Column::DateTime) {
            let text = self.field(layout, Column::DateTime);
            return when::moment(text, order).map_err(fault(Column::DateTime));
        }
        let day = when::day(self.field(layout, Column::Date), order);
        let day = day.map_err(fault(Column::Date))?;
        let time = self.field(layout, Column::Time);
        when::at(day, time).map_err(fault(Column::Time))
    }
}

/// A value that may be stored.
fn kept(text: &str) -> String {
    const RAW: usize = 1_024;
    let shown = |c: char| {
        if c.is_control() && c != '\t' {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.trim().chars().take(RAW).map(shown).collect()
}

/// The text of a file: UTF-8 with or without its mark, UTF-16 with its mark, else Latin-1.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let decoded = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Cow::Owned(decoded.collect())
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
        },
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
