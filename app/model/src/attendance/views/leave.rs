//! Leave: kinds, balances, requests.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Named;
use super::correction::CorrectionView;
use super::overtime::OvertimeDay;
use super::swap::SwapView;
use crate::attendance::accrual::{LeaveType, Part};
use crate::ids::{LeaveEntryId, LeaveRequestId, LeaveTypeId};
use crate::time::Stamp;

words!(
    /// How far a request for leave is.
    LeaveState {
        /// Somebody has to decide.
        Requested = "requested",
        /// Granted.
        Approved = "approved",
        /// Not granted.
        Refused = "refused",
        /// Taken back before it was decided.
        Withdrawn = "withdrawn",
        /// Granted and given back.
        Cancelled = "cancelled",
    }
);

/// What is left of one kind of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveBalance {
    /// Which kind.
    pub type_id: LeaveTypeId,
    /// Its name.
    pub name: String,
    /// Whether it is paid.
    pub paid: bool,
    /// Granted and not taken, in minutes; nothing for kinds that are not counted.
    pub left_minutes: Option<i64>,
    /// What open requests would take of it.
    pub requested_minutes: i64,
    /// What was taken this year.
    pub taken_minutes: i64,
    /// A working day of this person, for reading minutes as days.
    pub day_minutes: i64,
    /// What is lost if it is not taken: minutes, and the last day.
    pub expires: Option<(i64, NaiveDate)>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LeaveForm {
    /// Which kind.
    pub type_id: LeaveTypeId,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day.
    pub to_day: NaiveDate,
    /// How much of it; half a day is one day's.
    pub part: Part,
    /// Why; for HR alone.
    pub note: String,
}

/// What a request would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveCost {
    /// In minutes.
    pub minutes: i64,
    /// On how many days.
    pub days: i64,
    /// What would be left; nothing for kinds that are not counted.
    pub left_minutes: Option<i64>,
    /// What is in its way, in words: no shift, other leave, too little left.
    pub obstacles: Vec<String>,
}

/// The end of leave that was granted for longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveEnded {
    /// Who ended it.
    pub by: String,
    /// Until when it was granted.
    pub granted_to_day: NaiveDate,
    /// Why.
    pub note: String,
}

/// A request as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveView {
    /// Id.
    pub id: LeaveRequestId,
    /// Whose.
    pub employee: Named,
    /// The name of the kind.
    pub kind: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day.
    pub to_day: NaiveDate,
    /// How much of it.
    pub part: Part,
    /// What it costs, in minutes.
    pub minutes: i64,
    /// How far.
    pub state: LeaveState,
    /// What was said with it, as far as the reader may see it.
    pub note: String,
    /// When it was asked for.
    pub asked_at: Stamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What they said.
    pub decision_note: String,
    /// Who of the same team is away then.
    pub also_away: Vec<String>,
    /// What a decision must name.
    pub version: i32,
    /// Whether somebody else than whose leave it is entered and granted it in one step.
    pub on_behalf: bool,
    /// Who ended it before its last day, and why.
    pub ended: Option<LeaveEnded>,
    /// Whether the reader may decide.
    pub may_decide: bool,
    /// Whether the reader may take or give it back.
    pub may_withdraw: bool,
    /// Whether the reader may end it.
    pub may_end: bool,
}

/// A kind of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveTypeView {
    /// Id.
    pub id: LeaveTypeId,
    /// Its name.
    pub name: String,
    /// Whether it is paid.
    pub paid: bool,
    /// How it is granted, in words.
    pub accrual: String,
}

/// The page of somebody's leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavePage {
    /// Whose.
    pub employee: Named,
    /// What is left.
    pub balances: Vec<LeaveBalance>,
    /// Requests, those to come first.
    pub requests: Vec<LeaveView>,
    /// The kinds that can be asked for.
    pub types: Vec<LeaveTypeView>,
    /// The present day.
    pub today: NaiveDate,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Whether the reader may give this person leave.
    pub may_give: bool,
}

/// What waits for a manager or HR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Days to be put right, oldest first.
    pub corrections: Vec<CorrectionView>,
    /// Leave to be granted, oldest first.
    pub leave: Vec<LeaveView>,
    /// Swaps that a colleague has agreed to, oldest first.
    pub swaps: Vec<SwapView>,
    /// Overtime and early arrivals to be approved, oldest first.
    pub overtime: Vec<OvertimeDay>,
    /// What was decided last, by anybody, newest first: one sentence and when.
    pub decided: Vec<(String, Stamp)>,
}

words!(
    /// What meetings are told of somebody on leave. Never more.
    ToldAs {
        /// That they are away.
        Leave = "leave",
        /// That they are ill.
        Sick = "sick",
    }
);

/// A kind of leave as HR keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveKindView {
    /// Id.
    pub id: LeaveTypeId,
    /// Its rules, with its name and whether it is paid.
    pub rules: LeaveType,
    /// What meetings are told of it.
    pub told_as: ToldAs,
    /// How it is granted, in words.
    pub accrual: String,
    /// Whether it can no longer be asked for.
    pub retired: bool,
    /// What a change must name.
    pub version: i32,
}

/// The page of kinds of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveKindsPage {
    /// All kinds, by name.
    pub kinds: Vec<LeaveKindView>,
    /// The present day, for what the rules mean this year.
    pub today: NaiveDate,
}

words!(
    /// What HR enters by hand.
    HandEntry {
        /// More leave, that the rules do not give.
        Grant = "grant",
        /// More or less, since the balance is wrong.
        Correction = "correction",
    }
);

/// An entry of a balance that HR makes by hand.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LeaveEntryForm {
    /// Of which kind.
    pub type_id: LeaveTypeId,
    /// What it is.
    pub entry: HandEntry,
    /// More leave, or less.
    pub minutes: i64,
    /// The first day on which it counts.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// What an entry made of a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveEntered {
    /// The name of the kind.
    pub kind: String,
    /// What was left before, on the day of the entry or today, whichever is later.
    pub before_minutes: i64,
    /// What is left with it.
    pub after_minutes: i64,
    /// A working day of this person, for reading minutes as days.
    pub day_minutes: i64,
}

/// An entry of a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// Id.
    pub id: LeaveEntryId,
    /// Of which kind.
    pub type_id: LeaveTypeId,
    /// The name of the kind.
    pub kind: String,
    /// The first day on which it counts.
    pub day: NaiveDate,
    /// What it is: `Granted`, `Taken`, `Correction`.
    pub what: String,
    /// Why.
    pub text: String,
    /// More leave, or less.
    pub minutes: i64,
    /// What is left of the kind after it.
    pub balance_minutes: i64,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// Whether it can be taken back by another entry.
    pub may_take_back: bool,
    /// Whether it was taken back.
    pub taken_back: bool,
}

/// Everything that moved somebody's leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// Whose.
    pub employee: Named,
    /// What is left of each kind.
    pub balances: Vec<LeaveBalance>,
    /// Every kind: an entry may be of each.
    pub kinds: Vec<LeaveTypeView>,
    /// All entries, newest first.
    pub lines: Vec<LedgerLine>,
    /// Whether the reader may enter more: not of oneself.
    pub may_enter: bool,
    /// The present day where they are.
    pub today: NaiveDate,
}
