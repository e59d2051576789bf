//! Employees as HR keeps them: their numbers, and under which terms they work from when on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Named;
use crate::ids::{PersonId, PolicyId, SiteId};

/// A place of work, whose clocks shifts follow, and where devices and kiosks can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Id.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
}

/// Terms, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmploymentView {
    /// The first day.
    pub from: NaiveDate,
    /// How days are derived.
    pub policy: PolicyId,
    /// What that is called.
    pub policy_name: String,
    /// In which team; empty for none.
    pub team: String,
    /// Who decides requests.
    pub manager: Option<Named>,
    /// The manager's address.
    pub manager_email: Option<String>,
    /// Where.
    pub site: Option<SiteId>,
    /// What that is called.
    pub site_name: Option<String>,
    /// Whose holidays count, such as `DE-BE`.
    pub region: Option<String>,
}

/// Somebody of the list, and the terms of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeLine {
    /// Id.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The employee number.
    pub number: Option<String>,
    /// The terms of today.
    pub terms: Option<EmploymentView>,
}

/// A page of employees, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeesPage {
    /// Those who are still there.
    pub people: Vec<EmployeeLine>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// Somebody, all terms, and what can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeePage {
    /// Id.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The employee number.
    pub number: Option<String>,
    /// The first day of employment, where it is said.
    pub employed_from: Option<NaiveDate>,
    /// The last one.
    pub employed_until: Option<NaiveDate>,
    /// All terms, the last first.
    pub terms: Vec<EmploymentView>,
    /// Terms that there are, by name.
    pub policies: Vec<(PolicyId, String)>,
    /// Sites, by name.
    pub sites: Vec<Site>,
    /// Regions with holidays, and what they are called.
    pub regions: Vec<(String, String)>,
    /// Today, where the reader is.
    pub today: NaiveDate,
    /// What a change must name.
    pub version: i32,
}

/// What is said of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeForm {
    /// The version that was seen.
    pub version: i32,
    /// The employee number; empty for none.
    pub number: String,
    /// The first day of employment; nothing for that of the first terms.
    pub employed_from: Option<NaiveDate>,
    /// The last one; nothing as long as it is not known.
    pub employed_until: Option<NaiveDate>,
    /// From which day on.
    pub from: NaiveDate,
    /// How days are derived.
    pub policy: PolicyId,
    /// In which team; empty for none.
    pub team: String,
    /// Who decides requests, by address, number or id; empty for nobody.
    pub manager: String,
    /// Where.
    pub site: Option<SiteId>,
    /// Whose holidays count.
    pub region: Option<String>,
}
