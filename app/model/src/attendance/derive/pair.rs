//! Rules R6 and R8: from punches to stretches of work.
//!
//! Where all directions can be relied on, they say what happened. Else punches come and go by turns,
//! whatever key was pressed; and where that does not come out even once the shift is over, the first
//! and the last count. If some directions can be relied on and speak against it, they are followed,
//! and the others fill in. A missing punch is never made up: it leaves a flag, and at most an
//! estimate.

use chrono::{DateTime, Utc};

use super::assign::Group;
use super::interpret::Punch;
use super::span::{Span, minute_of};
use crate::attendance::day::{Direction, Flag, Presence};
use crate::attendance::shift::Pairing;

/// What is to be known of a shift, to pair its punches.
pub(super) struct Frame {
    pub pairing: Pairing,
    /// Whether no more punches are awaited.
    pub has_closed: bool,
    /// The minute after which a single punch is one out.
    pub middle: Option<i64>,
    /// The minute to take for a missing end.
    pub assumed_end: Option<i64>,
}

/// What punches come to.
#[derive(Debug, Default)]
pub(super) struct Paired {
    /// Stretches of work by time; some may have no length.
    pub pieces: Vec<Span>,
    /// The last of them, if its end is estimated.
    pub estimated: Option<Span>,
    pub flags: Vec<Flag>,
    /// What somebody is doing now, if more is awaited.
    pub presence: Option<Presence>,
    pub first_in: Option<DateTime<Utc>>,
    pub last_out: Option<DateTime<Utc>>,
    /// What each punch was taken for, by its place in the list of what became of punches.
    pub taken: Vec<(usize, Presence)>,
}

impl Paired {
    /// Whether a punch is missing.
    pub fn is_incomplete(&self) -> bool {
        let missing = |flag: &Flag| matches!(flag, Flag::MissingIn | Flag::MissingOut);
        self.flags.iter().any(missing)
    }

    /// Whether somebody is at work, or in a break from it.
    pub fn is_open(&self) -> bool {
        matches!(self.presence, Some(Presence::In | Presence::Break))
    }

    fn comes(&mut self, punch: &Punch) {
        self.first_in.get_or_insert(punch.at);
        self.taken.push((punch.out, Presence::In));
    }

    fn goes(&mut self, punch: &Punch) {
        self.last_out = Some(punch.at);
        self.taken.push((punch.out, Presence::Out));
    }

    fn works(&mut self, from: &Punch, to: &Punch) {
        self.pieces.push(between(from.at, to.at));
    }

    fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    /// Rule R8, and `open` while more is awaited.
    fn ends_without_out(&mut self, punch: &Punch, frame: &Frame) {
        if !frame.has_closed {
            self.presence = Some(Presence::In);
            self.flag(Flag::Open);
            return;
        }
        self.flag(Flag::MissingOut);
        let from = minute_of(punch.at);
        if let Some(end) = frame.assumed_end.filter(|end| *end > from) {
            self.flag(Flag::Estimated);
            self.estimated = Some(Span::new(from, end));
            self.pieces.push(Span::new(from, end));
        }
    }
}

fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> Span {
    Span::new(minute_of(from), minute_of(to))
}

/// Pairs the punches of one shift.
pub(super) fn pair(group: &Group, frame: &Frame) -> Paired {
    let punches = group.punches.as_slice();
    let trusted = |punch: &Punch| punch.direction.unwrap_or(Direction::Unknown);
    let is_odd = punches.len() % 2 == 1;
    let mut paired = if group.came_through.is_some() || group.went_through.is_some() {
        through(group)
    } else {
        match (frame.pairing, punches) {
            (_, []) => Paired::default(),
            (Pairing::Sequence, _) => sequence(punches, frame, |punch| punch.hint),
            (Pairing::Auto, _) if punches.iter().all(|p| p.direction.is_some()) => {
                sequence(punches, frame, trusted)
            }
            (_, [only]) => single(only, frame),
            (Pairing::FirstLast, _) => first_last(punches, frame),
            (Pairing::Auto, [first, .., last]) if is_odd && frame.has_closed => {
                if first.goes() || last.comes() {
                    sequence(punches, frame, trusted)
                } else {
                    let mut paired = first_last(punches, frame);
                    paired.flag(Flag::OddPunches);
                    paired
                }
            }
            (Pairing::Auto, _) if can_be_turns(punches) => by_turns(punches, frame),
            (Pairing::Auto, _) => sequence(punches, frame, trusted),
        }
    };
    if !frame.has_closed && paired.presence.is_none() && paired.last_out.is_some() {
        // By turns, the last one may have gone into a break all the same.
        let last = punches.last().and_then(|punch| punch.direction);
        if last == Some(Direction::BreakOut) {
            paired.presence = Some(Presence::Break);
            paired.flag(Flag::Open);
        } else {
            paired.presence = Some(Presence::Out);
        }
    }
    paired
}

/// Whether no trusted direction speaks against coming and going by turns.
fn can_be_turns(punches: &[Punch]) -> bool {
    punches.chunks(2).all(|two| {
        let can_end = |punch: &Punch| !punch.comes();
        !two[0].goes() && two.get(1).is_none_or(can_end)
    })
}

fn by_turns(punches: &[Punch], frame: &Frame) -> Paired {
    let mut paired = Paired::default();
    for two in punches.chunks(2) {
        paired.comes(&two[0]);
        match two.get(1) {
            Some(out) => {
                paired.goes(out);
                paired.works(&two[0], out);
            }
            None => paired.ends_without_out(&two[0], frame),
        }
    }
    paired
}

fn first_last(punches: &[Punch], frame: &Frame) -> Paired {
    let mut paired = Paired::default();
    if let [first, .., last] = punches {
        paired.comes(first);
        paired.goes(last);
        paired.works(first, last);
        if !frame.has_closed && punches.len() % 2 == 1 {
            paired.presence = Some(Presence::In);
            paired.flag(Flag::Open);
        }
    }
    paired
}

fn single(punch: &Punch, frame: &Frame) -> Paired {
    let mut paired = Paired::default();
    let minute = minute_of(punch.at);
    let is_late = frame.middle.is_some_and(|middle| minute > middle);
    if punch.goes() || (is_late && !punch.comes() && frame.has_closed) {
        paired.goes(punch);
        paired.flag(Flag::MissingIn);
    } else {
        paired.comes(punch);
        paired.ends_without_out(punch, frame);
    }
    paired
}

fn sequence(punches: &[Punch], frame: &Frame, direction: impl Fn(&Punch) -> Direction) -> Paired {
    let mut paired = Paired::default();
    let mut came: Option<&Punch> = None;
    let mut is_in_break = false;
    for punch in punches {
        let comes = match direction(punch) {
            Direction::In | Direction::BreakIn => true,
            Direction::Out | Direction::BreakOut => false,
            Direction::Unknown => came.is_none(),
        };
        if comes {
            paired.comes(punch);
            // Twice in: when the first stay ended is not known.
            if came.replace(punch).is_some() {
                paired.flag(Flag::MissingOut);
            }
            is_in_break = false;
        } else {
            match came.take() {
                Some(from) => paired.works(from, punch),
                // Who does not come back from a break goes home from there.
                None if is_in_break => {}
                None => paired.flag(Flag::MissingIn),
            }
            paired.goes(punch);
            is_in_break = direction(punch) == Direction::BreakOut;
        }
    }
    if let Some(punch) = came {
        paired.ends_without_out(punch, frame);
    } else if is_in_break && !frame.has_closed {
        paired.presence = Some(Presence::Break);
        paired.flag(Flag::Open);
    }
    paired
}

/// Somebody worked on from one shift into the next: the boundary is an end and a start, although
/// nobody punched there.
fn through(group: &Group) -> Paired {
    let mut paired = Paired::default();
    for punch in &group.punches {
        if let Some(boundary) = group.came_through {
            paired.goes(punch);
            paired.pieces.push(between(boundary, punch.at));
        } else if let Some(boundary) = group.went_through {
            paired.comes(punch);
            paired.pieces.push(between(punch.at, boundary));
        }
    }
    paired.flag(Flag::ThroughWork);
    paired
}
