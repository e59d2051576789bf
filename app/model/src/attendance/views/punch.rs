//! Punches as programs tell them: `POST /punches`.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::super::day::Direction;

/// The most punches of one request.
pub const MOST_PUNCHES: usize = 5_000;

/// One punch.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPunch {
    /// The same for every try to tell this punch.
    pub client_key: String,
    /// Whose: id, e-mail address or employee number. Either this or `badge`.
    #[serde(default)]
    pub employee: Option<String>,
    /// Whose, by the badge.
    #[serde(default)]
    pub badge: Option<String>,
    /// When.
    pub occurred_at: DateTime<FixedOffset>,
    /// The IANA zone of the clock.
    pub zone: String,
    /// What it says of its direction.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// Which reader or program saw it.
    pub source: String,
}

/// Many punches.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPunches {
    /// At most [`MOST_PUNCHES`].
    pub punches: Vec<NewPunch>,
}

/// A punch that is kept, but does not count until somebody has looked.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quarantined {
    /// Which of the request, from 0.
    pub index: usize,
    /// Its key.
    pub client_key: String,
    /// Why, as a stable word: `unknown_employee`, `unknown_badge`, `future_time`, `old_time`.
    pub code: String,
    /// Why, for people.
    pub reason: String,
}

/// What became of many punches. Nothing of them is lost: each is accepted, known already, or kept
/// apart.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PunchesTaken {
    /// How many are new and count.
    pub accepted: usize,
    /// How many were told before.
    pub duplicates: usize,
    /// Those that are new and do not count yet.
    pub quarantined: Vec<Quarantined>,
}
