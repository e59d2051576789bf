//! When a meeting takes place: from its wall-clock time, zone and rule to occurrences.

use chrono::{Days, NaiveDateTime, TimeDelta};
use model::MeetingId;
use model::scheduling::meeting::{MeetingState, Slot};
use model::scheduling::recurrence::{self, Ending, Freq, Length, Moment, Notation, Rule, Series};
use model::zone::Zone;

use crate::Error;
use crate::store::meetings::{MeetingRow, OccurrenceRow};

/// How far ahead the occurrences of a series exist as rows, and so take people's time.
pub(crate) const HORIZON: Days = Days::new(366);
/// The most occurrences that a series may have within the horizon.
const MOST: usize = 400;

/// A zone by its name.
///
/// # Errors
/// 422 for a name that is in no database.
pub(crate) fn zone(field: &str, name: &str) -> Result<Zone, Error> {
    Zone::named(name).map_err(|error| Error::field(field, error.to_string()))
}

/// The text of a rule, checked.
///
/// # Errors
/// 422 that names the part of the rule that is wrong.
pub(crate) fn rule(text: &str) -> Result<Rule, Error> {
    text.trim()
        .parse()
        .map_err(|error: recurrence::Error| Error::field("recurrence", error.to_string()))
}

/// When the times of a meeting are wanted for.
pub(crate) struct Span<'a> {
    pub meeting: MeetingId,
    pub state: MeetingState,
    pub local_start: NaiveDateTime,
    pub zone: &'a Zone,
    pub minutes: i64,
    pub rule: Option<&'a Rule>,
}

impl Span<'_> {
    /// The occurrences whose original local start is at or after `from` and before `until`. One
    /// without a rule has its one time, whatever the bounds.
    ///
    /// # Errors
    /// 422 for a rule that gives too many, or none at all.
    pub(crate) fn occurrences(
        &self,
        from: NaiveDateTime,
        until: NaiveDateTime,
    ) -> Result<Vec<OccurrenceRow>, Error> {
        let Some(rule) = self.rule else {
            return Ok(vec![self.at(self.local_start)?]);
        };
        let start = Moment::zoned(self.local_start, self.zone.clone());
        let refused = |error: recurrence::Error| Error::field("recurrence", error.to_string());
        let mut instances = rule.instances(&start).map_err(refused)?;
        let mut found = Vec::new();
        for instance in instances.by_ref() {
            if instance.local >= until {
                break;
            }
            if instance.local < from {
                continue;
            }
            if found.len() == MOST {
                let message =
                    format!("That is more than {MOST} times in a year. Repeat it less often.");
                return Err(Error::field("recurrence", message));
            }
            found.push(self.at(instance.local)?);
        }
        if instances.gave_up() {
            return Err(refused(recurrence::Error::TooMuch));
        }
        Ok(found)
    }

    fn at(&self, local: NaiveDateTime) -> Result<OccurrenceRow, Error> {
        let from_at = self
            .zone
            .instant_of(local)
            .ok_or_else(|| Error::field("slot", "There is no such time."))?;
        Ok(OccurrenceRow {
            meeting_id: self.meeting,
            original_local: local,
            from_at,
            to_at: from_at + TimeDelta::minutes(self.minutes),
            state: self.state,
            changed: false,
            title: None,
            location: None,
            description: None,
        })
    }
}

/// Up to which local time occurrences are made of a series that begins, or goes on, at a local time.
pub(crate) fn horizon(from: NaiveDateTime) -> NaiveDateTime {
    from.checked_add_days(HORIZON).unwrap_or(NaiveDateTime::MAX)
}

/// Moves a meeting, or a series by one of its times, to a new slot: the wall-clock time shifts by
/// as much, and with it the weekdays of a weekly rule and the end of any. `shown` is the local time that the slot
/// stands instead of.
///
/// # Errors
/// 422 when the day of a rule that names its days cannot follow.
pub(crate) fn shift(
    row: &mut MeetingRow,
    zone: &Zone,
    slot: Slot,
    shown: NaiveDateTime,
) -> Result<(), Error> {
    let by = zone.local_of(slot.from) - shown;
    let minutes = (slot.to - slot.from).num_minutes();
    row.duration_minutes = i32::try_from(minutes).unwrap_or(i32::MAX);
    let before = row.local_start;
    row.local_start += by;
    let days = (row.local_start.date() - before.date()).num_days();
    if let Some(text) = row.rule.as_deref().filter(|_| by != TimeDelta::zero()) {
        let rule = match days {
            0 => rule(text)?,
            _ => shifted_rule(rule(text)?, days)?,
        };
        row.rule = Some(ends_later(rule, zone, by, days).to_string());
    }
    Ok(())
}

/// A rule whose last time follows a shift: a series that moves takes place as often as before.
fn ends_later(rule: Rule, zone: &Zone, by: TimeDelta, days: i64) -> Rule {
    let Ending::Until(until) = rule.ending() else {
        return rule;
    };
    let until = match until.notation {
        Notation::Date => until.at(until.local + TimeDelta::days(days)),
        Notation::Floating | Notation::Zoned(_) => until.at(until.local + by),
        Notation::Utc => match zone.instant_of(zone.local_of(until.local.and_utc()) + by) {
            Some(at) => Moment::utc(at),
            None => return rule,
        },
    };
    rule.with_ending(Ending::Until(until))
}

/// A rule whose named weekdays follow a shift by so many days.
fn shifted_rule(rule: Rule, days: i64) -> Result<Rule, Error> {
    let named = rule.weekdays();
    if named.is_empty() && !rule.to_string().contains(";BYMONTHDAY") {
        return Ok(rule);
    }
    if rule.freq() != Freq::Weekly {
        let message = "This series names its days. Move it within the day, or book a new series.";
        return Err(Error::field("slot", message));
    }
    let turn = |day: chrono::Weekday| {
        let steps = days.rem_euclid(7);
        (0..steps).fold(day, |day, _| day.succ())
    };
    let days: Vec<chrono::Weekday> = named.iter().map(|nth| turn(nth.day)).collect();
    Ok(rule.with_weekdays(&days))
}

/// The rules of a series that is cut before one of its times: of what comes before, and of what
/// begins with it.
///
/// # Errors
/// 422 when the series has no such time.
pub(crate) fn split(
    row: &MeetingRow,
    zone: &Zone,
    original: NaiveDateTime,
) -> Result<(String, String), Error> {
    let text = row.rule.as_deref().unwrap_or_default();
    let start = Moment::zoned(row.local_start, zone.clone());
    let seconds = u32::try_from(row.duration_minutes).unwrap_or(0) * 60;
    let series = Series::new(start.clone(), Length::seconds(seconds), Some(rule(text)?));
    let refused = |error: recurrence::Error| Error::field("occurrence", error.to_string());
    let cut = series.split_at(&start.at(original)).map_err(refused)?;
    let text = |series: Option<Series>| {
        series
            .and_then(|series| series.rule)
            .map(|rule| rule.to_string())
            // A part with one time only repeats once.
            .unwrap_or_else(|| "FREQ=DAILY;COUNT=1".to_owned())
    };
    Ok((text(cut.before), text(Some(cut.following))))
}
