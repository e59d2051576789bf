//! From the rows of the form to what is kept. Each row that cannot be read has an error under the
//! name that its part has in the JSON of the API.

use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use model::scheduling::availability::Constraints;
use model::scheduling::hours::{DateOverride, LocalRange, Travel, WeeklyHours, WorkingHours};
use model::scheduling::views::Preferences;
use model::{FieldError, Problem};

use super::HoursForm;

/// Everything that was typed.
///
/// # Errors
/// 422 with each part that cannot be read.
pub(super) fn preferences_of(form: &HoursForm) -> Result<Preferences, Problem> {
    let mut errors = Errors(Vec::new());
    let preferences = Preferences {
        hours: WorkingHours {
            weekly: weekly(form, &mut errors),
            overrides: overrides(form, &mut errors),
        },
        travel: travel(form, &mut errors),
        second_zone: some(&form.second_zone).map(str::to_owned),
        constraints: Constraints {
            buffer_before_minutes: errors
                .number("constraints.bufferBeforeMinutes", &form.before)
                .unwrap_or_default(),
            buffer_after_minutes: errors
                .number("constraints.bufferAfterMinutes", &form.after)
                .unwrap_or_default(),
            notice_minutes: errors
                .number("constraints.noticeMinutes", &form.notice)
                .unwrap_or_default(),
            meetings_per_day: errors.number("constraints.meetingsPerDay", &form.limit),
            rest_after_night_minutes: errors
                .number("constraints.restAfterNightMinutes", &form.rest)
                .unwrap_or_default(),
        },
        remind_minutes: errors.number("remindMinutes", &form.remind),
    };
    if errors.0.is_empty() {
        Ok(preferences)
    } else {
        Err(Problem::invalid(errors.0))
    }
}

/// What could not be read so far.
struct Errors(Vec<FieldError>);

impl Errors {
    fn add(&mut self, field: String, message: &str) {
        let known = self.0.iter().any(|error| error.field == field);
        if !known {
            self.0.push(FieldError {
                field,
                message: message.to_owned(),
            });
        }
    }

    /// A whole number; nothing for an empty text.
    fn number<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T> {
        let text = some(text)?;
        let read = text.parse().ok();
        if read.is_none() {
            self.add(field.to_owned(), "Give a whole number.");
        }
        read
    }

    /// A range of which both ends were typed; nothing for an empty row.
    fn range(&mut self, field: &str, from: &str, to: &str) -> Option<LocalRange> {
        if from.trim().is_empty() && to.trim().is_empty() {
            return None;
        }
        let range = time_of(from)
            .zip(time_of(to))
            .map(|(from, to)| LocalRange::new(from, to));
        if range.is_none() {
            self.add(field.to_owned(), "Give both a beginning and an end.");
        }
        range
    }
}

fn weekly(form: &HoursForm, errors: &mut Errors) -> WeeklyHours {
    let mut week = WeeklyHours::default();
    for (row, day) in form.day.iter().enumerate() {
        let Some(day) = day.trim().parse::<usize>().ok().filter(|day| *day < 7) else {
            continue;
        };
        let field = format!("hours.weekly[{day}]");
        let range = errors.range(&field, at(&form.from, row), at(&form.to, row));
        week.0[day].extend(range);
    }
    for day in &mut week.0 {
        day.sort_by_key(|range| range.from);
    }
    week
}

fn overrides(form: &HoursForm, errors: &mut Errors) -> Vec<DateOverride> {
    let mut days: Vec<DateOverride> = Vec::new();
    for (row, text) in form.date.iter().enumerate() {
        let field = format!("hours.overrides[{row}]");
        let typed = [
            (at(&form.date_from, row), at(&form.date_to, row)),
            (at(&form.date_from_more, row), at(&form.date_to_more, row)),
        ];
        let ranges = typed.map(|(from, to)| errors.range(&field, from, to));
        let Some(text) = some(text) else {
            if ranges.iter().any(Option::is_some) {
                errors.add(field, "Choose the date on which these times hold.");
            }
            continue;
        };
        let Ok(date) = text.parse::<NaiveDate>() else {
            errors.add(field, "Choose a date, such as 2026-12-24.");
            continue;
        };
        let ranges = ranges.into_iter().flatten();
        match days.iter_mut().find(|day| day.date == date) {
            Some(day) => day.ranges.extend(ranges),
            None => days.push(DateOverride {
                date,
                ranges: ranges.collect(),
            }),
        }
    }
    for day in &mut days {
        day.ranges.sort_by_key(|range| range.from);
    }
    days.sort_by_key(|day| day.date);
    days
}

fn travel(form: &HoursForm, errors: &mut Errors) -> Vec<Travel> {
    let mut journeys = Vec::new();
    for row in 0..form.trip_first.len() {
        let typed = [&form.trip_first, &form.trip_last, &form.trip_zone];
        let [first, last, zone] = typed.map(|column| some(at(column, row)));
        let (Some(first), Some(last), Some(zone)) = (first, last, zone) else {
            if first.or(last).or(zone).is_some() {
                let field = format!("travel[{row}]");
                errors.add(field, "Give the first day, the last day and the time zone.");
            }
            continue;
        };
        let (Ok(first_day), Ok(last_day)) = (first.parse(), last.parse()) else {
            errors.add(format!("travel[{row}]"), "Choose days, such as 2026-12-24.");
            continue;
        };
        journeys.push(Travel {
            first_day,
            last_day,
            zone: zone.to_owned(),
        });
    }
    journeys
}

/// A time of day as browsers send it.
pub(in crate::api::scheduling::forms) fn time_of(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .ok()
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn at(column: &[String], row: usize) -> &str {
    column.get(row).map_or("", String::as_str)
}
