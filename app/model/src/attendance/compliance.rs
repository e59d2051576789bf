//! Rule R15: what the law says to the hours that somebody worked. It only tells: no finding changes
//! a day. An hour that is not known, because a punch is missing, is never held against anybody.
//!
//! [`check`] reads a [`Record`], which is the work of one person, and gives [`Finding`]s. The file
//! `breaks` looks at single days, `weeks` at whole weeks; the rest between days is here.

mod breaks;
mod weeks;

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::severity::Severity;
use crate::scheduling::hours::LocalTime;
use crate::scheduling::interval::{Interval, IntervalSet};

words!(
    /// Which limit was passed.
    Kind {
        /// Too little rest between two working days.
        ShortRest = "short_rest",
        /// Too long at work without a break.
        LongWithoutBreak = "long_without_break",
        /// Too little unbroken rest in a week.
        WeekRest = "week_rest",
        /// Too much work a week, on the average of the reference period.
        WeeklyAverage = "weekly_average",
        /// Too much work on one day.
        DailyMaximum = "daily_maximum",
        /// No meal break, or one that came too late.
        MealBreak = "meal_break",
    }
);

/// When meals are due (California Labor Code, section 512(a)).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MealRule {
    /// How long a meal break is at least, in minutes.
    pub minutes: i64,
    /// After how many minutes of work the first begins at the latest.
    pub first_by_minutes: i64,
    /// After how many minutes of work the second begins at the latest.
    pub second_by_minutes: i64,
    /// Up to how many minutes of work the first may be waived.
    pub first_waivable_minutes: i64,
    /// Up to how many minutes of work the second may be waived, if the first was taken.
    pub second_waivable_minutes: i64,
}

impl Default for MealRule {
    fn default() -> Self {
        Self {
            minutes: 30,
            first_by_minutes: 5 * 60,
            second_by_minutes: 10 * 60,
            first_waivable_minutes: 6 * 60,
            second_waivable_minutes: 12 * 60,
        }
    }
}

/// The limits to hold work against. In JSON, one that is absent is the European one, and one that
/// is `null` is not looked at.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Limits {
    /// Rest between two working days, in minutes (Directive 2003/88/EC, article 3: 11 hours).
    pub daily_rest_minutes: Option<i64>,
    /// Work without a break, in minutes (article 4: 6 hours).
    pub work_before_break_minutes: Option<i64>,
    /// From how many minutes on a pause is a break. The Directive leaves it to national law.
    pub break_piece_minutes: i64,
    /// Unbroken rest in each week, in minutes (article 5: 24 hours and the daily 11).
    pub weekly_rest_minutes: Option<i64>,
    /// Average work a week including overtime, in minutes (article 6: 48 hours).
    pub weekly_average_minutes: Option<i64>,
    /// Over how many weeks the average is taken (article 16(b): at most four months).
    pub average_weeks: u32,
    /// Work on one day, in minutes. The Directive has no such limit; national law may.
    pub daily_maximum_minutes: Option<i64>,
    /// Meal breaks.
    pub meal_break: Option<MealRule>,
    /// By how many minutes a limit is missed when it becomes serious.
    pub serious_minutes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::european()
    }
}

impl Limits {
    /// Those of Directive 2003/88/EC.
    pub const fn european() -> Self {
        Self {
            daily_rest_minutes: Some(11 * 60),
            work_before_break_minutes: Some(6 * 60),
            break_piece_minutes: 15,
            weekly_rest_minutes: Some(35 * 60),
            weekly_average_minutes: Some(48 * 60),
            average_weeks: 17,
            daily_maximum_minutes: None,
            meal_break: None,
            serious_minutes: 60,
        }
    }

    /// Those of California: meal breaks, and nothing else by default.
    pub fn californian() -> Self {
        Self {
            daily_rest_minutes: None,
            work_before_break_minutes: None,
            weekly_rest_minutes: None,
            weekly_average_minutes: None,
            meal_break: Some(MealRule::default()),
            ..Self::european()
        }
    }

    fn severity(&self, missed_minutes: i64) -> Severity {
        if missed_minutes >= self.serious_minutes {
            Severity::Serious
        } else {
            Severity::Warning
        }
    }
}

/// What is known of one work date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkDay {
    /// When there was work. The holes are the recorded breaks.
    pub work: IntervalSet,
    /// Minutes of break that were deducted although none was recorded.
    pub deducted_minutes: i64,
    /// The worker agreed to do without a meal break where the law allows that.
    pub meal_waived: bool,
    /// Annual or sick leave, which does not count for the average (Directive 2003/88/EC, article
    /// 16(b)). A whole week of leave is seven such dates.
    pub neutral: bool,
}

impl WorkDay {
    /// Minutes of work without deducted breaks.
    pub fn worked_minutes(&self) -> i64 {
        (self.work.duration().num_minutes() - self.deducted_minutes).max(0)
    }

    /// From the first beginning to the last end.
    fn span(&self) -> Option<Interval> {
        let (first, last) = (self.work.iter().next()?, self.work.iter().next_back()?);
        Some(Interval::new(first.from, last.to))
    }
}

/// The work of one person.
#[derive(Clone, Debug)]
pub struct Record {
    /// The work by date; a date without work may be left out.
    pub days: BTreeMap<NaiveDate, WorkDay>,
    /// Of which time all work is in `days`. What would need more is not looked at.
    pub known: Interval,
    /// The clocks where the person works.
    pub local: LocalTime,
}

impl Record {
    /// Days as they come; a date that comes twice is one day with both.
    pub fn new(
        days: impl IntoIterator<Item = (NaiveDate, WorkDay)>,
        known: Interval,
        local: LocalTime,
    ) -> Self {
        let mut by_date: BTreeMap<NaiveDate, WorkDay> = BTreeMap::new();
        for (date, day) in days {
            let known = by_date.entry(date).or_default();
            known.work = known.work.union(&day.work);
            known.deducted_minutes += day.deducted_minutes;
            known.meal_waived |= day.meal_waived;
            known.neutral |= day.neutral;
        }
        Self {
            days: by_date,
            known,
            local,
        }
    }
}

/// A limit that was passed: an exception to explain, to waive or to mend.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which limit.
    pub kind: Kind,
    /// The day on which it was passed.
    pub work_date: NaiveDate,
    /// How much it weighs.
    pub severity: Severity,
    /// By how many minutes it was missed.
    pub minutes: i64,
    /// What happened, in one sentence.
    pub text: String,
}

/// Holds a record against limits. Findings come by date, and on one date by kind.
pub fn check(limits: &Limits, week_start: Weekday, record: &Record) -> Vec<Finding> {
    let mut findings = rests_between_days(limits, record);
    for (date, day) in &record.days {
        findings.extend(breaks::long_without_break(limits, record, *date, day));
        findings.extend(breaks::daily_maximum(limits, *date, day));
        findings.extend(breaks::meals(limits, *date, day));
    }
    findings.extend(weeks::rests(limits, week_start, record));
    findings.extend(weeks::averages(limits, week_start, record));
    findings.sort_by_key(|finding| (finding.work_date, finding.kind));
    findings
}

/// Too little rest before a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortRest {
    /// The day that begins too early.
    pub work_date: NaiveDate,
    /// From the end of the work before until it begins.
    pub rest: Interval,
    /// By how many minutes the rest is too short.
    pub short_minutes: i64,
}

/// Where the rest between one day's last end and the next day's first beginning is less than `due`
/// minutes (article 3). The days come in order of their dates, each from its first beginning to its
/// last end.
pub fn short_rests(
    days: impl IntoIterator<Item = (NaiveDate, Interval)>,
    due_minutes: i64,
) -> Vec<ShortRest> {
    let mut found = Vec::new();
    let mut ended = None;
    for (work_date, span) in days {
        if let Some(before) = ended {
            let rest = Interval::new(before, span.from);
            if rest.minutes() < due_minutes {
                found.push(ShortRest {
                    work_date,
                    rest,
                    short_minutes: due_minutes - rest.minutes(),
                });
            }
        }
        ended = ended.max(Some(span.to));
    }
    found
}

fn rests_between_days(limits: &Limits, record: &Record) -> Vec<Finding> {
    let Some(due) = limits.daily_rest_minutes else {
        return Vec::new();
    };
    let worked = record.days.iter();
    let worked = worked.filter_map(|(date, day)| day.span().map(|span| (*date, span)));
    let clock = |at| record.local.stamp(at).clock();
    let found = short_rests(worked, due).into_iter();
    found
        .map(|short| Finding {
            kind: Kind::ShortRest,
            work_date: short.work_date,
            severity: limits.severity(short.short_minutes),
            minutes: short.short_minutes,
            text: format!(
                "Only {} of rest between leaving at {} and beginning at {}, where {} are due.",
                spell(short.rest.minutes()),
                clock(short.rest.from),
                clock(short.rest.to),
                spell(due),
            ),
        })
        .collect()
}

/// Minutes as people say them: `8 h 30 min`.
pub(super) fn spell(minutes: i64) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, minutes) => format!("{sign}{minutes} min"),
        (hours, 0) => format!("{sign}{hours} h"),
        (hours, minutes) => format!("{sign}{hours} h {minutes} min"),
    }
}

#[cfg(test)]
#[path = "compliance_tests.rs"]
mod tests;
