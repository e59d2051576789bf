//! What one turn of a rule gives: days, and times on each of them.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

/// The times of a day, as hours, minutes and seconds that go with each other.
#[derive(Clone)]
pub(super) struct Times {
    pub(super) hours: Vec<u8>,
    pub(super) minutes: Vec<u8>,
    pub(super) seconds: Vec<u8>,
}

impl Times {
    fn len(&self) -> usize {
        self.hours.len() * self.minutes.len() * self.seconds.len()
    }

    /// The time at a place in their order, in seconds after midnight.
    fn get(&self, index: usize) -> i64 {
        let of = |list: &[u8], index: usize| i64::from(list.get(index).copied().unwrap_or(0));
        let (rest, second) = (index / self.seconds.len(), index % self.seconds.len());
        let (hour, minute) = (rest / self.minutes.len(), rest % self.minutes.len());
        of(&self.hours, hour) * 3600 + of(&self.minutes, minute) * 60 + of(&self.seconds, second)
    }
}

/// One turn of a rule. Its instances are counted, not listed: a year may hold a time for each of
/// its seconds.
pub(super) struct Period {
    days: Vec<NaiveDate>,
    times: Times,
    /// The places that BYSETPOS chose, if it did.
    chosen: Option<Vec<usize>>,
}

impl Period {
    /// Days in order, the times of each, and the positions to choose from all that (none: all).
    pub(super) fn new(days: Vec<NaiveDate>, times: Times, positions: &[i16]) -> Self {
        let total = days.len() * times.len();
        let place = |position: &i16| {
            let from_one = usize::from(position.unsigned_abs());
            let place = if *position > 0 {
                from_one.checked_sub(1)
            } else {
                total.checked_sub(from_one)
            };
            place.filter(|place| *place < total)
        };
        let chosen = (!positions.is_empty()).then(|| {
            let mut chosen: Vec<usize> = positions.iter().filter_map(place).collect();
            chosen.sort_unstable();
            chosen.dedup();
            chosen
        });
        Self {
            days,
            times,
            chosen,
        }
    }

    /// How many instances it holds.
    pub(super) fn len(&self) -> usize {
        match &self.chosen {
            Some(chosen) => chosen.len(),
            None => self.days.len() * self.times.len(),
        }
    }

    /// The instance at a place in their order.
    pub(super) fn get(&self, index: usize) -> Option<NaiveDateTime> {
        let index = match &self.chosen {
            Some(chosen) => *chosen.get(index)?,
            None => index,
        };
        let per_day = self.times.len().max(1);
        let day = self.days.get(index / per_day)?;
        Some(day.and_time(NaiveTime::MIN) + Duration::seconds(self.times.get(index % per_day)))
    }

    /// The place of the first instance at or after a time.
    pub(super) fn place_of(&self, time: NaiveDateTime) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle) {
                Some(found) if found < time => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }
}
