//! The case as it stands in JSON. Reading is strict: a field that is not known is refused, since a
//! misspelt one would change a day without a word.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Deserializer};

use super::super::day::Direction;
use super::super::derive::{Half, Holiday};
use super::super::policy::Policy;
use super::super::shift::{BreakTier, Pairing, TimeOfDay};
use crate::zone::Zone;

/// An instant with its offset.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct At(pub DateTime<FixedOffset>);

impl TryFrom<String> for At {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let instant = DateTime::parse_from_rfc3339(&text).or_else(|_| {
            // Without seconds, as people write it.
            DateTime::parse_from_str(&text.replace('Z', "+00:00"), "%Y-%m-%dT%H:%M%:z")
        });
        instant.map(Self).map_err(|_| {
            format!("“{text}” is not an instant with its offset, such as 2026-11-23T08:56:00+01:00")
        })
    }
}

/// What a clock showed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Local(pub NaiveDateTime);

impl TryFrom<String> for Local {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let forms = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%d %H:%M",
        ];
        let mut times = forms
            .iter()
            .filter_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
        times.next().map(Self).ok_or_else(|| {
            format!("“{text}” is not a local time without an offset, such as 2026-11-23T08:56:00")
        })
    }
}

/// A calendar date.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Date(pub NaiveDate);

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        date.map(Self)
            .ok_or_else(|| format!("“{text}” is not a date such as 2026-11-23"))
    }
}

/// A zone by its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ZoneName(pub Zone);

impl TryFrom<String> for ZoneName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Zone::named(&name)
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

/// A time of day; `24:00` is midnight at the end of a day.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Clock(pub TimeOfDay);

impl TryFrom<String> for Clock {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let midnight = if text == "24:00" { "00:00" } else { &text };
        let time = midnight.parse::<TimeOfDay>();
        time.map(Self)
            .map_err(|_| format!("“{text}” is not a time of day such as 09:00"))
    }
}

/// A date, or a date of which half is free.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a date such as \"2026-12-25\", or {\"date\", \"half\"}"
)]
pub(super) enum HolidayText {
    Date(Date),
    Half(HalfHoliday),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HalfHoliday {
    date: Date,
    half: Option<Half>,
}

impl From<HolidayText> for Holiday {
    fn from(text: HolidayText) -> Self {
        match text {
            HolidayText::Date(Date(date)) => Self { date, half: None },
            HolidayText::Half(HalfHoliday {
                date: Date(date),
                half,
            }) => Self { date, half },
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LeaveWord {
    Am,
    Pm,
    Full,
    /// Given beside it.
    Hours,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Tier {
    after_minutes: i64,
    minutes: i64,
}

impl From<Tier> for BreakTier {
    fn from(tier: Tier) -> Self {
        Self {
            after_minutes: tier.after_minutes,
            minutes: tier.minutes,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Shift {
    pub work_date: Date,
    pub start: Clock,
    pub end: Clock,
    pub zone: Option<ZoneName>,
    pub break_tiers: Option<Vec<Tier>>,
    pub min_break_piece_minutes: Option<i64>,
    pub max_break_minutes: Option<i64>,
    pub halves: Option<[[Clock; 2]; 2]>,
    pub leave: Option<LeaveWord>,
    pub leave_hours: Option<[Clock; 2]>,
    pub approved_early: Option<bool>,
    pub grace_late_minutes: Option<i64>,
    pub grace_early_minutes: Option<i64>,
    pub capture_before_minutes: Option<i64>,
    pub capture_after_minutes: Option<i64>,
    pub pairing: Option<Pairing>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Punch {
    pub id: Option<String>,
    pub at: Option<At>,
    pub local: Option<Local>,
    pub zone: Option<ZoneName>,
    pub direction: Option<Direction>,
    pub trusted: Option<bool>,
    pub source: Option<String>,
    pub received_at: Option<At>,
    pub sequence: Option<i64>,
    pub device_since: Option<At>,
    pub skew_seconds: Option<i64>,
    pub set_by_hand: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Case {
    pub zone: ZoneName,
    pub now: Option<At>,
    #[serde(default, deserialize_with = "or_default")]
    pub policy: Policy,
    #[serde(default, deserialize_with = "or_default")]
    pub schedule: Vec<Shift>,
    #[serde(default, deserialize_with = "or_default")]
    pub holidays: Vec<HolidayText>,
    #[serde(default, deserialize_with = "or_default")]
    pub days_off: Vec<Date>,
    pub devices_reported_until: Option<At>,
    #[serde(default, deserialize_with = "or_default")]
    pub punches: Vec<Punch>,
}

/// `null` is the same as nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
