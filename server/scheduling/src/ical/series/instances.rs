//! The instances of one series within a range.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveTime, Utc};

use crate::ical::Clock;
use crate::ical::read::{End, Event, Moment, Replaces};
use crate::ical::warning::Warnings;

use super::key::Key;
use super::span::{Span, end_clock};
use super::{Range, Series, revision};

/// One time at which an event takes place.
#[derive(Clone, Debug)]
pub(in crate::ical) struct Instance<'a> {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub start_clock: Clock,
    pub end_clock: Clock,
    /// The event that says what it is: the master or an exception.
    pub event: &'a Event,
}

/// The instances of a series that overlap the range, cancelled ones left out.
pub(in crate::ical) fn instances<'a>(
    series: &Series<'a>,
    range: &Range,
    warnings: &mut Warnings,
) -> Vec<Instance<'a>> {
    let mut all: Vec<Instance<'a>> = Vec::new();
    let exceptions = newest_exceptions(series, range);
    if series.masters.is_empty() {
        for (event, _) in exceptions.values() {
            if range.is_spent() {
                break;
            }
            let alone = Expansion::new(event, range, HashMap::new());
            all.append(&mut alone.run(warnings));
        }
    }
    for (place, master) in series.masters.iter().enumerate() {
        if range.is_spent() {
            break;
        }
        // Exceptions belong to the first master; a second one of the same UID is a stray.
        let own = if place == 0 {
            exceptions.clone()
        } else {
            HashMap::new()
        };
        all.append(&mut Expansion::new(master, range, own).run(warnings));
    }
    all.retain(|instance| instance.start < range.to && instance.end > range.from);
    all
}

impl Range {
    /// Takes so many instances off what the file may still have.
    pub(super) fn spend(&self, count: usize) {
        self.left.set(self.left.get().saturating_sub(count));
    }

    /// Whether the file has had all the instances it may.
    pub(in crate::ical) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

type Exceptions<'a> = HashMap<Key, (&'a Event, &'a Replaces)>;

/// The latest revision of each exception by the instance it stands for.
fn newest_exceptions<'a>(series: &Series<'a>, range: &Range) -> Exceptions<'a> {
    let mut newest: Exceptions<'a> = HashMap::new();
    for event in &series.exceptions {
        let Some(replaces) = &event.replaces else {
            continue;
        };
        let start = series
            .masters
            .first()
            .map_or(&replaces.moment, |master| &master.start);
        let Some(key) = Key::of(&replaces.moment, start, &range.zone) else {
            continue;
        };
        let older = newest
            .get(&key)
            .is_some_and(|(other, _)| revision(other) > revision(event));
        if !older {
            newest.insert(key, (event, replaces));
        }
    }
    newest
}

/// From some instance on, everything is as in another event.
pub(super) struct Turn<'a> {
    from: DateTime<Utc>,
    pub(super) event: &'a Event,
    /// How far it moves what follows.
    pub(super) shift: Duration,
}

/// A series at work.
pub(super) struct Expansion<'a, 'r> {
    pub(super) master: &'a Event,
    pub(super) range: &'r Range,
    exceptions: Exceptions<'a>,
    pub(super) turns: Vec<Turn<'a>>,
    out: Vec<Instance<'a>>,
}

impl<'a, 'r> Expansion<'a, 'r> {
    fn new(master: &'a Event, range: &'r Range, exceptions: Exceptions<'a>) -> Self {
        let mut turns: Vec<Turn<'a>> = exceptions
            .values()
            .filter(|(_, replaces)| replaces.following)
            .filter_map(|(event, replaces)| {
                let from = replaces.moment.instant(&range.zone)?;
                let shift = event.start.local - replaces.moment.local;
                Some(Turn { from, event, shift })
            })
            .collect();
        turns.sort_by_key(|turn| turn.from);
        Self {
            master,
            range,
            exceptions,
            turns,
            out: Vec::new(),
        }
    }

    fn run(mut self, warnings: &mut Warnings) -> Vec<Instance<'a>> {
        if !self.master.marks.cancelled {
            let taken_out: HashSet<Key> = (self.master.exceptions.iter())
                .filter_map(|date| Key::of(date, &self.master.start, &self.range.zone))
                .collect();
            let mut seen = HashSet::new();
            let (starts, cut) = self.starts(warnings);
            let last = starts.last().map(|(start, _)| start.clone());
            for (start, end) in starts {
                let Some(at) = start.instant(&self.range.zone) else {
                    continue;
                };
                if seen.insert(at) {
                    self.place(at, start, end, &taken_out);
                }
            }
            if let Some(last) = last.filter(|_| cut && self.range.doubt_is_busy) {
                self.take_the_rest(&last);
            }
        }
        self.left_over(warnings);
        self.out
    }

    /// Puts one original start where it takes place, if it does.
    fn place(
        &mut self,
        at: DateTime<Utc>,
        start: Moment,
        end: Option<&'a End>,
        taken_out: &HashSet<Key>,
    ) {
        let day = start.clock.or(&self.range.zone).local(at).date();
        let day = if start.date_only {
            start.local.date()
        } else {
            day
        };
        let keys = [Key::At(at), Key::On(day)];
        if let Some((event, _)) = keys.iter().find_map(|key| self.exceptions.remove(key)) {
            if !event.marks.cancelled {
                self.emit(event, event.start.clone(), None);
            }
            return;
        }
        if keys.iter().any(|key| taken_out.contains(key)) {
            return;
        }
        let turned = self.turns.partition_point(|turn| turn.from <= at);
        match turned.checked_sub(1).map(|last| &self.turns[last]) {
            // With a rule of its own it is a series of its own from there on.
            Some(turn) if turn.event.marks.cancelled || !turn.event.rules.is_empty() => {}
            Some(turn) => {
                let (event, shift) = (turn.event, turn.shift);
                if let Some(local) = start.local.checked_add_signed(shift) {
                    let date_only = event.start.date_only;
                    let local = if date_only {
                        local.date().and_time(NaiveTime::MIN)
                    } else {
                        local
                    };
                    let clock = event.start.clock.clone();
                    self.emit(
                        event,
                        Moment {
                            local,
                            clock,
                            date_only,
                        },
                        None,
                    );
                }
            }
            None => self.emit(self.master, start, end),
        }
    }

    /// A series that was cut short is there all the time from then on, as far as we know.
    fn take_the_rest(&mut self, last: &Moment) {
        if let Some(start) = last.instant(&self.range.zone) {
            let clock = last.clock.or(&self.range.zone);
            self.out.push(Instance {
                start,
                end: self.range.to.max(start),
                start_clock: clock.clone(),
                end_clock: clock,
                event: self.master,
            });
        }
    }

    /// Exceptions of instances that were not met: those from outside the range, and those of
    /// instances the master does not have. The latter count too, as long as they are not older than
    /// the master.
    fn left_over(&mut self, warnings: &mut Warnings) {
        let clock = self.master.start.clock.or(&self.range.zone);
        let (low, high) = self.local_range(&clock);
        for (_, (event, replaces)) in std::mem::take(&mut self.exceptions) {
            let met = (low..=high).contains(&replaces.moment.local);
            let stale = met && event.sequence < self.master.sequence;
            if !event.marks.cancelled && !stale {
                self.emit(event, event.start.clone(), None);
            }
        }
        let own_rules: Vec<&Event> = self.turns.iter().map(|turn| turn.event).collect();
        for event in own_rules
            .into_iter()
            .filter(|event| !event.rules.is_empty())
        {
            if self.range.is_spent() {
                break;
            }
            let mut rest = Expansion::new(event, self.range, HashMap::new()).run(warnings);
            // Its first instance has been placed as the exception it also is.
            let first = event.start.instant(&self.range.zone);
            rest.retain(|instance| Some(instance.start) != first);
            self.out.append(&mut rest);
        }
    }

    fn emit(&mut self, event: &'a Event, start: Moment, end: Option<&End>) {
        let zone = &self.range.zone;
        // An exception that does not say when it is keeps the length of its master.
        let source = if event.start_given {
            event
        } else {
            self.master
        };
        let span = match end {
            Some(end) => Span::of(&start, end, zone),
            None => Span::of(&source.start, &source.end, zone),
        };
        let ended_by = end_clock(&source.start, end.unwrap_or(&source.end), zone);
        if let (Some(from), Some(to)) = (start.instant(zone), span.end(&start, zone)) {
            self.out.push(Instance {
                start: from,
                end: to,
                start_clock: start.clock.or(&Arc::clone(zone)),
                end_clock: ended_by,
                event,
            });
        }
    }
}
