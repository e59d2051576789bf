//! Sets of intervals in normal form.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Interval;

/// A set of instants as intervals: sorted, none empty, none overlapping or touching another. Two
/// sets of the same instants are therefore equal. JSON is the list of intervals, in any order.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Interval>")]
pub struct IntervalSet(Vec<Interval>);

impl From<Vec<Interval>> for IntervalSet {
    /// Merges whatever comes: unsorted, overlapping, touching or empty.
    fn from(mut pieces: Vec<Interval>) -> Self {
        pieces.retain(|piece| !piece.is_empty());
        pieces.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match merged.last_mut() {
                Some(last) if piece.from <= last.to => last.to = last.to.max(piece.to),
                _ => merged.push(piece),
            }
        }
        Self(merged)
    }
}

impl From<Interval> for IntervalSet {
    fn from(only: Interval) -> Self {
        Self::from(vec![only])
    }
}

impl FromIterator<Interval> for IntervalSet {
    fn from_iter<I: IntoIterator<Item = Interval>>(pieces: I) -> Self {
        Self::from(pieces.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> IntoIterator for &'a IntervalSet {
    type Item = &'a Interval;
    type IntoIter = std::slice::Iter<'a, Interval>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntervalSet {
    /// No time at all.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Its pieces in order.
    pub fn as_slice(&self) -> &[Interval] {
        &self.0
    }

    /// Its pieces in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Interval> {
        self.0.iter()
    }

    /// How many pieces it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds no time.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much time it holds.
    pub fn duration(&self) -> TimeDelta {
        let durations = self.0.iter().map(Interval::duration);
        durations.fold(TimeDelta::zero(), |sum, piece| sum + piece)
    }

    /// The piece in which an instant lies.
    pub fn piece_at(&self, at: DateTime<Utc>) -> Option<&Interval> {
        let after = self.0.partition_point(|piece| piece.from <= at);
        let last = self.0.get(after.checked_sub(1)?)?;
        last.contains(at).then_some(last)
    }

    /// Whether an instant lies in it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.piece_at(at).is_some()
    }

    /// Whether all of an interval lies in it.
    pub fn covers(&self, interval: &Interval) -> bool {
        // Pieces never touch, so what is covered lies in a single one.
        let piece = self.piece_at(interval.from);
        interval.is_empty() || piece.is_some_and(|piece| piece.covers(interval))
    }

    /// Whether it has time in common with an interval.
    pub fn overlaps(&self, interval: &Interval) -> bool {
        let first = self.0.partition_point(|piece| piece.to <= interval.from);
        self.0
            .get(first)
            .is_some_and(|piece| piece.overlaps(interval))
    }

    /// What lies in either.
    pub fn union(&self, other: &Self) -> Self {
        self.0.iter().chain(&other.0).copied().collect()
    }

    /// What lies in both.
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut common, mut here, mut there) = (Vec::new(), 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(here), other.0.get(there)) {
            common.extend(a.intersection(b));
            if a.to <= b.to {
                here += 1;
            } else {
                there += 1;
            }
        }
        // The pieces of either set have gaps between them, so those of the result have too.
        Self(common)
    }

    /// What lies here but not in the other.
    pub fn subtract(&self, other: &Self) -> Self {
        let (mut left, mut first) = (Vec::new(), 0);
        for piece in &self.0 {
            let mut from = piece.from;
            while other.0.get(first).is_some_and(|cut| cut.to <= from) {
                first += 1;
            }
            for cut in other.0[first..].iter().take_while(|c| c.from < piece.to) {
                if from < cut.from {
                    left.push(Interval::new(from, cut.from));
                }
                from = from.max(cut.to);
            }
            if from < piece.to {
                left.push(Interval::new(from, piece.to));
            }
        }
        Self(left)
    }

    /// What of an interval does not lie in the set.
    pub fn complement(&self, within: Interval) -> Self {
        Self::from(within).subtract(self)
    }

    /// What of the set lies in an interval.
    pub fn clipped(&self, within: Interval) -> Self {
        let first = self.0.partition_point(|piece| piece.to <= within.from);
        let pieces = self.0[first..].iter();
        Self(pieces.map_while(|p| p.intersection(&within)).collect())
    }

    /// The holes between its pieces.
    pub fn gaps(&self) -> Self {
        let pairs = self.0.windows(2);
        Self(
            pairs
                .map(|pair| Interval::new(pair[0].to, pair[1].from))
                .collect(),
        )
    }

    /// Its pieces that last at least so many minutes.
    pub fn at_least(&self, minutes: i64) -> Self {
        let long = |piece: &&Interval| piece.duration() >= TimeDelta::minutes(minutes);
        Self(self.0.iter().filter(long).copied().collect())
    }
}
