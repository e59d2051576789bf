//! Local times become what the clocks of a zone show.

use std::collections::VecDeque;

use chrono::{Duration, NaiveDateTime};

use super::rule::{Ending, Freq, Rule};
use super::walk::Walk;
use super::{Error, Moment, Notation};

/// How far a zone's offset may move the order of things: more than any offset or change of one.
pub(super) const SLACK: Duration = Duration::days(2);

/// One instance of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The local time the rule asks for.
    pub local: NaiveDateTime,
    /// The local time the clocks show: later than asked for when they skip it.
    pub shown: NaiveDateTime,
    /// Where it stands in time: in UTC if the start knows instants, as `shown` if not.
    pub key: NaiveDateTime,
}

/// The instances of a rule from a start: in order, each once, possibly without end.
pub struct Instances<'a> {
    walk: Walk<'a>,
    notation: &'a Notation,
    /// No instance lies after it.
    until: Option<NaiveDateTime>,
    /// No instance before it is given.
    floor: Option<NaiveDateTime>,
    /// Those that the clocks skip, and the one after them: moved forward they may change places.
    skipped: VecDeque<Instance>,
    ahead: Option<Instance>,
    last: Option<NaiveDateTime>,
}

impl<'a> Instances<'a> {
    pub(super) fn new(rule: &'a Rule, start: &'a Moment) -> Result<Self, Error> {
        if start.is_date() && rule.freq() < Freq::Daily {
            let why = format!("{} needs a start with a time of day", rule.freq().as_str());
            return Err(Error::refused("FREQ", why));
        }
        let mut all = Self {
            walk: Walk::new(rule, start.local, start.is_date()),
            notation: &start.notation,
            until: None,
            floor: None,
            skipped: VecDeque::new(),
            ahead: None,
            last: None,
        };
        if let Ending::Until(until) = rule.ending() {
            all.end_at(until.end_key_in(&start.notation));
        }
        Ok(all)
    }

    /// Gives no instance before a key, see [`Moment::key_in`]. Call it before the first is taken.
    pub fn skip_to(&mut self, key: NaiveDateTime) {
        self.floor = self.floor.max(Some(key));
        if let Some(early) = key.checked_sub_signed(self.slack()) {
            self.walk.skip_to(early);
        }
    }

    /// Gives no instance after a key.
    pub fn end_at(&mut self, key: NaiveDateTime) {
        self.until = Some(self.until.map_or(key, |until| until.min(key)));
        if let Some(late) = key.checked_add_signed(self.slack()) {
            self.walk.end_at(late);
        }
    }

    /// Whether it ended only because the next instance is too far away to look for.
    pub fn gave_up(&self) -> bool {
        self.walk.gave_up()
    }

    fn slack(&self) -> Duration {
        match self.notation {
            Notation::Zoned(_) => SLACK,
            _ => Duration::zero(),
        }
    }

    fn instance(&self, local: NaiveDateTime) -> Instance {
        let plain = Instance {
            local,
            shown: local,
            key: local,
        };
        let Notation::Zoned(zone) = self.notation else {
            return plain;
        };
        let Some(at) = zone.instant_of(local) else {
            return plain;
        };
        Instance {
            local,
            shown: zone.local_of(at),
            key: at.naive_utc(),
        }
    }

    /// The next in the order of the clocks, whatever its bounds.
    fn next_in_order(&mut self) -> Option<Instance> {
        while self.ahead.is_none() {
            let Some(local) = self.walk.next() else { break };
            let instance = self.instance(local);
            if instance.shown == local {
                self.ahead = Some(instance);
            } else {
                self.skipped.push_back(instance);
            }
        }
        match (self.skipped.front(), &self.ahead) {
            (Some(skipped), Some(ahead)) if skipped.key > ahead.key => self.ahead.take(),
            (Some(_), _) => self.skipped.pop_front(),
            (None, _) => self.ahead.take(),
        }
    }
}

impl Iterator for Instances<'_> {
    type Item = Instance;

    fn next(&mut self) -> Option<Instance> {
        loop {
            let instance = self.next_in_order()?;
            if self.until.is_some_and(|until| instance.key > until) {
                return None;
            }
            let twice = self.last.is_some_and(|last| instance.key <= last);
            if !twice && self.floor.is_none_or(|floor| instance.key >= floor) {
                self.last = Some(instance.key);
                return Some(instance);
            }
        }
    }
}
