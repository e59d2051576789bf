//! The derivation as JSON: one case in, its days out. The command `punctual attendance derive`, the
//! preview on a page and the fixtures of the rules all speak it.
//!
//! Reading is strict and says in one line what it does not take: line, column, field and reason.
//! What comes out is the same text for the same case, byte for byte.

mod place;
mod raw;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::day::Derived;
use super::derive::{Input, Leave, PunchIn, PunchTime, ShiftInstance, derive};
use super::policy::wrong_tier;
use super::shift::BreakTier;

/// One case: what is known of one person.
#[derive(Clone, Debug)]
pub struct Case {
    /// What goes into the rules.
    pub input: Input,
}

/// A case that was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{message}", .field.prefix())]
pub struct CaseError {
    /// The line, from one.
    pub line: usize,
    /// The column, from one, in bytes.
    pub column: usize,
    /// The field, for example `punches[2].at`.
    pub field: Field,
    /// What is wrong with it.
    pub message: String,
}

/// The name of a field within a case; empty for the case itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field(pub String);

impl Field {
    fn prefix(&self) -> String {
        if self.0.is_empty() {
            String::new()
        } else {
            format!("{}: ", self.0)
        }
    }
}

/// A field that makes no sense, and why.
type Refused = (String, String);

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// [`CaseError`] for the first thing in the text that is not understood, or makes no sense.
    pub fn from_json(text: &str) -> Result<Self, CaseError> {
        if text.trim_start().starts_with('[') {
            return Err(CaseError {
                line: 1,
                column: 1,
                field: Field(String::new()),
                message: "a case is an object, not a list".to_owned(),
            });
        }
        let raw: raw::Case = serde_json::from_str(text).map_err(|error| unread(text, &error))?;
        let input = checked(raw).map_err(|(field, message)| {
            let (line, column) = place::locate(text, &field);
            CaseError {
                line,
                column,
                field: Field(field),
                message,
            }
        })?;
        Ok(Self { input })
    }

    /// The days of the case.
    pub fn derive(&self) -> Derived {
        derive(&self.input)
    }
}

/// What was derived, as JSON.
pub fn to_json(derived: &Derived) -> String {
    // Strings, numbers and lists of them always have a JSON form.
    serde_json::to_string_pretty(derived).unwrap_or_default()
}

fn unread(text: &str, error: &serde_json::Error) -> CaseError {
    let (line, column) = (error.line(), error.column());
    let whole = error.to_string();
    // The place is told in front.
    let message = match whole.rfind(" at line ") {
        Some(cut) => whole[..cut].to_owned(),
        None => whole,
    };
    let message = message.lines().collect::<Vec<_>>().join(" ");
    let field = if error.is_data() {
        let wholes = ["missing field", "invalid length"];
        let of_whole = wholes.iter().any(|start| message.starts_with(start));
        place::path_at(text, line, column, of_whole)
    } else {
        String::new()
    };
    CaseError {
        line: line.max(1),
        column: column.max(1),
        field: Field(field),
        message,
    }
}

fn checked(raw: raw::Case) -> Result<Input, Refused> {
    if let Some(error) = raw.policy.errors().into_iter().next() {
        return Err((format!("policy.{}", error.field), error.message));
    }
    let mut input = Input {
        zone: raw.zone.0,
        now: raw.now.map(|at| at.0.to_utc()),
        policy: raw.policy,
        schedule: Vec::with_capacity(raw.schedule.len()),
        holidays: raw.holidays.into_iter().map(Into::into).collect(),
        days_off: raw.days_off.into_iter().map(|date| date.0).collect(),
        devices_reported_until: raw.devices_reported_until.map(|at| at.0.to_utc()),
        punches: Vec::with_capacity(raw.punches.len()),
    };
    for (number, shift) in raw.schedule.into_iter().enumerate() {
        let shift = self::shift(shift);
        let shift = shift.map_err(|(field, why)| (format!("schedule[{number}]{field}"), why))?;
        input.schedule.push(shift);
    }
    for (number, punch) in raw.punches.into_iter().enumerate() {
        let punch = self::punch(punch, number);
        let punch = punch.map_err(|(field, why)| (format!("punches[{number}]{field}"), why))?;
        input.punches.push(punch);
    }
    let holidays = input.holidays.iter().map(|holiday| holiday.date);
    for (list, dates) in [
        ("holidays", holidays.collect::<Vec<_>>()),
        ("daysOff", input.days_off.clone()),
    ] {
        for (number, date) in dates.into_iter().enumerate() {
            let year = year_of(date);
            year.map_err(|why| (format!("{list}[{number}]"), why))?;
        }
    }
    unique_ids(&input.punches)?;
    Ok(input)
}

fn year_of(date: NaiveDate) -> Result<(), String> {
    use chrono::Datelike;
    let is_known = (1901..2199).contains(&date.year());
    is_known
        .then_some(())
        .ok_or_else(|| format!("{date} is in no year in which anybody works here"))
}

fn shift(raw: raw::Shift) -> Result<ShiftInstance, Refused> {
    let refuse = |field: &str, why: &str| Err((format!(".{field}"), why.to_owned()));
    year_of(raw.work_date.0).map_err(|why| (".workDate".to_owned(), why))?;
    let mut shift = ShiftInstance::new(raw.work_date.0, raw.start.0, raw.end.0);
    let tiers = raw.break_tiers.unwrap_or_default();
    for (number, tier) in tiers.into_iter().enumerate() {
        let tier = BreakTier::from(tier);
        if let Some(why) = wrong_tier(&tier) {
            return refuse(&format!("breakTiers[{number}]"), why);
        }
        shift.break_tiers.push(tier);
    }
    let numbers = [
        ("minBreakPieceMinutes", raw.min_break_piece_minutes),
        ("maxBreakMinutes", raw.max_break_minutes),
        ("graceLateMinutes", raw.grace_late_minutes),
        ("graceEarlyMinutes", raw.grace_early_minutes),
        ("captureBeforeMinutes", raw.capture_before_minutes),
        ("captureAfterMinutes", raw.capture_after_minutes),
    ];
    for (field, minutes) in numbers {
        if minutes.is_some_and(|minutes| !(0..=1440).contains(&minutes)) {
            return refuse(field, "Give 0 to 1440.");
        }
    }
    shift.leave = match (raw.leave, raw.leave_hours) {
        (None, None) => None,
        (Some(raw::LeaveWord::Hours), Some([from, to])) => Some(Leave::Hours(from.0, to.0)),
        (Some(raw::LeaveWord::Hours), None) => {
            return refuse(
                "leave",
                "Hours of leave need leaveHours, such as [\"09:00\", \"11:00\"].",
            );
        }
        (_, Some(_)) => return refuse("leaveHours", "They go with leave “hours” alone."),
        (Some(raw::LeaveWord::Am), None) => Some(Leave::Half(super::derive::Half::Am)),
        (Some(raw::LeaveWord::Pm), None) => Some(Leave::Half(super::derive::Half::Pm)),
        (Some(raw::LeaveWord::Full), None) => Some(Leave::Full),
    };
    shift.halves = raw
        .halves
        .map(|halves| halves.map(|half| half.map(|time| time.0)));
    if let Some(halves) = shift.halves
        && !are_in_order(&shift, halves)
    {
        return refuse(
            "halves",
            "The halves lie within the shift, one after the other.",
        );
    }
    shift.zone = raw.zone.map(|zone| zone.0);
    shift.min_break_piece_minutes = raw.min_break_piece_minutes.unwrap_or(0);
    shift.max_break_minutes = raw.max_break_minutes.unwrap_or(120);
    shift.approved_early = raw.approved_early.unwrap_or(false);
    shift.grace_late_minutes = raw.grace_late_minutes;
    shift.grace_early_minutes = raw.grace_early_minutes;
    shift.capture_before_minutes = raw.capture_before_minutes;
    shift.capture_after_minutes = raw.capture_after_minutes;
    shift.pairing = raw.pairing;
    Ok(shift)
}

fn are_in_order(shift: &ShiftInstance, halves: [[super::shift::TimeOfDay; 2]; 2]) -> bool {
    let length = match shift.start.until(shift.end) {
        0 => 24 * 60,
        minutes => minutes,
    };
    let [am, pm] = halves.map(|[from, to]| {
        let begins = shift.start.until(from);
        begins..=begins + from.until(to)
    });
    let is_some = am.start() < am.end() && pm.start() < pm.end();
    is_some && am.end() <= pm.start() && *pm.end() <= length
}

fn punch(raw: raw::Punch, number: usize) -> Result<PunchIn, Refused> {
    let time = match (raw.at, raw.local) {
        (Some(at), None) => PunchTime::At(at.0),
        (None, Some(local)) => PunchTime::Local(local.0),
        (None, None) => {
            let why = "A punch needs its time: “at” with an offset, or “local” without.";
            return Err((String::new(), why.to_owned()));
        }
        (Some(_), Some(_)) => {
            let why = "Give “at” or “local”, not both.";
            return Err((".local".to_owned(), why.to_owned()));
        }
    };
    let mut punch = PunchIn::new(time);
    if raw.id.as_deref().is_some_and(|id| id.trim().is_empty()) {
        return Err((".id".to_owned(), "An id is not empty.".to_owned()));
    }
    punch.id = raw.id;
    punch.zone = raw.zone.map(|zone| zone.0);
    punch.direction = raw.direction.unwrap_or(super::day::Direction::Unknown);
    punch.trusted = raw.trusted.unwrap_or(false);
    punch.source = raw.source;
    punch.received_at = raw.received_at.map(|at| at.0.to_utc());
    // A device sends its punches in its own order.
    punch.sequence = raw.sequence.or(i64::try_from(number).ok());
    punch.device_since = raw.device_since.map(|at| at.0.to_utc());
    punch.skew_seconds = raw.skew_seconds;
    punch.set_by_hand = raw.set_by_hand.unwrap_or(false);
    Ok(punch)
}

/// An id that comes again must be of the same punch, sent again.
fn unique_ids(punches: &[PunchIn]) -> Result<(), Refused> {
    let mut known: BTreeMap<&str, &PunchIn> = BTreeMap::new();
    for (number, punch) in punches.iter().enumerate() {
        let Some(id) = punch.id.as_deref() else {
            continue;
        };
        let first = *known.entry(id).or_insert(punch);
        if first.time != punch.time || first.source != punch.source {
            let why = format!("“{id}” is the id of another punch already");
            return Err((format!("punches[{number}].id"), why));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
