//! The roster: who works when, from which templates, on which terms.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::policy::Policy;
use super::super::rotation::Rotation;
use super::super::shift::ShiftTemplate;
use super::Named;
use crate::ids::{PersonId, PolicyId, RotationId, ShiftTemplateId};

/// One day of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterCell {
    /// The date.
    pub date: NaiveDate,
    /// Its shifts: short label and time, such as `N` and `22:00–06:00`.
    pub shifts: Vec<RosterShift>,
    /// Whether it was decided for this day, and not by a rotation.
    pub by_hand: bool,
    /// Whether somebody is away: leave, and nothing more.
    pub leave: bool,
    /// The holiday's name.
    pub holiday: Option<String>,
    /// How many minutes of rest are missing since the shift before.
    pub rest_short_minutes: i64,
    /// What a change must name; 0 if nothing is written for the day.
    pub version: i32,
    /// Whether its period is locked.
    pub locked: bool,
    /// With whom it was swapped, if that is what it still says.
    pub swapped_with: Option<String>,
    /// The swaps that were approved of it, oldest first, a sentence each.
    pub swaps: Vec<String>,
}

/// A shift in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterShift {
    /// Which template, if it is one.
    pub template: Option<ShiftTemplateId>,
    /// What people call it.
    pub name: String,
    /// A letter or two.
    pub code: String,
    /// The colour's word.
    pub tone: String,
    /// From when to when, as text.
    pub time: String,
    /// The zone of the clocks that it follows.
    pub zone: String,
    /// How long, in minutes, without its break.
    pub minutes: i64,
}

/// One person's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterRow {
    /// Who.
    pub person: Named,
    /// In which team.
    pub team: String,
    /// The days of the week.
    pub cells: Vec<RosterCell>,
    /// What the week comes to, in minutes.
    pub minutes: i64,
}

/// The roster of one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPage {
    /// Its Monday.
    pub monday: NaiveDate,
    /// The present day.
    pub today: NaiveDate,
    /// People by team and name.
    pub rows: Vec<RosterRow>,
    /// What can be assigned.
    pub templates: Vec<TemplateView>,
    /// Teams, for the filter.
    pub teams: Vec<String>,
    /// The team that is shown; all, if absent.
    pub team: Option<String>,
    /// Whether the reader may change it.
    pub may_change: bool,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// Id.
    pub id: ShiftTemplateId,
    /// What a change must name.
    pub version: i32,
    /// What it says.
    pub template: ShiftTemplate,
}

/// Writes what somebody works on one day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssignForm {
    /// Who.
    pub person: PersonId,
    /// On which day.
    pub date: NaiveDate,
    /// Which shifts; none for a day off.
    pub templates: Vec<ShiftTemplateId>,
    /// The version that was seen; 0 if nothing was written for the day.
    pub version: i32,
}

/// The holidays of a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidaysView {
    /// Such as `DE-BE`.
    pub region: String,
    /// Such as `Berlin`.
    pub name: String,
    /// One a line, as HR edits them.
    pub text: String,
    /// What a change must name.
    pub version: i32,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyView {
    /// Id.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// What it says.
    pub policy: Policy,
    /// What a change must name.
    pub version: i32,
    /// How many people it holds for today.
    pub people: i64,
}

/// Somebody who follows a rotation, or will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// Who.
    pub person: Named,
    /// From which day on.
    pub from: NaiveDate,
    /// The last day, if there is one.
    pub until: Option<NaiveDate>,
}

/// A rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationView {
    /// Id.
    pub id: RotationId,
    /// What it says.
    pub rotation: Rotation,
    /// Who follows it today or later, by name.
    pub followers: Vec<Follower>,
    /// What a change must name.
    pub version: i32,
}

/// The page of rotations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationsPage {
    /// All rotations, by name.
    pub rotations: Vec<RotationView>,
    /// The shifts that a day can have.
    pub templates: Vec<TemplateView>,
    /// People to offer, as address and name; in a large house only some.
    pub people: Vec<(String, String)>,
    /// The present day.
    pub today: NaiveDate,
}
