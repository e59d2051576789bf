//! A series: what recurs, and what was changed about single occurrences.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clocks::SLACK;
use super::{Error, MAX_INSTANCES, Moment, Notation, Rule};
use crate::zone::Zone;

/// How long an occurrence takes: first whole days by the calendar, then seconds by the clock. A day
/// on which the clocks change is still one day, an hour is always an hour (RFC 5545, 3.3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// Days by the calendar.
    #[serde(default)]
    pub days: u32,
    /// Seconds by the clock.
    #[serde(default)]
    pub seconds: u32,
}

/// What became of one occurrence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It does not take place.
    Cancelled,
    /// It takes place at this time, for so long.
    Moved {
        /// When it starts now.
        start: Moment,
        /// How long it takes now.
        length: Length,
    },
}

/// A change to the occurrence that would start at `original`, which stays its name for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// When it would have started.
    pub original: Moment,
    /// What became of it.
    pub change: Change,
}

/// A start, a length and a rule, with what was added to it, taken out or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Where the rule begins, and the only occurrence if there is no rule. One that does not fit
    /// the rule is no occurrence, unless it is among those added.
    pub start: Moment,
    /// How long each takes.
    pub length: Length,
    /// When it recurs; without a rule it does not.
    #[serde(default)]
    pub rule: Option<Rule>,
    /// Starts beside the rule (RDATE). One of another length has an override too.
    #[serde(default)]
    pub added: Vec<Moment>,
    /// Starts that are left out (EXDATE). A whole day leaves out all that start on it.
    #[serde(default)]
    pub left_out: Vec<Moment>,
    /// What became of single occurrences. A moved one takes place even if it is also left out,
    /// since somebody said when; of two for one occurrence the last holds.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// One occurrence of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// Its name: when the series would have it start, in the notation of the series.
    pub original: Moment,
    /// When it starts.
    pub start: Moment,
    /// The instant it begins.
    pub begins: DateTime<Utc>,
    /// The instant it ends.
    pub ends: DateTime<Utc>,
    /// Whether it was moved, or its length changed.
    pub changed: bool,
}

impl Length {
    /// So many seconds by the clock.
    pub const fn seconds(seconds: u32) -> Self {
        Self { days: 0, seconds }
    }

    /// So many days by the calendar.
    pub const fn days(days: u32) -> Self {
        Self { days, seconds: 0 }
    }

    fn longest(self) -> Duration {
        Duration::days(i64::from(self.days)) + Duration::seconds(i64::from(self.seconds))
    }

    /// When something of this length ends. `None` beyond the years a zone knows.
    fn end_of(self, start: &Moment, floating: &Zone) -> Option<DateTime<Utc>> {
        let days = Duration::days(i64::from(self.days));
        let after_days = match self.days {
            0 => start.instant(floating)?,
            _ => start
                .at(start.local.checked_add_signed(days)?)
                .instant(floating)?,
        };
        after_days.checked_add_signed(Duration::seconds(i64::from(self.seconds)))
    }
}

impl Series {
    /// A series without exceptions.
    pub fn new(start: Moment, length: Length, rule: Option<Rule>) -> Self {
        Self {
            start,
            length,
            rule,
            added: Vec::new(),
            left_out: Vec::new(),
            overrides: Vec::new(),
        }
    }

    /// The occurrences that take place at least partly between two instants, in the order in which
    /// they begin. `floating` says where one is, for a series without a zone.
    ///
    /// # Errors
    /// [`Error::TooMuch`] for more than [`MAX_INSTANCES`] or too long a search,
    /// [`Error::Refused`] for a rule that does not go with the start.
    pub fn occurrences(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        floating: &Zone,
    ) -> Result<Vec<Occurrence>, Error> {
        let before = self.length.longest() + SLACK;
        let early = from
            .naive_utc()
            .checked_sub_signed(before)
            .unwrap_or(NaiveDateTime::MIN);
        let late = to
            .naive_utc()
            .checked_add_signed(SLACK)
            .unwrap_or(NaiveDateTime::MAX);
        let notation = &self.start.notation;
        let changes: BTreeMap<NaiveDateTime, &Override> = self
            .overrides
            .iter()
            .map(|o| (o.original.key_in(notation), o))
            .collect();
        let left_out = self.left_out();
        let mut found = Vec::new();
        for (key, original) in self.originals(early, late)? {
            let out = left_out.contains(key, original.local.date());
            if !out && !changes.contains_key(&key) {
                found.extend(self.occurrence(&original, &original, self.length, floating));
            }
        }
        for change in changes.values() {
            if let Change::Moved { start, length } = &change.change {
                found.extend(self.occurrence(&change.original, start, *length, floating));
            }
        }
        found.retain(|o| {
            let reaches = o.ends > from || (o.ends == o.begins && o.begins == from);
            o.begins < to && reaches
        });
        found.sort_by_key(|o| (o.begins, o.ends));
        Ok(found)
    }

    fn occurrence(
        &self,
        original: &Moment,
        start: &Moment,
        length: Length,
        floating: &Zone,
    ) -> Option<Occurrence> {
        let begins = start.instant(floating)?;
        Some(Occurrence {
            original: original.clone(),
            start: start.clone(),
            begins,
            ends: length.end_of(start, floating)?.max(begins),
            changed: original != start || length != self.length,
        })
    }

    /// The starts by rule and those added, before any exception, between two keys.
    pub(super) fn originals(
        &self,
        early: NaiveDateTime,
        late: NaiveDateTime,
    ) -> Result<BTreeMap<NaiveDateTime, Moment>, Error> {
        let start = &self.start;
        let mut originals = BTreeMap::new();
        let alone = Some(start).filter(|_| self.rule.is_none());
        for moment in alone.into_iter().chain(&self.added) {
            let key = moment.key_in(&start.notation);
            if (early..=late).contains(&key) {
                originals.insert(key, moment.clone());
            }
        }
        if let Some(rule) = &self.rule {
            let mut instances = rule.instances(start)?;
            instances.skip_to(early);
            instances.end_at(late);
            for instance in instances.by_ref().take(MAX_INSTANCES + 1) {
                originals.insert(instance.key, start.at(instance.local));
            }
            if instances.gave_up() || originals.len() > MAX_INSTANCES {
                return Err(Error::TooMuch);
            }
        }
        Ok(originals)
    }

    fn left_out(&self) -> LeftOut {
        let notation = &self.start.notation;
        let mut out = LeftOut::default();
        for moment in &self.left_out {
            if moment.is_date() {
                out.days.insert(moment.local.date());
            } else {
                out.keys.insert(moment.key_in(notation));
                // Servers leave whole days out by their midnight too.
                if *notation == Notation::Date {
                    out.days.insert(moment.local.date());
                }
            }
        }
        out
    }
}

/// What EXDATE names.
#[derive(Default)]
struct LeftOut {
    keys: BTreeSet<NaiveDateTime>,
    days: BTreeSet<NaiveDate>,
}

impl LeftOut {
    fn contains(&self, key: NaiveDateTime, day: NaiveDate) -> bool {
        self.keys.contains(&key) || self.days.contains(&day)
    }
}
