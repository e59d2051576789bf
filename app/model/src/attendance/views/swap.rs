//! One's own coming shifts, and swapping them with colleagues.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::swap::SwapState;
use super::Named;
use super::roster::{RosterCell, RosterShift};
use crate::ids::{PersonId, SwapId};
use crate::time::Stamp;

/// One's own coming shifts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftsPage {
    /// Whose.
    pub person: Named,
    /// The first Monday.
    pub monday: NaiveDate,
    /// The present day.
    pub today: NaiveDate,
    /// The zone in which the person reads times.
    pub zone: String,
    /// Weeks of seven days.
    pub weeks: Vec<ShiftWeek>,
    /// Swaps that concern the person: those that wait for them first.
    pub swaps: Vec<SwapView>,
    /// Whether there is anybody in the team to swap with.
    pub has_team: bool,
}

/// A week of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftWeek {
    /// Its days.
    pub days: Vec<ShiftDay>,
    /// What it comes to, in minutes.
    pub minutes: i64,
}

/// A day of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftDay {
    /// As the roster has it.
    pub cell: RosterCell,
    /// Whether it can be offered to a colleague now.
    pub may_swap: bool,
    /// How far its open swap is, if there is one.
    pub open: Option<SwapState>,
}

/// What both would work on one date of a swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapDayView {
    /// The date.
    pub date: NaiveDate,
    /// What the asker works as it is.
    pub asker_before: Vec<RosterShift>,
    /// What the asker would work.
    pub asker_after: Vec<RosterShift>,
    /// What the colleague works as it is.
    pub other_before: Vec<RosterShift>,
    /// What the colleague would work.
    pub other_after: Vec<RosterShift>,
}

/// What somebody said of a swap: who, what, when, with which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapEventView {
    /// What it became.
    pub state: SwapState,
    /// Who said so.
    pub by: String,
    /// Their words.
    pub note: String,
    /// When.
    pub at: Stamp,
}

/// A swap as those see it whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapView {
    /// Id.
    pub id: SwapId,
    /// Who asks.
    pub asker: Named,
    /// Whom.
    pub other: Named,
    /// The asker's day.
    pub from_day: NaiveDate,
    /// The colleague's day; the same for an exchange on one day.
    pub to_day: NaiveDate,
    /// How far.
    pub state: SwapState,
    /// What was said with it.
    pub note: String,
    /// When it was asked for.
    pub asked_at: Stamp,
    /// What both work, as it was when it was asked for, and after the swap.
    pub days: Vec<SwapDayView>,
    /// What whoever decides should know: too little rest, long weeks.
    pub warnings: Vec<String>,
    /// What stands in its way now.
    pub obstacles: Vec<String>,
    /// What was said, oldest first.
    pub history: Vec<SwapEventView>,
    /// What an answer must name.
    pub version: i32,
    /// Whether the reader is the colleague and may answer.
    pub may_answer: bool,
    /// Whether the reader may decide.
    pub may_decide: bool,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
}

/// Asks a colleague to swap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SwapForm {
    /// One's own day.
    pub from_day: NaiveDate,
    /// Whom one asks.
    pub colleague: PersonId,
    /// Their day; the same as one's own to exchange what both have on it.
    pub to_day: NaiveDate,
    /// For the colleague, and for whoever decides.
    pub note: String,
}

/// What a swap would make of both rosters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapPreview {
    /// With whom.
    pub colleague: Named,
    /// Their day.
    pub to_day: NaiveDate,
    /// What both work, before and after.
    pub days: Vec<SwapDayView>,
    /// What is to be known: too little rest, long weeks.
    pub warnings: Vec<String>,
    /// Why it cannot be asked for.
    pub obstacles: Vec<String>,
}

/// The planned day of a colleague, as the roster on the wall has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerDay {
    /// The date.
    pub date: NaiveDate,
    /// Their shifts.
    pub shifts: Vec<RosterShift>,
    /// Whether they are away, and nothing more.
    pub away: bool,
    /// Whether it can be asked for.
    pub may_ask: bool,
}

/// A colleague with a week of planned days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Who.
    pub person: Named,
    /// The day that is offered.
    pub that_day: PeerDay,
    /// The days of the week that is shown.
    pub days: Vec<PeerDay>,
}

/// The page on which a day is offered: the colleagues of the team, what they work, and what is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapPage {
    /// The day that is offered.
    pub day: ShiftDay,
    /// The zone in which the person reads times.
    pub zone: String,
    /// The team's name.
    pub team: String,
    /// The Monday of the colleagues' week that is shown.
    pub monday: NaiveDate,
    /// The present day.
    pub today: NaiveDate,
    /// Colleagues by name.
    pub peers: Vec<Peer>,
    /// What is chosen.
    pub chosen: Option<SwapPreview>,
    /// The newest swap of the asker: it tells a request from an earlier one like it.
    pub newest: Option<SwapId>,
}
