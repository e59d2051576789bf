//! Rotations, as their page asks for them, and one as its plain form sends it.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::rotation::Rotation;
use model::attendance::views::RotationsPage;
use model::{Problem, RotationId, ShiftTemplateId};
use serde::{Deserialize, Serialize};

use super::roster_form::Wrong;
use crate::api::ApiError;

/// The word of a day without a shift.
pub const OFF: &str = "off";

/// What the form of a rotation sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RotationFields {
    /// Which; empty for a new one.
    pub id: String,
    /// The version that was seen.
    pub version: i32,
    /// What people call it.
    pub name: String,
    /// A date that is the first day of a cycle.
    pub anchor: String,
    /// The days of the cycle: a shift by id, several with commas between them, or `off`. The first that
    /// is empty ends it.
    pub days: Vec<String>,
}

impl RotationFields {
    /// What is to be kept.
    ///
    /// # Errors
    /// 422 with each field that cannot be read.
    pub fn read(&self) -> Result<Rotation, Problem> {
        let mut wrong = Wrong::default();
        let anchor: Option<NaiveDate> = self.anchor.trim().parse().ok();
        if anchor.is_none() {
            wrong.add("anchor", "Choose the first day of a cycle.");
        }
        let written = self.days.iter().map(|day| day.trim());
        let length = written.clone().take_while(|day| !day.is_empty()).count();
        if written.clone().skip(length).any(|day| !day.is_empty()) {
            let message = "There is a gap in it: a day off is chosen as one.";
            wrong.add("days", message);
        }
        let mut days = Vec::new();
        for (number, text) in written.take(length).enumerate() {
            days.push(match text {
                OFF => Vec::new(),
                ids => {
                    let ids: Result<Vec<ShiftTemplateId>, _> =
                        ids.split(',').map(|id| id.trim().parse()).collect();
                    ids.unwrap_or_else(|_| {
                        wrong.add(&format!("days.{number}"), "Choose a shift of the list.");
                        Vec::new()
                    })
                }
            });
        }
        let rotation = Rotation {
            name: self.name.trim().to_owned(),
            anchor: anchor.unwrap_or_default(),
            days,
        };
        wrong.unless(rotation)
    }
}

/// What the form sends that puts people onto a rotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowFields {
    /// Which rotation; empty for none any more.
    pub rotation: String,
    /// Addresses or numbers, with commas or line ends between them.
    pub people: String,
    /// From which day on.
    pub from: String,
}

impl FollowFields {
    /// Who, and from when on.
    ///
    /// # Errors
    /// 422 without a day.
    pub fn read(&self) -> Result<(Vec<String>, NaiveDate), Problem> {
        let from = self.from.trim().parse();
        let from = from.map_err(|_| Problem::invalid_field("from", "Choose the first day."))?;
        let names = self.people.split([',', ';', '\n', ' ']).map(str::trim);
        let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
        Ok((names.collect(), from))
    }
}

/// Every rotation, with those who follow it.
///
/// # Errors
/// 403 without `attendance:manage`.
#[server(prefix = "/fn")]
pub async fn rotations() -> Result<RotationsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.rotations_page(&actor).await?)
}

/// Makes or changes a rotation. Days to come of those who follow it are written anew.
///
/// # Errors
/// 422 with the fields that are wrong; 409 for a name that is taken, or a change meanwhile.
#[server(prefix = "/fn")]
pub async fn keep_rotation(
    /// What was typed.
    form: RotationFields,
) -> Result<RotationId, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let id = match form.id.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::not_found("rotation"))?),
    };
    let rotation = form.read()?;
    let id = super::service()?
        .save_rotation(&actor, id, form.version, &rotation)
        .await?;
    crate::api::scheduling::forms::lead_on(&crate::paths::rotation(id));
    Ok(id)
}

/// Has people follow a rotation from a day on, or none any more; says how many they are.
///
/// # Errors
/// 422 naming those who are not known.
#[server(prefix = "/fn")]
pub async fn follow_rotation(
    /// What was typed.
    form: FollowFields,
) -> Result<i64, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(model::Permission::AttendanceManage)?;
    let rotation: Option<RotationId> = match form.rotation.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::not_found("rotation"))?),
    };
    let (people, from) = form.read()?;
    let count = super::service()?
        .follow_rotation(&actor, &people, rotation, from)
        .await?;
    let back = rotation.map_or_else(
        || crate::paths::ROTATIONS.to_owned(),
        crate::paths::rotation,
    );
    crate::api::scheduling::forms::lead_on(&back);
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIFT: &str = "019a2b3c-4d5e-7f60-8123-456789abcdef";

    fn typed(days: &[&str]) -> RotationFields {
        RotationFields {
            name: " Two on, one off ".into(),
            anchor: "2026-11-23".into(),
            days: days.iter().map(|day| (*day).to_owned()).collect(),
            ..RotationFields::default()
        }
    }

    #[test]
    fn the_cycle_ends_at_the_first_empty_day() {
        let rotation = typed(&[SHIFT, SHIFT, OFF, "", ""]).read();
        let rotation = rotation.expect("a rotation");
        assert_eq!(rotation.name, "Two on, one off");
        let lengths: Vec<usize> = rotation.days.iter().map(Vec::len).collect();
        assert_eq!(lengths, [1, 1, 0]);
    }

    #[test]
    fn a_gap_and_a_shift_that_is_none_are_told() {
        let problem = typed(&["night", "", OFF]).read().expect_err("two things");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["days", "days.0"]);
    }

    #[test]
    fn people_are_named_in_any_way() {
        let fields = FollowFields {
            people: "ana@example.org, 1042;\r\nben@example.org ".into(),
            from: "2026-12-01".into(),
            ..FollowFields::default()
        };
        let (people, _) = fields.read().expect("people");
        assert_eq!(people, ["ana@example.org", "1042", "ben@example.org"]);
    }
}
