//! From punches to attendance days: one pure function, [`derive()`].
//!
//! It knows no clock and no database. The same input gives the same days, in whichever order its
//! lists are and however often a punch is in them. The rules stand in files by what they do:
//!
//! * `input`: what goes in. `tame`: numbers that make no sense.
//! * `interpret` R0, R3: from what clocks showed to instants. `clock` R1. `repeats` R4.
//! * `shifts` R5 a, R7, R11: when somebody is expected. `assign` R5: which shift a punch is of.
//! * `pair` R6, R8: stretches of work. `count` R9, R10: what of them counts, and breaks.
//! * `outcome`: one shift through all of these, with R12. `status` R13. `explain`: in words.
//! * `rollup`: shifts become days. `split`: a shift that counts on two dates. `week` R14, R15.
//! * `annotate`: what people decided about punches, applied before all else.
//!
//! **Minutes.** Instants are compared to the second. Where a stretch of work begins or ends, the
//! seconds are dropped, as a clock without a second hand shows it: who punches at 09:05:59 came at
//! 09:05, and who leaves at 17:54:59 left at 17:54. From there on all is whole minutes.
//!
//! To add a rule: a function in the file of its group, a line in `explain`, and a case in
//! `tests/attendance/cases`.

mod annotate;
mod assign;
mod clock;
mod count;
mod explain;
mod input;
mod interpret;
mod outcome;
mod pair;
mod repeats;
mod rollup;
mod shifts;
mod span;
mod split;
mod status;
mod tame;
mod week;

use chrono::{DateTime, TimeDelta, Utc};

use super::day::Derived;
use assign::{Group, Groups};
use outcome::{Around, Outcome};
use shifts::Shift;

pub use annotate::{Annotation, Change, apply};
pub use clock::set_aside;
pub use input::{Half, Holiday, Input, Leave, PunchIn, PunchTime, ShiftInstance};
pub use week::work_days;

/// Derives the days of one person.
pub fn derive(input: &Input) -> Derived {
    let tamed = tame::tamed(input);
    let input = tamed.as_ref();
    let mut read = interpret::read(input);
    let kept = repeats::keep(&input.policy, &mut read);
    let shifts = shifts::resolve(input);
    let groups = assign::assign(&input.policy, &shifts, kept, &mut read);
    let outcomes = outcomes(input, &shifts, &groups, &mut read.outs);
    let mut days = rollup::days(input, outcomes);
    week::finish(input, &mut days);
    Derived {
        days,
        punches: read.outs,
    }
}

/// A group and the shift it belongs to, if any.
struct Member<'g, 's, 'i> {
    group: &'g Group,
    shift: Option<(usize, &'s Shift<'i>)>,
}

impl Member<'_, '_, '_> {
    /// When it begins: with its first punch, else with its shift.
    fn begins(&self) -> DateTime<Utc> {
        let first = self.group.punches.first().map(|punch| punch.at);
        let planned = self.shift.map(|(_, shift)| shift.start);
        first.or(planned).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// All groups, one after the other in time, so that no minute counts twice.
fn outcomes<'i>(
    input: &'i Input,
    shifts: &[Shift<'i>],
    groups: &Groups,
    outs: &mut [super::day::PunchOut],
) -> Vec<Outcome<'i>> {
    let of_shifts = groups.shifts.iter().zip(shifts.iter().enumerate());
    let of_shifts = of_shifts.map(|(group, shift)| Member {
        group,
        shift: Some(shift),
    });
    let loose = groups.loose.iter();
    let loose = loose.map(|group| Member { group, shift: None });
    let mut members: Vec<Member<'_, '_, '_>> = of_shifts.chain(loose).collect();
    members.sort_by_key(|member| (member.begins(), member.shift.map(|(number, _)| number)));

    let mut next_punches: Vec<Option<i64>> = vec![None; members.len()];
    let mut next = None;
    for (number, member) in members.iter().enumerate().rev() {
        next_punches[number] = next;
        let first = member.group.punches.first();
        next = first.map(|punch| span::minute_of(punch.at)).or(next);
    }

    let mut free_from = i64::MIN;
    let mut outcomes = Vec::with_capacity(members.len());
    for (member, next_punch) in members.iter().zip(next_punches) {
        let mut around = Around {
            free_from,
            next_punch,
            has_closed: true,
        };
        let outcome = match member.shift {
            Some((number, shift)) => {
                around.has_closed = has_closed(input, shifts, groups, number);
                outcome::of_shift(input, shift, member.group, around, outs)
            }
            None => {
                around.has_closed = is_loose_closed(input, member.group);
                outcome::of_loose(input, member.group, around, outs)
            }
        };
        if let Some(last) = outcome.work.last() {
            free_from = last.to;
        }
        for punch in &member.group.punches {
            let again = punch.repeats.iter().chain(&punch.copies);
            for out in again.chain([&punch.out]) {
                outs[*out].work_date = Some(outcome.date);
            }
        }
        for (out, taken) in &outcome.taken {
            outs[*out].taken_as = Some(*taken);
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// Whether no more punches are awaited. Whoever is at work when one shift ends and the next begins
/// may be working through, so then the next one's window counts.
fn has_closed(input: &Input, shifts: &[Shift<'_>], groups: &Groups, number: usize) -> bool {
    let mut last = number;
    if groups.shifts[number].punches.len() % 2 == 1 {
        while let Some(next) = shifts.get(last + 1)
            && shifts[last].goes_over_into(next)
            && groups.shifts[last + 1].punches.is_empty()
        {
            last += 1;
        }
    }
    shifts[last].has_closed(input.now)
}

fn is_loose_closed(input: &Input, group: &Group) -> bool {
    let session = TimeDelta::hours(input.policy.max_session_hours);
    let last = group.punches.last().map(|punch| punch.at + session);
    input
        .now
        .is_none_or(|now| last.is_none_or(|last| now > last))
}
