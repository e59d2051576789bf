//! Punches: `ATTLOG`.
//!
//! Columns with tabs between them: pin, time, status, verification, work code, two reserved, and on
//! newer firmware mask, temperature, converted temperature, offset from UTC, and a place.
//! A few door terminals send the named fields of [`super::rtlog`] under the same name.

use chrono::{DateTime, Utc};

use super::base64;
use super::rtlog;
use super::text::{self, RawLine};
use super::time::DeviceTime;
use crate::devices::Direction;

/// The longest pin, in characters. Terminals allow 24.
const PIN: usize = 32;

/// What became of one line.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A punch.
    Punch(AttRecord),
    /// Something that happened at a door without being a punch: a button, an alarm, a refusal.
    Event {
        /// The line, counted from 1.
        number: usize,
        /// The number of the event.
        event: u32,
        /// The line as it came.
        raw: String,
    },
    /// Nothing that could be read. It is kept for people to look at, and it counts.
    Garbage {
        /// The line, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: Reason,
        /// The line as it came, or its start.
        raw: String,
    },
}

/// Why a line is no punch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Longer than any punch.
    #[error("the line is longer than a punch can be")]
    TooLong,
    /// No number of a person.
    #[error("the line has no badge number")]
    NoPin,
    /// A number that no terminal allows.
    #[error("the badge number is too long or has characters that no badge has")]
    BadPin,
    /// No time.
    #[error("the line has no time")]
    NoTime,
    /// Not a date and time.
    #[error("the time is not a date and time")]
    BadTime,
    /// A terminal compared somebody with their papers; nobody punched.
    #[error("the line is an identity check, not a punch")]
    IdentityCheck,
}

/// One punch as a device tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct AttRecord {
    /// The line, counted from 1.
    pub number: usize,
    /// Who, as the device knows them.
    pub pin: String,
    /// When.
    pub time: DeviceTime,
    /// The time as it was written: part of what makes a punch the same punch.
    pub time_text: String,
    /// The key that was pressed; `None` when missing or 255.
    pub status: Option<u8>,
    /// How the device knew them. Makers disagree on the numbers, so the number is kept.
    pub verify: Option<u16>,
    /// What they work on, if they chose.
    pub work_code: Option<String>,
    /// Two columns without a meaning.
    pub reserved: [Option<String>; 2],
    /// Whether a mask was seen.
    pub mask: Option<bool>,
    /// Tenths of a degree. It is about somebody's health: keep it only where a law asks for it.
    pub temperature_tenths: Option<i16>,
    /// East of Greenwich; it settles which of two equal hours is meant when clocks go back.
    pub utc_offset_seconds: Option<i32>,
    /// Where, on terminals that know.
    pub place: Option<Place>,
    /// The line as it came.
    pub raw: String,
}

/// A point on the earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

impl AttRecord {
    /// Which way, by the key that was pressed.
    pub fn direction(&self) -> Direction {
        self.status.map_or(Direction::Unknown, direction)
    }

    /// The instant, when the device sent one or said its offset. Else the zone it hangs in tells.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.time.instant(self.utc_offset_seconds)
    }
}

/// Which way a key stands for. Overtime is still coming or leaving.
pub fn direction(status: u8) -> Direction {
    match status {
        0 | 4 => Direction::In,
        1 | 5 => Direction::Out,
        2 => Direction::BreakOut,
        3 => Direction::BreakIn,
        _ => Direction::Unknown,
    }
}

/// Reads a body: one [`Line`] for every line that is not empty, in order. Their number is what is
/// acknowledged.
pub fn lines(body: &[u8]) -> impl Iterator<Item = Line> + '_ {
    text::lines(body).map(|line| {
        line_of(line).unwrap_or_else(|reason| Line::Garbage {
            number: line.number,
            reason,
            raw: text::kept(line.bytes),
        })
    })
}

/// How many lines a body has, as [`lines`] counts them: for an answer before anything is read.
pub fn count(body: &[u8]) -> usize {
    text::lines(body).count()
}

fn line_of(line: RawLine<'_>) -> Result<Line, Reason> {
    if line.bytes.len() > text::LINE_BYTES {
        return Err(Reason::TooLong);
    }
    let content = text::decode(line.bytes);
    if rtlog::is_named(&content) {
        return rtlog::event(line, &content);
    }
    let fields: Vec<&str> = content.split('\t').map(str::trim).take(16).collect();
    let field = |at: usize| fields.get(at).copied().filter(|field| !field.is_empty());
    let pin = pin(field(0))?;
    let time_text = field(1).ok_or(Reason::NoTime)?;
    let time = DeviceTime::parse(time_text).ok_or(Reason::BadTime)?;
    // A terminal for papers writes the number of the paper and whether it was only a check where
    // others write the mask and the temperature.
    let papers = fields.len() == 9 && field(7).is_some_and(|number| number.len() > 4);
    if papers && field(8) == Some("1") {
        return Err(Reason::IdentityCheck);
    }
    let health = |at| field(at).filter(|_| !papers);
    Ok(Line::Punch(AttRecord {
        number: line.number,
        pin,
        time,
        time_text: time_text.to_owned(),
        status: status(field(2)),
        verify: field(3).and_then(|text| text.parse().ok()),
        work_code: field(4).and_then(|text| text::bounded(text, 32)),
        reserved: [5, 6].map(|at| field(at).and_then(|text| text::bounded(text, 64))),
        mask: health(7).and_then(mask),
        temperature_tenths: health(8).and_then(temperature),
        utc_offset_seconds: field(10).and_then(utc_offset),
        place: field(11).and_then(place),
        raw: text::kept(line.bytes),
    }))
}

/// A number of a person: characters that can be seen, without a space.
pub(super) fn pin(text: Option<&str>) -> Result<String, Reason> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or(Reason::NoPin)?;
    let seen = |c: char| !c.is_control() && !c.is_whitespace() && c != char::REPLACEMENT_CHARACTER;
    if text.chars().count() > PIN || !text.chars().all(seen) {
        return Err(Reason::BadPin);
    }
    Ok(text.to_owned())
}

/// A key, but for 255, which says that none was pressed.
pub(super) fn status(text: Option<&str>) -> Option<u8> {
    text?.parse().ok().filter(|status| *status != u8::MAX)
}

pub(super) fn mask(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

/// Tenths of a degree, of either scale; devices without a sensor send 0 or 255.
pub(super) fn temperature(text: &str) -> Option<i16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digit = rest.chars().next().unwrap_or('0').to_digit(10)?;
    let whole: u16 = whole.parse().ok()?;
    let tenths = whole
        .checked_mul(10)?
        .checked_add(u16::try_from(digit).ok()?)?;
    i16::try_from(tenths)
        .ok()
        .filter(|tenths| (200..1_200).contains(tenths))
}

/// An offset from UTC. A bare `0` is what firmware without offsets writes, so only a signed zero is
/// Greenwich; there, the zone of the device gives the same instant.
pub(super) fn utc_offset(text: &str) -> Option<i32> {
    const MOST: i32 = 14 * 3_600;
    let offset: i32 = text.parse().ok()?;
    let signed = text.starts_with(['+', '-']);
    ((offset != 0 || signed) && (-MOST..=MOST).contains(&offset)).then_some(offset)
}

/// A place from base 64 of `{"GPSInfo":{"longitude":"…","latitude":"…"}}`; −1 stands for none.
pub(super) fn place(text: &str) -> Option<Place> {
    const LONGEST: usize = 2_048;
    if text.len() > LONGEST {
        return None;
    }
    let json: serde_json::Value = serde_json::from_slice(&base64::decode(text)?).ok()?;
    let holder = json.get("GPSInfo").unwrap_or(&json);
    let degrees = |names: [&str; 2], most: f64| {
        let value = names.iter().find_map(|name| holder.get(name))?;
        let number = value
            .as_f64()
            .or_else(|| value.as_str()?.trim().parse().ok())?;
        (number.is_finite() && number.abs() <= most).then_some(number)
    };
    let place = Place {
        latitude: degrees(["latitude", "lat"], 90.0)?,
        longitude: degrees(["longitude", "lng"], 180.0)?,
    };
    let none = |value: f64| (value + 1.0).abs() < f64::EPSILON;
    (!(none(place.latitude) && none(place.longitude))).then_some(place)
}

#[cfg(test)]
#[path = "attlog_tests.rs"]
mod tests;
