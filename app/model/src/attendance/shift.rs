//! Shift templates: the kinds of shifts that a house has, in local time. A roster places them on
//! dates ([`rotation`](super::rotation)); a template never says who works.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use super::compliance::{ShortRest, short_rests};
use crate::problem::{FieldError, Problem};
use crate::scheduling::interval::Interval;

const DAY_MINUTES: i64 = 24 * 60;
/// Nobody is given more leeway than half a shift.
const MAX_GRACE_MINUTES: i64 = 240;
/// Farther away than this a punch belongs to another shift.
const MAX_CAPTURE_MINUTES: i64 = 16 * 60;
/// A longer hole is the end of a shift, not a break in it.
const MAX_BREAK_MINUTES: i64 = 8 * 60;
const MAX_NAME: usize = 80;
const MAX_CODE: usize = 6;

/// What a clock shows, to the minute: `09:00` in JSON.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeOfDay(NaiveTime);

impl TimeOfDay {
    /// The time as the clock of a day.
    pub const fn time(self) -> NaiveTime {
        self.0
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> i64 {
        i64::from(self.0.num_seconds_from_midnight() / 60)
    }

    /// How many minutes later another time is, on the same day or else on the next.
    pub fn until(self, other: Self) -> i64 {
        (other.minutes() - self.minutes()).rem_euclid(DAY_MINUTES)
    }
}

impl From<NaiveTime> for TimeOfDay {
    /// What is less than a minute falls away.
    fn from(time: NaiveTime) -> Self {
        let whole = NaiveTime::from_hms_opt(time.hour(), time.minute(), 0);
        Self(whole.unwrap_or(time))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

/// The text is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time of day: write it as 09:00")]
pub struct NoTimeOfDay(pub String);

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    /// `09:00`, or with seconds as long as they are none: `09:00:00`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let formats = ["%H:%M", "%H:%M:%S"].iter();
        let mut times = formats.filter_map(|format| NaiveTime::parse_from_str(text, format).ok());
        let time = times.next().filter(|time| time.second() == 0);
        time.map(Self).ok_or_else(|| NoTimeOfDay(text.to_owned()))
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTimeOfDay;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// How much break a long shift has.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakTier {
    /// More work than this many minutes needs a break.
    pub after_minutes: i64,
    /// How long the breaks are in all, in minutes.
    pub minutes: i64,
}

/// How much break so much attendance needs, in minutes. No tier takes attendance below its own
/// threshold: after 6 h 10 min with a tier of 30 min over 6 h, the break is 10 min.
pub fn break_minutes(tiers: &[BreakTier], attended_minutes: i64) -> i64 {
    let breaks = tiers.iter().map(|tier| {
        let over = attended_minutes - tier.after_minutes;
        tier.minutes.min(over).max(0)
    });
    breaks.max().unwrap_or(0)
}

words!(
    /// In which colour a shift stands on the roster.
    Tone {
        /// Grey-blue.
        Slate = "slate",
        /// Blue.
        Blue = "blue",
        /// Blue-green.
        Teal = "teal",
        /// Green.
        Green = "green",
        /// Yellow.
        Amber = "amber",
        /// Orange.
        Orange = "orange",
        /// Pink.
        Rose = "rose",
        /// Violet.
        Violet = "violet",
    }
);

words!(
    /// How punches become stretches of work.
    Pairing {
        /// By trusted directions if all are, else by turns, and first to last if they are odd.
        Auto = "auto",
        /// Only the first and the last count.
        FirstLast = "first_last",
        /// By their directions alone.
        Sequence = "sequence",
    }
);

/// A kind of shift. What is left out is as the policy says.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShiftTemplate {
    /// What people call it.
    pub name: String,
    /// A few letters for narrow columns.
    pub code: String,
    /// Its colour.
    pub tone: Tone,
    /// When it begins.
    pub start: TimeOfDay,
    /// When it ends; one at or before the start is on the next day.
    pub end: TimeOfDay,
    /// Its halves, for half days of leave: from and to of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halves: Option<[[TimeOfDay; 2]; 2]>,
    /// What break is due, the tiers by rising threshold.
    #[serde(default)]
    pub break_tiers: Vec<BreakTier>,
    /// From how many minutes on a hole between punches is a break.
    #[serde(default)]
    pub min_break_piece_minutes: i64,
    /// Up to how many minutes it is one.
    #[serde(default = "max_break_minutes")]
    pub max_break_minutes: i64,
    /// How many minutes one may come late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_late_minutes: Option<i64>,
    /// How many minutes one may leave early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_early_minutes: Option<i64>,
    /// How many minutes before the start a punch belongs to the shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_before_minutes: Option<i64>,
    /// How many minutes after the end one still does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_after_minutes: Option<i64>,
    /// How punches become work.
    #[serde(default = "auto")]
    pub pairing: Pairing,
    /// The zone whose clocks it follows, by its IANA name; else that of the person's site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

const fn max_break_minutes() -> i64 {
    120
}

const fn auto() -> Pairing {
    Pairing::Auto
}

impl ShiftTemplate {
    /// From the start to the end, in minutes of a day on which the clocks do not change.
    pub fn length_minutes(&self) -> i64 {
        match self.start.until(self.end) {
            0 => DAY_MINUTES,
            minutes => minutes,
        }
    }

    /// The break that the whole shift has, in minutes.
    pub fn break_minutes(&self) -> i64 {
        break_minutes(&self.break_tiers, self.length_minutes())
    }

    /// How much work the shift is, in minutes: its length without its break.
    pub fn work_minutes(&self) -> i64 {
        self.length_minutes() - self.break_minutes()
    }

    /// How much work each half is, in minutes. Both together are the whole. Halves that are not
    /// given, or do not add up, share the work equally; the first has an odd minute.
    pub fn half_minutes(&self) -> [i64; 2] {
        let whole = self.work_minutes();
        let given = self
            .halves
            .map(|halves| halves.map(|[from, to]| from.until(to)));
        match given {
            Some([am, pm]) if am + pm == whole => [am, pm],
            _ => [whole - whole / 2, whole / 2],
        }
    }

    /// The template itself, if nothing is wrong with it.
    ///
    /// # Errors
    /// Status 422 with what is wrong in each field.
    pub fn validated(self) -> Result<Self, Problem> {
        let errors = self.errors();
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(Problem::invalid(errors))
        }
    }

    /// What is wrong with each field.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        if let Some(message) = wrong_text(&self.name, "a name", MAX_NAME) {
            wrong("name", message);
        }
        if let Some(message) = wrong_text(&self.code, "a short code", MAX_CODE) {
            wrong("code", message);
        } else if self.code.chars().any(char::is_whitespace) {
            wrong("code", "A short code has no spaces.".to_owned());
        }
        if let Some(message) = self.wrong_halves() {
            wrong("halves", message);
        }
        if let Some(message) = self.wrong_tiers() {
            wrong("breakTiers", message);
        }
        let numbers = [
            (
                "minBreakPieceMinutes",
                Some(self.min_break_piece_minutes),
                MAX_BREAK_MINUTES,
            ),
            (
                "maxBreakMinutes",
                Some(self.max_break_minutes),
                MAX_BREAK_MINUTES,
            ),
            (
                "graceLateMinutes",
                self.grace_late_minutes,
                MAX_GRACE_MINUTES,
            ),
            (
                "graceEarlyMinutes",
                self.grace_early_minutes,
                MAX_GRACE_MINUTES,
            ),
            (
                "captureBeforeMinutes",
                self.capture_before_minutes,
                MAX_CAPTURE_MINUTES,
            ),
            (
                "captureAfterMinutes",
                self.capture_after_minutes,
                MAX_CAPTURE_MINUTES,
            ),
        ];
        for (field, value, most) in numbers {
            if value.is_some_and(|value| !(0..=most).contains(&value)) {
                wrong(field, format!("Give 0 to {most} minutes."));
            }
        }
        if self.max_break_minutes < self.min_break_piece_minutes {
            let message = "The longest break cannot be shorter than the shortest.";
            wrong("maxBreakMinutes", message.to_owned());
        }
        if let Some(message) = self.zone.as_deref().and_then(wrong_zone) {
            wrong("zone", message);
        }
        errors
    }

    fn wrong_halves(&self) -> Option<String> {
        let [[from, middle], [resumed, to]] = self.halves?;
        if from != self.start || to != self.end {
            return Some(format!(
                "The first half begins with the shift at {}, and the second ends with it at {}.",
                self.start, self.end,
            ));
        }
        let (first, pause) = (self.start.until(middle), self.start.until(resumed));
        let in_order = first > 0 && first <= pause && pause < self.length_minutes();
        (!in_order).then(|| "The second half begins after the first has ended.".to_owned())
    }

    fn wrong_tiers(&self) -> Option<String> {
        let length = self.length_minutes();
        let odd = |tier: &BreakTier| tier.after_minutes < 0 || tier.minutes <= 0;
        if self.break_tiers.iter().any(odd) {
            return Some("A break lasts at least a minute, after 0 minutes or more.".to_owned());
        }
        if self.break_tiers.iter().any(|tier| tier.minutes >= length) {
            return Some("A break is shorter than the shift.".to_owned());
        }
        let rising = |two: &[BreakTier]| {
            two[0].after_minutes < two[1].after_minutes && two[0].minutes < two[1].minutes
        };
        let ordered = self.break_tiers.windows(2).all(rising);
        (!ordered).then(|| "Longer work comes after shorter, and has more break.".to_owned())
    }
}

fn wrong_text(text: &str, what: &str, most: usize) -> Option<String> {
    if text.trim().is_empty() {
        Some(format!("Give it {what}."))
    } else if text.chars().count() > most {
        Some(format!("Use at most {most} characters."))
    } else if text.chars().any(char::is_control) {
        Some("Use characters that can be printed.".to_owned())
    } else {
        None
    }
}

/// Without the database of zones only the form of the name can be looked at.
fn wrong_zone(name: &str) -> Option<String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
    let known = !name.is_empty() && name.chars().all(legal);
    #[cfg(feature = "zone")]
    let known = known && crate::zone::Zone::named(name).is_ok();
    (!known).then(|| format!("“{name}” is not a time zone: use a name such as Europe/Berlin."))
}

/// Where a roster gives somebody less rest between two dates than is due, in minutes (Directive
/// 2003/88/EC, article 3). Shifts come in any order; those of one date are one day's work, so the
/// hole in a split duty is no rest between days.
pub fn short_rest_marks(shifts: &[(NaiveDate, Interval)], due_minutes: i64) -> Vec<ShortRest> {
    let mut days: std::collections::BTreeMap<NaiveDate, Interval> = Default::default();
    for (date, shift) in shifts.iter().filter(|(_, shift)| !shift.is_empty()) {
        let day = days.entry(*date).or_insert(*shift);
        day.from = day.from.min(shift.from);
        day.to = day.to.max(shift.to);
    }
    short_rests(days, due_minutes)
}

#[cfg(test)]
#[path = "shift_tests.rs"]
mod tests;
