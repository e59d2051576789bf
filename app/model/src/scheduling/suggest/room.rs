//! Rooms: what they have, what is needed, and which fits best.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::availability::Availability;
use crate::ids::RoomId;

/// A room that meetings can have.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// Its name.
    pub name: String,
    /// How many it holds.
    pub seats: u16,
    /// What is in it, one word each: `projector`.
    #[serde(default)]
    pub equipment: BTreeSet<String>,
}

/// What a meeting needs of a room.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomNeed {
    /// How many it must hold.
    pub seats: u16,
    /// What must be in it.
    #[serde(default)]
    pub equipment: BTreeSet<String>,
}

impl RoomNeed {
    /// Whether a room has all of it.
    pub fn is_met_by(&self, room: &Room) -> bool {
        self.seats <= room.seats && self.equipment.is_subset(&room.equipment)
    }
}

/// A room that may be taken, with its free time.
#[derive(Clone, Copy, Debug)]
pub struct RoomOption<'a> {
    /// The room.
    pub room: &'a Room,
    /// When it is free.
    pub availability: &'a Availability,
}

/// The rooms that meet a need, the one that wastes least first: fewest seats, then least equipment
/// that others may need, then by name.
pub fn fitting<'a>(need: &RoomNeed, rooms: &[RoomOption<'a>]) -> Vec<RoomOption<'a>> {
    let mut fitting: Vec<_> = rooms.to_vec();
    fitting.retain(|option| need.is_met_by(option.room));
    fitting.sort_by(|a, b| {
        let rank = |room: &'a Room| (room.seats, room.equipment.len(), &room.name, room.id);
        rank(a.room).cmp(&rank(b.room))
    });
    fitting
}
