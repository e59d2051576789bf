//! Public holidays of a region. A [`Calendar`] comes from published data ([`Calendar::from_json`])
//! and from what HR writes ([`Calendar::from_text`]), one date a line:
//!
//! ```text
//! # what begins like this is a remark
//! 2026-12-24 half Christmas Eve
//! 2026-12-25 Christmas Day
//! ```
//!
//! `half` is the second half of the day, `half-am` the first. Published data often has school
//! breaks and observances among the holidays; [`Calendar::names`] lists what there is, and
//! [`Calendar::keep`] takes what counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::accrual::Part;
use crate::problem::{FieldError, Problem};

/// How published data and we join the names of one date.
const JOINED_BY: &str = "; ";
const MAX_NAME: usize = 200;
/// No more mistakes than this are told at once.
const MAX_ERRORS: usize = 20;

/// A public holiday.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// What it is called; several names are joined by `; `.
    pub name: String,
    /// Which part of the day it is.
    #[serde(default = "full")]
    pub part: Part,
}

const fn full() -> Part {
    Part::Full
}

impl Holiday {
    /// A whole day.
    pub fn full(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            part: Part::Full,
        }
    }

    /// Its names, one by one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.name.split(JOINED_BY).map(str::trim)
    }
}

/// What is wrong with a line of text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Line {line}: {message}")]
pub struct LineError {
    /// The line, from 1 on.
    pub line: usize,
    /// One sentence for a person.
    pub message: String,
}

/// All that is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextErrors(pub Vec<LineError>);

impl fmt::Display for TextErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for TextErrors {}

impl TextErrors {
    /// Status 422 about the field that held the text.
    pub fn problem(&self, field: &str) -> Problem {
        let errors = self.0.iter().map(|error| FieldError {
            field: field.to_owned(),
            message: error.to_string(),
        });
        Problem::invalid(errors.collect())
    }
}

/// Published data that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is no object of texts.
    #[error("holidays are an object of dates and names: {0}")]
    Shape(#[from] serde_json::Error),
    /// A key is no date.
    #[error("“{0}” is not a date such as 2026-12-25")]
    Date(String),
}

/// The holidays of one region.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Calendar(pub BTreeMap<NaiveDate, Holiday>);

impl Calendar {
    /// Reads published data, `{"2026-12-25": "Christmas Day", …}`, of some years only.
    ///
    /// # Errors
    /// [`JsonError`] when it is something else.
    pub fn from_json(json: &str, years: &RangeInclusive<i32>) -> Result<Self, JsonError> {
        let published: BTreeMap<String, String> = serde_json::from_str(json)?;
        let mut days = BTreeMap::new();
        for (key, name) in published {
            let Some(date) = parse_date(&key) else {
                return Err(JsonError::Date(key));
            };
            if years.contains(&date.year()) && !name.trim().is_empty() {
                days.insert(date, Holiday::full(name));
            }
        }
        Ok(Self(days))
    }

    /// Reads what somebody wrote, one date a line.
    ///
    /// # Errors
    /// [`TextErrors`] that name each line that cannot be read.
    pub fn from_text(text: &str) -> Result<Self, TextErrors> {
        let mut days = BTreeMap::new();
        let mut errors = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let message = match parse_line(line) {
                Ok((date, _)) if days.contains_key(&date) => {
                    format!("{date} is there already. Join its names by “;”.")
                }
                Ok((date, holiday)) => {
                    days.insert(date, holiday);
                    continue;
                }
                Err(message) => message,
            };
            let line = number + 1;
            errors.push(LineError { line, message });
        }
        errors.truncate(MAX_ERRORS);
        if errors.is_empty() {
            Ok(Self(days))
        } else {
            Err(TextErrors(errors))
        }
    }

    /// The text that [`Calendar::from_text`] reads.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (date, holiday) in &self.0 {
            let name = &holiday.name;
            let mark = match holiday.part {
                Part::Pm => "half ",
                Part::Am => "half-am ",
                // A name may begin with a word that would be read as a mark.
                Part::Full if mark_of(name).is_some() => "full ",
                Part::Full => "",
            };
            // Nothing can go wrong in writing to a string.
            let _ = writeln!(text, "{date} {mark}{name}");
        }
        text
    }

    /// The same with another's dates. Of a date that both have, the other's word stands.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Only the names that are wanted; a date without any is no holiday.
    #[must_use]
    pub fn keep(self, wanted: impl Fn(&str) -> bool) -> Self {
        let kept = self.0.into_iter().filter_map(|(date, holiday)| {
            let names: Vec<_> = holiday.names().filter(|name| wanted(name)).collect();
            let name = names.join(JOINED_BY);
            (!name.is_empty()).then_some((date, Holiday { name, ..holiday }))
        });
        Self(kept.collect())
    }

    /// All names that there are, to choose from.
    pub fn names(&self) -> BTreeSet<&str> {
        self.0.values().flat_map(Holiday::names).collect()
    }

    /// The holiday on a date.
    pub fn on(&self, date: NaiveDate) -> Option<&Holiday> {
        self.0.get(&date)
    }

    /// The holidays of a year, in order.
    pub fn of_year(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &Holiday)> {
        let days = self.0.iter().filter(move |(date, _)| date.year() == year);
        days.map(|(date, holiday)| (*date, holiday))
    }
}

/// A date as `2026-12-25`, and in no other way.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let date = text.parse::<NaiveDate>().ok()?;
    (date.to_string() == text).then_some(date)
}

/// The mark with which a text begins, if it begins with one, and what follows.
fn mark_of(text: &str) -> Option<(Part, &str)> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let part = match word.to_lowercase().as_str() {
        "half" | "half-pm" => Part::Pm,
        "half-am" => Part::Am,
        "full" => Part::Full,
        _ => return None,
    };
    Some((part, rest.trim_start()))
}

fn parse_line(line: &str) -> Result<(NaiveDate, Holiday), String> {
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let date = parse_date(first).ok_or_else(|| {
        format!("“{first}” is not a date of the calendar. Begin with one such as 2026-12-25.")
    })?;
    let rest = rest.trim();
    let (part, name) = mark_of(rest).unwrap_or((Part::Full, rest));
    let name = name.trim();
    if name.is_empty() {
        return Err(format!("Say what holiday {date} is."));
    }
    if name.chars().count() > MAX_NAME {
        return Err(format!("Use at most {MAX_NAME} characters for a name."));
    }
    if name.chars().any(char::is_control) {
        return Err("Use characters that can be printed.".to_owned());
    }
    let name = name.to_owned();
    Ok((date, Holiday { name, part }))
}

#[cfg(test)]
#[path = "holidays_tests.rs"]
mod tests;
