//! The rule as a person says it.

use chrono::{Datelike, Weekday};

use super::rule::{Ending, Freq, NthDay, Rule};
use super::{Moment, Notation};

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ORDINALS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

impl Rule {
    /// One sentence without a full stop: “Every second Tuesday until 3 Mar 2027”, “Every weekday”,
    /// “On the last Friday of each month, 10 times”. The start gives what the rule leaves open. What
    /// no short sentence says is quoted as it is written.
    pub fn sentence(&self, start: &Moment) -> String {
        let turns = self.turns(start).unwrap_or_else(|| {
            let open = self.clone().with_ending(Ending::Never);
            format!("By the rule {open}")
        });
        format!("{turns}{}", self.end_words(start))
    }

    fn end_words(&self, start: &Moment) -> String {
        match &self.ending {
            Ending::Never => String::new(),
            Ending::Count(count) if count.get() == 1 => ", once".to_owned(),
            Ending::Count(count) => format!(", {count} times"),
            Ending::Until(until) => {
                let local = match (&until.notation, &start.notation) {
                    (Notation::Utc, Notation::Zoned(zone)) => zone.local_of(until.local.and_utc()),
                    _ => until.local,
                };
                format!(" until {}", local.format("%-d %b %Y"))
            }
        }
    }

    /// Everything but the end; `None` if it takes more than a sentence.
    fn turns(&self, start: &Moment) -> Option<String> {
        let times = [&self.by_second, &self.by_minute, &self.by_hour];
        let odd = !self.by_week_no.is_empty() || !self.by_year_day.is_empty();
        if odd || times.iter().any(|list| !list.is_empty()) {
            return None;
        }
        if !matches!(self.freq, Freq::Monthly | Freq::Yearly) && !self.by_month.is_empty() {
            return None;
        }
        let chooses = !self.by_set_pos.is_empty();
        match self.freq {
            Freq::Monthly => Some(format!(
                "On the {} of {}",
                self.in_month(start)?,
                self.each("month")
            )),
            Freq::Yearly => self.in_year(start),
            _ if chooses || !self.by_month_day.is_empty() => None,
            Freq::Weekly => Some(self.in_week(start)),
            Freq::Daily if self.by_day.is_empty() => Some(self.every_words("day")),
            Freq::Daily if self.interval.get() == 1 => Some(self.in_week(start)),
            _ if !self.by_day.is_empty() => None,
            Freq::Hourly => Some(self.every_words("hour")),
            Freq::Minutely => Some(self.every_words("minute")),
            _ => Some(self.every_words("second")),
        }
    }

    /// “Every day”, “Every second day”, “Every 20 minutes”.
    fn every_words(&self, unit: &str) -> String {
        match self.interval.get() {
            1 => format!("Every {unit}"),
            2 if unit != "second" => format!("Every second {unit}"),
            n => format!("Every {n} {unit}s"),
        }
    }

    /// “each month”, “every second month”.
    fn each(&self, unit: &str) -> String {
        match self.interval.get() {
            1 => format!("each {unit}"),
            n => ordinal_word(n).map_or_else(
                || format!("every {} {unit}", numeral(n)),
                |word| format!("every {word} {unit}"),
            ),
        }
    }

    fn in_week(&self, start: &Moment) -> String {
        let own = [NthDay {
            nth: 0,
            day: start.local.weekday(),
        }];
        let days = if self.by_day.is_empty() {
            own.as_slice()
        } else {
            &self.by_day
        };
        let every = self.interval.get() == 1;
        match (day_group(days), days) {
            (Some(group), _) if every => format!("Every {group}"),
            (Some(group), _) => format!("{} on every {group}", self.every_words("week")),
            (None, [only]) if self.interval.get() <= 2 => self.every_words(weekday(only.day)),
            (None, days) if every => format!("Every {}", weekdays(days)),
            (None, days) => format!("{} on {}", self.every_words("week"), weekdays(days)),
        }
    }

    /// “last Friday”, “1st and 15th”, “last weekday”.
    fn in_month(&self, start: &Moment) -> Option<String> {
        if !self.by_month.is_empty() && self.freq == Freq::Monthly {
            return None;
        }
        match (
            self.by_day.as_slice(),
            self.by_month_day.as_slice(),
            self.by_set_pos.as_slice(),
        ) {
            ([], [], []) => Some(numeral(start.local.day())),
            ([], days, []) => Some(joined(&month_days(days))),
            (days, [], []) => {
                let one =
                    |d: &NthDay| (d.nth != 0).then(|| nth_day(i16::from(d.nth), weekday(d.day)));
                let named: Option<Vec<String>> = days.iter().map(|d| one(d)?).collect();
                Some(joined(&named?))
            }
            (days, [], [position]) if days.iter().all(|d| d.nth == 0) => {
                let group = match days {
                    [only] => weekday(only.day).to_owned(),
                    days => day_group(days)?.to_owned(),
                };
                nth_day(*position, &group)
            }
            _ => None,
        }
    }

    /// “Each year on 3 March”, “Each year on the fourth Thursday of November”.
    fn in_year(&self, start: &Moment) -> Option<String> {
        let months: Vec<String> = match self.by_month.as_slice() {
            [] if self.by_day.is_empty() => vec![month(start.local.month())?],
            [] => return None,
            given => given
                .iter()
                .map(|m| month(u32::from(*m)))
                .collect::<Option<_>>()?,
        };
        let plain = self.by_day.is_empty() && self.by_set_pos.is_empty();
        // A position is one of the year, and so of the month only if there is but one.
        if !self.by_set_pos.is_empty() && months.len() > 1 {
            return None;
        }
        let day = match self.by_month_day.as_slice() {
            [] if plain => Some(start.local.day().to_string()),
            [only] if plain && *only > 0 => Some(only.to_string()),
            _ => None,
        };
        let on = match day {
            Some(day) if months.len() == 1 => format!("{day} {}", months.first()?),
            _ => format!("the {} of {}", self.in_month(start)?, joined(&months)),
        };
        let each = self.each("year");
        let (first, rest) = each.split_at_checked(1)?;
        Some(format!("{}{rest} on {on}", first.to_uppercase()))
    }
}

fn weekday(day: Weekday) -> &'static str {
    let index = usize::try_from(day.num_days_from_monday());
    index.ok().and_then(|i| WEEKDAYS.get(i)).unwrap_or(&"day")
}

fn weekdays(days: &[NthDay]) -> String {
    let names: Vec<String> = days.iter().map(|d| weekday(d.day).to_owned()).collect();
    joined(&names)
}

fn month(number: u32) -> Option<String> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    MONTHS.get(index).map(|name| (*name).to_owned())
}

/// The word for days that belong together: all of them, the working ones, those of the weekend.
fn day_group(days: &[NthDay]) -> Option<&'static str> {
    let numbers: Vec<u32> = days.iter().map(|d| d.day.num_days_from_monday()).collect();
    match numbers.as_slice() {
        [0, 1, 2, 3, 4, 5, 6] => Some("day"),
        [0, 1, 2, 3, 4] => Some("weekday"),
        [5, 6] => Some("day of the weekend"),
        _ => None,
    }
}

/// “a, b and c”.
fn joined(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

fn ordinal_word(number: u32) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    ORDINALS.get(index).copied()
}

/// “1st”, “22nd”.
fn numeral(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// “third Friday”, “last Friday”, “second to last Friday”.
fn nth_day(nth: i16, day: &str) -> Option<String> {
    let word = ordinal_word(u32::from(nth.unsigned_abs()))?;
    Some(match nth {
        -1 => format!("last {day}"),
        ..=-2 => format!("{word} to last {day}"),
        _ => format!("{word} {day}"),
    })
}

/// The days of a month, those from its end after those from its start.
fn month_days(days: &[i16]) -> Vec<String> {
    let (from_end, from_start): (Vec<i16>, Vec<i16>) = days.iter().partition(|day| **day < 0);
    let numeral = |day: &i16| numeral(u32::from(day.unsigned_abs()));
    let last = |day: &i16| match day {
        -1 => "last day".to_owned(),
        day => format!("{} to last day", numeral(day)),
    };
    from_start
        .iter()
        .map(numeral)
        .chain(from_end.iter().rev().map(last))
        .collect()
}
