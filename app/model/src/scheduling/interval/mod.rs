//! Stretches of time and sets of them. An interval is half-open: its end does not belong to it, so
//! a meeting that begins when another ends does not conflict with it.

mod set;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use set::IntervalSet;

/// From one instant to another, the end excluded. One that ends no later than it begins is empty:
/// it holds nothing and overlaps nothing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

impl Interval {
    /// From one instant to another.
    pub const fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self { from, to }
    }

    /// So many minutes from an instant on.
    pub fn starting(from: DateTime<Utc>, minutes: i64) -> Self {
        Self::new(from, from + TimeDelta::minutes(minutes))
    }

    /// Whether it holds no time.
    pub fn is_empty(&self) -> bool {
        self.to <= self.from
    }

    /// How long it is; zero if it is empty.
    pub fn duration(&self) -> TimeDelta {
        (self.to - self.from).max(TimeDelta::zero())
    }

    /// How long it is, in whole minutes.
    pub fn minutes(&self) -> i64 {
        self.duration().num_minutes()
    }

    /// Whether an instant lies in it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether all of another lies in it. Every interval covers an empty one.
    pub fn covers(&self, other: &Self) -> bool {
        other.is_empty() || (self.from <= other.from && other.to <= self.to)
    }

    /// Whether the two have time in common. Touching is not overlapping.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.intersection(other).is_some()
    }

    /// What the two have in common, if anything.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self::new(self.from.max(other.from), self.to.min(other.to));
        (!common.is_empty()).then_some(common)
    }

    /// The same with so many minutes more before and after.
    pub fn widened(&self, before_minutes: i64, after_minutes: i64) -> Self {
        Self::new(
            self.from - TimeDelta::minutes(before_minutes),
            self.to + TimeDelta::minutes(after_minutes),
        )
    }
}
