//! Whether a device can be believed: what it says against what is known.
//!
//! Each check takes what it compares and gives an [`Alarm`] or nothing. None of them throws a punch
//! away; an alarm is for people, and a flag on what came meanwhile.

mod alarm;
mod clock;
mod network;

use chrono::{DateTime, Utc};

use super::command::Period;

pub use alarm::{Alarm, Operated, Severity};
pub use clock::{Delivery, Skew, alarm_of_skew, skew, skew_by_epoch};
pub use network::{BadNetwork, Network, same_neighbourhood, source_changed};

/// Compares how many punches a device says it holds of a period with how many are stored.
///
/// Repeats are stored once, so `stored` is to be counted after them; a device that counts them twice
/// is asked for its punches again, which changes nothing.
pub fn completeness(period: Period, on_device: u64, stored: u64) -> Option<Alarm> {
    match on_device.cmp(&stored) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(Alarm::PunchesMissing {
            period,
            on_device,
            stored,
        }),
        std::cmp::Ordering::Less => Some(Alarm::PunchesGone {
            period,
            on_device,
            stored,
        }),
    }
}

/// Compares a count of punches with those of like periods before: the same hour of earlier days.
/// With fewer than five of them nothing is usual yet.
pub fn volume(count: u32, before: &[u32]) -> Option<Alarm> {
    const ENOUGH: usize = 5;
    /// Below this, nothing is unusual: a group came back from a meeting.
    const NOTHING: u32 = 30;
    if before.len() < ENOUGH {
        return None;
    }
    let usual = median(before.iter().map(|n| i64::from(*n)).collect())?;
    let spread = median(
        before
            .iter()
            .map(|n| (i64::from(*n) - usual).abs())
            .collect(),
    )?;
    let most = (usual * 3).max(usual + spread * 6).max(i64::from(NOTHING));
    (i64::from(count) > most).then(|| Alarm::UnusualVolume {
        count,
        usual: u32::try_from(usual).unwrap_or(u32::MAX),
    })
}

/// Whether a device has said nothing for too long. A device that was never heard is not silent yet.
pub fn silent(
    last_heard: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    limit_minutes: u32,
) -> Option<Alarm> {
    let last_heard = last_heard?;
    let minutes = now.signed_duration_since(last_heard).num_minutes();
    (minutes >= i64::from(limit_minutes)).then_some(Alarm::Silent {
        since: last_heard,
        minutes,
    })
}

/// The middle one of some numbers, the lower of the two middle ones of an even count.
fn median(mut numbers: Vec<i64>) -> Option<i64> {
    let middle = numbers.len().checked_sub(1)? / 2;
    let (_, found, _) = numbers.select_nth_unstable(middle);
    Some(*found)
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
