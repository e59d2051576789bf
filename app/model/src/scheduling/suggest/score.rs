//! How well a time suits, in whole numbers so that every machine counts the same.

use super::super::availability::Freshness;
use super::super::interval::Interval;
use super::search::Candidate;
use super::{Guest, Wish, unease};

// The weights add up to a hundred; each part is worth 0 to 1000.
const ATTENDANCE: i64 = 40;
const FAIRNESS: i64 = 30;
const WHOLENESS: i64 = 15;
const ROOM: i64 = 8;
const SOON: i64 = 7;
const FULL: i64 = 1000;

/// A free stretch shorter than this is of no use to anybody.
const SLIVER_MINUTES: i64 = 30;
/// Splitting a stretch hurts fully from this length on.
const LONG_MINUTES: i64 = 240;

/// The points of a candidate, from 0 to 100,000: finer than the score, for the order.
pub(super) fn points(guests: &[Guest<'_>], candidate: &Candidate<'_>, wish: &Wish) -> u32 {
    let sum = ATTENDANCE * attendance(guests, candidate)
        + FAIRNESS * fairness(guests, candidate)
        + WHOLENESS * wholeness(guests, candidate)
        + ROOM * room(candidate, wish)
        + SOON * soon(candidate, wish);
    u32::try_from(sum).unwrap_or(0)
}

/// The score of so many points.
pub(super) fn from_points(points: u32) -> u8 {
    u8::try_from((points + 500) / 1000).unwrap_or(100).min(100)
}

fn mean(values: impl ExactSizeIterator<Item = i64>) -> Option<i64> {
    let count = i64::try_from(values.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(values.sum::<i64>() / count)
}

/// Who can come. A calendar read long ago counts a little less, one not known a good deal less.
fn attendance(guests: &[Guest<'_>], candidate: &Candidate<'_>) -> i64 {
    let coming = candidate
        .coming
        .iter()
        .map(|at| match guests[*at].availability.trust.freshness {
            Freshness::Fresh => FULL,
            Freshness::Stale | Freshness::Unknown => 900,
        });
    let unknown = candidate.unknown.iter().map(|_| 400);
    let out = candidate.out.iter().map(|_| 0);
    let values: Vec<_> = coming.chain(unknown).chain(out).collect();
    mean(values.into_iter()).unwrap_or(FULL)
}

/// How early or late it is for those who may come: half the mean, half the worst, and more for
/// those who had the early or late hour more often than others lately.
fn fairness(guests: &[Guest<'_>], candidate: &Candidate<'_>) -> i64 {
    let fewest = guests.iter().map(|guest| guest.unsocial_turns).min();
    let there = candidate.coming.iter().chain(&candidate.unknown);
    let unease: Vec<_> = there
        .map(|at| {
            let guest = &guests[*at];
            let turns = i64::from(guest.unsocial_turns - fewest.unwrap_or(0));
            unease(&candidate.slot, guest.local) * (FULL + 250 * turns.min(4)) / FULL
        })
        .collect();
    let worst = unease.iter().copied().max().unwrap_or(0);
    let group = i64::midpoint(worst, mean(unease.into_iter()).unwrap_or(0));
    FULL - group.min(FULL)
}

/// What is left of everybody's free time: best beside a meeting or at the edge of the day, worst in
/// the middle of a long free stretch or a few useless minutes off its edge.
fn wholeness(guests: &[Guest<'_>], candidate: &Candidate<'_>) -> i64 {
    let each = candidate.coming.iter().map(|at| {
        let free = &guests[*at].availability.free;
        let piece = free.piece_at(candidate.slot.from);
        piece.map_or(FULL, |piece| left_whole(piece, &candidate.slot))
    });
    mean(each).unwrap_or(FULL)
}

fn left_whole(piece: &Interval, slot: &Interval) -> i64 {
    let before = (slot.from - piece.from).num_minutes();
    let after = (piece.to - slot.to).num_minutes();
    let (smaller, both) = (before.min(after), before + after);
    let harm = match smaller {
        ..=0 => 0,
        1..SLIVER_MINUTES => 600,
        _ => 100 + 1000 * smaller / both,
    };
    FULL - harm * both.min(LONG_MINUTES) / LONG_MINUTES
}

/// How much of the room is used.
fn room(candidate: &Candidate<'_>, wish: &Wish) -> i64 {
    match (&wish.room, candidate.room) {
        (Some(need), Some(option)) if option.room.seats > 0 => {
            FULL * i64::from(need.seats) / i64::from(option.room.seats)
        }
        _ => FULL,
    }
}

fn soon(candidate: &Candidate<'_>, wish: &Wish) -> i64 {
    let waited = (candidate.slot.from - wish.within.from).num_minutes();
    FULL - FULL * waited / wish.within.minutes().max(1)
}
