//! Rule R5, b to f: which shift each punch belongs to. Punches come by time and are taken one after
//! the other; what is done so far decides only whether somebody is at work.
//!
//! In doubt the window of a shift decides. A session that is open reaches beyond windows, and never
//! longer than a person can be at work, so that a forgotten punch spoils no other day.

use chrono::{DateTime, TimeDelta, Utc};

use super::interpret::{Punch, Read};
use super::shifts::Shift;
use crate::attendance::day::{Direction, Flag};
use crate::attendance::policy::Policy;

/// So early before a start, a punch begins the shift even if somebody is at work without one; and so
/// far over a boundary, it can belong to the other side.
const NEAR_MINUTES: i64 = 60;

/// The punches of one shift, or of some work without one, by time.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub punches: Vec<Punch>,
    /// Work went on from the shift before: from here, without a punch.
    pub came_through: Option<DateTime<Utc>>,
    /// Work went on into the next shift: from here, without a punch.
    pub went_through: Option<DateTime<Utc>>,
}

impl Group {
    fn is_odd(&self) -> bool {
        self.punches.len() % 2 == 1
    }
}

/// Who belongs where.
pub(super) struct Groups {
    /// One for each shift, in their order.
    pub shifts: Vec<Group>,
    /// Work without a shift, by time.
    pub loose: Vec<Group>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Shift(usize),
    Loose(usize),
}

/// Distributes all punches.
pub(super) fn assign(
    policy: &Policy,
    shifts: &[Shift<'_>],
    punches: Vec<Punch>,
    read: &mut Read,
) -> Groups {
    let mut walk = Walk {
        shifts,
        max_session: TimeDelta::hours(policy.max_session_hours),
        min_time_off: TimeDelta::hours(policy.min_time_off_hours),
        last: None,
        open: None,
        groups: Groups {
            shifts: shifts.iter().map(|_| Group::default()).collect(),
            loose: Vec::new(),
        },
    };
    for punch in punches {
        let place = walk.place(&punch);
        walk.put(punch, place, read);
    }
    let mut groups = walk.groups;
    for number in 1..shifts.len() {
        settle_boundary(shifts, number, &mut groups.shifts, read);
    }
    groups
}

struct Walk<'a> {
    shifts: &'a [Shift<'a>],
    max_session: TimeDelta,
    min_time_off: TimeDelta,
    /// Where the last punch went, and when it was.
    last: Option<(Place, DateTime<Utc>)>,
    /// The session that is open, and since when.
    open: Option<(Place, DateTime<Utc>)>,
    groups: Groups,
}

impl Walk<'_> {
    /// The shift whose window holds a punch. At a boundary the later has it.
    fn window(&self, at: DateTime<Utc>) -> Option<usize> {
        let after = self.shifts.partition_point(|shift| shift.opens <= at);
        let number = after.checked_sub(1)?;
        (at <= self.shifts[number].closes).then_some(number)
    }

    /// The open session, if it can still reach a punch.
    fn reaching(&self, at: DateTime<Utc>) -> Option<Place> {
        let (place, since) = self.open?;
        (at - since <= self.max_session).then_some(place)
    }

    fn place(&self, punch: &Punch) -> Place {
        let open = self.reaching(punch.at);
        let window = self.window(punch.at);
        if let Some(place) = open
            && punch.goes()
        {
            return place;
        }
        if let Some(number) = window {
            let begins = self.shifts[number].start - TimeDelta::minutes(NEAR_MINUTES);
            return match open {
                Some(place @ Place::Loose(_)) if punch.at < begins => place,
                _ => Place::Shift(number),
            };
        }
        match open {
            Some(place) if !punch.comes() => place,
            _ => self.loose(punch.at),
        }
    }

    /// The last piece of unscheduled work, if it was not long ago and nothing was between; else a
    /// new one.
    fn loose(&self, at: DateTime<Utc>) -> Place {
        match self.last {
            Some((place @ Place::Loose(_), last)) if at - last < self.min_time_off => place,
            _ => Place::Loose(self.groups.loose.len()),
        }
    }

    fn put(&mut self, punch: Punch, place: Place, read: &mut Read) {
        let at = punch.at;
        let is_open_here = self.open.is_some_and(|(open, _)| open == place);
        let opens = match punch.direction {
            Some(_) => punch.comes(),
            None => !is_open_here,
        };
        // Whoever goes into a break is still at work.
        let goes_for_a_break = is_open_here && punch.direction == Some(Direction::BreakOut);
        if opens {
            self.open = Some((place, at));
        } else if !goes_for_a_break && (is_open_here || punch.goes()) {
            self.open = None;
        }
        self.last = Some((place, at));
        let group = match place {
            Place::Shift(number) => {
                let shift = &self.shifts[number];
                if at < shift.opens || at > shift.closes {
                    read.outs[punch.out].flags.push(Flag::OutsideWindow);
                }
                &mut self.groups.shifts[number]
            }
            Place::Loose(number) => {
                if number == self.groups.loose.len() {
                    self.groups.loose.push(Group::default());
                }
                &mut self.groups.loose[number]
            }
        };
        group.punches.push(punch);
    }
}

/// Rule R5 f: two neighbours that are both odd. A punch soon after the end of the first is its end;
/// one soon before the start of the second is its start. Failing that, whoever has one punch in each
/// of two shifts without a gap between has worked through.
fn settle_boundary(shifts: &[Shift<'_>], number: usize, groups: &mut [Group], read: &mut Read) {
    let (one, next) = (&shifts[number - 1], &shifts[number]);
    let (before, from_here) = groups.split_at_mut(number);
    let (Some(first), Some(second)) = (before.last_mut(), from_here.first_mut()) else {
        return;
    };
    // Who has come through from the shift before that has no punch in to give away.
    if !first.is_odd() || !second.is_odd() || first.came_through.is_some() {
        return;
    }
    let near = TimeDelta::minutes(NEAR_MINUTES);
    let can_end = first.punches.last().is_some_and(|last| !last.goes());
    let ends_first = |punch: &Punch| punch.at <= one.end + near && !punch.comes();
    if can_end && ends_first(&second.punches[0]) {
        let punch = second.punches.remove(0);
        read.outs[punch.out].flags.push(Flag::BoundaryMoved);
        first.punches.push(punch);
        return;
    }
    let begins_second = |punch: &Punch| punch.at >= next.start - near && !punch.goes();
    let can_begin = !second.punches[0].comes();
    if first.punches.len() >= 3
        && can_begin
        && let Some(punch) = first.punches.pop_if(|last| begins_second(last))
    {
        read.outs[punch.out].flags.push(Flag::BoundaryMoved);
        second.punches.insert(0, punch);
        return;
    }
    let is_alone = first.punches.len() == 1 && second.punches.len() == 1;
    if is_alone && one.goes_over_into(next) && can_end && can_begin {
        first.went_through = Some(next.opens);
        second.came_through = Some(next.opens);
    }
}
