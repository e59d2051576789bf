//! The components of a file with the lines that matter to us, however badly they are nested.

use crate::ical::{
    Error, limits,
    warning::{Warnings, shown},
};

use super::lines::{lines, name, value};

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Calendar,
    Event,
    FreeBusy,
    Timezone,
    Standard,
    Daylight,
    /// A task or journal entry: never busy, but a sibling of events.
    Entry,
    /// Anything else, such as an alarm: passed over.
    Other,
}

impl Kind {
    fn named(name: &str) -> Self {
        match name.trim().to_ascii_uppercase().as_str() {
            "VCALENDAR" => Self::Calendar,
            "VEVENT" => Self::Event,
            "VFREEBUSY" => Self::FreeBusy,
            "VTIMEZONE" => Self::Timezone,
            "STANDARD" => Self::Standard,
            "DAYLIGHT" => Self::Daylight,
            "VTODO" | "VJOURNAL" => Self::Entry,
            _ => Self::Other,
        }
    }

    /// Whether this can only stand directly in a calendar, so that whatever is open ends here.
    const fn is_top(self) -> bool {
        matches!(
            self,
            Self::Calendar | Self::Event | Self::FreeBusy | Self::Timezone | Self::Entry
        )
    }
}

/// A component and its own content lines (not those of the components inside it).
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub kind: Kind,
    pub name: String,
    /// The line of its BEGIN.
    pub line: u32,
    /// Its place among all components of the file, counted from 0.
    pub number: u32,
    /// Which VCALENDAR of the file it stands in.
    pub calendar: usize,
    pub lines: Vec<(u32, String)>,
    /// STANDARD and DAYLIGHT of a VTIMEZONE.
    pub parts: Vec<Component>,
}

/// The components of a file, in the order in which they end.
pub(super) struct Components {
    pub all: Vec<Component>,
    /// The properties of each VCALENDAR; the first stands for events outside of any.
    pub calendars: Vec<Vec<(u32, String)>>,
    /// The file ended inside a component.
    pub truncated: bool,
}

/// The properties that are read; every other line is passed over at once.
const WANTED: &[&str] = &[
    "ATTENDEE",
    "COMMENT",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DURATION",
    "EXDATE",
    "FREEBUSY",
    "METHOD",
    "ORGANIZER",
    "RDATE",
    "RECURRENCE-ID",
    "RRULE",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "UID",
    "X-LIC-LOCATION",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-CDO-TZID",
    "X-WR-CALNAME",
    "X-WR-RELCALID",
    "X-WR-TIMEZONE",
];

pub(super) fn components(text: &str, warnings: &mut Warnings) -> Result<Components, Error> {
    let mut builder = Builder::default();
    let mut begun = 0u32;
    for line in lines(text) {
        let Some(content) = line.text else {
            let limit = limits::LINE_BYTES;
            warnings.add(
                line.number,
                format!("The line is longer than {limit} bytes."),
            );
            continue;
        };
        if content.trim().is_empty() {
            continue;
        }
        let Some(property) = name(&content) else {
            if begun > 0 {
                warnings.add(
                    line.number,
                    format!("{} is not a content line.", shown(&content)),
                );
            }
            continue;
        };
        if property.eq_ignore_ascii_case("BEGIN") {
            builder.begin(
                line.number,
                value(&content).unwrap_or_default(),
                begun,
                warnings,
            )?;
            begun += 1;
            if begun as usize > limits::COMPONENTS {
                return Err(Error::TooManyComponents { line: line.number });
            }
        } else if property.eq_ignore_ascii_case("END") {
            builder.end(line.number, value(&content).unwrap_or_default(), warnings);
        } else if WANTED
            .iter()
            .any(|known| property.eq_ignore_ascii_case(known))
        {
            builder.keep(line.number, content.into_owned());
        }
    }
    if begun == 0 {
        return Err(Error::NotACalendar);
    }
    Ok(builder.finish(warnings))
}

#[derive(Default)]
struct Builder {
    open: Vec<Component>,
    done: Vec<Component>,
    calendars: Vec<Vec<(u32, String)>>,
    loose: Vec<(u32, String)>,
}

impl Builder {
    fn begin(
        &mut self,
        line: u32,
        name: &str,
        number: u32,
        warnings: &mut Warnings,
    ) -> Result<(), Error> {
        let kind = Kind::named(name);
        if kind.is_top() {
            // An event inside an event only means that the first one's END is missing.
            while let Some(open) = self
                .open
                .pop_if(|open| open.kind != Kind::Calendar || kind == Kind::Calendar)
            {
                warnings.add(open.line, format!("{} has no END.", open.name));
                self.close(open);
            }
        }
        if self.open.len() >= limits::DEPTH {
            return Err(Error::TooDeep { line });
        }
        if kind == Kind::Calendar {
            self.calendars.push(Vec::new());
        }
        self.open.push(Component {
            kind,
            name: name.trim().to_ascii_uppercase(),
            line,
            number,
            calendar: self.calendars.len().saturating_sub(1),
            lines: Vec::new(),
            parts: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, line: u32, name: &str, warnings: &mut Warnings) {
        let name = name.trim();
        let Some(at) = self
            .open
            .iter()
            .rposition(|open| open.name.eq_ignore_ascii_case(name))
        else {
            warnings.add(line, format!("END:{} ends nothing.", shown(name)));
            return;
        };
        while self.open.len() > at + 1 {
            if let Some(open) = self.open.pop() {
                warnings.add(open.line, format!("{} has no END.", open.name));
                self.close(open);
            }
        }
        if let Some(open) = self.open.pop() {
            self.close(open);
        }
    }

    fn keep(&mut self, line: u32, content: String) {
        match self.open.last_mut() {
            Some(open) if open.kind == Kind::Calendar => {
                if let Some(properties) = self.calendars.get_mut(open.calendar) {
                    properties.push((line, content));
                }
            }
            Some(open) if matches!(open.kind, Kind::Other | Kind::Entry) => {}
            Some(open) => open.lines.push((line, content)),
            None => self.loose.push((line, content)),
        }
    }

    fn close(&mut self, component: Component) {
        match component.kind {
            Kind::Standard | Kind::Daylight => {
                if let Some(zone) = self.open.last_mut().filter(|o| o.kind == Kind::Timezone) {
                    zone.parts.push(component);
                }
            }
            Kind::Event | Kind::FreeBusy | Kind::Timezone => self.done.push(component),
            Kind::Calendar | Kind::Entry | Kind::Other => {}
        }
    }

    fn finish(mut self, warnings: &mut Warnings) -> Components {
        let truncated = !self.open.is_empty();
        while let Some(open) = self.open.pop() {
            warnings.add(
                open.line,
                format!("The file ends inside this {}.", open.name),
            );
            self.close(open);
        }
        if self.calendars.is_empty() {
            self.calendars.push(self.loose);
        }
        Components {
            all: self.done,
            calendars: self.calendars,
            truncated,
        }
    }
}
