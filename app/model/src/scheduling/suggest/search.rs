//! Which times meet the conditions, and which of them to show.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::super::availability::Standing;
use super::super::bitmap::{Bitmap, CELL_MINUTES};
use super::super::interval::Interval;
use super::room::{RoomOption, fitting};
use super::{Guest, Missing, Wish};

/// A time that meets the conditions. People are positions in the list of guests.
pub(super) struct Candidate<'a> {
    pub(super) slot: Interval,
    pub(super) coming: Vec<usize>,
    pub(super) unknown: Vec<usize>,
    pub(super) out: Vec<usize>,
    pub(super) room: Option<RoomOption<'a>>,
}

impl Candidate<'_> {
    pub(super) fn missing(&self, guests: &[Guest<'_>]) -> Vec<Missing> {
        let missing = self.out.iter().map(|at| Missing {
            person: guests[*at].id,
            why: guests[*at].availability.why_not(&self.slot),
        });
        missing.collect()
    }
}

/// Every time that meets the conditions, in order of time. The maps of the required people leave
/// few starts to look at; the intervals have the last word on each.
pub(super) fn candidates<'a>(
    guests: &[Guest<'_>],
    rooms: &[RoomOption<'a>],
    wish: &Wish,
) -> Vec<Candidate<'a>> {
    if wish.minutes <= 0 {
        return Vec::new();
    }
    let rooms = wish.room.as_ref().map(|need| fitting(need, rooms));
    let mut everyone = Bitmap::all_free(wish.within);
    for guest in guests.iter().filter(|guest| guest.required) {
        everyone.merge(&if wish.offer_unknown {
            guest.availability.hopeful_map()
        } else {
            guest.availability.map()
        });
    }
    let step = wish.step_minutes.max(1).unsigned_abs();
    let step = step
        .next_multiple_of(CELL_MINUTES.unsigned_abs())
        .cast_signed();
    let on_step = |at| wish.reader.minute_of_day(at) % step == 0;
    // The minutes beyond the last whole cell are left to the intervals.
    let whole_cells = wish.minutes - wish.minutes % CELL_MINUTES;
    let starts = everyone.free_starts(whole_cells).filter(|at| on_step(*at));
    let slots = starts.map(|from| Interval::starting(from, wish.minutes));
    slots
        .filter(|slot| wish.within.covers(slot))
        .filter_map(|slot| candidate(guests, rooms.as_deref(), wish, slot))
        .collect()
}

fn candidate<'a>(
    guests: &[Guest<'_>],
    rooms: Option<&[RoomOption<'a>]>,
    wish: &Wish,
    slot: Interval,
) -> Option<Candidate<'a>> {
    let (mut coming, mut unknown, mut out) = (Vec::new(), Vec::new(), Vec::new());
    for (at, guest) in guests.iter().enumerate() {
        match guest.availability.standing(&slot) {
            Standing::Free => coming.push(at),
            Standing::Unknown if wish.offer_unknown || !guest.required => unknown.push(at),
            Standing::Out if !guest.required => out.push(at),
            Standing::Unknown | Standing::Out => return None,
        }
    }
    if coming.len() < wish.quorum {
        return None;
    }
    let free = |option: &&RoomOption<'a>| option.availability.free.covers(&slot);
    let room = match rooms {
        None => None,
        Some(rooms) => Some(*rooms.iter().find(free)?),
    };
    Some(Candidate {
        slot,
        coming,
        unknown,
        out,
        room,
    })
}

/// The best of a ranked list that neither overlap nor crowd a day.
pub(super) fn spread<'r, 'a>(
    ranked: &'r [(u32, Candidate<'a>)],
    wish: &Wish,
) -> Vec<&'r (u32, Candidate<'a>)> {
    let mut chosen: Vec<&(u32, Candidate<'a>)> = Vec::new();
    let mut per_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let apart = TimeDelta::minutes(wish.apart_minutes);
    for entry in ranked {
        let slot = entry.1.slot;
        let day = per_day.entry(wish.reader.day(slot.from)).or_default();
        let near = |other: &&(u32, Candidate<'a>)| {
            let other = other.1.slot;
            other.overlaps(&slot) || (other.from - slot.from).abs() < apart
        };
        if chosen.len() < wish.limit && *day < wish.per_day && !chosen.iter().any(near) {
            *day += 1;
            chosen.push(entry);
        }
    }
    chosen
}
