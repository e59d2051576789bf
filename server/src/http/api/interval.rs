//! ISO 8601 intervals in queries: `FROM/TO`, `FROM/PT8H` or `PT8H/TO`. Every time says its offset,
//! since a range without one would mean another time to each of the people who are asked for.

use chrono::{DateTime, TimeDelta, Utc};
use model::Problem;
use model::scheduling::interval::Interval;

/// How times are written besides RFC 3339: without seconds, with a short offset, without dashes.
const NOTATIONS: &[&str] = &[
    "%Y-%m-%dT%H:%M%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y%m%dT%H%M%S%#z",
    "%Y%m%dT%H%M%#z",
];

/// Reads an interval.
///
/// # Errors
/// 422 naming `range`.
pub(super) fn interval(text: &str) -> Result<Interval, Problem> {
    let wrong = |message: &str| Problem::invalid_field("range", message);
    let (from, to) = text.trim().split_once('/').ok_or_else(|| {
        wrong("Give the range as FROM/TO, for example 2026-11-30T08:00:00Z/2026-12-04T17:00:00Z.")
    })?;
    let (from, to) = (from.trim(), to.trim());
    let ends = match (is_duration(from), is_duration(to)) {
        (false, false) => instant(from).zip(instant(to)),
        (false, true) => instant(from)
            .zip(duration(to))
            .and_then(|(from, length)| Some((from, from.checked_add_signed(length)?))),
        (true, false) => duration(from)
            .zip(instant(to))
            .and_then(|(length, to)| Some((to.checked_sub_signed(length)?, to))),
        (true, true) => None,
    };
    let (from, to) = ends.ok_or_else(|| {
        wrong(
            "Each end is a time with its offset, such as 2026-11-30T08:00:00Z or \
             2026-11-30T09:00:00+01:00; one of them may be a length, such as PT8H.",
        )
    })?;
    if to <= from {
        return Err(wrong("The end must come after the beginning."));
    }
    Ok(Interval::new(from, to))
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    // A plus sign that was not encoded in a query arrives as a space.
    let text = text.replace(' ', "+").to_ascii_uppercase();
    let read = DateTime::parse_from_rfc3339(&text).or_else(|first| {
        let mut others = NOTATIONS.iter();
        others
            .find_map(|notation| DateTime::parse_from_str(&text, notation).ok())
            .ok_or(first)
    });
    read.ok().map(|at| at.to_utc())
}

fn is_duration(text: &str) -> bool {
    text.starts_with(['P', 'p'])
}

/// `P1D`, `PT8H`, `P1DT30M`, `P2W`. Months and years have no fixed length and are refused.
fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.to_ascii_uppercase();
    let (days, clock) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, clock)) if !clock.is_empty() => (days, clock),
        Some(_) => return None,
        None => (text.strip_prefix('P')?, ""),
    };
    let total = parts(days, &[('W', 604_800), ('D', 86_400)])?
        .checked_add(parts(clock, &[('H', 3_600), ('M', 60), ('S', 1)])?)?;
    (total > 0).then(|| TimeDelta::try_seconds(total))?
}

/// The seconds of numbers with their units, which come in the given order.
fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    for (unit, seconds) in units {
        let Some((number, rest)) = text.split_once(*unit) else {
            continue;
        };
        let all_digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| all_digits)?;
        total = total.checked_add(number.checked_mul(*seconds)?)?;
        text = rest;
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, from: &str, to: &str) {
        let read = interval(text).expect("an interval");
        assert_eq!(read.from.to_rfc3339(), from, "{text}");
        assert_eq!(read.to.to_rfc3339(), to, "{text}");
    }

    #[test]
    fn an_interval_is_two_times_or_one_and_a_length() {
        let (from, to) = ("2026-11-30T08:00:00+00:00", "2026-11-30T16:00:00+00:00");
        for text in [
            "2026-11-30T08:00:00Z/2026-11-30T16:00:00Z",
            "2026-11-30T09:00:00+01:00/2026-11-30T17:00:00+01:00",
            // The plus signs were not encoded.
            "2026-11-30T09:00:00 01:00/2026-11-30T17:00:00 01:00",
            "2026-11-30T08:00Z/2026-11-30T16:00Z",
            "2026-11-30T03:00-0500/20261130T160000Z",
            "2026-11-30T08:00:00Z/PT8H",
            "2026-11-30T08:00:00Z/PT7H60M",
            "PT8H/2026-11-30T16:00:00Z",
        ] {
            check(text, from, to);
        }
        let week = "2026-11-30T08:00:00Z/P1W";
        check(week, from, "2026-12-07T08:00:00+00:00");
    }

    #[test]
    fn what_is_no_interval_is_refused_by_name() {
        for text in [
            "",
            "2026-11-30T08:00:00Z",
            "2026-11-30T08:00:00/2026-11-30T16:00:00",
            "2026-11-30/2026-12-01",
            "2026-11-30T16:00:00Z/2026-11-30T08:00:00Z",
            "2026-11-30T08:00:00Z/P",
            "2026-11-30T08:00:00Z/PT",
            "2026-11-30T08:00:00Z/P1M",
            "2026-11-30T08:00:00Z/PT99999999999999999999H",
            "2026-11-30T08:00:00Z/P999999999999W",
            "PT8H/PT8H",
        ] {
            let problem = interval(text).expect_err("refused");
            assert_eq!(problem.status, 422, "{text}");
            assert!(problem.message_for("range").is_some(), "{text}");
        }
    }
}
