//! Which weekly times suit best.

use std::cmp::Reverse;

use chrono::TimeDelta;

use super::super::availability::{Standing, common_free};
use super::super::interval::{Interval, IntervalSet};
use super::super::suggest::{Guest, Missing, RoomOption, fitting, unease};
use super::{FailingWeek, Series, WeeklySlot, WeeklyWish, words};

/// Of all series those that work in most weeks, and among those the ones that lie best in
/// everybody's day. One that works in no week is left out. Optional people count for the quorum and
/// for the score, not for exclusion.
pub fn find(
    guests: &[Guest<'_>],
    rooms: &[RoomOption<'_>],
    series: &[Series],
    wish: &WeeklyWish,
) -> Vec<WeeklySlot> {
    let required = required_free(guests, series);
    let rooms = wish.room.as_ref().map(|need| fitting(need, rooms));
    let mut weighed: Vec<_> = series
        .iter()
        .filter(|one| one.occurrences.iter().any(|slot| required.covers(slot)))
        .filter_map(|one| weigh(guests, rooms.as_deref(), one, wish))
        .collect();
    weighed.sort_by_key(|one| {
        let weekday = one.series.weekday.num_days_from_monday();
        (
            one.failing.len(),
            Reverse(one.points),
            weekday,
            one.series.at,
        )
    });
    let mut chosen: Vec<Weighed<'_>> = Vec::new();
    for one in weighed {
        let same = chosen
            .iter()
            .filter(|c| c.series.weekday == one.series.weekday);
        if chosen.len() < wish.limit
            && same.clone().count() < wish.per_weekday
            && !same
                .clone()
                .any(|other| near(other.series, one.series, wish))
        {
            chosen.push(one);
        }
    }
    chosen
        .into_iter()
        .map(|one| one.told(guests, wish))
        .collect()
}

/// A series with what was found out about it.
pub(super) struct Weighed<'a> {
    pub(super) series: &'a Series,
    pub(super) failing: Vec<FailingWeek>,
    pub(super) room: Option<RoomOption<'a>>,
    points: i64,
}

impl Weighed<'_> {
    fn told(self, guests: &[Guest<'_>], wish: &WeeklyWish) -> WeeklySlot {
        WeeklySlot {
            reasons: words::reasons(guests, &self, wish),
            score: u8::try_from((self.points + 5) / 10).unwrap_or(0).min(100),
            series: self.series.clone(),
            room: self.room.map(|option| option.room.id),
            failing: self.failing,
        }
    }
}

/// When all required people are free, over all weeks.
fn required_free(guests: &[Guest<'_>], series: &[Series]) -> IntervalSet {
    let slots = series.iter().flat_map(|one| &one.occurrences);
    let from = slots.clone().map(|slot| slot.from).min();
    let to = slots.map(|slot| slot.to).max();
    let (Some(from), Some(to)) = (from, to) else {
        return IntervalSet::empty();
    };
    let required = guests.iter().filter(|guest| guest.required);
    common_free(
        required.map(|guest| guest.availability),
        Interval::new(from, to),
    )
}

fn weigh<'a>(
    guests: &[Guest<'_>],
    rooms: Option<&[RoomOption<'a>]>,
    series: &'a Series,
    wish: &WeeklyWish,
) -> Option<Weighed<'a>> {
    let mut failing = Vec::new();
    let mut works: Vec<&Interval> = Vec::new();
    for slot in &series.occurrences {
        match missing(guests, slot, wish) {
            None => works.push(slot),
            Some(missing) => failing.push(FailingWeek {
                slot: *slot,
                missing,
                room_taken: false,
            }),
        }
    }
    let free = |option: &RoomOption<'_>, slot: &Interval| option.availability.free.covers(slot);
    let weeks_of = |option: &RoomOption<'_>| works.iter().filter(|slot| free(option, slot)).count();
    let room = match rooms {
        None => None,
        // The room that is free most often, the smallest of those.
        Some(rooms) => Some(*rooms.iter().rev().max_by_key(|room| weeks_of(room))?),
    };
    if let Some(room) = &room {
        let taken = works.extract_if(.., |slot| !free(room, slot));
        failing.extend(taken.map(|slot| FailingWeek {
            slot: *slot,
            missing: Vec::new(),
            room_taken: true,
        }));
        failing.sort_by_key(|week| week.slot);
    }
    (!works.is_empty()).then(|| Weighed {
        points: points(guests, &works, series),
        series,
        failing,
        room,
    })
}

/// Who makes a week fail: required people who are not free, or, if there are too few, everybody who
/// is not. `None` if it works.
fn missing(guests: &[Guest<'_>], slot: &Interval, wish: &WeeklyWish) -> Option<Vec<Missing>> {
    let not_free = guests
        .iter()
        .filter(|guest| guest.availability.standing(slot) != Standing::Free);
    let coming = guests.len() - not_free.clone().count();
    let too_few = coming < wish.quorum;
    let to_blame = not_free.filter(|guest| too_few || guest.required);
    let missing = to_blame.map(|guest| Missing {
        person: guest.id,
        why: guest.availability.why_not(slot),
    });
    let missing: Vec<_> = missing.collect();
    (too_few || !missing.is_empty()).then_some(missing)
}

/// From 0 to 1000: the share of weeks that work, the share of invitations that can be followed in
/// them, and how the times lie in everybody's day.
fn points(guests: &[Guest<'_>], works: &[&Interval], series: &Series) -> i64 {
    let share = |part: usize, all: usize| (1000 * part / all.max(1)).cast_signed() as i64;
    let mut coming = 0;
    let mut worst = 0;
    let mut sum = 0;
    for slot in works {
        for guest in guests {
            coming += usize::from(guest.availability.free.covers(slot));
            let unease = unease(slot, guest.local);
            sum += unease;
            worst = worst.max(unease);
        }
    }
    let invitations = guests.len() * works.len();
    let mean = sum / i64::try_from(invitations.max(1)).unwrap_or(i64::MAX);
    let ease = 1000 - i64::midpoint(worst, mean);
    let weeks = share(works.len(), series.occurrences.len());
    (50 * weeks + 20 * share(coming, invitations) + 30 * ease) / 100
}

/// Whether two series of one weekday overlap or begin too close to each other.
fn near(a: &Series, b: &Series, wish: &WeeklyWish) -> bool {
    let pairs = a.occurrences.iter().zip(&b.occurrences);
    let mut overlapping = pairs.map(|(a, b)| a.overlaps(b));
    (a.at - b.at).abs() < TimeDelta::minutes(wish.apart_minutes) || overlapping.any(|yes| yes)
}
