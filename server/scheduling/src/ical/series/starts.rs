//! The original starts of a series: what its rules and its added dates give.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use model::scheduling::recurrence::Notation;

use crate::ical::read::{End, Event, Moment};
use crate::ical::warning::{Warnings, shown};
use crate::ical::{Clock, limits};

use super::instances::Expansion;
use super::repetition::{Repetition, repetition};
use super::span::Span;

/// The years a calendar can write.
fn all_time() -> (NaiveDateTime, NaiveDateTime) {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    (
        first.and_time(NaiveTime::MIN),
        last.and_time(NaiveTime::MIN),
    )
}

impl<'a> Expansion<'a, '_> {
    /// Every original start of the master that can matter, with the end of its own that it may
    /// have; and whether there are more of them than we count. The last one is then where we stopped.
    pub(super) fn starts(&self, warnings: &mut Warnings) -> (Vec<(Moment, Option<&'a End>)>, bool) {
        let master = self.master;
        let mut locals: Vec<NaiveDateTime> = Vec::new();
        let (mut nothing_at_all, mut cut) = (true, false);
        for (line, rule) in &master.rules {
            match self.rule_starts(rule) {
                Ok((mut found, gives)) => {
                    if found.cut && self.range.doubt_is_busy {
                        let limit = self.range.per_series;
                        let text = format!(
                            "This repeats more than {limit} times; all the rest counts as busy."
                        );
                        warnings.add(*line, text);
                    }
                    cut |= found.cut;
                    let cost = if gives {
                        found.starts.len()
                    } else {
                        limits::EMPTY_RULE
                    };
                    self.range.spend(cost);
                    nothing_at_all &= !gives;
                    locals.append(&mut found.starts);
                }
                Err(reason) => {
                    let rule = shown(rule);
                    let text = format!("{rule} is no rule ({reason}); only the first time counts.");
                    warnings.add(*line, text);
                }
            }
        }
        if nothing_at_all {
            locals.push(master.start.local);
        }
        let start = &master.start;
        let at = |local| Moment {
            local,
            clock: start.clock.clone(),
            date_only: start.date_only,
        };
        let ruled = locals.into_iter().map(|local| (at(local), None));
        let listed = master
            .dates
            .iter()
            .map(|(moment, end)| (moment.clone(), end.as_ref()));
        self.range.spend(1 + master.dates.len());
        // The rules come last, so that the last start is where they were cut.
        (listed.chain(ruled).collect(), cut)
    }

    /// The starts of one rule in the range, and whether it gives any at all.
    fn rule_starts(&self, rule: &str) -> Result<(Repetition, bool), String> {
        let start = &self.master.start;
        let clock = start.clock.or(&self.range.zone);
        let local = |until: DateTime<Utc>| Some(clock.local(until));
        let notation = if start.date_only {
            Notation::Date
        } else {
            Notation::Floating
        };
        let counted = model::scheduling::recurrence::Moment {
            local: start.local,
            notation,
        };
        let range = self.local_range(&clock);
        let found = repetition(rule, &counted, range, self.range.per_series, &local)?;
        let gives = !found.starts.is_empty() || {
            !repetition(rule, &counted, all_time(), 1, &local)?
                .starts
                .is_empty()
        };
        Ok((found, gives))
    }

    /// The local times between which an instance can start and still overlap the range.
    pub(super) fn local_range(&self, clock: &Clock) -> (NaiveDateTime, NaiveDateTime) {
        let zone = &self.range.zone;
        let span = |event: &Event| Span::of(&event.start, &event.end, zone).at_most();
        let turned = self.turns.iter().map(|turn| span(turn.event)).max();
        let longest = turned.unwrap_or_default().max(span(self.master));
        let shift = self.turns.iter().map(|turn| turn.shift.abs()).max();
        // The clocks may be changed in between, by an hour or so.
        let slack = shift.unwrap_or_default().checked_add(&Duration::hours(3));
        let slack = slack.unwrap_or(Duration::MAX);
        let low = clock.local(self.range.from).checked_sub_signed(longest);
        let low = low.and_then(|low| low.checked_sub_signed(slack));
        let high = clock.local(self.range.to).checked_add_signed(slack);
        let (first, last) = all_time();
        (
            low.unwrap_or(first).max(first),
            high.unwrap_or(last).min(last),
        )
    }
}
