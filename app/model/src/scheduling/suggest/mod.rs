//! Times that suit, the best first, and why in plain words.
//!
//! Required people and one room that fits are conditions; optional people count towards the quorum
//! and the score. Among the times that meet the conditions, [`score`] weighs who can come, whose
//! day begins too early or ends too late, what is left of everybody's day, how well the room fits,
//! and a little how soon it is. The same question always gets the same answer in the same order.

mod day;
mod room;
mod score;
mod search;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::availability::{Availability, Why};
use super::hours::LocalTime;
use super::interval::Interval;
use crate::ids::{PersonId, RoomId};

pub(super) use day::unease;
pub use day::{EARLY, LATE};
pub use room::{Room, RoomNeed, RoomOption, fitting};

/// Somebody who is asked to come.
#[derive(Clone, Copy, Debug)]
pub struct Guest<'a> {
    /// Who.
    pub id: PersonId,
    /// The name by which the reasons call them.
    pub name: &'a str,
    /// Whether it only works with them.
    pub required: bool,
    /// When they are free.
    pub availability: &'a Availability,
    /// Their local time.
    pub local: &'a LocalTime,
    /// How often they had the early or the late hour lately.
    pub unsocial_turns: u32,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How long it takes.
    pub minutes: i64,
    /// When it may be.
    pub within: Interval,
    /// On which marks of the reader's clock it may begin. Rounded up to five minutes.
    pub step_minutes: i64,
    /// How many must be able to come, the required ones among them.
    pub quorum: usize,
    /// The room it needs, if it needs one.
    pub room: Option<RoomNeed>,
    /// Whether to offer times at which a required person's calendar is not known. They never count
    /// as free, so such times come behind others.
    pub offer_unknown: bool,
    /// How many suggestions at most.
    pub limit: usize,
    /// How many of them on one day of the reader.
    pub per_day: usize,
    /// How far apart they begin at least, in minutes; they never overlap.
    pub apart_minutes: i64,
    /// Whose clock and days count for the steps and the words.
    pub reader: LocalTime,
}

impl Wish {
    /// So many minutes within a range: on quarters of the hour, five suggestions, two a day.
    pub fn new(minutes: i64, within: Interval) -> Self {
        Self {
            minutes,
            within,
            step_minutes: 15,
            quorum: 0,
            room: None,
            offer_unknown: false,
            limit: 5,
            per_day: 2,
            apart_minutes: 60,
            reader: LocalTime::default(),
        }
    }
}

/// Somebody who cannot come to a suggested time.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Who.
    pub person: PersonId,
    /// Why, the weightiest first.
    pub why: Vec<Why>,
}

/// A time that suits.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// When.
    pub slot: Interval,
    /// How well it suits, from 0 to 100.
    pub score: u8,
    /// Why, in plain words, the weightiest first.
    pub reasons: Vec<String>,
    /// Who is free.
    pub coming: Vec<PersonId>,
    /// Whose calendar is not known for that time.
    pub unknown: Vec<PersonId>,
    /// Who cannot come.
    pub missing: Vec<Missing>,
    /// The room it would have.
    pub room: Option<RoomId>,
}

/// The times that suit best, the best first. None, if no time meets the conditions;
/// [`Availability::why_not`] then says for each person what stands in the way.
pub fn suggest(guests: &[Guest<'_>], rooms: &[RoomOption<'_>], wish: &Wish) -> Vec<Suggestion> {
    let mut ranked: Vec<_> = search::candidates(guests, rooms, wish)
        .into_iter()
        .map(|candidate| (score::points(guests, &candidate, wish), candidate))
        .collect();
    let first_start = ranked.iter().map(|(_, c)| c.slot.from).min();
    ranked.sort_by_key(|(points, candidate)| (std::cmp::Reverse(*points), candidate.slot.from));

    let chosen = search::spread(&ranked, wish);
    let told = chosen.into_iter().map(|(points, candidate)| {
        let is_first = first_start == Some(candidate.slot.from);
        Suggestion {
            slot: candidate.slot,
            score: score::from_points(*points),
            reasons: words::reasons(guests, candidate, wish, is_first),
            coming: candidate.coming.iter().map(|at| guests[*at].id).collect(),
            unknown: candidate.unknown.iter().map(|at| guests[*at].id).collect(),
            missing: candidate.missing(guests),
            room: candidate.room.map(|option| option.room.id),
        }
    });
    told.collect()
}
