//! A correction as its plain form sends it, so that the page of a day works before it is awake. The
//! browser reads the same fields for the preview; [`ask_correction`] reads them for good.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use leptos::prelude::*;
use model::attendance::day::Direction;
use model::attendance::views::{Change, CorrectionForm, CorrectionView};
use model::{FieldError, PersonId, Problem, PunchId};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// How a punch's time stood in the form before it was changed.
pub const WAS: &str = "%Y-%m-%dT%H:%M";

/// What the form sends. Fields that come together have one entry a row each: first a row for each
/// punch that is there, then rows for punches that are missing. Times are those of the clocks where
/// the person works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionFields {
    /// The date whose day it is, as `2026-11-23`.
    pub date: String,
    /// Whose day it is, by id; empty for one's own.
    pub person: String,
    /// How many requests the day had already. It tells a request from an earlier one like it.
    pub seen: String,
    /// The punch of each row; empty for one that is missing.
    pub punch: Vec<String>,
    /// When it was, as it stood in the form, such as `2026-11-23T08:56`.
    pub was: Vec<String>,
    /// Which way it went, as it stood in the form.
    pub had: Vec<String>,
    /// On which day it was, as typed.
    pub day: Vec<String>,
    /// When, as typed, such as `08:56`.
    pub time: Vec<String>,
    /// Which way, as chosen.
    pub direction: Vec<String>,
    /// The rows whose punch is none, by number from 0.
    pub left_out: Vec<String>,
    /// The punches that were left out and are to be put back, by id.
    pub put_back: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Instead of a row: what is put back has none.
pub const PUT_BACK: usize = usize::MAX;

/// What a form asks for: each change with the number of its row.
type Changes = Vec<(usize, Change)>;

impl CorrectionFields {
    /// Whose day it is; nobody for one's own.
    ///
    /// # Errors
    /// 404 for what is no id.
    pub fn whose(&self) -> Result<Option<PersonId>, Problem> {
        match self.person.trim() {
            "" => Ok(None),
            id => {
                let id = id.parse().map_err(|_| Problem::not_found("person"))?;
                Ok(Some(id))
            }
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.punch.len().max(self.time.len())
    }

    /// Whether the punch of a row is to be left out.
    pub fn leaves_out(&self, row: usize) -> bool {
        self.left_out.iter().any(|text| text.parse() == Ok(row))
    }

    /// What is asked for, and from which row each change comes.
    ///
    /// # Errors
    /// 422 with each row that cannot be read, and with what else is wrong.
    pub fn read(&self) -> Result<(CorrectionForm, Vec<usize>), Problem> {
        let date = self.date.parse::<NaiveDate>();
        let work_date = date.map_err(|_| Problem::not_found("day"))?;
        let (changes, mut errors) = match self.changes() {
            Ok(changes) => (changes, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let is_readable = errors.is_empty();
        let (rows, changes) = changes.into_iter().unzip();
        let form = CorrectionForm {
            work_date,
            changes,
            reason: self.reason.trim().to_owned(),
        };
        // Rows that cannot be read are changes all the same.
        let of_form = form.errors().into_iter();
        errors.extend(of_form.filter(|error| is_readable || error.field != "changes"));
        if errors.is_empty() {
            Ok((form, rows))
        } else {
            Err(Problem::invalid(errors))
        }
    }

    /// What a preview asks for; nothing as long as nothing is changed. It needs no reason yet.
    ///
    /// # Errors
    /// 422 with each row that cannot be read.
    pub fn for_preview(&self) -> Result<Option<CorrectionForm>, Problem> {
        let changes = self.changes().map_err(Problem::invalid)?;
        let date = self.date.parse::<NaiveDate>();
        let work_date = date.map_err(|_| Problem::not_found("day"))?;
        if changes.is_empty() {
            return Ok(None);
        }
        Ok(Some(CorrectionForm {
            work_date,
            changes: changes.into_iter().map(|(_, change)| change).collect(),
            reason: self.reason.trim().to_owned(),
        }))
    }

    /// A key that is the same for every try to send the same form.
    pub fn key(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("page:{}:{:016x}", self.date, hasher.finish())
    }

    fn changes(&self) -> Result<Changes, Vec<FieldError>> {
        let (mut changes, mut errors) = (Vec::new(), Vec::new());
        for row in 0..self.rows() {
            match self.row(row) {
                Ok(found) => changes.extend(found.into_iter().map(|change| (row, change))),
                Err(message) => errors.push(FieldError {
                    field: row_field(row),
                    message: message.to_owned(),
                }),
            }
        }
        for punch in &self.put_back {
            match punch.trim().parse::<PunchId>() {
                Ok(punch) => changes.push((PUT_BACK, Change::Restore { punch })),
                Err(_) => errors.push(FieldError {
                    field: row_field(PUT_BACK),
                    message: "Load the page again: this punch is not known.".to_owned(),
                }),
            }
        }
        if errors.is_empty() {
            Ok(changes)
        } else {
            Err(errors)
        }
    }

    fn row(&self, row: usize) -> Result<Vec<Change>, &'static str> {
        let punch = at(&self.punch, row);
        if punch.is_empty() {
            return self.added(row);
        }
        let punch = punch
            .parse::<PunchId>()
            .map_err(|_| "Load the page again: this punch is not known.")?;
        if self.leaves_out(row) {
            return Ok(vec![Change::Void { punch }]);
        }
        let when = self
            .when(row)?
            .ok_or("Give a time, or leave the punch out.")?;
        let way = self.way(row)?;
        let mut changes = Vec::new();
        if at(&self.was, row) != when.format(WAS).to_string() {
            changes.push(Change::SetTime { punch, at: when });
        }
        if at(&self.had, row) != way.as_str() {
            changes.push(Change::SetDirection {
                punch,
                direction: way,
            });
        }
        Ok(changes)
    }

    /// A row without a time adds nothing.
    fn added(&self, row: usize) -> Result<Vec<Change>, &'static str> {
        let Some(when) = self.when(row)? else {
            return Ok(Vec::new());
        };
        let direction = self.way(row)?;
        if direction == Direction::Unknown {
            return Err("Say which way it went.");
        }
        Ok(vec![Change::Add {
            at: when,
            direction,
        }])
    }

    fn when(&self, row: usize) -> Result<Option<NaiveDateTime>, &'static str> {
        let time = at(&self.time, row);
        if time.is_empty() {
            return Ok(None);
        }
        let time = time_of(time).ok_or("Write the time as 08:56.")?;
        let day = at(&self.day, row).parse::<NaiveDate>();
        let day = day.map_err(|_| "Choose the day.")?;
        Ok(Some(day.and_time(time)))
    }

    fn way(&self, row: usize) -> Result<Direction, &'static str> {
        at(&self.direction, row)
            .parse()
            .map_err(|_| "Say which way it went.")
    }
}

/// The name of a row in errors.
pub fn row_field(row: usize) -> String {
    match row {
        PUT_BACK => "put_back".to_owned(),
        row => format!("rows[{row}]"),
    }
}

fn at(column: &[String], row: usize) -> &str {
    column.get(row).map_or("", |text| text.trim())
}

/// A time of day as browsers send it.
fn time_of(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .ok()
}

/// Asks for one's own day to be put right, or puts that of somebody right for whom the reader decides.
///
/// # Errors
/// 422 with what cannot be, under the names of the form's rows; 404 for somebody for whom others decide.
#[server(prefix = "/fn")]
pub async fn ask_correction(
    /// What was typed.
    form: CorrectionFields,
) -> Result<CorrectionView, ApiError> {
    let actor = crate::ssr::actor()?;
    let person = form.whose()?;
    if person.is_none() {
        actor.require(model::Permission::AttendanceSelf)?;
    } else if !actor.may(model::Permission::AttendanceManage) {
        actor.require(model::Permission::AttendanceApprove)?;
    }
    let (asked, rows) = form.read()?;
    let (service, key) = (super::service()?, form.key());
    let made = match person {
        Some(person) => service.make_correction(&actor, person, &asked, &key).await,
        None => service.request_correction(&actor, &asked, &key).await,
    };
    let request = made.map_err(|error| by_row(error.into(), &rows))?;
    let page = crate::paths::attendance_day(asked.work_date, person);
    crate::api::scheduling::forms::lead_on(&page);
    Ok(request)
}

/// The service knows changes by their number; the form has them in rows.
#[cfg(any(feature = "ssr", test))]
fn by_row(mut problem: Problem, rows: &[usize]) -> Problem {
    for error in &mut problem.errors {
        let number = error
            .field
            .strip_prefix("changes[")
            .and_then(|rest| rest.split(']').next())
            .and_then(|number| number.parse::<usize>().ok());
        if let Some(row) = number.and_then(|number| rows.get(number)) {
            error.field = row_field(*row);
        }
    }
    problem
}

#[cfg(test)]
#[path = "forms_tests.rs"]
mod tests;
