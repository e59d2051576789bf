//! What people decided about punches. A punch itself never changes: annotations are laid over it in
//! the order in which they were decided, and what comes out goes into the derivation.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::input::{PunchIn, PunchTime};
use crate::PersonId;
use crate::attendance::day::Direction;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// It does not count.
    Void,
    /// It counts after all.
    Restore,
    /// It was at another time.
    SetTime {
        /// When.
        at: DateTime<FixedOffset>,
    },
    /// It was in another direction, for certain.
    SetDirection {
        /// Which; `unknown` if that is not known after all.
        direction: Direction,
    },
    /// It is somebody else's.
    Reassign {
        /// Whose.
        person: PersonId,
    },
}

/// A decision about a punch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The punch, by its id.
    pub punch: String,
    /// When it was decided; of two at the same instant, the later in the list is the later.
    pub decided_at: DateTime<Utc>,
    /// What was decided.
    pub change: Change,
}

/// The punches of a person with all annotations applied. Those that are void or somebody else's are
/// left out; those of others that were given to the person must be among `punches`.
pub fn apply(person: PersonId, punches: Vec<PunchIn>, annotations: &[Annotation]) -> Vec<PunchIn> {
    let mut in_order: Vec<&Annotation> = annotations.iter().collect();
    in_order.sort_by_key(|annotation| annotation.decided_at);
    let changed = punches.into_iter().filter_map(|mut punch| {
        let Some(id) = punch.id.clone() else {
            return Some(punch);
        };
        let (mut is_void, mut owner) = (false, person);
        for annotation in in_order.iter().filter(|annotation| annotation.punch == id) {
            match annotation.change {
                Change::Void => is_void = true,
                Change::Restore => is_void = false,
                Change::SetTime { at } => {
                    punch.time = PunchTime::At(at);
                    punch.set_by_hand = true;
                }
                Change::SetDirection { direction } => {
                    punch.direction = direction;
                    punch.trusted = direction != Direction::Unknown;
                }
                Change::Reassign { person } => owner = person,
            }
        }
        (!is_void && owner == person).then_some(punch)
    });
    changed.collect()
}

#[cfg(test)]
#[path = "annotate_tests.rs"]
mod tests;
