//! Leave as a ledger. A balance is the sum of its [`Entry`]s and nothing else: it is never stored
//! and never changed in place, and a mistake is mended by another entry.
//!
//! * [`due`]: what a leave type grants, and what lapses, as entries that a job may add any number
//!   of times. Its rules are in [`LeaveType`].
//! * [`Standing`]: what is left on a date. [`available`]: what may still be asked for.
//! * [`LeaveType::told`]: what its rules mean, in sentences.
//! * [`LeaveRequest`]: what a request costs over a roster, and how it becomes entries.

mod due;
mod request;
mod told;

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::rotation::DateRange;
use crate::problem::FieldError;

pub use due::due;
pub use request::{
    LeaveDay, LeaveRequest, Part, PlannedDay, balance_errors, cost, give_back, request_errors, take,
};
pub use told::{days_told, time_told};

/// A day in the rules of those who start with nothing: eight hours.
pub const DAY_MINUTES: i64 = 480;

words!(
    /// What moved a balance.
    EntryKind {
        /// Leave was earned.
        Grant = "grant",
        /// Leave was approved for a date.
        Taken = "taken",
        /// Approved leave was given back.
        Returned = "returned",
        /// More was left at the end of a leave year than is carried over.
        Lapse = "lapse",
        /// What was carried over was not taken in time.
        Expiry = "expiry",
        /// Somebody in HR entered it, with a reason.
        Adjustment = "adjustment",
        /// Leave became pay.
        Payout = "payout",
    }
);

/// One line of a person's leave ledger. Lines are only added.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The code of the leave type.
    pub leave_type: String,
    /// The first date on which it counts.
    pub effective_on: NaiveDate,
    /// More leave, or less, in minutes.
    pub minutes: i64,
    /// What moved the balance.
    pub kind: EntryKind,
    /// What it comes from. A person has each key only once, so nothing is entered twice.
    pub source_key: String,
}

words!(
    /// How a grant shrinks for somebody who was not employed during all of its period.
    Proration {
        /// Not at all.
        None = "none",
        /// By the share of its days.
        Days = "days",
        /// By the share of whole calendar months, such as a twelfth for each.
        Months = "months",
    }
);

words!(
    /// Which way to round.
    Direction {
        /// To more leave.
        Up = "up",
        /// To less.
        Down = "down",
        /// To the nearest, and halves up.
        Nearest = "nearest",
    }
);

words!(
    /// At which end of its month a grant is made.
    MonthEnd {
        /// On the first day.
        First = "first",
        /// On the last day.
        Last = "last",
    }
);

/// How a grant is rounded.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rounding {
    /// To a multiple of so many minutes: 240 for half days of eight hours.
    pub unit_minutes: i64,
    /// Which way.
    pub direction: Direction,
}

impl Default for Rounding {
    fn default() -> Self {
        Self {
            unit_minutes: 1,
            direction: Direction::Nearest,
        }
    }
}

impl Rounding {
    /// A fraction of minutes, as whole minutes.
    pub fn apply(self, numerator: i64, denominator: i64) -> i64 {
        let unit = self.unit_minutes.max(1);
        let by = denominator.max(1) * unit;
        let units = match self.direction {
            Direction::Down => numerator.div_euclid(by),
            Direction::Up => (numerator + by - 1).div_euclid(by),
            Direction::Nearest => (2 * numerator + by).div_euclid(2 * by),
        };
        units * unit
    }
}

/// How leave is earned. Somebody whose contract says otherwise has a copy of the type with minutes
/// of their own.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Accrual {
    /// It is not: whatever there is was entered.
    None,
    /// All at the start of each leave year, or at entry.
    Yearly {
        /// For a whole year.
        minutes: i64,
    },
    /// Month by month.
    Monthly {
        /// For a whole month.
        minutes: i64,
        /// When in the month.
        on: MonthEnd,
    },
    /// By what was worked, at the end of each month: such as an hour for each thirty (California
    /// Labor Code, section 246(b)).
    Worked {
        /// So many minutes of leave.
        minutes: i64,
        /// For so many minutes of work.
        per_minutes: i64,
    },
}

/// What of a leave year's rest passes into the next.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CarryOver {
    /// At most so many minutes; all, if it does not say.
    pub most_minutes: Option<i64>,
    /// For so many months; for ever, if it does not say. With 3, in a leave year from January, what
    /// was carried over can be taken until 31 March.
    pub months: Option<u32>,
}

/// A kind of leave and its rules.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaveType {
    /// A word that never changes, for keys: `annual`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Whether it is paid.
    pub paid: bool,
    /// How it is earned.
    pub accrual: Accrual,
    /// How entry and leaving shrink a grant.
    pub proration: Proration,
    /// How a grant is rounded.
    #[serde(default)]
    pub rounding: Rounding,
    /// The month on whose first day the leave year begins, 1 to 12.
    #[serde(default = "january")]
    pub year_start_month: u32,
    /// Nothing is granted that takes the balance above so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_minutes: Option<i64>,
    /// Nothing is granted beyond so many minutes in one leave year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly_cap_minutes: Option<i64>,
    /// What passes into the next leave year.
    #[serde(default)]
    pub carry_over: CarryOver,
    /// By how many minutes one may take more than there is; without limit, if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdraft_minutes: Option<i64>,
}

const fn january() -> u32 {
    1
}

impl LeaveType {
    /// What is wrong with each field.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut check = |fine: bool, field: &str, message: &str| {
            if !fine {
                errors.push(FieldError {
                    field: field.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let code = !self.code.is_empty() && self.code.chars().all(plain);
        check(code, "code", "Use small letters, digits and underscores.");
        check(!self.name.trim().is_empty(), "name", "Give it a name.");
        let accrual = match self.accrual {
            Accrual::None => true,
            Accrual::Yearly { minutes } | Accrual::Monthly { minutes, .. } => minutes >= 0,
            Accrual::Worked {
                minutes,
                per_minutes,
            } => minutes >= 0 && per_minutes > 0,
        };
        check(
            accrual,
            "accrual",
            "Nothing is earned backwards, or for no work.",
        );
        let unit = self.rounding.unit_minutes > 0;
        check(unit, "rounding.unitMinutes", "Round to a minute or more.");
        let month = (1..=12).contains(&self.year_start_month);
        check(month, "yearStartMonth", "A year has the months 1 to 12.");
        let limits = [
            ("capMinutes", self.cap_minutes),
            ("yearlyCapMinutes", self.yearly_cap_minutes),
            ("carryOver.mostMinutes", self.carry_over.most_minutes),
            ("overdraftMinutes", self.overdraft_minutes),
        ];
        for (field, minutes) in limits {
            check(
                minutes.is_none_or(|m| m >= 0),
                field,
                "Give 0 minutes or more.",
            );
        }
        errors
    }

    /// The leave year of a date.
    pub fn year_of(&self, date: NaiveDate) -> DateRange {
        let month = self.year_start_month.clamp(1, 12);
        let year = date.year() - i32::from(date.month() < month);
        let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(date);
        DateRange::new(first, before(plus_months(first, 12)))
    }
}

/// When somebody is employed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Employment {
    /// The days of a period on which somebody is employed, if any.
    fn within(&self, period: DateRange) -> Option<DateRange> {
        let until = self.until.map_or(period.until, |u| u.min(period.until));
        let range = DateRange::new(self.from.max(period.from), until);
        (range.from <= range.until).then_some(range)
    }
}

/// Work by date, in minutes.
pub type Worked = BTreeMap<NaiveDate, i64>;

/// How a balance stands on a date, in minutes.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// What was granted and entered.
    pub granted_minutes: i64,
    /// What was taken, without what was given back.
    pub taken_minutes: i64,
    /// What lapsed, expired or became pay.
    pub lost_minutes: i64,
    /// What is left: granted, less taken, less lost.
    pub balance_minutes: i64,
    /// What was asked for and not decided yet.
    pub pending_minutes: i64,
}

/// How the balance stands at the end of a date. `pending` is the cost of requests that wait.
pub fn standing(entries: &[Entry], pending: &[LeaveDay], as_of: NaiveDate) -> Standing {
    let mut standing = Standing::default();
    for entry in entries.iter().filter(|entry| entry.effective_on <= as_of) {
        match entry.kind {
            EntryKind::Grant | EntryKind::Adjustment => standing.granted_minutes += entry.minutes,
            EntryKind::Taken | EntryKind::Returned => standing.taken_minutes -= entry.minutes,
            EntryKind::Lapse | EntryKind::Expiry | EntryKind::Payout => {
                standing.lost_minutes -= entry.minutes;
            }
        }
        standing.balance_minutes += entry.minutes;
    }
    let waiting = pending.iter().filter(|day| day.date <= as_of);
    standing.pending_minutes = waiting.map(|day| day.minutes).sum();
    standing
}

/// How many minutes may be asked for on a date, so that neither pending requests nor leave that is
/// approved for a later date lose anything. For a date to come, `entries` should also have what
/// will be [`due`] until then.
pub fn available(entries: &[Entry], pending: &[LeaveDay], on: NaiveDate) -> i64 {
    let entered = entries.iter().map(|entry| entry.effective_on);
    let later = entered.chain(pending.iter().map(|day| day.date));
    let dates = later.filter(|date| *date > on).chain([on]);
    let left = dates.map(|date| {
        let standing = standing(entries, pending, date);
        standing.balance_minutes - standing.pending_minutes
    });
    left.min().unwrap_or(0)
}

/// The date so many months later.
fn plus_months(date: NaiveDate, months: u32) -> NaiveDate {
    let later = date.checked_add_months(Months::new(months));
    later.unwrap_or(NaiveDate::MAX)
}

/// The date before.
fn before(date: NaiveDate) -> NaiveDate {
    date.pred_opt().unwrap_or(date)
}

/// How many dates a range has.
fn count(range: DateRange) -> i64 {
    (range.until - range.from).num_days() + 1
}

/// The calendar months that a range touches, whole.
fn months(range: DateRange) -> impl Iterator<Item = DateRange> {
    let first = range.from.with_day(1).unwrap_or(range.from);
    let starts = std::iter::successors(Some(first), |first| {
        first.checked_add_months(Months::new(1))
    });
    let starts = starts.take_while(move |first| *first <= range.until);
    starts.map(|first| {
        let days = u64::from(first.num_days_in_month()) - 1;
        DateRange::new(
            first,
            first.checked_add_days(Days::new(days)).unwrap_or(first),
        )
    })
}

#[cfg(test)]
#[path = "accrual/laws_tests.rs"]
mod laws;
#[cfg(test)]
#[path = "accrual_tests.rs"]
mod tests;
