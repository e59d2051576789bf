//! What leaves for payroll: one [`Row`] for each person and period. Every [`Total`] knows the days
//! that it is made of, so that no figure has to be believed. A [`Sheet`] is the same as a table,
//! for CSV here and for other formats elsewhere.
//!
//! All amounts are whole minutes: what a minute is worth is for payroll to say.

mod sheet;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::overtime::{Bucket, Multiplier};
use super::rotation::DateRange;
use crate::ids::PersonId;

pub use sheet::{Cell, Sheet, csv, days_sheet, totals_sheet};

/// Whose row it is.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// The person.
    pub id: PersonId,
    /// Their number in payroll.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// What a derived day brings into pay, in minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayDay {
    /// The work date.
    pub date: NaiveDate,
    /// Counted work.
    pub worked_minutes: i64,
    /// Work that was expected.
    pub expected_minutes: i64,
    /// What the day adds to the balance of hours.
    pub balance_minutes: i64,
    /// Approved overtime. Straight time may be among it and is not looked at.
    pub overtime: Vec<Bucket>,
    /// Overtime that nobody has approved, which is told but not paid.
    pub unapproved_minutes: i64,
    /// Paid leave.
    pub leave_paid_minutes: i64,
    /// Unpaid leave.
    pub leave_unpaid_minutes: i64,
    /// Work on a public holiday.
    pub holiday_work_minutes: i64,
}

impl PayDay {
    /// A day on which nothing was.
    pub const fn empty(date: NaiveDate) -> Self {
        Self {
            date,
            worked_minutes: 0,
            expected_minutes: 0,
            balance_minutes: 0,
            overtime: Vec::new(),
            unapproved_minutes: 0,
            leave_paid_minutes: 0,
            leave_unpaid_minutes: 0,
            holiday_work_minutes: 0,
        }
    }
}

/// What a locked day turned out to be short of or to have too much, payable in this period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// The work date, of an earlier period.
    pub work_date: NaiveDate,
    /// The day as it is now, less the day as it was locked, in minutes.
    pub minutes: i64,
}

/// A sum with the days that it is made of.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    minutes: i64,
    days: Vec<(NaiveDate, i64)>,
}

impl Total {
    /// The sum of some days. Days of nothing are left out; a date may come twice.
    pub fn of(days: impl IntoIterator<Item = (NaiveDate, i64)>) -> Self {
        let days = days.into_iter().filter(|(_, minutes)| *minutes != 0);
        let mut days: Vec<_> = days.collect();
        days.sort_unstable();
        Self {
            minutes: days.iter().map(|(_, minutes)| minutes).sum(),
            days,
        }
    }

    /// The sum in minutes.
    pub const fn minutes(&self) -> i64 {
        self.minutes
    }

    /// Its days in order, with the minutes of each.
    pub fn days(&self) -> &[(NaiveDate, i64)] {
        &self.days
    }
}

/// One person's period.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Whose.
    pub payee: Payee,
    /// The period.
    pub period: DateRange,
    /// Counted work.
    pub worked: Total,
    /// Work that was expected.
    pub expected: Total,
    /// What the period adds to the balance of hours.
    pub balance: Total,
    /// Approved overtime by multiplier; 1.5 and 2.0 are always there.
    pub overtime: BTreeMap<Multiplier, Total>,
    /// Overtime that nobody has approved.
    pub unapproved: Total,
    /// Paid leave.
    pub leave_paid: Total,
    /// Unpaid leave; also that of locked periods which came or went after their lock, by its dates.
    pub leave_unpaid: Total,
    /// Work on public holidays.
    pub holiday_work: Total,
    /// Corrections of locked periods, payable in this one, by their work dates.
    pub adjustments: Total,
}

impl Row {
    /// Adds unpaid leave of locked periods that came or went after their lock: each under its own date,
    /// with fewer minutes than none for what was taken back.
    pub fn add_unpaid_before(&mut self, days: impl IntoIterator<Item = (NaiveDate, i64)>) {
        let own = std::mem::take(&mut self.leave_unpaid).days;
        self.leave_unpaid = Total::of(own.into_iter().chain(days));
    }
}

/// Adds up one person's period. Days outside it are not looked at, so nobody is paid twice for a
/// day; adjustments are all taken, since their dates lie outside it by nature.
pub fn row(payee: Payee, period: DateRange, days: &[PayDay], adjustments: &[Adjustment]) -> Row {
    let within = || days.iter().filter(|day| period.contains(day.date));
    let total = |minutes: fn(&PayDay) -> i64| Total::of(within().map(|d| (d.date, minutes(d))));
    let mut overtime = BTreeMap::from([
        (Multiplier::ONE_AND_A_HALF, Vec::new()),
        (Multiplier::DOUBLE, Vec::new()),
    ]);
    for day in within() {
        for bucket in day.overtime.iter().filter(|b| b.multiplier.is_overtime()) {
            let days: &mut Vec<_> = overtime.entry(bucket.multiplier).or_default();
            days.push((day.date, bucket.minutes));
        }
    }
    let adjusted = adjustments.iter().map(|one| (one.work_date, one.minutes));
    Row {
        payee,
        period,
        worked: total(|day| day.worked_minutes),
        expected: total(|day| day.expected_minutes),
        balance: total(|day| day.balance_minutes),
        overtime: overtime
            .into_iter()
            .map(|(multiplier, days)| (multiplier, Total::of(days)))
            .collect(),
        unapproved: total(|day| day.unapproved_minutes),
        leave_paid: total(|day| day.leave_paid_minutes),
        leave_unpaid: total(|day| day.leave_unpaid_minutes),
        holiday_work: total(|day| day.holiday_work_minutes),
        adjustments: Total::of(adjusted),
    }
}

#[cfg(test)]
#[path = "payroll_tests.rs"]
mod tests;
