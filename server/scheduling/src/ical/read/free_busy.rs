//! VFREEBUSY: busy times without the events behind them.

use calcard::icalendar::{ICalendarFreeBusyType, ICalendarProperty as P};

use crate::ical::limits;
use crate::ical::warning::{Warnings, shown};

use super::Showing;
use super::components::Component;
use super::event::{End, Moment, moment};
use super::property::{Listed, PeriodEnd, property};
use super::zones::Zones;

/// One busy time of a VFREEBUSY.
#[derive(Clone, Debug)]
pub struct Period {
    /// Its start.
    pub start: Moment,
    /// Its end.
    pub end: End,
    /// How it is shown; never [`Showing::Free`].
    pub showing: Showing,
}

/// Reads the FREEBUSY lines of a component. Free periods are passed over: they only say what the
/// absence of busy ones says as well.
pub(super) fn periods(
    component: &Component,
    zones: &mut Zones<'_>,
    warnings: &mut Warnings,
) -> Vec<Period> {
    let mut all = Vec::new();
    for (line, content) in &component.lines {
        let Some(property) = property(*line, content) else {
            continue;
        };
        if *property.name() != P::Freebusy {
            continue;
        }
        let showing = match property.free_busy_type() {
            Some(ICalendarFreeBusyType::Free) => continue,
            Some(ICalendarFreeBusyType::BusyTentative) => Showing::Tentative,
            Some(ICalendarFreeBusyType::BusyUnavailable) => Showing::OutOfOffice,
            Some(ICalendarFreeBusyType::Busy) | None => Showing::Busy,
        };
        let zone = property
            .zone_name()
            .map(|id| zones.clock(&id, *line, warnings));
        for listed in property.listed() {
            if all.len() >= limits::INSTANCES {
                warnings.add(*line, format!("More than {} periods.", limits::INSTANCES));
                return all;
            }
            match listed {
                Listed::Period(from, until) => {
                    let start = moment(&from, zone.clone(), None);
                    let end = match until {
                        PeriodEnd::At(to) => End::At(moment(&to, zone.clone(), Some(&start.clock))),
                        PeriodEnd::After(length) => End::After(length),
                    };
                    all.push(Period {
                        start,
                        end,
                        showing,
                    });
                }
                Listed::Bad(text) if text.trim().is_empty() => {}
                Listed::Time(_) | Listed::Bad(_) => {
                    warnings.add(*line, format!("{} is no period.", shown(content)));
                }
            }
        }
    }
    all
}
