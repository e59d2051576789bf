//! One property by the iCalendar library: the library's tolerance, but one line at a time, so that
//! every complaint has its line and one line cannot damage the next.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarDuration, ICalendarEntry, ICalendarFreeBusyType, ICalendarParameterName,
    ICalendarParameterValue, ICalendarParticipationStatus, ICalendarPeriod, ICalendarProperty,
    ICalendarUserTypes, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

/// A property with its parameters and values.
pub(super) struct Property {
    pub line: u32,
    entry: ICalendarEntry,
}

/// A date or time as it is written, before its zone is known.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub local: NaiveDateTime,
    pub date_only: bool,
    /// Given by a `Z` or an offset in the value itself.
    pub offset: Option<FixedOffset>,
}

/// How long something lasts: days by the calendar, seconds by the clock (RFC 5545, 3.3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// Whole days by the calendar.
    pub days: i64,
    /// Seconds on top.
    pub seconds: i64,
}

/// One value of a property that lists times.
pub(super) enum Listed {
    Time(Written),
    Period(Written, PeriodEnd),
    Bad(String),
}

/// How a period says where it ends.
#[derive(Clone, Debug)]
pub(super) enum PeriodEnd {
    At(Written),
    After(Length),
}

pub(super) fn property(line: u32, content: &str) -> Option<Property> {
    let text = format!("BEGIN:VEVENT\n{content}\nEND:VEVENT\n");
    let Entry::ICalendar(parsed) = Parser::new(&text).entry() else {
        return None;
    };
    let entry = parsed
        .components
        .into_iter()
        .next()?
        .entries
        .into_iter()
        .next()?;
    Some(Property { line, entry })
}

impl Property {
    pub(super) const fn name(&self) -> &ICalendarProperty {
        &self.entry.name
    }

    fn parameters(
        &self,
        wanted: &ICalendarParameterName,
    ) -> impl Iterator<Item = &ICalendarParameterValue> {
        let wanted = wanted.clone();
        let matching = move |p: &&calcard::icalendar::ICalendarParameter| p.name == wanted;
        self.entry.params.iter().filter(matching).map(|p| &p.value)
    }

    /// The TZID parameter as written. Lists in it come as several values.
    pub(super) fn zone_name(&self) -> Option<String> {
        let parts: Vec<&str> = self
            .parameters(&ICalendarParameterName::Tzid)
            .filter_map(|v| v.as_text())
            .collect();
        let name = parts.join(",");
        (!name.trim().is_empty()).then(|| name.trim().to_owned())
    }

    pub(super) fn is_this_and_future(&self) -> bool {
        self.parameters(&ICalendarParameterName::Range)
            .next()
            .is_some()
    }

    pub(super) fn participation(&self) -> Option<&ICalendarParticipationStatus> {
        self.parameters(&ICalendarParameterName::Partstat)
            .find_map(|value| match value {
                ICalendarParameterValue::Partstat(status) => Some(status),
                _ => None,
            })
    }

    /// Whether an attendee is a room or another thing that is booked.
    pub(super) fn is_resource(&self) -> bool {
        self.parameters(&ICalendarParameterName::Cutype)
            .any(|value| {
                matches!(
                    value,
                    ICalendarParameterValue::Cutype(
                        ICalendarUserTypes::Room | ICalendarUserTypes::Resource
                    )
                )
            })
    }

    pub(super) fn free_busy_type(&self) -> Option<&ICalendarFreeBusyType> {
        self.parameters(&ICalendarParameterName::Fbtype)
            .find_map(|value| match value {
                ICalendarParameterValue::Fbtype(kind) => Some(kind),
                _ => None,
            })
    }

    pub(super) fn value(&self) -> Option<&ICalendarValue> {
        self.entry.values.first()
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.entry.values.first().and_then(ICalendarValue::as_text)
    }

    pub(super) fn integer(&self) -> Option<i64> {
        self.entry
            .values
            .first()
            .and_then(ICalendarValue::as_integer)
    }

    /// The e-mail address of an attendee or organizer, in lower case.
    pub(super) fn address(&self) -> Option<String> {
        let email = self
            .parameters(&ICalendarParameterName::Email)
            .find_map(|v| v.as_text());
        let address = email.or_else(|| self.text())?.trim().to_lowercase();
        let address = address
            .strip_prefix("mailto:")
            .unwrap_or(&address)
            .trim()
            .to_owned();
        address.contains('@').then_some(address)
    }

    /// An offset from UTC such as `+0100`.
    pub(super) fn offset_seconds(&self) -> Option<i32> {
        let ICalendarValue::PartialDateTime(offset) = self.entry.values.first()? else {
            return None;
        };
        let seconds =
            i32::from(offset.tz_hour?) * 3600 + i32::from(offset.tz_minute.unwrap_or(0)) * 60;
        (seconds < 86_400).then_some(if offset.tz_minus { -seconds } else { seconds })
    }

    pub(super) fn length(&self) -> Option<Length> {
        match self.entry.values.first()? {
            ICalendarValue::Duration(duration) => Some(length(duration)),
            _ => None,
        }
    }

    pub(super) fn time(&self) -> Option<Written> {
        match self.entry.values.first()? {
            ICalendarValue::PartialDateTime(time) => written(time),
            _ => None,
        }
    }

    /// Every value of RDATE, EXDATE or FREEBUSY.
    pub(super) fn listed(&self) -> impl Iterator<Item = Listed> + '_ {
        self.entry.values.iter().map(|value| {
            let found = match value {
                ICalendarValue::PartialDateTime(time) => written(time).map(Listed::Time),
                ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => written(start)
                    .zip(written(end))
                    .map(|(start, end)| Listed::Period(start, PeriodEnd::At(end))),
                ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
                    written(start)
                        .map(|start| Listed::Period(start, PeriodEnd::After(length(duration))))
                }
                _ => None,
            };
            found.unwrap_or_else(|| Listed::Bad(value.as_text().unwrap_or_default().to_owned()))
        })
    }
}

fn written(time: &PartialDateTime) -> Option<Written> {
    let date = NaiveDate::from_ymd_opt(
        i32::from(time.year?),
        u32::from(time.month?),
        u32::from(time.day?),
    )?;
    let Some(hour) = time.hour else {
        return Some(Written {
            local: date.and_time(NaiveTime::MIN),
            date_only: true,
            offset: None,
        });
    };
    // A leap second is the second before it to everybody but astronomers.
    let second = u32::from(time.second.unwrap_or(0)).min(59 + u32::from(time.second > Some(60)));
    let local = date.and_hms_opt(u32::from(hour), u32::from(time.minute.unwrap_or(0)), second)?;
    let offset = match time.tz_hour {
        None => None,
        Some(hours) => {
            let east = i32::from(hours) * 3600 + i32::from(time.tz_minute.unwrap_or(0)) * 60;
            Some(FixedOffset::east_opt(if time.tz_minus {
                -east
            } else {
                east
            })?)
        }
    };
    Some(Written {
        local,
        date_only: false,
        offset,
    })
}

fn length(duration: &ICalendarDuration) -> Length {
    let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
    let seconds = i64::from(duration.hours) * 3600
        + i64::from(duration.minutes) * 60
        + i64::from(duration.seconds);
    let sign = if duration.neg { -1 } else { 1 };
    Length {
        days: days * sign,
        seconds: seconds * sign,
    }
}
