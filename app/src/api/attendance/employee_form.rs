//! Employees and sites, as their pages ask for them, and each as its plain form sends it.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::views::{EmployeeForm, EmployeePage, EmployeesPage, Site};
use model::{PersonId, PolicyId, Problem, SiteId};
use serde::{Deserialize, Serialize};

use super::roster_form::Wrong;
use crate::api::ApiError;

/// What the form of an employee sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmployeeFields {
    /// Whose, by id.
    pub id: String,
    /// The version that was seen.
    pub version: String,
    /// The employee number; empty for none.
    pub number: String,
    /// The first day of employment; empty for that of the first terms.
    pub employed_from: String,
    /// The last one; empty as long as it is not known.
    pub employed_until: String,
    /// The first day of the terms.
    pub from: String,
    /// How days are derived, by id.
    pub policy: String,
    /// In which team; empty for none.
    pub team: String,
    /// Who decides requests, by address or number; empty for nobody.
    pub manager: String,
    /// Where, by id; empty for nowhere that has a name.
    pub site: String,
    /// Whose holidays count; empty for none.
    pub region: String,
}

impl EmployeeFields {
    /// What is said of somebody.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<EmployeeForm, Problem> {
        let mut wrong = Wrong::default();
        let from = self.from.trim().parse::<NaiveDate>();
        let from = from.unwrap_or_else(|_| {
            wrong.add("fromDay", "Write a day such as 2026-11-24.");
            NaiveDate::MIN
        });
        let employed_from = day_if_any(&mut wrong, "employedFrom", &self.employed_from);
        let employed_until = day_if_any(&mut wrong, "employedUntil", &self.employed_until);
        let policy = wrong.choice::<PolicyId>("policy", &self.policy);
        if self.policy.trim().is_empty() {
            wrong.add("policy", "Choose the terms.");
        }
        let site = wrong.choice::<SiteId>("site", &self.site);
        let region = self.region.trim();
        // A version that cannot be read is not the last one.
        let version = self.version.trim().parse().unwrap_or(0);
        let form = policy.map(|policy| EmployeeForm {
            version,
            number: self.number.trim().to_owned(),
            employed_from,
            employed_until,
            from,
            policy,
            team: self.team.trim().to_owned(),
            manager: self.manager.trim().to_owned(),
            site,
            region: Some(region.to_owned()).filter(|region| !region.is_empty()),
        });
        wrong
            .unless(form)?
            .ok_or_else(|| Problem::invalid_field("policy", "Choose the terms."))
    }
}

/// A day that need not be said.
fn day_if_any(wrong: &mut Wrong, field: &str, text: &str) -> Option<NaiveDate> {
    match text.trim() {
        "" => None,
        text => match text.parse() {
            Ok(day) => Some(day),
            Err(_) => {
                wrong.add(field, "Write a day such as 2026-11-24.");
                None
            }
        },
    }
}

/// Those who are still there, by name, each with number and terms of today.
///
/// # Errors
/// 403 without `attendance:manage`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn employees(
    /// Part of a name or address, or a number.
    search: Option<String>,
    /// Where the page before has ended.
    cursor: Option<String>,
) -> Result<EmployeesPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let (search, cursor) = (search.as_deref(), cursor.as_deref());
    Ok(super::service()?
        .employees_page(&actor, search, cursor)
        .await?)
}

/// Somebody, all terms, and what can be chosen.
///
/// # Errors
/// 403 without `attendance:manage`; 404.
#[server(prefix = "/fn")]
pub async fn employee(
    /// Whose.
    id: PersonId,
) -> Result<EmployeePage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.employee_page(&actor, id).await?)
}

/// Keeps the number of somebody and their terms from a day on.
///
/// # Errors
/// 422 with what is wrong; 409 if somebody else was quicker; 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn keep_employee(
    /// What was typed.
    form: EmployeeFields,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let id = form.id.trim();
    let id = id.parse().map_err(|_| Problem::not_found("person"))?;
    let said = form.read()?;
    super::service()?.save_employee(&actor, id, &said).await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::employee(id));
    Ok(())
}

/// Takes back the terms of somebody that begin on a day.
///
/// # Errors
/// 409 if somebody else was quicker; 422 for the only terms; 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn take_back_terms(
    /// Whose.
    id: PersonId,
    /// The first day of the terms.
    from: NaiveDate,
    /// The version that was seen.
    version: i32,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?
        .take_back_terms(&actor, id, from, version)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::employee(id));
    Ok(())
}

/// What the form of a site sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteFields {
    /// Which; empty for a new one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
}

/// Every site, by name.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn sites() -> Result<Vec<Site>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.sites(&actor).await?)
}

/// Makes or changes a site; open days of those who work there are derived again.
///
/// # Errors
/// 422 with what is wrong; 409 for a name that is taken; 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn keep_site(
    /// What was typed.
    form: SiteFields,
) -> Result<SiteId, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let id = match form.id.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::not_found("site"))?),
    };
    let id = super::service()?
        .save_site(&actor, id, &form.name, &form.zone)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::site(id));
    Ok(id)
}
