//! From the TZID of a file to a clock. Programs write nearly anything there: IANA names, Windows
//! names, lists of cities, paths, offsets, numbers. The database knows a zone's past and future
//! better than a file does, so a definition in the file only counts when the name says nothing.

use std::collections::HashMap;
use std::sync::Arc;

use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendarProperty as P;
use chrono::FixedOffset;
use model::zone::{Zone, names};

use crate::ical::warning::{Warnings, shown};
use crate::ical::{Clock, limits};

use super::components::{Component, Kind};
use super::definition::definition;
use super::lines::{name, value};
use super::property::property;

/// The clocks of one file by their TZID.
pub(super) struct Zones<'a> {
    defined: HashMap<String, &'a Component>,
    /// What each name turned out to be; a name is looked up, and warned about, once.
    known: HashMap<String, Clock>,
}

impl<'a> Zones<'a> {
    pub(super) fn new(components: &'a [Component]) -> Self {
        let mut defined = HashMap::new();
        for zone in components
            .iter()
            .filter(|component| component.kind == Kind::Timezone)
        {
            for (line, content) in &zone.lines {
                if let Some(property) = property(*line, content)
                    && *property.name() == P::Tzid
                    && let Some(id) = property.text()
                {
                    defined.insert(plain(id).to_owned(), zone);
                }
            }
        }
        Self {
            defined,
            known: HashMap::new(),
        }
    }

    /// The clock that a TZID means; floating, with a warning, when it means nothing.
    pub(super) fn clock(&mut self, id: &str, line: u32, warnings: &mut Warnings) -> Clock {
        let id = plain(id);
        if let Some(clock) = self.known.get(id) {
            return clock.clone();
        }
        let found = if self.known.len() < limits::ZONES {
            self.find(id, warnings)
        } else {
            None
        };
        let clock = found.unwrap_or_else(|| {
            let id = shown(id);
            warnings.add(
                line,
                format!("No time zone is called {id}; its times are read as local."),
            );
            Clock::Floating
        });
        if self.known.len() < limits::ZONES {
            self.known.insert(id.to_owned(), clock.clone());
        }
        clock
    }

    fn find(&self, id: &str, warnings: &mut Warnings) -> Option<Clock> {
        iana(id)
            .or_else(|| end_of_path(id))
            .or_else(|| windows(id))
            .or_else(|| {
                self.defined
                    .get(id)
                    .and_then(|zone| from_file(zone, warnings))
            })
            .or_else(|| first_city(id))
            .or_else(|| offset(id))
    }
}

/// A name without the quotes, blanks and escapes that some programs leave around it.
fn plain(id: &str) -> &str {
    id.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
}

/// A name of the IANA database.
pub(super) fn iana(id: &str) -> Option<Clock> {
    // The database has an entry for “no zone”, which would read as UTC.
    if id.is_empty() || id.eq_ignore_ascii_case("Etc/Unknown") {
        return None;
    }
    if ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z"]
        .iter()
        .any(|utc| id.eq_ignore_ascii_case(utc))
    {
        return Some(Clock::utc());
    }
    Zone::named(id).ok().map(|zone| Clock::Zone(Arc::new(zone)))
}

/// `/freeassociation.sourceforge.net/Tzfile/Europe/Berlin`, `tzone://Microsoft/Utc`.
fn end_of_path(id: &str) -> Option<Clock> {
    id.match_indices('/')
        .find_map(|(at, _)| iana(&id[at + 1..]))
}

/// A name of the Windows tables, with or without its `(UTC+01:00)` in front.
fn windows(id: &str) -> Option<Clock> {
    let known = |name: &str| match name.parse::<Tz>() {
        Ok(Tz::Tz(zone)) => iana(zone.name()),
        _ => None,
    };
    let bare = id
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map(|(_, name)| name.trim());
    bare.filter(|name| !name.is_empty())
        .and_then(known)
        .or_else(|| {
            // With the parenthesis the library would guess from the offset in whole hours.
            (!id.starts_with('(')).then(|| known(id)).flatten()
        })
}

/// A VTIMEZONE of the file: the place it names, else its rules, else its number at Microsoft.
fn from_file(zone: &Component, warnings: &mut Warnings) -> Option<Clock> {
    let text_of = |wanted: &str| {
        let is = |content: &str| name(content).is_some_and(|n| n.eq_ignore_ascii_case(wanted));
        zone.lines
            .iter()
            .find(|(_, content)| is(content))
            .and_then(|(_, content)| value(content))
    };
    text_of("X-LIC-LOCATION")
        .and_then(|place| iana(place).or_else(|| end_of_path(place)))
        .or_else(|| definition(zone, warnings).map(|found| Clock::Defined(Arc::new(found))))
        .or_else(
            || match Tz::from_ms_cdo_zone_id(text_of("X-MICROSOFT-CDO-TZID")?)? {
                Tz::Tz(zone) => iana(zone.name()),
                _ => None,
            },
        )
}

/// A list of cities: the first of them that has a zone of its own.
fn first_city(id: &str) -> Option<Clock> {
    let list = id.rsplit_once(')').map_or(id, |(_, list)| list);
    let all = names();
    list.split([',', ';', '/'])
        .take(20)
        .map(str::trim)
        .find_map(|city| {
            let city = city.replace(' ', "_");
            let of_city = |zone: &&String| {
                zone.rsplit_once('/')
                    .is_some_and(|(area, place)| place.eq_ignore_ascii_case(&city) && area != "Etc")
            };
            all.iter().find(of_city).and_then(|zone| iana(zone))
        })
}

/// `UTC+01`, `(GMT -03:30) Somewhere`, `+0200`: east of Greenwich is positive, other than in the
/// names of the database's own `Etc/GMT+1`.
fn offset(id: &str) -> Option<Clock> {
    let inner = id
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map_or(id, |(i, _)| i);
    let upper = inner.trim().to_ascii_uppercase();
    let rest = ["UTC", "GMT"]
        .iter()
        .find_map(|word| upper.strip_prefix(word))
        .unwrap_or(&upper);
    let rest = rest.trim();
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let digits: Vec<i32> = rest
        .chars()
        .skip(1)
        .filter(|c| *c != ':' && *c != ' ')
        .map(|c| c.to_digit(10).and_then(|digit| i32::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (hours, minutes) = match digits[..] {
        [h] => (h, 0),
        [h, i] => (h * 10 + i, 0),
        [h, m, n] => (h, m * 10 + n),
        [h, i, m, n] => (h * 10 + i, m * 10 + n),
        _ => return None,
    };
    let within = hours <= 14 && minutes < 60;
    let seconds = sign * (hours * 3600 + minutes * 60);
    within
        .then(|| FixedOffset::east_opt(seconds).map(Clock::Fixed))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    fn hours_in_july(id: &str) -> Option<f64> {
        let zones = Zones::new(&[]);
        let at = Utc
            .with_ymd_and_hms(2025, 7, 1, 12, 0, 0)
            .single()
            .expect("a real instant");
        let clock = zones.find(plain(id), &mut Warnings::default())?;
        Some(f64::from(clock.offset_at(at)) / 3600.0)
    }

    #[test]
    fn names_are_understood_however_they_are_dressed() {
        for (id, hours) in [
            ("Europe/Berlin", 2.0),
            (" \"Europe/Berlin\" ", 2.0),
            ("/freeassociation.sourceforge.net/Europe/Berlin", 2.0),
            (
                "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
                -3.0,
            ),
            ("W. Europe Standard Time", 2.0),
            ("(UTC-05:00) Eastern Time (US & Canada)", -4.0),
            ("(GMT+10:00) Canberra, Melbourne, Sydney", 10.0),
            ("Amsterdam, Belgrade, Berlin, Brussels, Budapest", 2.0),
            ("(UTC+05:30) Somewhere Unheard Of", 5.5),
            ("(GMT +01:00)", 1.0),
            ("UTC+01", 1.0),
            ("GMT-0330", -3.5),
            ("Etc/GMT+5", -5.0),
            ("tzone://Microsoft/Utc", 0.0),
        ] {
            assert_eq!(hours_in_july(id), Some(hours), "{id}");
        }
    }

    #[test]
    fn junk_is_no_zone() {
        for id in [
            "1",
            "",
            "Customized Time Zone 1",
            "Mars/Base",
            "Etc/Unknown",
            "UTC+99",
            "()",
        ] {
            assert_eq!(hours_in_july(id), None, "{id}");
        }
    }
}
