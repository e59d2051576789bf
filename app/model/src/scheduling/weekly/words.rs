//! Why a weekly time suits, and what happens in the weeks in which it does not.

use chrono::NaiveTime;

use super::super::suggest::Guest;
use super::weigh::Weighed;
use super::{FailingWeek, WeeklyWish};

/// More failing weeks than this are counted rather than named.
const MOST_NAMED: usize = 3;

pub(super) fn reasons(guests: &[Guest<'_>], one: &Weighed<'_>, wish: &WeeklyWish) -> Vec<String> {
    let weeks = one.series.occurrences.len();
    let works = weeks - one.failing.len();
    let mut reasons = vec![if one.failing.is_empty() {
        format!("Works in all {weeks} weeks")
    } else {
        format!("Works in {works} of {weeks} weeks")
    }];
    let named = one.failing.iter().take(MOST_NAMED);
    reasons.extend(named.map(|week| failing(guests, week, wish)));
    if let more @ 1.. = one.failing.len().saturating_sub(MOST_NAMED) {
        reasons.push(format!("Nor in {more} more"));
    }
    reasons.extend(at_times(guests, one));
    reasons.extend(moving(guests, one));
    reasons.extend(one.room.map(|option| {
        let (name, seats) = (&option.room.name, option.room.seats);
        format!("Always in {name}, which has {seats} seats")
    }));
    reasons
}

/// “Not on 24 Dec: Tom is on leave”.
fn failing(guests: &[Guest<'_>], week: &FailingWeek, wish: &WeeklyWish) -> String {
    let day = wish.reader.day(week.slot.from).format("%-d %b");
    let first = week.missing.first();
    let guest = first.and_then(|m| guests.iter().find(|guest| guest.id == m.person));
    let why = first.and_then(|missing| missing.why.first());
    let clause = match (guest, why) {
        (Some(guest), Some(why)) => why.clause(guest.name, &wish.reader),
        _ if week.room_taken => "no room is free".to_owned(),
        _ => "too few can come".to_owned(),
    };
    match week.missing.len() {
        0 | 1 => format!("Not on {day}: {clause}"),
        all => format!("Not on {day}: {clause}, {} more cannot come", all - 1),
    }
}

/// Which of the optional people cannot come each time.
fn at_times(guests: &[Guest<'_>], one: &Weighed<'_>) -> Vec<String> {
    let all = one.series.occurrences.len();
    let optional = guests.iter().filter(|guest| !guest.required);
    let told = optional.filter_map(|guest| {
        let slots = one.series.occurrences.iter();
        let free = slots
            .filter(|slot| guest.availability.free.covers(slot))
            .count();
        (free < all).then(|| format!("{} can come in {free} of {all} weeks", guest.name))
    });
    told.take(MOST_NAMED).collect()
}

/// For whom it moves, because their clocks do not change with those that it follows.
fn moving(guests: &[Guest<'_>], one: &Weighed<'_>) -> Option<String> {
    let (first, rest) = one.series.occurrences.split_first()?;
    guests.iter().find_map(|guest| {
        let clock = |at| -> NaiveTime { guest.local.local(at).time() };
        let usual = clock(first.from);
        let other = rest.iter().find(|slot| clock(slot.from) != usual)?;
        let day = guest.local.day(other.from).format("%-d %b");
        Some(format!(
            "For {} it moves from {} to {} on {day}, when the clocks change",
            guest.name,
            usual.format("%H:%M"),
            clock(other.from).format("%H:%M"),
        ))
    })
}
