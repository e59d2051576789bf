//! Dates and times as people's programs write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::RowFault;

/// What comes first in `05/10/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// The day: the fifth of October.
    DayFirst,
    /// The month: the tenth of May.
    MonthFirst,
}

/// A time as a clock on the wall showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub local: NaiveDateTime,
    pub utc_offset_seconds: Option<i32>,
}

/// A date, read as far as its own form decides.
enum Written {
    /// One day and no other.
    Day(NaiveDate),
    /// Two numbers of which one is the month, and a year.
    Undecided(u32, u32, i32),
}

/// The two numbers of a date that could be two days, with or without a time behind it.
pub(super) fn undecided(text: &str) -> Option<(u32, u32)> {
    let (day, _) = split(text);
    match written(day) {
        Ok(Written::Undecided(first, second, _)) => Some((first, second)),
        _ => None,
    }
}

/// A date.
pub(super) fn day(text: &str, order: Option<DateOrder>) -> Result<NaiveDate, RowFault> {
    if text.is_empty() {
        return Err(RowFault::Missing);
    }
    // Spreadsheets write midnight behind a bare date.
    let (day, time) = split(text);
    if !time.is_empty() && clock(time) != Some(NaiveTime::MIN) {
        return Err(RowFault::NotADate);
    }
    let (first, second, year) = match written(day)? {
        Written::Day(day) => return Ok(day),
        Written::Undecided(first, second, year) => (first, second, year),
    };
    let found = match order.ok_or(RowFault::NotADate)? {
        DateOrder::DayFirst => NaiveDate::from_ymd_opt(year, second, first),
        DateOrder::MonthFirst => NaiveDate::from_ymd_opt(year, first, second),
    };
    found.ok_or(RowFault::NotADate)
}

/// A time of day on a day.
pub(super) fn at(day: NaiveDate, text: &str) -> Result<Moment, RowFault> {
    if text.is_empty() {
        return Err(RowFault::Missing);
    }
    // Spreadsheets write a date of their own before a bare time.
    let (_, time) = split(text);
    let (time, utc_offset_seconds) = without_offset(time);
    let time = clock(time).ok_or(RowFault::NotATime)?;
    Ok(Moment {
        local: day.and_time(time),
        utc_offset_seconds,
    })
}

/// A date with a time of day.
pub(super) fn moment(text: &str, order: Option<DateOrder>) -> Result<Moment, RowFault> {
    if text.is_empty() {
        return Err(RowFault::Missing);
    }
    let (date, time) = split(text);
    let date = day(date, order)?;
    if time.is_empty() {
        return Err(RowFault::NotATime);
    }
    at(date, time)
}

/// A date and what is behind it: a time is where a colon is.
fn split(text: &str) -> (&str, &str) {
    let Some(colon) = text.find(':') else {
        return (text.trim(), "");
    };
    let hours = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    let day = hours.trim_end_matches(['T', ' ', ',', '\u{a0}']);
    (day.trim(), text[hours.len()..].trim())
}

fn written(text: &str) -> Result<Written, RowFault> {
    let fixed = |year: i32, month: u32, day: u32| {
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(RowFault::NotADate)?;
        Ok(Written::Day(date))
    };
    let parts: Vec<&str> = text
        .split(['-', '/', '.', ' ', ','])
        .filter(|part| !part.is_empty())
        .take(4)
        .collect();
    let [first, second, third] = parts[..] else {
        return match number(text) {
            // 20261005
            Some(date) if text.len() == 8 => {
                fixed(year_of(date / 10_000), date / 100 % 100, date % 100)
            }
            _ => Err(RowFault::NotADate),
        };
    };
    if first.len() == 4 {
        let month = number(second).or_else(|| month(second));
        let (Some(year), Some(month), Some(day)) = (number(first), month, number(third)) else {
            return Err(RowFault::NotADate);
        };
        return fixed(year_of(year), month, day);
    }
    let year = number(third).ok_or(RowFault::NotADate)?;
    if third.len() == 2 {
        return Err(RowFault::ShortYear);
    }
    if third.len() != 4 {
        return Err(RowFault::NotADate);
    }
    let year = year_of(year);
    match (number(first), number(second)) {
        // With dots, the day is first everywhere.
        (Some(day), Some(month)) if text.contains('.') => fixed(year, month, day),
        (Some(one), Some(other)) => Ok(Written::Undecided(one, other, year)),
        (Some(day), None) => fixed(year, month(second).ok_or(RowFault::NotADate)?, day),
        (None, Some(day)) => fixed(year, month(first).ok_or(RowFault::NotADate)?, day),
        (None, None) => Err(RowFault::NotADate),
    }
}

/// A year of the times in which punches were kept; any other is none of the calendar.
fn year_of(year: u32) -> i32 {
    i32::try_from(year)
        .ok()
        .filter(|year| (1970..2200).contains(year))
        .unwrap_or(i32::MAX)
}

fn month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let at = NAMES
        .iter()
        .position(|name| text.len() >= 3 && name.starts_with(&text))?;
    u32::try_from(at + 1).ok()
}

fn number(text: &str) -> Option<u32> {
    let plain = (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A time of day: `17:05`, `17:05:30`, `17:05:30.123`, `5:05 PM`.
fn clock(text: &str) -> Option<NaiveTime> {
    let upper = text.trim().to_ascii_uppercase();
    let half = [("AM", 0), ("PM", 12), ("A.M.", 0), ("P.M.", 12)]
        .into_iter()
        .find_map(|(mark, hours)| Some((upper.strip_suffix(mark)?.trim_end(), hours)));
    let digits = half.map_or(upper.as_str(), |(digits, _)| digits);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let parts: Vec<u32> = whole
        .split(':')
        .map(|part| number(part).filter(|_| part.len() <= 2))
        .collect::<Option<_>>()?;
    let (hour, minute, second) = match parts[..] {
        [hour, minute] if fraction == "0" => (hour, minute, 0),
        [hour, minute, second] if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            (hour, minute, second)
        }
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some((_, hours)) if (1..=12).contains(&hour) => hour % 12 + hours,
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// A time of day and the offset from UTC behind it.
fn without_offset(text: &str) -> (&str, Option<i32>) {
    let Some(at) = text.rfind(['Z', '+', '-']) else {
        return (text, None);
    };
    let (time, offset) = text.split_at(at);
    match utc_offset(offset) {
        Some(seconds) => (time.trim_end(), Some(seconds)),
        None => (text, None),
    }
}

/// An offset from UTC: `Z`, `+02:00`, `+0200`, `+02`.
pub(super) fn utc_offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits = rest.replacen(':', "", 1);
    let value = i32::try_from(number(&digits)?).ok()?;
    let (hours, minutes) = match digits.len() {
        1 | 2 => (value, 0),
        4 => (value / 100, value % 100),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}
