//! From iCalendar text to events and busy periods.
//!
//! The lexing of values and the tables of Windows zones are calcard's. The frame around them is
//! ours: which line a value is on, which component it belongs to when ENDs are missing, what a
//! TZID means, and everything about recurrence.

mod answer;
mod components;
mod definition;
mod event;
mod free_busy;
mod lines;
mod people;
mod property;
mod zones;

use std::borrow::Cow;

use super::{Error, Warning, Warnings, limits};
use components::{Kind, components};
use zones::Zones;

pub use definition::Definition;
pub use event::{End, Event, Moment, Replaces};
pub use free_busy::Period;
pub use people::{Marks, Showing};
pub use property::Length;

pub(super) use answer::answers;

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// METHOD, in upper case, where the file is a message.
    pub method: Option<String>,
    /// X-WR-TIMEZONE: the zone the calendar itself is kept in. Nothing is read by it here, since the
    /// caller chooses the zone of floating times; a feed's reader may pass it as that zone.
    pub own_zone: Option<String>,
    /// The address of the person whose calendar this seems to be.
    pub owner: Option<String>,
    /// Every VEVENT that has a start.
    pub events: Vec<Event>,
    /// Every busy time of a VFREEBUSY.
    pub periods: Vec<Period>,
    /// The file ended inside a component, so that there may have been more.
    pub truncated: bool,
    pub(super) warnings: Warnings,
}

impl Calendar {
    /// What could not be read.
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.list()
    }
}

/// The text of a file: UTF-8 with or without its mark, UTF-16 with its mark, else Latin-1, which is
/// what old programs write.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |swap: fn([u8; 2]) -> u16| {
        let units = bytes[2..]
            .chunks_exact(2)
            .map(|pair| swap([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => Cow::Owned(utf16(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Cow::Owned(utf16(u16::from_be_bytes)),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
        },
    }
}

/// Reads iCalendar text.
///
/// # Errors
/// [`Error`] when the file as a whole is none, or passes a limit. A component that cannot be read
/// is only a warning.
pub fn calendar(text: &str) -> Result<Calendar, Error> {
    if text.len() > limits::FILE_BYTES {
        return Err(Error::TooLarge { bytes: text.len() });
    }
    let mut warnings = Warnings::default();
    let found = components(text, &mut warnings)?;
    let heads: Vec<Head> = found
        .calendars
        .iter()
        .map(|lines| Head::read(lines))
        .collect();
    let mut zones = Zones::new(&found.all);
    let (mut events, mut periods) = (Vec::new(), Vec::new());
    for component in &found.all {
        match component.kind {
            Kind::Event => {
                let head = heads.get(component.calendar);
                let cancels = head.is_some_and(|head| head.method.as_deref() == Some("CANCEL"));
                events.extend(event::event(component, cancels, &mut zones, &mut warnings));
            }
            Kind::FreeBusy => {
                periods.extend(free_busy::periods(component, &mut zones, &mut warnings));
            }
            _ => {}
        }
    }
    events.sort_by_key(|event| event.number);
    let head = heads.into_iter().next().unwrap_or_default();
    let marks = events.iter().map(|event: &Event| &event.marks);
    let owner = head.owner.or_else(|| people::common_address(marks));
    Ok(Calendar {
        method: head.method,
        own_zone: head.own_zone,
        owner,
        events,
        periods,
        truncated: found.truncated,
        warnings,
    })
}

/// What a VCALENDAR says of itself.
#[derive(Default)]
struct Head {
    method: Option<String>,
    own_zone: Option<String>,
    owner: Option<String>,
}

impl Head {
    fn read(lines: &[(u32, String)]) -> Self {
        let text_of = |wanted: &str| {
            let is = |line: &str| lines::name(line).is_some_and(|n| n.eq_ignore_ascii_case(wanted));
            let line = lines.iter().find(|(_, line)| is(line));
            line.and_then(|(_, line)| lines::value(line))
                .filter(|value| !value.is_empty())
        };
        let is_address = |name: &&str| name.contains('@') && !name.contains(char::is_whitespace);
        Self {
            method: text_of("METHOD").map(str::to_ascii_uppercase),
            own_zone: text_of("X-WR-TIMEZONE").map(str::to_owned),
            owner: text_of("X-WR-CALNAME")
                .filter(is_address)
                .map(str::to_lowercase),
        }
    }
}
