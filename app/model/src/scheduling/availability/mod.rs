//! When one person or room is free, and why not otherwise.
//!
//! What is known comes in as plain data ([`Known`]): working time, busy times, absences, shifts and
//! the state of the calendars it was read from. [`Availability::of`] makes free time, busy time and
//! time that is neither: where a calendar could not be read, we do not know, and that is never free
//! and never busy. [`Availability::why_not`] says for a slot what stands in its way.
//!
//! Nothing in here knows what a meeting is about or why somebody is on leave, so no reason can give
//! it away. To add a reason: a variant of [`Why`] with its sentence, and a block in `compute.rs`.

mod common;
mod compute;
mod known;
mod why;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;
use super::interval::{Interval, IntervalSet};

pub use common::common_free;
pub use known::{
    Absence, AbsenceKind, Busy, BusyStatus, Constraints, Duty, DutyKind, Freshness, Known, Source,
};
pub use why::Why;

/// A stretch of time that is out, and why.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// From when to when.
    pub during: Interval,
    /// Why.
    pub why: Why,
}

/// How much one may trust what a person's calendars say, the worst of them counted.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trust {
    /// How fresh.
    pub freshness: Freshness,
    /// When the one read longest ago was read; absent if it never was, or if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// What somebody is at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Free.
    Free,
    /// Not known to be busy, but not known to be free either.
    Unknown,
    /// Not to be had.
    Out,
}

/// When one person or room is free within a range, and why not otherwise.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// The range that was looked at.
    pub range: Interval,
    /// Time that is free.
    pub free: IntervalSet,
    /// Time that would be free if the calendars that cannot be read have nothing in it.
    pub unknown: IntervalSet,
    /// Busy times, in order. Where a calendar cannot be read, those that were last known.
    pub busy: Vec<Busy>,
    /// Everything else that is out, but for time outside of working hours.
    pub blocks: Vec<Block>,
    /// Working time.
    pub working: IntervalSet,
    /// How much one may trust it.
    pub trust: Trust,
}

impl Availability {
    /// What a person is during a slot.
    pub fn standing(&self, slot: &Interval) -> Standing {
        if self.free.covers(slot) {
            Standing::Free
        } else if self.unknown.overlaps(slot) && self.open_within(slot) == slot.duration() {
            Standing::Unknown
        } else {
            Standing::Out
        }
    }

    /// How much of a slot is free or not known. The two never overlap, so they may be added.
    fn open_within(&self, slot: &Interval) -> TimeDelta {
        self.free.clipped(*slot).duration() + self.unknown.clipped(*slot).duration()
    }

    /// What stands in the way of a slot, the weightiest first; nothing if it is free.
    pub fn why_not(&self, slot: &Interval) -> Vec<Why> {
        if self.free.covers(slot) {
            return Vec::new();
        }
        let busy = self.busy.iter().filter(|b| b.during.overlaps(slot));
        let mut reasons: Vec<Why> = busy.map(Busy::why).collect();
        let meeting = !reasons.is_empty();
        let blocks = self.blocks.iter().filter(|b| b.during.overlaps(slot));
        // Who is on a meeting need not hear of the minutes beside it.
        let told = blocks.filter(|b| !(meeting && matches!(b.why, Why::Buffer { .. })));
        reasons.extend(told.map(|block| block.why));

        let seen = self.range.intersection(slot).unwrap_or(*slot);
        if !self.working.covers(&seen) {
            reasons.push(Why::OutsideWorkingHours);
        }
        // Beyond the range nobody has looked, so nothing is known of it.
        if self.unknown.overlaps(slot) || !self.range.covers(slot) {
            let is_unread = self.trust.freshness == Freshness::Unknown;
            let as_of = self.trust.as_of.filter(|_| is_unread);
            reasons.push(Why::UnknownSource { as_of });
        }
        reasons.sort_by_key(Why::weight);
        let mut told = Vec::with_capacity(reasons.len());
        for why in reasons {
            if !told.contains(&why) {
                told.push(why);
            }
        }
        told
    }

    /// Its free time as a map for the cache or for many people at once.
    pub fn map(&self) -> Bitmap {
        Bitmap::of_free(self.range, &self.free)
    }

    /// The same, with time that is not known taken for free: a map of what may be hoped for.
    pub fn hopeful_map(&self) -> Bitmap {
        Bitmap::of_free(self.range, &self.free.union(&self.unknown))
    }
}
