//! What one day's work says: breaks, meals and its length.

use chrono::NaiveDate;

use super::{Finding, Kind, Limits, Record, WorkDay, spell};
use crate::scheduling::interval::Interval;

/// Some work with no break in it.
struct Stretch {
    span: Interval,
    minutes: i64,
}

/// Work cut at every pause of at least so many minutes. A shorter pause is neither work nor break.
fn stretches(day: &WorkDay, break_minutes: i64) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for piece in &day.work {
        match found.last_mut() {
            Some(last) if (piece.from - last.span.to).num_minutes() < break_minutes => {
                last.span.to = piece.to;
                last.minutes += piece.minutes();
            }
            _ => found.push(Stretch {
                span: *piece,
                minutes: piece.minutes(),
            }),
        }
    }
    found
}

/// The longest work without a break (Directive 2003/88/EC, article 4). A deducted break counts as
/// taken in the middle of the longest stretch, since nobody noted when it was.
pub(super) fn long_without_break(
    limits: &Limits,
    record: &Record,
    date: NaiveDate,
    day: &WorkDay,
) -> Option<Finding> {
    let limit = limits.work_before_break_minutes?;
    let mut stretches = stretches(day, limits.break_piece_minutes);
    if day.deducted_minutes > 0 {
        let longest = stretches.iter_mut().max_by_key(|stretch| stretch.minutes)?;
        let left = (longest.minutes - day.deducted_minutes).max(0);
        longest.minutes = (left + 1) / 2;
    }
    let longest = stretches.iter().max_by_key(|stretch| stretch.minutes)?;
    let over = longest.minutes - limit;
    let clock = |at| record.local.stamp(at).clock();
    (over > 0).then(|| Finding {
        kind: Kind::LongWithoutBreak,
        work_date: date,
        severity: limits.severity(over),
        minutes: over,
        text: format!(
            "{} of work without a break between {} and {}, where one is due after {}.",
            spell(longest.minutes),
            clock(longest.span.from),
            clock(longest.span.to),
            spell(limit),
        ),
    })
}

/// A day that is longer than national law or the house allows.
pub(super) fn daily_maximum(limits: &Limits, date: NaiveDate, day: &WorkDay) -> Option<Finding> {
    let limit = limits.daily_maximum_minutes?;
    let worked = day.worked_minutes();
    let over = worked - limit;
    (over > 0).then(|| Finding {
        kind: Kind::DailyMaximum,
        work_date: date,
        severity: limits.severity(over),
        minutes: over,
        text: format!(
            "{} of work on one day, where {} are allowed.",
            spell(worked),
            spell(limit),
        ),
    })
}

/// The first meal begins by the end of the fifth hour of work, the second by the end of the tenth
/// (Brinker v. Superior Court, 53 Cal.4th 1004, of 2012). Only a recorded break shows that a meal
/// was taken; a deduction does not, nor is a meal of 29 minutes rounded up (Donohue v. AMN
/// Services, 11 Cal.5th 58, of 2021).
pub(super) fn meals(limits: &Limits, date: NaiveDate, day: &WorkDay) -> Vec<Finding> {
    let Some(rule) = limits.meal_break else {
        return Vec::new();
    };
    // Minutes of work before each meal.
    let mut worked = 0;
    let mut begun: Vec<i64> = Vec::new();
    for stretch in stretches(day, rule.minutes) {
        if worked > 0 {
            begun.push(worked);
        }
        worked += stretch.minutes;
    }
    let waives = |up_to: i64| day.meal_waived && worked <= up_to;
    let waived = [
        waives(rule.first_waivable_minutes),
        waives(rule.second_waivable_minutes) && !begun.is_empty(),
    ];
    let meals = [
        ("first", rule.first_by_minutes),
        ("second", rule.second_by_minutes),
    ];
    let mut findings = Vec::new();
    for (number, (name, due)) in meals.into_iter().enumerate() {
        if worked <= due || waived[number] {
            continue;
        }
        let begun = begun.get(number).copied();
        let over = begun.unwrap_or(worked) - due;
        if over > 0 {
            let what = if begun.is_some() {
                format!("The {name} meal break began {} too late", spell(over))
            } else {
                format!(
                    "The {name} meal break of {} is missing",
                    spell(rule.minutes)
                )
            };
            findings.push(Finding {
                kind: Kind::MealBreak,
                work_date: date,
                severity: limits.severity(over),
                minutes: over,
                text: format!("{what}: it is due within {} of work.", spell(due)),
            });
        }
    }
    findings
}
