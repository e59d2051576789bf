//! Having a day put right.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::super::day::{Day, Direction};
use super::Named;
use crate::ids::{CorrectionId, PunchId};
use crate::problem::FieldError;
use crate::time::Stamp;

words!(
    /// How far a correction is.
    CorrectionState {
        /// Somebody has to decide.
        Requested = "requested",
        /// Done.
        Approved = "approved",
        /// Not done.
        Refused = "refused",
        /// Taken back by who asked.
        Withdrawn = "withdrawn",
    }
);

/// One thing to change. Times are local, in the employee's zone.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// A punch that is missing.
    Add {
        /// When it was.
        at: NaiveDateTime,
        /// Which way.
        direction: Direction,
    },
    /// A punch at another time.
    SetTime {
        /// Which.
        punch: PunchId,
        /// When it was.
        at: NaiveDateTime,
    },
    /// A punch the other way.
    SetDirection {
        /// Which.
        punch: PunchId,
        /// Which way.
        direction: Direction,
    },
    /// A punch that is none.
    Void {
        /// Which.
        punch: PunchId,
    },
    /// A punch that was left out and is one after all.
    Restore {
        /// Which.
        punch: PunchId,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CorrectionForm {
    /// The date.
    pub work_date: NaiveDate,
    /// What to change, 1 to [`CorrectionForm::MOST`].
    pub changes: Vec<Change>,
    /// Why.
    pub reason: String,
}

impl CorrectionForm {
    /// The most changes of one request.
    pub const MOST: usize = 20;

    /// What is wrong with it, whatever the day.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        if self.changes.is_empty() {
            wrong("changes", "Say what is to be changed.");
        }
        if self.changes.len() > Self::MOST {
            wrong("changes", "Ask for twenty changes at most.");
        }
        match self.reason.trim().chars().count() {
            0 => wrong("reason", "Say why."),
            1..=1000 => {}
            _ => wrong("reason", "Say it in a thousand characters."),
        }
        errors
    }
}

/// The day as it is and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionPreview {
    /// As it is.
    pub before: Option<Day>,
    /// As it would be.
    pub after: Option<Day>,
    /// Whether the period is locked, so that it becomes an adjustment.
    pub locked: bool,
}

/// A request as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionView {
    /// Id.
    pub id: CorrectionId,
    /// Whose day.
    pub employee: Named,
    /// Which day.
    pub work_date: NaiveDate,
    /// How far.
    pub state: CorrectionState,
    /// What to change, one sentence each.
    pub changes: Vec<String>,
    /// Why.
    pub reason: String,
    /// The day as it was, and as it would be, when it was asked for.
    pub before: Option<Day>,
    /// The day as it would be.
    pub after: Option<Day>,
    /// Who asked, or put it right unasked.
    pub asked_by: String,
    /// Whether that was somebody else than whose day it is, who decided it in the same step.
    pub on_behalf: bool,
    /// When.
    pub asked_at: Stamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Stamp>,
    /// What they said.
    pub decision_note: String,
    /// What a decision must name.
    pub version: i32,
    /// Whether the reader may decide.
    pub may_decide: bool,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
}
