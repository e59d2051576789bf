//! Why a time suits, in plain words, the weightiest first.

use super::super::availability::Freshness;
use super::day::{AFTER_LUNCH, LocalSlot, NOON};
use super::search::Candidate;
use super::{Guest, Wish, unease};

/// Who is free until then from lunch on has the afternoon whole.
const AFTERNOON_UNTIL: i64 = 16 * 60;
/// Who is free from then on until noon has the morning whole.
const MORNING_FROM: i64 = 10 * 60;
/// More reasons than this nobody reads.
const MOST_REASONS: usize = 6;

pub(super) fn reasons(
    guests: &[Guest<'_>],
    candidate: &Candidate<'_>,
    wish: &Wish,
    is_first: bool,
) -> Vec<String> {
    let there: Vec<&Guest<'_>> = candidate.coming.iter().map(|at| &guests[*at]).collect();
    let mut reasons = vec![attendance(guests, candidate, wish)];
    reasons.extend(not_known(guests, candidate, wish));
    reasons.extend(age(&there, wish));
    reasons.extend(hours(&there, candidate, wish));
    reasons.extend(turns(&there, candidate));
    reasons.extend(whole(&there, candidate));
    reasons.extend(candidate.room.map(|option| {
        let (name, seats) = (&option.room.name, option.room.seats);
        format!("{name} is free and has {seats} seats")
    }));
    if is_first {
        reasons.push("The first time that works".to_owned());
    }
    reasons.truncate(MOST_REASONS);
    reasons
}

/// “All 6 are free”, or “5 of 6 can come; Tom is on another meeting”.
fn attendance(guests: &[Guest<'_>], candidate: &Candidate<'_>, wish: &Wish) -> String {
    let (coming, all) = (candidate.coming.len(), guests.len());
    let out = candidate.out.iter().filter_map(|at| {
        let why = guests[*at].availability.why_not(&candidate.slot);
        Some(why.first()?.clause(guests[*at].name, &wish.reader))
    });
    let out: Vec<_> = out.collect();
    match (out.as_slice(), coming, all) {
        (_, _, 0) => "Nobody has to be asked".to_owned(),
        ([], 1, 1) => format!("{} is free", guests[0].name),
        ([], 2, 2) => "Both are free".to_owned(),
        ([], ..) if coming == all => format!("All {all} are free"),
        ([], ..) => format!("{coming} of {all} can come for certain"),
        ([first], ..) => format!("{coming} of {all} can come; {first}"),
        ([first, second], ..) => format!("{coming} of {all} can come; {first}, {second}"),
        ([first, .., _], ..) => {
            let more = out.len() - 1;
            format!("{coming} of {all} can come; {first}, {more} more cannot")
        }
    }
}

fn not_known(guests: &[Guest<'_>], candidate: &Candidate<'_>, wish: &Wish) -> Option<String> {
    let (first, more) = candidate.unknown.split_first()?;
    let guest = &guests[*first];
    let why = guest.availability.why_not(&candidate.slot);
    let clause = why.last()?.clause(guest.name, &wish.reader);
    Some(match more.len() {
        0 => clause,
        more => format!("{clause}, and {more} more are not known"),
    })
}

/// What time it is for whom: a word about whoever has it worst, or that nobody has it early, and
/// the part of the day elsewhere.
fn hours(there: &[&Guest<'_>], candidate: &Candidate<'_>, wish: &Wish) -> Vec<String> {
    let slot = &candidate.slot;
    // Of equals the first, so that the order of the guests decides.
    let by_unease = there.iter().rev();
    let worst = by_unease.max_by_key(|guest| unease(slot, guest.local));
    let (Some(first), Some(worst)) = (there.first(), worst) else {
        return Vec::new();
    };
    let local = |guest: &Guest<'_>| LocalSlot::of(slot, guest.local);
    let offset = first.local.offset_minutes(slot.from);
    if there
        .iter()
        .all(|g| g.local.offset_minutes(slot.from) == offset)
    {
        return vec![local(first).part().to_owned()];
    }
    let (name, place) = (worst.name, worst.local.place(slot.from));
    let clock = |at| worst.local.stamp(at).clock();
    let mut told = vec![match local(worst) {
        early if early.is_early() => format!("Early for {name}: {} in {place}", clock(slot.from)),
        late if late.is_late() => format!("Late for {name}: until {} in {place}", clock(slot.to)),
        _ => "Nobody starts before 09:00".to_owned(),
    }];
    let here = wish.reader.place(slot.from);
    let mut others = there.iter();
    let far = others.find(|g| g.local.place(slot.from) != here && !local(g).is_unsocial());
    told.extend(far.map(|guest| {
        let (part, place) = (local(guest).part(), guest.local.place(slot.from));
        format!("{part} in {place}")
    }));
    told
}

/// Who is spared this time because the early or late hour was theirs before.
fn turns(there: &[&Guest<'_>], candidate: &Candidate<'_>) -> Option<String> {
    let fewest = there.iter().map(|guest| guest.unsocial_turns).min()?;
    let uneasy = |guest: &Guest<'_>| LocalSlot::of(&candidate.slot, guest.local).is_unsocial();
    let spared = there.iter().rev().filter(|guest| !uneasy(guest));
    let most = spared.max_by_key(|guest| guest.unsocial_turns)?;
    (most.unsocial_turns > fewest).then(|| {
        format!(
            "Spares {}, who had the early or late hour before",
            most.name
        )
    })
}

/// Whose half day stays in one piece.
fn whole(there: &[&Guest<'_>], candidate: &Candidate<'_>) -> Option<String> {
    let slot = &candidate.slot;
    let kept = |guest: &Guest<'_>| {
        let piece = guest.availability.free.piece_at(slot.from)?;
        let local = LocalSlot::of(slot, guest.local);
        let before = (slot.from - piece.from).num_minutes();
        let after = (piece.to - slot.to).num_minutes();
        if local.to <= AFTER_LUNCH && local.to + after >= AFTERNOON_UNTIL {
            Some("afternoon")
        } else if local.from >= NOON && local.from - before <= MORNING_FROM {
            Some("morning")
        } else {
            None
        }
    };
    let halves: Vec<_> = there.iter().map(|guest| kept(guest)).collect();
    let (at, half) = halves
        .iter()
        .enumerate()
        .find_map(|(at, half)| Some((at, (*half)?)))?;
    let everyone = there.len() > 1 && halves.iter().all(|other| *other == Some(half));
    Some(if everyone {
        format!("Leaves everyone’s {half} whole")
    } else {
        format!("Leaves {}’s {half} whole", there[at].name)
    })
}

/// Whose calendar was read a while ago.
fn age(there: &[&Guest<'_>], wish: &Wish) -> Option<String> {
    let stale = there
        .iter()
        .find(|guest| guest.availability.trust.freshness != Freshness::Fresh)?;
    let as_of = stale.availability.trust.as_of?;
    let when = wish.reader.stamp(as_of).date_time();
    Some(format!("{}’s calendar was read last on {when}", stale.name))
}
