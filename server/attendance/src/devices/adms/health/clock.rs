//! How far a device's clock is off, told from how long punches took to arrive.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Alarm, median};

/// A punch, when its device says it was made, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// By the device's clock.
    pub occurred_at: DateTime<Utc>,
    /// By ours.
    pub received_at: DateTime<Utc>,
}

/// How far a clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// What is to be added to its times; below zero, it is ahead.
    pub seconds: i64,
    /// From how many deliveries that agree it was told.
    pub samples: usize,
}

/// Tells the skew of one epoch of a clock: a time in which nobody set it.
///
/// A punch delivered as it is made arrives seconds later, so `received − occurred` is the skew and a
/// little. One delivered after an outage arrives any time later, and many of them at once. So of
/// each five minutes only the shortest delay is taken, and of those delays only the ones that agree:
/// after an outage they are scattered over hours, a skew is the same every time. It is the median of
/// the largest group within a minute, the group of shorter delays where two are equal.
pub fn skew(deliveries: &[Delivery]) -> Option<Skew> {
    /// So many must agree.
    const ENOUGH: usize = 3;
    /// How far those that agree may be apart.
    const WITHIN_SECONDS: i64 = 60;
    /// Of such a time, one delivery is taken.
    const WINDOW_SECONDS: i64 = 300;
    let mut shortest: BTreeMap<i64, i64> = BTreeMap::new();
    for delivery in deliveries {
        let window = delivery.received_at.timestamp().div_euclid(WINDOW_SECONDS);
        let delay = delivery
            .received_at
            .signed_duration_since(delivery.occurred_at);
        let delay = delay.num_seconds();
        let known = shortest.entry(window).or_insert(delay);
        *known = delay.min(*known);
    }
    let mut delays: Vec<i64> = shortest.into_values().collect();
    delays.sort_unstable();
    let mut best: &[i64] = &[];
    let mut from = 0;
    for to in 0..delays.len() {
        while delays[to] - delays[from] > WITHIN_SECONDS {
            from += 1;
        }
        if to + 1 - from > best.len() {
            best = &delays[from..=to];
        }
    }
    let seconds = median(best.to_vec()).filter(|_| best.len() >= ENOUGH)?;
    Some(Skew {
        seconds,
        samples: best.len(),
    })
}

/// Tells the skew of each epoch. A new one begins at each time the clock was set, by when we heard
/// of it. The first is the one before any of these.
pub fn skew_by_epoch(deliveries: &[Delivery], set_at: &[DateTime<Utc>]) -> Vec<Option<Skew>> {
    let mut bounds = set_at.to_vec();
    bounds.sort_unstable();
    let epoch_of = |d: &Delivery| bounds.partition_point(|bound| *bound <= d.received_at);
    let mut epochs = vec![Vec::new(); bounds.len() + 1];
    for delivery in deliveries {
        if let Some(epoch) = epochs.get_mut(epoch_of(delivery)) {
            epoch.push(*delivery);
        }
    }
    epochs.iter().map(|epoch| skew(epoch)).collect()
}

/// The alarm, when a clock is off by more than a minute.
pub fn alarm_of_skew(skew: Skew) -> Option<Alarm> {
    (skew.seconds.abs() > 60).then_some(Alarm::ClockOff {
        behind_seconds: skew.seconds,
    })
}
