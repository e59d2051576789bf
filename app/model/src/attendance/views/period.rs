//! Periods, what changed after their lock, exceptions, and what goes to payroll.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Named;
use crate::attendance::severity::Severity;
use crate::ids::{AdjustmentId, ExceptionId, PeriodId};
use crate::time::Stamp;

words!(
    /// Whether a period can still change.
    PeriodState {
        /// It can.
        Open = "open",
        /// It cannot.
        Locked = "locked",
    }
);

words!(
    /// How far an adjustment is.
    AdjustmentState {
        /// Somebody has to decide.
        Pending = "pending",
        /// It is paid or taken in an open period.
        Approved = "approved",
        /// It is not.
        Refused = "refused",
        /// The day has changed again, and another one stands for it.
        Overtaken = "overtaken",
    }
);

words!(
    /// How far an exception is.
    ExceptionState {
        /// Somebody has to look.
        Open = "open",
        /// It has a reason.
        Explained = "explained",
        /// It is let pass.
        Waived = "waived",
        /// The day has changed, and it is no more.
        Gone = "gone",
    }
);

/// A period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodView {
    /// Id.
    pub id: PeriodId,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day.
    pub to_day: NaiveDate,
    /// Whether it can still change.
    pub state: PeriodState,
    /// Who locked it, and when.
    pub locked: Option<(String, Stamp)>,
    /// How many days lack a punch or are not over.
    pub open_days: i64,
    /// How many exceptions are open.
    pub open_exceptions: i64,
    /// How many requests wait.
    pub open_requests: i64,
    /// On how many days overtime or an early arrival waits for approval.
    pub open_overtime: i64,
    /// What a change must name.
    pub version: i32,
}

/// What a day of a locked period has come to since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentView {
    /// Id.
    pub id: AdjustmentId,
    /// Whose.
    pub employee: Named,
    /// Which day.
    pub work_date: NaiveDate,
    /// New less locked, in minutes.
    pub minutes: i64,
    /// How far.
    pub state: AdjustmentState,
    /// When it came up.
    pub at: Stamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether it waits, and for the reader among others: nobody decides about themselves.
    pub may_decide: bool,
}

/// An exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionView {
    /// Id.
    pub id: ExceptionId,
    /// Whose.
    pub employee: Named,
    /// Which day.
    pub work_date: NaiveDate,
    /// What kind, as a word.
    pub kind: String,
    /// How grave.
    pub severity: Severity,
    /// What, in words.
    pub text: String,
    /// By how many minutes.
    pub minutes: i64,
    /// How far.
    pub state: ExceptionState,
    /// What was said about it.
    pub note: String,
}

/// The page of periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodsPage {
    /// Newest first.
    pub periods: Vec<PeriodView>,
    /// Adjustments: open ones first.
    pub adjustments: Vec<AdjustmentView>,
    /// Whether the reader may lock, and decide.
    pub may_change: bool,
}

/// The page of exceptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionsPage {
    /// Open ones first, newest first.
    pub exceptions: Vec<ExceptionView>,
    /// How many are open, by kind.
    pub counts: Vec<(String, i64)>,
}
