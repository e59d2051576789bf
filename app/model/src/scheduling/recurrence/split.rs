//! “This and following”: one series becomes two.

use std::num::NonZeroU32;

use chrono::{Datelike, Duration, NaiveDateTime, NaiveTime};

use super::rule::{Ending, Freq, Rule, Skip};
use super::walk::Walk;
use super::{Error, MAX_INSTANCES, Moment, Notation, Series};

/// A series cut in two. Together they have the occurrences of the one, each once.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What comes before the cut; `None` if that is nothing.
    pub before: Option<Series>,
    /// What begins with it. Its clock time is that of the series; the caller may now change it.
    pub following: Series,
}

/// A rule cut in two. Either part may have nothing to give.
#[derive(Default)]
struct RuleSplit {
    first: Option<Rule>,
    /// Where the second begins.
    start: Option<Moment>,
    second: Option<Rule>,
}

impl Series {
    /// Cuts the series before the occurrence that starts, or would start, at `original`. Exceptions
    /// go to the part that has their occurrence.
    ///
    /// # Errors
    /// [`Error::NotAnOccurrence`] when the series has none that starts then; [`Error::Refused`] for
    /// a rule with SKIP=FORWARD, whose second half cannot be written down as a rule.
    pub fn split_at(&self, original: &Moment) -> Result<Split, Error> {
        let notation = &self.start.notation;
        let cut = original.key_in(notation);
        if !self.originals(cut, cut)?.contains_key(&cut) {
            return Err(Error::NotAnOccurrence(original.to_string()));
        }
        let is_before = |moment: &Moment| {
            let key = match moment.is_date() {
                true => moment.end_key_in(notation),
                false => moment.key_in(notation),
            };
            key < cut
        };
        let (before, following) = self.halves(cut)?;
        let mut split = Split { before, following };
        let mut first = split.before.as_mut();
        // A day that is left out may lie on both sides of the cut, so the second half keeps all.
        for moment in &self.left_out {
            if let Some(first) = first
                .as_mut()
                .filter(|_| moment.is_date() || is_before(moment))
            {
                first.left_out.push(moment.clone());
            }
            if !is_before(moment) {
                split.following.left_out.push(moment.clone());
            }
        }
        for change in &self.overrides {
            match first.as_mut() {
                Some(first) if change.original.key_in(notation) < cut => {
                    first.overrides.push(change.clone());
                }
                _ => split.following.overrides.push(change.clone()),
            }
        }
        Ok(split)
    }

    /// Both parts without their exceptions. Either may start with what was added to the series, if
    /// the rule gives it nothing.
    fn halves(&self, cut: NaiveDateTime) -> Result<(Option<Series>, Series), Error> {
        let notation = &self.start.notation;
        let (mut early, mut late): (Vec<Moment>, Vec<Moment>) = self
            .added
            .iter()
            .cloned()
            .partition(|moment| moment.key_in(notation) < cut);
        let rules = match &self.rule {
            Some(rule) => self.rules(rule, cut)?,
            None => RuleSplit::default(),
        };
        let alone = self.rule.is_none();
        let starts_before = self.start.key_in(notation) < cut;
        let first = match alone {
            true => starts_before.then(|| self.start.clone()),
            false => rules.first.is_some().then(|| self.start.clone()),
        };
        let first = first.or_else(|| take_first(&mut early, notation));
        let before = first.map(|start| Self {
            added: early,
            ..Self::new(start, self.length, rules.first)
        });
        let start = match rules.start {
            Some(start) => start,
            None if alone && !starts_before => self.start.clone(),
            // The rule ends before the cut, so what is cut at is an addition.
            None => take_first(&mut late, notation).unwrap_or(self.start.clone()),
        };
        let following = Self {
            added: late,
            ..Self::new(start, self.length, rules.second)
        };
        Ok((before, following))
    }

    /// The rule up to the cut; the start and the rule from there on.
    fn rules(&self, rule: &Rule, cut: NaiveDateTime) -> Result<RuleSplit, Error> {
        if rule.skip == Skip::Forward {
            return Err(Error::refused(
                "SKIP",
                "a series with SKIP=FORWARD cannot be split",
            ));
        }
        let mut instances = rule.instances(&self.start)?;
        instances.skip_to(cut);
        let next = instances.next();
        if instances.gave_up() {
            return Err(Error::TooMuch);
        }
        let Some(next) = next else {
            let gives = rule.instances(&self.start)?.next().is_some();
            return Ok(RuleSplit {
                first: gives.then(|| rule.clone()),
                ..RuleSplit::default()
            });
        };
        let start = self.start.at(next.local);
        let mut second = rule.pinned(&self.start);
        let first = if let Ending::Count(count) = rule.ending {
            let counted = self.count_before(rule, next.local)?;
            let left = count.get().saturating_sub(counted);
            second.ending = Ending::Count(NonZeroU32::new(left).unwrap_or(NonZeroU32::MIN));
            NonZeroU32::new(counted).map(|n| rule.clone().with_ending(Ending::Count(n)))
        } else {
            let until = self.until_before(rule, &start, cut)?;
            until.map(|until| rule.clone().with_ending(Ending::Until(until)))
        };
        Ok(RuleSplit {
            first,
            start: Some(start),
            second: Some(second),
        })
    }

    /// How many times the rule gives before a local time.
    fn count_before(&self, rule: &Rule, local: NaiveDateTime) -> Result<u32, Error> {
        let walk = Walk::new(rule, self.start.local, self.start.is_date());
        for (counted, found) in walk.take(MAX_INSTANCES).enumerate() {
            if found >= local {
                return u32::try_from(counted).map_err(|_| Error::TooMuch);
            }
        }
        Err(Error::TooMuch)
    }

    /// An UNTIL after the last instance before the cut: the end of the day before it, or else the
    /// second before it. A whole day in between keeps both halves apart even if the zone's law
    /// changes later. `None` if the rule gives nothing before the cut.
    fn until_before(
        &self,
        rule: &Rule,
        start: &Moment,
        cut: NaiveDateTime,
    ) -> Result<Option<Moment>, Error> {
        let mut instances = rule.instances(&self.start)?;
        match instances.next() {
            Some(first) if first.key < cut => {}
            _ => return Ok(None),
        }
        let second = Duration::seconds(1);
        let midnight = start.local.date().and_time(NaiveTime::MIN);
        let day_before = start.at(midnight - second);
        if start.is_date() {
            return Ok(Some(Moment::date(day_before.local.date())));
        }
        let notation = &self.start.notation;
        let mut between = rule.instances(&self.start)?;
        between.skip_to(day_before.key_in(notation) + second);
        let same_day = between.next().is_some_and(|instance| instance.key < cut);
        let key = if same_day {
            cut - second
        } else {
            day_before.key_in(notation)
        };
        let local = match notation {
            Notation::Floating => return Ok(Some(start.at(key))),
            _ => key,
        };
        Ok(Some(Moment {
            local,
            notation: Notation::Utc,
        }))
    }
}

fn take_first(moments: &mut Vec<Moment>, notation: &Notation) -> Option<Moment> {
    moments.sort_by_key(|moment| moment.key_in(notation));
    (!moments.is_empty()).then(|| moments.remove(0))
}

impl Rule {
    /// The rule with the day it takes from a start written out, where moved days would make a later
    /// start lead to another.
    fn pinned(&self, start: &Moment) -> Self {
        let mut rule = self.clone();
        let derives = rule.by_day.is_empty()
            && rule.by_month_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty();
        if rule.skip == Skip::Omit || !derives {
            return rule;
        }
        if matches!(rule.freq, Freq::Monthly | Freq::Yearly) {
            rule.by_month_day = vec![i16::try_from(start.local.day()).unwrap_or(1)];
        }
        if rule.freq == Freq::Yearly && rule.by_month.is_empty() {
            rule.by_month = vec![u8::try_from(start.local.month()).unwrap_or(1)];
        }
        rule
    }
}
