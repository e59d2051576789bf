//! A time as a calendar writes it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::error::{Error, quoted};
use crate::zone::Zone;

/// How a time is written, and so what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum Notation {
    /// `20260329`: a whole day, wherever one is.
    Date,
    /// `20260329T090000`: what the clock shows, wherever one is.
    Floating,
    /// `20260329T070000Z`: an instant.
    Utc,
    /// `TZID=Europe/Berlin:20260329T090000`: what the clocks of a zone show.
    Zoned(Zone),
}

/// A time in one of the four notations of RFC 5545. In JSON it is that text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    /// What is written; midnight for a whole day.
    pub local: NaiveDateTime,
    /// How it is written.
    pub notation: Notation,
}

impl Moment {
    /// A whole day.
    pub fn date(day: NaiveDate) -> Self {
        Self {
            local: day.and_time(NaiveTime::MIN),
            notation: Notation::Date,
        }
    }

    /// An instant, written in UTC.
    pub fn utc(at: DateTime<Utc>) -> Self {
        Self {
            local: at.naive_utc(),
            notation: Notation::Utc,
        }
    }

    /// What the clocks of a zone show.
    pub fn zoned(local: NaiveDateTime, zone: Zone) -> Self {
        Self {
            local,
            notation: Notation::Zoned(zone),
        }
    }

    /// Another local time in the same notation.
    pub fn at(&self, local: NaiveDateTime) -> Self {
        Self {
            local,
            notation: self.notation.clone(),
        }
    }

    /// Whether it is a whole day.
    pub fn is_date(&self) -> bool {
        self.notation == Notation::Date
    }

    /// The instant; `floating` says where one is, for a day or a floating time. `None` beyond the
    /// years a zone knows.
    pub fn instant(&self, floating: &Zone) -> Option<DateTime<Utc>> {
        match &self.notation {
            Notation::Utc => Some(self.local.and_utc()),
            Notation::Zoned(zone) => zone.instant_of(self.local),
            Notation::Floating => floating.instant_of(self.local),
            Notation::Date => floating.start_of(self.local.date()),
        }
    }

    /// Where this stands among times of another notation, as servers mix them: in UTC if that
    /// notation knows instants, as written if not. A day or a floating time is read in its zone.
    pub fn key_in(&self, notation: &Notation) -> NaiveDateTime {
        match (notation, &self.notation) {
            (Notation::Utc, Notation::Zoned(own)) => own.key(self.local),
            (Notation::Zoned(zone), Notation::Date | Notation::Floating) => zone.key(self.local),
            (Notation::Zoned(_), Notation::Zoned(own)) => own.key(self.local),
            _ => self.local,
        }
    }

    /// The same instant in UTC if it had a zone.
    pub(super) fn without_zone(self) -> Self {
        match &self.notation {
            Notation::Zoned(zone) => Self {
                local: zone.key(self.local),
                notation: Notation::Utc,
            },
            _ => self,
        }
    }

    /// The last instant this can mean as the end of a rule, see [`Moment::key_in`]: a day counts to
    /// its end.
    pub(super) fn end_key_in(&self, notation: &Notation) -> NaiveDateTime {
        match self.notation {
            Notation::Date => {
                let end = self.local + Duration::days(1) - Duration::seconds(1);
                let end = self.at(end);
                end.key_in(notation)
            }
            _ => self.key_in(notation),
        }
    }

    /// Reads one of the four notations; the error names `part`. A property's name before it, as in
    /// `DTSTART;TZID=Europe/Berlin:…`, is allowed.
    pub(super) fn read(part: &str, text: &str) -> Result<Self, Error> {
        let (parameters, value) = text.trim().rsplit_once(':').unwrap_or(("", text.trim()));
        let (local, mut notation) = value_of(value).ok_or_else(|| {
            let hint =
                "write 20260329, 20260329T090000, 20260329T070000Z or TZID=Zone:20260329T090000";
            Error::refused(
                part,
                format!("{} is no date or time: {hint}", quoted(value)),
            )
        })?;
        for parameter in parameters.split(';').filter(|p| !p.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim_matches('"');
            match name.to_ascii_uppercase().as_str() {
                "TZID" => {
                    let zone = Zone::named(value).map_err(|_| {
                        let known = "use a name such as Europe/Berlin";
                        Error::refused(
                            part,
                            format!("{} is not a time zone: {known}", quoted(value)),
                        )
                    })?;
                    // A time that says it is UTC, or a whole day, needs no zone.
                    if notation == Notation::Floating {
                        notation = Notation::Zoned(zone);
                    }
                }
                "VALUE" if value.eq_ignore_ascii_case("DATE") && notation == Notation::Date => {}
                "VALUE"
                    if value.eq_ignore_ascii_case("DATE-TIME") && notation != Notation::Date => {}
                "DTSTART" | "EXDATE" | "RDATE" | "RECURRENCE-ID" if value.is_empty() => {}
                _ => {
                    let why = format!("{} does not belong here", quoted(parameter));
                    return Err(Error::refused(part, why));
                }
            }
        }
        Ok(Self { local, notation })
    }
}

impl Zone {
    /// Where a local time stands among instants; as written beyond the years a zone knows.
    pub(super) fn key(&self, local: NaiveDateTime) -> NaiveDateTime {
        self.instant_of(local).map_or(local, |at| at.naive_utc())
    }
}

/// Reads `20260329`, `20260329T090000` or `20260329T070000Z`.
fn value_of(text: &str) -> Option<(NaiveDateTime, Notation)> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        let all = part.bytes().all(|b| b.is_ascii_digit());
        if all { part.parse().ok() } else { None }
    };
    let year = i32::try_from(digits(0, 4)?).ok().filter(|y| *y > 0)?;
    let day = NaiveDate::from_ymd_opt(year, digits(4, 6)?, digits(6, 8)?)?;
    let notation = match (text.len(), text.get(8..9), text.get(15..)) {
        (8, ..) => return Some((day.and_time(NaiveTime::MIN), Notation::Date)),
        (15, Some("T"), _) => Notation::Floating,
        (16, Some("T"), Some("Z")) => Notation::Utc,
        _ => return None,
    };
    // A leap second is read as the second before it, as the RFC advises.
    let second = digits(13, 15).map(|s| if s == 60 { 59 } else { s })?;
    let time = NaiveTime::from_hms_opt(digits(9, 11)?, digits(11, 13)?, second)?;
    Some((day.and_time(time), notation))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.local.date();
        if let Notation::Zoned(zone) = &self.notation {
            write!(f, "TZID={}:", zone.name())?;
        }
        write!(f, "{:04}{:02}{:02}", day.year(), day.month(), day.day())?;
        match self.notation {
            Notation::Date => Ok(()),
            Notation::Utc => write!(f, "{}Z", self.local.format("T%H%M%S")),
            _ => write!(f, "{}", self.local.format("T%H%M%S")),
        }
    }
}

impl FromStr for Moment {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read("time", text)
    }
}

impl TryFrom<String> for Moment {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notation_prints_as_it_was_written() {
        for text in [
            "20260329T090000",
            "20260329T070000Z",
            "TZID=Europe/Berlin:20260329T090000",
            "20260329",
        ] {
            let moment: Moment = text.parse().expect("a notation of the RFC");
            assert_eq!(moment.to_string(), text);
        }
    }

    #[test]
    fn a_whole_property_line_is_read_too() {
        let read = |text: &str| text.parse::<Moment>().map(|m| m.to_string());
        let berlin = Ok("TZID=Europe/Berlin:20260329T090000".to_owned());
        assert_eq!(
            read("DTSTART;TZID=\"Europe/Berlin\":20260329T090000"),
            berlin
        );
        assert_eq!(read("VALUE=DATE:20260329"), Ok("20260329".to_owned()));
    }

    #[test]
    fn nonsense_is_refused_in_one_line() {
        for text in [
            "",
            "T",
            "20260230",
            "20260329T250000",
            "2026-03-29",
            "20260329\n20260330",
            "２０２６0329",
            "TZID=Mars/Base:20260329T090000",
            "X=1:20260329",
        ] {
            let line = text.parse::<Moment>().expect_err(text).to_string();
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
