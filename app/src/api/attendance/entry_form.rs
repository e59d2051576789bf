//! Somebody's leave as HR sees it, and an entry by hand as its plain form sends it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::views::{HandEntry, LeaveEntered, LeaveEntryForm, LedgerPage};
use model::{LeaveEntryId, LeaveTypeId, PersonId, Problem};
use serde::{Deserialize, Serialize};

use super::roster_form::{Wrong, scaled};
use crate::api::ApiError;

/// The longest working day, in minutes.
const LONGEST_DAY: i64 = 24 * 60;

/// What the form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct EntryFields {
    /// Whose leave.
    pub employee: String,
    /// Which kind.
    pub type_id: String,
    /// `grant` or `correction`.
    pub entry: String,
    /// How much more or less.
    pub amount: String,
    /// Of what: `days` or `hours`.
    pub unit: String,
    /// How many minutes a day has, as the page said.
    pub day_minutes: i64,
    /// The first day on which it counts.
    pub day: String,
    /// Why.
    pub reason: String,
    /// The newest entry that the page knew. It tells an entry from an earlier one like it.
    pub seen: String,
}

impl EntryFields {
    /// What is entered.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<LeaveEntryForm, Problem> {
        let mut wrong = Wrong::default();
        let type_id: Option<LeaveTypeId> = wrong.choice("type_id", &self.type_id);
        if self.type_id.trim().is_empty() {
            wrong.add("type_id", "Choose a kind of leave.");
        }
        let entry = wrong.word("entry", &self.entry, HandEntry::Correction);
        let unit = match self.unit.trim() {
            "hours" => 60,
            _ if (1..=LONGEST_DAY).contains(&self.day_minutes) => self.day_minutes,
            _ => model::attendance::accrual::DAY_MINUTES,
        };
        let minutes = scaled(&self.amount, unit);
        if minutes.is_none() {
            wrong.add("amount", "Write a number, such as 2 or −0.5.");
        }
        let day: Option<NaiveDate> = self.day.trim().parse().ok();
        if day.is_none() {
            wrong.add("day", "Choose the day.");
        }
        let form = type_id.zip(minutes).zip(day);
        let form = form.map(|((type_id, minutes), day)| LeaveEntryForm {
            type_id,
            entry,
            minutes,
            day,
            reason: self.reason.trim().to_owned(),
        });
        wrong.unless(form)?.ok_or_else(Problem::internal)
    }

    /// A key that is the same for every try to send the same form.
    pub fn key(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("page:{:016x}", hasher.finish())
    }
}

/// Everything that moved somebody's leave.
///
/// # Errors
/// 403 without `attendance:manage`; 404 for somebody who is not there.
#[server(prefix = "/fn")]
pub async fn ledger_of(
    /// Whose.
    employee: PersonId,
) -> Result<LedgerPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.leave_ledger(&actor, employee).await?)
}

/// Enters more leave, or less.
///
/// # Errors
/// 422 with the fields that are wrong.
#[server(prefix = "/fn")]
pub async fn enter_leave(
    /// What was typed.
    form: EntryFields,
) -> Result<LeaveEntered, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let employee = form.employee.trim().parse();
    let employee: PersonId = employee.map_err(|_| Problem::not_found("person"))?;
    let entry = form.read()?;
    let entered = super::service()?
        .enter_leave(&actor, employee, &entry, &form.key())
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::leave_of(employee));
    Ok(entered)
}

/// Takes an entry by hand back, by another one.
///
/// # Errors
/// 422 without a reason, or for an entry that nobody made by hand; 404 when there is none.
#[server(prefix = "/fn")]
pub async fn take_back_entry(
    /// Which.
    id: LeaveEntryId,
    /// Why.
    reason: String,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?
        .take_back_leave_entry(&actor, id, &reason)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> EntryFields {
        EntryFields {
            type_id: "019a2b3c-4d5e-7f60-8123-456789abcdef".into(),
            entry: "grant".into(),
            amount: "2.5".into(),
            unit: "days".into(),
            day_minutes: 420,
            day: "2026-11-25".into(),
            reason: " Moved house ".into(),
            ..EntryFields::default()
        }
    }

    #[test]
    fn days_are_those_of_the_person() {
        let form = typed().read().expect("an entry");
        assert_eq!((form.minutes, form.reason.as_str()), (1_050, "Moved house"));
        let hours = EntryFields {
            unit: "hours".into(),
            amount: "-1,5".into(),
            ..typed()
        };
        assert_eq!(hours.read().map(|form| form.minutes), Ok(-90));
    }

    #[test]
    fn each_field_has_its_error() {
        let fields = EntryFields {
            type_id: String::new(),
            amount: "some".into(),
            day: "soon".into(),
            ..typed()
        };
        let problem = fields.read().expect_err("three things are wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["type_id", "amount", "day"]);
    }

    #[test]
    fn the_same_once_more_is_another_entry() {
        let (one, mut other) = (typed(), typed());
        assert_eq!(one.key(), other.key());
        other.seen = "019a2b3c-4d5e-7f60-8123-456789abcdff".into();
        assert_ne!(one.key(), other.key());
    }
}
