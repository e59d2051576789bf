//! A swap held against both rosters: what both work before and after it, what they should know, and
//! what stands in its way.

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::PersonId;
use model::attendance::shift::ShiftTemplate;
use model::attendance::swap::{
    Placed, SwapDay, dates, new_short_rests, overlaps, swapped, week_of, weeks_over,
};
use model::attendance::views::{RosterShift, SwapDayView};

use crate::duty::{MOST_SHIFTS, Zones, interval};
use crate::people::zone_named;
use crate::planned::{Known, Span, shift};
use crate::store::calendars::RosterInstance;
use crate::store::roster::PersonRow;
use crate::store::swaps::AskedDays;

/// How many days about those of a swap matter for rest and weeks.
const AROUND: Days = Days::new(9);

/// The days that matter for a swap.
pub(super) fn span_of(from_day: NaiveDate, to_day: NaiveDate) -> Span {
    let (first, last) = (from_day.min(to_day), from_day.max(to_day));
    (
        first.checked_sub_days(AROUND).unwrap_or(first),
        last.checked_add_days(AROUND).unwrap_or(last),
    )
}

/// What stands in the way of a swap: the field of the form that names it, and the words.
pub(super) struct Obstacle {
    pub field: &'static str,
    pub text: String,
}

/// A swap, looked at by somebody.
pub(super) struct Look<'a> {
    pub known: &'a Known,
    pub asker: &'a PersonRow,
    pub other: &'a PersonRow,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    /// Who reads: their own name reads as *you*.
    pub reader: Option<PersonId>,
    pub now: DateTime<Utc>,
}

impl Look<'_> {
    /// What both work on the days as the rosters have it.
    pub fn before(&self) -> AskedDays {
        let of = |person: &PersonRow, date| {
            let day = self.known.day(person.id, date);
            day.map_or_else(Vec::new, |day| day.shifts.0.clone())
        };
        let days = dates(self.from_day, self.to_day).into_iter();
        days.map(|date| SwapDay {
            date,
            asker: of(self.asker, date),
            other: of(self.other, date),
        })
        .collect()
    }

    /// What both work after the swap. A shift stays at its hours: one that follows the clocks of where
    /// somebody works follows them also for a colleague elsewhere.
    pub fn after(&self, before: &AskedDays) -> AskedDays {
        let is_gift_for_gift = before.len() == 2;
        let pinned = before.iter().enumerate().map(|(place, day)| {
            let pin = |shifts: &[RosterInstance], from, to, moves: bool| {
                let shifts = shifts.iter().cloned();
                let moved = shifts.map(|shift| match moves {
                    true => self.pinned(shift, from, to, day.date),
                    false => shift,
                });
                moved.collect()
            };
            SwapDay {
                date: day.date,
                asker: pin(
                    &day.asker,
                    self.asker,
                    self.other,
                    !is_gift_for_gift || place == 0,
                ),
                other: pin(
                    &day.other,
                    self.other,
                    self.asker,
                    !is_gift_for_gift || place == 1,
                ),
            }
        });
        let mut after = swapped(&pinned.collect::<Vec<_>>());
        for day in &mut after {
            for shifts in [&mut day.asker, &mut day.other] {
                shifts.sort_by_key(|instance| (instance.shift.start, instance.template));
            }
        }
        after
    }

    fn pinned(
        &self,
        mut instance: RosterInstance,
        from: &PersonRow,
        to: &PersonRow,
        date: NaiveDate,
    ) -> RosterInstance {
        let (from, to) = (self.known.clocks(from, date), self.known.clocks(to, date));
        if instance.shift.zone.is_none() && from != to {
            instance.shift.zone = Some(from.to_owned());
        }
        instance
    }

    /// Both days as people see them.
    pub fn shown(&self, before: &AskedDays) -> Vec<SwapDayView> {
        let after = self.after(before);
        let days = before.iter().zip(&after);
        days.map(|(before, after)| {
            let shown =
                |person, shifts: &[RosterInstance]| self.shifts(person, before.date, shifts);
            SwapDayView {
                date: before.date,
                asker_before: shown(self.asker, &before.asker),
                asker_after: shown(self.asker, &after.asker),
                other_before: shown(self.other, &before.other),
                other_after: shown(self.other, &after.other),
            }
        })
        .collect()
    }

    fn shifts(
        &self,
        person: &PersonRow,
        date: NaiveDate,
        shifts: &[RosterInstance],
    ) -> Vec<RosterShift> {
        let policy = self.known.policy_on(person.id, date);
        let shifts = shifts.iter().map(|instance| {
            let zone = zone_named(self.zone_of(person, date, &instance.shift));
            let during = interval(&instance.shift, date, &zone);
            shift(instance, during, policy, zone.name().to_owned())
        });
        shifts.collect()
    }

    fn zone_of<'b>(
        &'b self,
        person: &'b PersonRow,
        date: NaiveDate,
        shift: &'b ShiftTemplate,
    ) -> &'b str {
        let own = shift.zone.as_deref();
        own.unwrap_or_else(|| self.known.clocks(person, date))
    }

    /// What both should know before they agree: rest that becomes too short, weeks that become too
    /// long.
    pub fn warnings(&self, before: &AskedDays) -> Vec<String> {
        let after = self.after(before);
        let mut warnings = Vec::new();
        for person in [self.asker, self.other] {
            let is = self.plans(person, before);
            let will = self.plans(person, &after);
            let policy = self.known.policy_on(person.id, self.from_day);
            let policy = policy.cloned().unwrap_or_default();
            let limits = policy.limits();
            if let Some(due) = limits.daily_rest_minutes {
                for mark in new_short_rests(&is.placed, &will.placed, due) {
                    let (who, has) = self.who(person, "have", "has");
                    warnings.push(format!(
                        "{who} {has} only {} of rest before {}; {} are due.",
                        hours(mark.rest.minutes()),
                        words(mark.work_date),
                        hours(due),
                    ));
                }
            }
            if let Some(most) = limits.weekly_average_minutes {
                let start = policy.workweek_start.weekday();
                // Of other weeks not all days were read.
                let own = dates(self.from_day, self.to_day);
                let is_own = |week| own.iter().any(|date| week_of(*date, start) == week);
                let over = weeks_over(&is.minutes, &will.minutes, start, most).into_iter();
                for (week, minutes) in over.filter(|(week, _)| is_own(*week)) {
                    let (who, works) = self.who(person, "work", "works");
                    warnings.push(format!(
                        "{who} {works} {} in the week of {}, more than {}.",
                        hours(minutes),
                        words(week),
                        hours(most),
                    ));
                }
            }
        }
        warnings
    }

    /// What stands in the way, whoever asks.
    pub fn obstacles(&self, before: &AskedDays) -> Vec<Obstacle> {
        let mut found = Vec::new();
        let days = dates(self.from_day, self.to_day);
        for (place, date) in days.iter().copied().enumerate() {
            let field = if place == 0 { "from_day" } else { "to_day" };
            let mut wrong = |text: String| found.push(Obstacle { field, text });
            let day = words(date);
            if self.is_over(date, before.get(place)) {
                wrong(format!("{day} is over, or has begun."));
            }
            if self.known.is_locked(date) {
                wrong(format!("The period of {day} is locked."));
            }
            for person in [self.asker, self.other] {
                if self.known.leave.contains_key(&(person.id, date)) {
                    let (who, is) = self.who(person, "are", "is");
                    wrong(format!("{who} {is} away on {day}."));
                }
            }
        }
        found.extend(self.nothing_to_give(before));
        let after = self.after(before);
        let to_field = "to_day";
        for person in [self.asker, self.other] {
            let is = overlaps(&self.plans(person, before).placed);
            let will = overlaps(&self.plans(person, &after).placed).into_iter();
            if let Some(date) = will.into_iter().find(|date| !is.contains(date)) {
                let (who, _) = self.who(person, "", "");
                let whose = if who == "You" {
                    "yours".to_owned()
                } else {
                    who
                };
                let text = format!("Two shifts of {whose} would overlap on {}.", words(date));
                found.push(Obstacle {
                    field: to_field,
                    text,
                });
            }
        }
        let is_full = |day: &SwapDay<RosterInstance>| {
            day.asker.len() > MOST_SHIFTS || day.other.len() > MOST_SHIFTS
        };
        if after.iter().any(is_full) {
            let text = format!("A day has at most {MOST_SHIFTS} shifts.");
            found.push(Obstacle {
                field: to_field,
                text,
            });
        }
        found
    }

    fn nothing_to_give(&self, before: &AskedDays) -> Option<Obstacle> {
        let none = |person, date, field| {
            let (who, work) = self.who(person, "work", "works");
            let text = format!("{who} {work} no shift on {}.", words(date));
            Some(Obstacle { field, text })
        };
        match before.as_slice() {
            [day] if day.asker.is_empty() => none(self.asker, day.date, "from_day"),
            [day] if day.asker == day.other => Some(Obstacle {
                field: "to_day",
                text: format!("Both work the same on {}.", words(day.date)),
            }),
            [given, _] if given.asker.is_empty() => none(self.asker, given.date, "from_day"),
            [_, taken] if taken.other.is_empty() => none(self.other, taken.date, "to_day"),
            _ => None,
        }
    }

    /// Whether a date is past for one of the two, or a shift of it has begun.
    fn is_over(&self, date: NaiveDate, day: Option<&SwapDay<RosterInstance>>) -> bool {
        let has_begun = |person: &PersonRow, shifts: &[RosterInstance]| {
            self.known.has_begun(person, date, shifts, self.now)
        };
        day.is_some_and(|day| {
            has_begun(self.asker, &day.asker) || has_begun(self.other, &day.other)
        })
    }

    /// All that is planned for somebody about the swap, with its days as given. What lies in leave of a
    /// whole day is not worked.
    fn plans(&self, person: &PersonRow, with: &AskedDays) -> Plans {
        let mut plans = Plans::default();
        let mut zones = Zones::default();
        let mut add = |date: NaiveDate, instance: &RosterInstance| {
            let zone = zones.get(self.zone_of(person, date, &instance.shift));
            if let Some(during) = interval(&instance.shift, date, &zone) {
                plans.placed.push((date, during));
                plans.minutes.push((date, instance.shift.work_minutes()));
            }
        };
        let days = self.known.days.get(&person.id);
        for day in days.map_or(&[][..], Vec::as_slice) {
            let is_given = with.iter().any(|given| given.date == day.work_date);
            if !is_given && !self.known.is_away_all_day(person.id, day.work_date) {
                day.shifts
                    .iter()
                    .for_each(|shift| add(day.work_date, shift));
            }
        }
        for day in with {
            let is_asker = person.id == self.asker.id;
            let own = if is_asker { &day.asker } else { &day.other };
            own.iter().for_each(|shift| add(day.date, shift));
        }
        plans
    }

    /// The name of one of the two with a verb, for whoever reads.
    fn who<'b>(&self, person: &PersonRow, you: &'b str, they: &'b str) -> (String, &'b str) {
        match self.reader == Some(person.id) {
            true => ("You".to_owned(), you),
            false => (person.name.clone(), they),
        }
    }
}

/// Shifts of somebody: when they are, and how much work.
#[derive(Default)]
struct Plans {
    placed: Vec<Placed>,
    minutes: Vec<(NaiveDate, i64)>,
}

/// `Tue 24 Nov`.
pub(super) fn words(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// `9 h`, `9 h 30`.
fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest:02}"),
    }
}
