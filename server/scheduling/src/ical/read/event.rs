//! One VEVENT: when it is, how it repeats, and what it does to its owner's time.

use std::sync::Arc;

use calcard::icalendar::ICalendarProperty as P;
use chrono::{DateTime, NaiveDateTime, Utc};
use model::zone::Zone;

use crate::ical::warning::{Warnings, shown};
use crate::ical::{Clock, limits};

use super::components::Component;
use super::lines::{name, value};
use super::people::Marks;
use super::property::{Length, Listed, PeriodEnd, Property, Written, property};
use super::zones::Zones;

/// A time with the clock it is written by.
#[derive(Clone, Debug)]
pub struct Moment {
    /// As it is written.
    pub local: NaiveDateTime,
    /// By which clock.
    pub clock: Clock,
    /// A whole day (VALUE=DATE).
    pub date_only: bool,
}

impl Moment {
    /// The instant, floating times read in a zone.
    pub fn instant(&self, zone: &Arc<Zone>) -> Option<DateTime<Utc>> {
        self.clock.or(zone).instant(self.local)
    }
}

/// Where an event or one of its dates ends.
#[derive(Clone, Debug)]
pub enum End {
    /// DTEND.
    At(Moment),
    /// DURATION.
    After(Length),
    /// Neither: a day is a day long and a time takes no time (RFC 5545, 3.6.1).
    Default,
}

/// Which instance of its series an event stands for.
#[derive(Clone, Debug)]
pub struct Replaces {
    /// The instance's original start.
    pub moment: Moment,
    /// It also moves every later instance (RANGE=THISANDFUTURE).
    pub following: bool,
}

/// One VEVENT.
#[derive(Clone, Debug)]
pub struct Event {
    /// The line of its BEGIN.
    pub line: u32,
    /// Its place among all components of the file, from 0.
    pub number: u32,
    /// The same for all parts of one series.
    pub uid: Option<String>,
    /// The revision.
    pub sequence: i64,
    /// When this revision was made.
    pub stamp: Option<DateTime<Utc>>,
    /// The first start.
    pub start: Moment,
    /// Whether DTSTART was there; an exception without it begins where it always did.
    pub start_given: bool,
    /// The end.
    pub end: End,
    /// RRULE lines as they are written.
    pub rules: Vec<(u32, String)>,
    /// RDATE, with an end of their own where they are periods.
    pub dates: Vec<(Moment, Option<End>)>,
    /// EXDATE.
    pub exceptions: Vec<Moment>,
    /// Set on an exception of a series.
    pub replaces: Option<Replaces>,
    /// What it does to its owner's time.
    pub marks: Marks,
}

/// Reads a VEVENT, or says in the warnings why it cannot.
pub(super) fn event(
    component: &Component,
    cancels: bool,
    zones: &mut Zones<'_>,
    warnings: &mut Warnings,
) -> Option<Event> {
    let mut reading = Reading {
        zones,
        warnings,
        listed: 0,
    };
    let found = reading.collect(component);
    let start = found
        .start
        .map(|(written, zone)| moment(&written, zone, None));
    let by = start.as_ref().map(|start| &start.clock);
    let replaces = found.replaces.map(|(written, zone, following)| Replaces {
        moment: moment(&written, zone, by),
        following,
    });
    let start_given = start.is_some();
    let Some(start) = start.or_else(|| replaces.as_ref().map(|part| part.moment.clone())) else {
        reading.warnings.add(
            component.line,
            "This event has no readable DTSTART and is left out.",
        );
        return None;
    };
    let end = match (found.end, found.length) {
        (Some((written, zone)), _) => {
            let end = moment(&written, zone, Some(&start.clock));
            reading.checked_end(component.line, &start, end)
        }
        (None, Some((line, length))) if length.days < 0 || length.seconds < 0 => {
            reading
                .warnings
                .add(line, "A negative DURATION counts as none.");
            End::Default
        }
        (None, Some((_, length))) => End::After(length),
        (None, None) => End::Default,
    };
    let dates = reading.listed(&found.dates, &start);
    let exceptions = reading
        .listed(&found.exceptions, &start)
        .into_iter()
        .map(|(at, _)| at);
    let exceptions = exceptions.collect();
    let mut marks = found.marks;
    marks.cancelled |= cancels;
    Some(Event {
        line: component.line,
        number: component.number,
        uid: found.uid,
        sequence: found.sequence,
        stamp: found.stamp,
        start,
        start_given,
        end,
        rules: found.rules,
        dates,
        exceptions,
        replaces,
        marks,
    })
}

/// A written time with the clock its TZID named, if any.
type Timed = (Written, Option<Clock>);

#[derive(Default)]
struct Found {
    uid: Option<String>,
    sequence: i64,
    stamp: Option<DateTime<Utc>>,
    start: Option<Timed>,
    end: Option<Timed>,
    length: Option<(u32, Length)>,
    replaces: Option<(Written, Option<Clock>, bool)>,
    rules: Vec<(u32, String)>,
    dates: Vec<Property>,
    exceptions: Vec<Property>,
    marks: Marks,
}

struct Reading<'a, 'z> {
    zones: &'a mut Zones<'z>,
    warnings: &'a mut Warnings,
    /// How many dates of RDATE and EXDATE have been read.
    listed: usize,
}

impl Reading<'_, '_> {
    fn collect(&mut self, component: &Component) -> Found {
        let mut found = Found::default();
        for (line, content) in &component.lines {
            if name(content).is_some_and(|name| name.eq_ignore_ascii_case("RRULE")) {
                // The rule goes to our own parser as it is written: the library would cut numbers
                // to the width of its fields.
                found
                    .rules
                    .push((*line, value(content).unwrap_or_default().to_owned()));
                continue;
            }
            let Some(property) = property(*line, content) else {
                self.warnings
                    .add(*line, format!("{} cannot be read.", shown(content)));
                continue;
            };
            match property.name() {
                P::Uid => found.uid = property.text().map(|text| text.trim().to_owned()),
                P::Sequence => found.sequence = property.integer().unwrap_or(0),
                P::Dtstamp => {
                    found.stamp = property.time().map(|time| time.local.and_utc());
                }
                P::Dtstart => found.start = self.time(&property, content),
                P::Dtend => found.end = self.time(&property, content),
                P::Duration => match property.length() {
                    Some(length) => found.length = Some((*line, length)),
                    None => self
                        .warnings
                        .add(*line, format!("{} is no duration.", shown(content))),
                },
                P::RecurrenceId => {
                    found.replaces = self
                        .time(&property, content)
                        .map(|(written, zone)| (written, zone, property.is_this_and_future()));
                }
                P::Rdate => found.dates.push(property),
                P::Exdate => found.exceptions.push(property),
                _ => found.marks.note(&property, content),
            }
        }
        found.uid = found.uid.filter(|uid| !uid.is_empty());
        found
    }

    fn time(&mut self, property: &Property, content: &str) -> Option<Timed> {
        let Some(written) = property.time() else {
            self.warnings.add(
                property.line,
                format!("{} is no date or time.", shown(content)),
            );
            return None;
        };
        let zone = self.zone_of(property);
        Some((written, zone))
    }

    fn zone_of(&mut self, property: &Property) -> Option<Clock> {
        let id = property.zone_name()?;
        Some(self.zones.clock(&id, property.line, self.warnings))
    }

    /// An end that lies before its start is a slip of the writer and counts as none.
    fn checked_end(&mut self, line: u32, start: &Moment, end: Moment) -> End {
        let utc = Arc::new(Zone::utc());
        let comparable = start.clock.same(&end.clock)
            || !matches!(
                (&start.clock, &end.clock),
                (Clock::Floating, _) | (_, Clock::Floating)
            );
        if comparable && end.instant(&utc) < start.instant(&utc) {
            self.warnings.add(
                line,
                "This event ends before it begins; its end is passed over.",
            );
            return End::Default;
        }
        if start.date_only && end.local == start.local {
            return End::Default;
        }
        End::At(end)
    }

    fn listed(&mut self, lists: &[Property], start: &Moment) -> Vec<(Moment, Option<End>)> {
        let mut all = Vec::new();
        for property in lists {
            let zone = self.zone_of(property);
            for listed in property.listed() {
                self.listed += 1;
                if self.listed > limits::DATES_PER_EVENT {
                    let limit = limits::DATES_PER_EVENT;
                    self.warnings.add(
                        property.line,
                        format!("More than {limit} dates are listed."),
                    );
                    return all;
                }
                let at = |written: &Written| moment(written, zone.clone(), Some(&start.clock));
                match listed {
                    Listed::Time(written) => all.push((at(&written), None)),
                    Listed::Period(from, PeriodEnd::At(to)) => {
                        all.push((at(&from), Some(End::At(at(&to)))));
                    }
                    Listed::Period(from, PeriodEnd::After(length)) => {
                        all.push((at(&from), Some(End::After(length))));
                    }
                    Listed::Bad(text) if text.trim().is_empty() => {}
                    Listed::Bad(text) => {
                        let text = shown(&text);
                        self.warnings
                            .add(property.line, format!("{text} is no date or time."));
                    }
                }
            }
        }
        all
    }
}

/// A written time by its own offset, else its TZID, else the clock of the event's start.
pub(super) fn moment(written: &Written, zone: Option<Clock>, start: Option<&Clock>) -> Moment {
    let clock = match (written.offset, zone) {
        (Some(offset), _) => Clock::Fixed(offset),
        (None, Some(zone)) => zone,
        // A time beside a start in UTC is not itself in UTC unless it says so.
        (None, None) => start
            .filter(|clock| !clock.is_utc())
            .cloned()
            .unwrap_or(Clock::Floating),
    };
    Moment {
        local: written.local,
        clock,
        date_only: written.date_only,
    }
}
