//! A request for leave as its plain form sends it, so that its page works before it is awake. The
//! browser reads the same fields to count what they would cost.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::accrual::Part;
use model::attendance::views::{LeaveForm, LeaveView};
use model::{FieldError, LeaveRequestId, LeaveTypeId, PersonId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// What the form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct LeaveFields {
    /// Which kind, by id.
    pub type_id: String,
    /// The first day, as `2026-11-23`.
    pub from_day: String,
    /// The last day; empty for one day alone.
    pub to_day: String,
    /// How much of it: `full`, `am`, `pm`.
    pub part: String,
    /// Whose leave it is, by id; empty for one's own.
    pub person: String,
    /// Why.
    pub note: String,
    /// The newest request that the page knew. It tells a request from an earlier one like it.
    pub seen: String,
}

impl LeaveFields {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<LeaveForm, Problem> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        let type_id: Option<LeaveTypeId> = self.type_id.trim().parse().ok();
        let from_day: Option<NaiveDate> = self.from_day.trim().parse().ok();
        let to_day = match self.to_day.trim() {
            "" => from_day,
            text => text.parse().ok(),
        };
        let part: Option<Part> = match self.part.trim() {
            "" => Some(Part::Full),
            word => word.parse().ok(),
        };
        if type_id.is_none() {
            wrong("type_id", "Choose a kind of leave.");
        }
        if from_day.is_none() {
            wrong("from_day", "Choose the first day.");
        }
        if to_day.is_none() && from_day.is_some() {
            wrong("to_day", "Choose the last day.");
        }
        if part.is_none() {
            wrong("part", "Choose how much of the day.");
        }
        match (type_id, from_day, to_day, part) {
            (Some(type_id), Some(from_day), Some(to_day), Some(part)) => Ok(LeaveForm {
                type_id,
                from_day,
                to_day,
                part,
                note: self.note.trim().to_owned(),
            }),
            _ => Err(Problem::invalid(errors)),
        }
    }

    /// Whose leave it is; nobody for one's own.
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

    /// A key that is the same for every try to send the same form.
    pub fn key(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("page:leave:{:016x}", hasher.finish())
    }
}

/// Asks for leave, or gives it to somebody for whom the reader decides.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for days that are taken; 404 for somebody for whom others
/// decide.
#[server(prefix = "/fn")]
pub async fn ask_leave(
    /// What was typed.
    form: LeaveFields,
) -> Result<LeaveView, ApiError> {
    let actor = crate::ssr::actor()?;
    let person = form.whose()?;
    if person.is_none() {
        actor.require(model::Permission::AttendanceSelf)?;
    } else if !actor.may(model::Permission::AttendanceManage) {
        actor.require(model::Permission::AttendanceApprove)?;
    }
    let asked = form.read()?;
    let (service, key) = (super::service()?, form.key());
    let request = match person {
        Some(person) => service.give_leave(&actor, person, &asked, &key).await?,
        None => service.request_leave(&actor, &asked, &key).await?,
    };
    crate::api::scheduling::forms::lead_on(&crate::paths::leave_days(person));
    Ok(request)
}

/// Ends granted leave of somebody for whom the reader decides.
///
/// # Errors
/// 422 for a day that is not of this leave, or without a reason; 409 when it was changed meanwhile; 404
/// for leave that is not the reader's to decide.
#[server(prefix = "/fn")]
pub async fn end_leave(
    /// Which.
    id: LeaveRequestId,
    /// The version that was seen.
    version: i32,
    /// The first day that is no leave any more, as typed.
    from: String,
    /// Why.
    reason: String,
) -> Result<LeaveView, ApiError> {
    let actor = crate::ssr::actor()?;
    if !actor.may(model::Permission::AttendanceManage) {
        actor.require(model::Permission::AttendanceApprove)?;
    }
    let from_day = from.trim().parse::<NaiveDate>().map_err(|_| {
        Problem::invalid_field("from", "Choose the first day that is no leave any more.")
    })?;
    let ended = super::service()?
        .end_leave(&actor, id, version, from_day, &reason)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::leave_days(Some(ended.employee.id)));
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> LeaveFields {
        LeaveFields {
            type_id: "019a2b3c-4d5e-7f60-8123-456789abcdef".into(),
            from_day: "2026-11-23".into(),
            ..LeaveFields::default()
        }
    }

    #[test]
    fn one_day_needs_no_last_day() {
        let form = typed().read().expect("a request");
        assert_eq!(form.from_day, form.to_day);
        assert_eq!(form.part, Part::Full);
    }

    #[test]
    fn each_field_has_its_error() {
        let fields = LeaveFields {
            to_day: "later".into(),
            part: "most".into(),
            ..typed()
        };
        let problem = fields.read().expect_err("two things are wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["to_day", "part"]);
    }

    #[test]
    fn a_form_says_whose_leave_it_is() {
        assert_eq!(typed().whose(), Ok(None));
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let theirs = LeaveFields {
            person: id.into(),
            ..typed()
        };
        assert_eq!(theirs.whose(), Ok(id.parse().ok()));
        assert_ne!(theirs.key(), typed().key());
        let nobody = LeaveFields {
            person: "me".into(),
            ..typed()
        };
        assert!(nobody.whose().is_err());
    }

    #[test]
    fn the_same_wish_once_more_is_another_request() {
        let (one, mut other) = (typed(), typed());
        assert_eq!(one.key(), other.key());
        other.seen = "019a2b3c-4d5e-7f60-8123-456789abcdff".into();
        assert_ne!(one.key(), other.key());
    }
}
