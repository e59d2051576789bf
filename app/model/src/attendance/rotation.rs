//! Rosters: who works which shifts on which dates. A [`Rotation`] repeats for ever; an
//! [`Assignment`] puts a person on it; [`RosterChange`]s, in the order in which they were decided,
//! make single dates differ. Leave and holidays are no part of a roster: whoever is on leave keeps
//! it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, ShiftTemplateId};
use crate::problem::FieldError;

/// No rotation is longer than a leap year.
const MAX_DAYS: usize = 366;

/// Some dates in a row, both ends among them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub until: NaiveDate,
}

impl DateRange {
    /// From one date to another.
    pub const fn new(from: NaiveDate, until: NaiveDate) -> Self {
        Self { from, until }
    }

    /// Whether a date is among them.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.until
    }

    /// Whether two have a date in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from.max(other.from) <= self.until.min(other.until)
    }

    /// The dates in order; none if it ends before it begins.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let until = self.until;
        self.from.iter_days().take_while(move |date| *date <= until)
    }
}

/// A cycle of days, each with its shifts. A day without any is off.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// What people call it.
    pub name: String,
    /// A date that is the first day of a cycle. The cycle also reaches back before it.
    pub anchor: NaiveDate,
    /// The shifts of each day of the cycle.
    pub days: Vec<Vec<ShiftTemplateId>>,
}

impl Rotation {
    /// What is wrong with each field.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: String, message: &str| {
            errors.push(FieldError {
                field,
                message: message.to_owned(),
            });
        };
        if self.name.trim().is_empty() {
            wrong("name".to_owned(), "Give it a name.");
        }
        if !(1..=MAX_DAYS).contains(&self.days.len()) {
            wrong("days".to_owned(), "A rotation has 1 to 366 days.");
        }
        for (number, shifts) in self.days.iter().enumerate() {
            if shifts.iter().collect::<BTreeSet<_>>().len() < shifts.len() {
                wrong(format!("days.{number}"), "A day has each shift only once.");
            }
        }
        errors
    }

    /// The shifts of a date for somebody who is so many days ahead in the cycle.
    pub fn on(&self, date: NaiveDate, ahead_days: i32) -> &[ShiftTemplateId] {
        let Some(length) = i64::try_from(self.days.len()).ok().filter(|n| *n > 0) else {
            return &[];
        };
        let passed = (date - self.anchor).num_days() + i64::from(ahead_days);
        let day = usize::try_from(passed.rem_euclid(length)).unwrap_or(0);
        self.days.get(day).map_or(&[], Vec::as_slice)
    }
}

/// When a person follows a rotation.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The first date.
    pub from: NaiveDate,
    /// The last date, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// How many days the person is ahead in the cycle, so that crews can share one rotation.
    #[serde(default)]
    pub ahead_days: i32,
}

impl Assignment {
    /// Whether it holds on a date.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
}

/// The dates of a range on which an assignment holds, with their shifts. Days off have none.
pub fn expand(
    rotation: &Rotation,
    assignment: Assignment,
    range: DateRange,
) -> impl Iterator<Item = (NaiveDate, &[ShiftTemplateId])> {
    let first = range.from.max(assignment.from);
    let last = assignment.until.map_or(range.until, |u| u.min(range.until));
    let dates = DateRange::new(first, last).dates();
    dates.map(move |date| (date, rotation.on(date, assignment.ahead_days)))
}

/// A person with the rotations that they follow.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Who.
    pub person: PersonId,
    /// Their rotations. Where two hold, the one that began later does.
    pub assignments: Vec<(&'a Rotation, Assignment)>,
}

/// A shift that one person hands to another.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who had it.
    pub from: PersonId,
    /// Who takes it.
    pub to: PersonId,
    /// On which date.
    pub date: NaiveDate,
    /// Which shift.
    pub shift: ShiftTemplateId,
}

/// A decision that makes dates differ from the rotation.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RosterChange {
    /// A manual entry: these shifts instead of whatever stood there; none is a day off.
    Set {
        /// Whose.
        person: PersonId,
        /// On which date.
        date: NaiveDate,
        /// Which shifts.
        shifts: Vec<ShiftTemplateId>,
    },
    /// A shift besides what stands there.
    Add {
        /// Whose.
        person: PersonId,
        /// On which date.
        date: NaiveDate,
        /// Which shift.
        shift: ShiftTemplateId,
    },
    /// A swap that was agreed: all of it holds, or none. With one handover it is a gift.
    Swap {
        /// What changes hands.
        handovers: Vec<Handover>,
    },
}

words!(
    /// Why a date is as it is.
    Origin {
        /// There is no rotation on it, and nothing was entered.
        Unplanned = "unplanned",
        /// The rotation says so.
        Rotation = "rotation",
        /// Somebody entered it.
        Manual = "manual",
        /// A swap has changed it.
        Swap = "swap",
    }
);

/// One person's date.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterDay {
    /// The shifts; none is a day off.
    pub shifts: Vec<ShiftTemplateId>,
    /// What made it so at last.
    pub origin: Origin,
}

/// What everybody works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Each person on each date of the range.
    pub days: BTreeMap<(PersonId, NaiveDate), RosterDay>,
    /// Which changes could not be made, by their place in the list: swaps of shifts that the giver
    /// no longer has or that the taker has already. Somebody should look at them.
    pub void: Vec<usize>,
}

/// The roster of some people over a range. Changes come in the order in which they were decided,
/// and a later one stands upon what the earlier have left. Everybody whom a swap names must be
/// among the plans, or it is void.
pub fn roster(plans: &[Plan<'_>], changes: &[RosterChange], range: DateRange) -> Roster {
    // Both sides of a swap matter, also where one lies beyond the range.
    let mut dates: BTreeSet<NaiveDate> = range.dates().collect();
    for change in changes {
        match change {
            RosterChange::Set { date, .. } | RosterChange::Add { date, .. } => {
                _ = dates.insert(*date)
            }
            RosterChange::Swap { handovers } => dates.extend(handovers.iter().map(|h| h.date)),
        }
    }
    let planned = plans.iter().flat_map(|plan| {
        let day = |date: &NaiveDate| ((plan.person, *date), planned(plan, *date));
        dates.iter().map(day).collect::<Vec<_>>()
    });
    let mut days: BTreeMap<_, _> = planned.collect();
    let mut void = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        if !apply(&mut days, change) {
            void.push(number);
        }
    }
    days.retain(|(_, date), _| range.contains(*date));
    Roster { days, void }
}

/// What the rotations alone give.
fn planned(plan: &Plan<'_>, date: NaiveDate) -> RosterDay {
    let holding = plan.assignments.iter();
    let holding = holding.filter(|(_, assignment)| assignment.contains(date));
    match holding.max_by_key(|(_, assignment)| assignment.from) {
        Some((rotation, assignment)) => RosterDay {
            shifts: rotation.on(date, assignment.ahead_days).to_vec(),
            origin: Origin::Rotation,
        },
        None => RosterDay {
            shifts: Vec::new(),
            origin: Origin::Unplanned,
        },
    }
}

type Days = BTreeMap<(PersonId, NaiveDate), RosterDay>;

/// Makes a change. Says whether it could be made; one about people who are not looked at is none of
/// ours and could.
fn apply(days: &mut Days, change: &RosterChange) -> bool {
    match change {
        RosterChange::Set {
            person,
            date,
            shifts,
        } => {
            if let Some(day) = days.get_mut(&(*person, *date)) {
                day.shifts.clone_from(shifts);
                day.origin = Origin::Manual;
            }
            true
        }
        RosterChange::Add {
            person,
            date,
            shift,
        } => {
            if let Some(day) = days.get_mut(&(*person, *date))
                && !day.shifts.contains(shift)
            {
                day.shifts.push(*shift);
                day.origin = Origin::Manual;
            }
            true
        }
        RosterChange::Swap { handovers } => swap(days, handovers),
    }
}

/// Takes all shifts first and gives them then, so that two people can exchange shifts of one kind.
fn swap(days: &mut Days, handovers: &[Handover]) -> bool {
    let touched = handovers
        .iter()
        .flat_map(|h| [(h.from, h.date), (h.to, h.date)]);
    let Some(mut after) = touched
        .map(|key| days.get(&key).map(|day| (key, day.clone())))
        .collect::<Option<Days>>()
    else {
        return false;
    };
    for given in handovers {
        let Some(day) = after.get_mut(&(given.from, given.date)) else {
            return false;
        };
        let Some(place) = day.shifts.iter().position(|shift| *shift == given.shift) else {
            return false;
        };
        day.shifts.remove(place);
        day.origin = Origin::Swap;
    }
    for given in handovers {
        let Some(day) = after.get_mut(&(given.to, given.date)) else {
            return false;
        };
        if day.shifts.contains(&given.shift) {
            return false;
        }
        day.shifts.push(given.shift);
        day.origin = Origin::Swap;
    }
    days.extend(after);
    true
}

#[cfg(test)]
#[path = "rotation_tests.rs"]
mod tests;
