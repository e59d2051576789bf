//! How a time lies in somebody's day.

use super::super::hours::LocalTime;
use super::super::interval::Interval;

/// Before this a beginning is early: minutes since midnight on somebody's clock.
pub const EARLY: i64 = 9 * 60;
/// After this an end is late: minutes since midnight on somebody's clock.
pub const LATE: i64 = 18 * 60;
pub(super) const NOON: i64 = 12 * 60;
pub(super) const AFTER_LUNCH: i64 = 13 * 60;
/// So many minutes too early or too late are as bad as any.
const WORST_MINUTES: i64 = 3 * 60;
/// What it costs to take somebody's lunch, of 1000.
const LUNCH: i64 = 150;

/// A slot on somebody's clock, in minutes since the midnight before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalSlot {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl LocalSlot {
    pub(super) fn of(slot: &Interval, local: &LocalTime) -> Self {
        let from = local.minute_of_day(slot.from);
        let to = from + slot.minutes();
        Self { from, to }
    }

    pub(super) const fn is_early(self) -> bool {
        self.from < EARLY
    }

    pub(super) const fn is_late(self) -> bool {
        self.to > LATE
    }

    pub(super) const fn is_unsocial(self) -> bool {
        self.is_early() || self.is_late()
    }

    const fn takes_lunch(self) -> bool {
        self.from < AFTER_LUNCH && NOON < self.to
    }

    /// The part of the day, as it stands before “in New York”.
    pub(super) const fn part(self) -> &'static str {
        match self {
            _ if self.is_early() => "Early",
            _ if self.is_late() => "Late",
            _ if self.takes_lunch() => "Over lunch",
            Self { from: 600.., to } if to <= NOON => "Before lunch",
            Self { to, .. } if to <= NOON => "In the morning",
            Self { from: ..870, .. } => "After lunch",
            Self { .. } => "In the afternoon",
        }
    }
}

/// How uneasy a slot is for somebody, from 0 to 1000: three hours before nine or after six are as
/// bad as the middle of the night.
pub(in super::super) fn unease(slot: &Interval, local: &LocalTime) -> i64 {
    let slot = LocalSlot::of(slot, local);
    let off = (EARLY - slot.from).max(slot.to - LATE).max(0);
    let lunch = if slot.takes_lunch() { LUNCH } else { 0 };
    (off * 1000 / WORST_MINUTES).min(1000).max(lunch)
}
