//! RRULE text becomes a [`Rule`], or one line that names the part that is wrong.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::Weekday;

use super::error::{Error, quoted};
use super::moment::{Moment, Notation};
use super::rule::{Ending, Freq, NthDay, Rule, Skip};
use super::text::DAY_NAMES;

/// Longer than any rule a person or a calendar makes; a rule that names every day of the year
/// still fits.
const MAX_LENGTH: usize = 8_192;

impl FromStr for Rule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_LENGTH {
            let why = format!("longer than {MAX_LENGTH} characters");
            return Err(Error::refused("RRULE", why));
        }
        let text = without_name(text.trim());
        let mut seen: Vec<String> = Vec::new();
        let mut rule = Self::every(Freq::Daily);
        let mut count = None;
        let mut until = None;
        let mut skip = None;
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| {
                Error::refused("RRULE", format!("{} is not a NAME=VALUE", quoted(part)))
            })?;
            let name = name.trim().to_ascii_uppercase();
            let value = value.trim();
            if seen.contains(&name) {
                return Err(Error::refused(&shown(&name), "given twice"));
            }
            match name.as_str() {
                "FREQ" => rule.freq = freq(value)?,
                "INTERVAL" => rule.interval = positive("INTERVAL", value)?,
                "COUNT" => count = Some(positive("COUNT", value)?),
                "UNTIL" => until = Some(until_of(value)?),
                // A leap second is read as the second before it, as the RFC advises.
                "BYSECOND" => {
                    let mut seconds = plain("BYSECOND", value, 0..=60)?;
                    seconds.iter_mut().for_each(|s| *s = (*s).min(59));
                    rule.by_second = sorted(seconds);
                }
                "BYMINUTE" => rule.by_minute = plain("BYMINUTE", value, 0..=59)?,
                "BYHOUR" => rule.by_hour = plain("BYHOUR", value, 0..=23)?,
                "BYDAY" => rule.by_day = days(value)?,
                "BYMONTHDAY" => rule.by_month_day = signed("BYMONTHDAY", value, 31)?,
                "BYYEARDAY" => rule.by_year_day = signed("BYYEARDAY", value, 366)?,
                "BYWEEKNO" => rule.by_week_no = signed("BYWEEKNO", value, 53)?,
                "BYMONTH" => rule.by_month = plain("BYMONTH", value, 1..=12)?,
                "BYSETPOS" => rule.by_set_pos = signed("BYSETPOS", value, 366)?,
                "WKST" => {
                    rule.week_start = weekday(value).ok_or_else(|| no_day("WKST", value))?;
                }
                "RSCALE" if value.eq_ignore_ascii_case("GREGORIAN") => {}
                "RSCALE" => {
                    let why = format!("{} is not supported, only GREGORIAN is", quoted(value));
                    return Err(Error::refused("RSCALE", why));
                }
                "SKIP" => skip = Some(skip_of(value)?),
                // Extensions may be ignored; they cannot be understood.
                extension if extension.starts_with("X-") => {}
                _ => return Err(Error::refused(&shown(&name), "not a part of a rule")),
            }
            seen.push(name);
        }
        let given = |name: &str| seen.iter().any(|s| s == name);
        if !given("FREQ") {
            return Err(Error::refused("FREQ", "missing, for example FREQ=WEEKLY"));
        }
        rule.ending = match (count, until) {
            (Some(_), Some(_)) => {
                return Err(Error::refused(
                    "COUNT",
                    "a rule with UNTIL cannot have it too",
                ));
            }
            (Some(count), None) => Ending::Count(count),
            (None, Some(until)) => Ending::Until(until),
            (None, None) => Ending::Never,
        };
        if let Some(skip) = skip {
            if !given("RSCALE") {
                return Err(Error::refused("SKIP", "needs RSCALE=GREGORIAN beside it"));
            }
            rule.skip = skip;
        }
        fitting(&rule)?;
        Ok(rule)
    }
}

/// The text after `RRULE:`, if that stands before it.
fn without_name(text: &str) -> &str {
    match text.split_once(':') {
        Some((name, rest)) if name.trim().eq_ignore_ascii_case("RRULE") => rest,
        _ => text,
    }
}

/// Refuses parts that the RFC does not allow beside each other.
fn fitting(rule: &Rule) -> Result<(), Error> {
    let freq = rule.freq;
    let beside = |part: &str, allowed: &str| {
        let why = format!("FREQ={} cannot have it, only {allowed}", freq.as_str());
        Err(Error::refused(part, why))
    };
    if !rule.by_week_no.is_empty() && freq != Freq::Yearly {
        return beside("BYWEEKNO", "YEARLY");
    }
    let daily_to_monthly = matches!(freq, Freq::Daily | Freq::Weekly | Freq::Monthly);
    if !rule.by_year_day.is_empty() && daily_to_monthly {
        return beside("BYYEARDAY", "YEARLY, HOURLY, MINUTELY and SECONDLY");
    }
    if !rule.by_month_day.is_empty() && freq == Freq::Weekly {
        return beside("BYMONTHDAY", "the others but WEEKLY");
    }
    if let Some(numbered) = rule.by_day.iter().find(|day| day.nth != 0) {
        if !matches!(freq, Freq::Monthly | Freq::Yearly) {
            return beside(&format!("BYDAY={numbered}"), "MONTHLY and YEARLY");
        }
        if !rule.by_week_no.is_empty() {
            let why = "a numbered day does not go with BYWEEKNO";
            return Err(Error::refused(&format!("BYDAY={numbered}"), why));
        }
    }
    let others = [
        rule.by_second.is_empty(),
        rule.by_minute.is_empty(),
        rule.by_hour.is_empty(),
        rule.by_day.is_empty(),
        rule.by_month_day.is_empty(),
        rule.by_year_day.is_empty(),
        rule.by_week_no.is_empty(),
        rule.by_month.is_empty(),
    ];
    if !rule.by_set_pos.is_empty() && others.iter().all(|empty| *empty) {
        return Err(Error::refused(
            "BYSETPOS",
            "needs another BY part to choose from",
        ));
    }
    Ok(())
}

/// A part's name as it came, short and in one line.
fn shown(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if !name.is_empty() && name.len() <= 20 && name.bytes().all(plain) {
        name.to_owned()
    } else {
        format!("RRULE part {}", quoted(name))
    }
}

fn freq(value: &str) -> Result<Freq, Error> {
    let found = Freq::NAMES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(value));
    found.map(|(_, freq)| *freq).ok_or_else(|| {
        let why = format!(
            "{} is none of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY",
            quoted(value)
        );
        Error::refused("FREQ", why)
    })
}

fn skip_of(value: &str) -> Result<Skip, Error> {
    match value.to_ascii_uppercase().as_str() {
        "OMIT" => Ok(Skip::Omit),
        "BACKWARD" => Ok(Skip::Backward),
        "FORWARD" => Ok(Skip::Forward),
        _ => {
            let why = format!("{} is none of OMIT, BACKWARD, FORWARD", quoted(value));
            Err(Error::refused("SKIP", why))
        }
    }
}

/// UNTIL knows no zone.
fn until_of(value: &str) -> Result<Moment, Error> {
    let until = Moment::read("UNTIL", value)?;
    match until.notation {
        Notation::Zoned(_) => Err(Error::refused(
            "UNTIL",
            "cannot have a TZID: write it in UTC",
        )),
        _ => Ok(until),
    }
}

fn positive(part: &str, value: &str) -> Result<NonZeroU32, Error> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    value.parse().ok().filter(|_| digits).ok_or_else(|| {
        let why = format!(
            "{} is not a whole number from 1 to {}",
            quoted(value),
            u32::MAX
        );
        Error::refused(part, why)
    })
}

/// One number with an optional sign.
fn number(text: &str) -> Option<i16> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

fn plain(part: &str, value: &str, range: RangeInclusive<u8>) -> Result<Vec<u8>, Error> {
    let one = |item: &str| {
        let signless = !item.starts_with(['+', '-']);
        let found = number(item).and_then(|n| u8::try_from(n).ok());
        found
            .filter(|n| signless && range.contains(n))
            .ok_or_else(|| {
                let bounds = format!("from {} to {}", range.start(), range.end());
                Error::refused(
                    part,
                    format!("{} is not a whole number {bounds}", quoted(item)),
                )
            })
    };
    value
        .split(',')
        .map(|item| one(item.trim()))
        .collect::<Result<_, _>>()
        .map(sorted)
}

fn signed(part: &str, value: &str, most: i16) -> Result<Vec<i16>, Error> {
    let one = |item: &str| {
        let found = number(item).filter(|n| *n != 0 && (-most..=most).contains(n));
        found.ok_or_else(|| {
            let bounds = format!("from 1 to {most} or from -{most} to -1");
            Error::refused(
                part,
                format!("{} is not a whole number {bounds}", quoted(item)),
            )
        })
    };
    value
        .split(',')
        .map(|item| one(item.trim()))
        .collect::<Result<_, _>>()
        .map(sorted)
}

fn weekday(name: &str) -> Option<Weekday> {
    let index = DAY_NAMES
        .iter()
        .position(|day| day.eq_ignore_ascii_case(name))?;
    Weekday::try_from(u8::try_from(index).ok()?).ok()
}

fn no_day(part: &str, text: &str) -> Error {
    let why = format!("{} is none of MO, TU, WE, TH, FR, SA, SU", quoted(text));
    Error::refused(part, why)
}

fn days(value: &str) -> Result<Vec<NthDay>, Error> {
    let one = |item: &str| -> Result<NthDay, Error> {
        let cut = item.len().saturating_sub(2);
        let (nth, name) = item
            .split_at_checked(cut)
            .ok_or_else(|| no_day("BYDAY", item))?;
        let day = weekday(name).ok_or_else(|| no_day("BYDAY", item))?;
        let nth = match nth {
            "" => Some(0),
            nth => number(nth).filter(|n| *n != 0 && (-53..=53).contains(n)),
        };
        let nth = nth.and_then(|n| i8::try_from(n).ok()).ok_or_else(|| {
            let why = format!("{} counts from 1 to 53 or from -53 to -1", quoted(item));
            Error::refused("BYDAY", why)
        })?;
        Ok(NthDay { nth, day })
    };
    let mut days = value
        .split(',')
        .map(|item| one(item.trim()))
        .collect::<Result<Vec<_>, _>>()?;
    days.sort_by_key(|d| (d.nth, d.day.num_days_from_monday()));
    days.dedup();
    Ok(days)
}
