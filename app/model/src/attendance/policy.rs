//! What a house may set about how days are derived. The defaults are those that the rules were
//! written with; a shift may differ in some of them.

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::compliance::Limits;
use super::overtime;
use super::shift::{BreakTier, Pairing, TimeOfDay};
use crate::problem::FieldError;

const DAY_MINUTES: i64 = 24 * 60;

words!(
    /// What a day is worth whose last punch out is missing.
    MissingOut {
        /// What has no end counts nothing, until somebody corrects it.
        None = "none",
        /// The end of the shift is taken for the time being, and marked as an estimate.
        ShiftEnd = "shift_end",
    }
);

words!(
    /// On which date a shift counts.
    WorkDateRule {
        /// The date of the roster, on which it begins.
        Start = "start",
        /// The date on which it ends.
        End = "end",
        /// The date that has more of it; the earlier of two equals.
        Majority = "majority",
        /// Each part on its own date: the shift is cut at midnight.
        Split = "split",
    }
);

words!(
    /// How long a shift is on a night on which the clocks change.
    ExpectedBy {
        /// As long as it lasts.
        Elapsed = "elapsed",
        /// As long as the clocks say.
        Nominal = "nominal",
    }
);

words!(
    /// A day of the week.
    WeekStart {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
);

impl WeekStart {
    /// The same day as the calendar's own.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Mon,
            Self::Tuesday => Weekday::Tue,
            Self::Wednesday => Weekday::Wed,
            Self::Thursday => Weekday::Thu,
            Self::Friday => Weekday::Fri,
            Self::Saturday => Weekday::Sat,
            Self::Sunday => Weekday::Sun,
        }
    }
}

words!(
    /// Which way a time is rounded.
    RoundTo {
        /// To the next full unit.
        Up = "up",
        /// To the last full unit.
        Down = "down",
        /// To the nearer of the two; up from the middle.
        Nearest = "nearest",
    }
);

/// How the boundaries of counted time are rounded. Punches never are.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rounding {
    /// The unit in minutes, counted from local midnight.
    pub unit_minutes: i64,
    /// Where work begins.
    pub begin: RoundTo,
    /// Where it ends.
    pub end: RoundTo,
}

/// How days are derived. In JSON, what is absent is the default.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Up to how many seconds after another a punch is the same one again.
    pub duplicate_window_seconds: i64,
    /// Until when in the night work without a shift still belongs to the day before.
    pub day_cut: TimeOfDay,
    /// How many minutes before its start a shift takes punches.
    pub capture_before_minutes: i64,
    /// How many minutes after its end it still does.
    pub capture_after_minutes: i64,
    /// How long somebody can be at work between a punch in and its punch out.
    pub max_session_hours: i64,
    /// How much time off makes unscheduled work two pieces of work.
    pub min_time_off_hours: i64,
    /// How many minutes one may come late.
    pub grace_late_minutes: i64,
    /// How many minutes one may leave early.
    pub grace_early_minutes: i64,
    /// How much of what is expected makes a day present.
    pub present_percent: i64,
    /// How much makes it half a day.
    pub half_day_percent: i64,
    /// Whether work before the start of a shift counts.
    pub pay_early: bool,
    /// What a missing punch out means.
    pub missing_out: MissingOut,
    /// Which law says what overtime is.
    pub overtime: overtime::Rule,
    /// Whether overtime is paid only once somebody has approved it.
    pub overtime_needs_approval: bool,
    /// Whether the times of a clock that is wrong are put right.
    pub correct_skew: bool,
    /// On which day a workweek begins.
    pub workweek_start: WeekStart,
    /// On which date a shift counts.
    pub work_date: WorkDateRule,
    /// How punches become work, where the shift does not say.
    pub pairing: Pairing,
    /// How long a shift is when the clocks change.
    pub expected: ExpectedBy,
    /// How counted time is rounded, if at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub rounding: Option<Rounding>,
    /// Breaks that are deducted from work without a shift.
    pub unscheduled_break_tiers: Vec<BreakTier>,
    /// The limits of rest and work; absent, those that go with `overtime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

impl Default for Policy {
    fn default() -> Self {
        let day_cut = NaiveTime::from_hms_opt(4, 0, 0).unwrap_or_default();
        Self {
            duplicate_window_seconds: 60,
            day_cut: day_cut.into(),
            capture_before_minutes: 240,
            capture_after_minutes: 360,
            max_session_hours: 16,
            min_time_off_hours: 4,
            grace_late_minutes: 5,
            grace_early_minutes: 5,
            present_percent: 75,
            half_day_percent: 40,
            pay_early: false,
            missing_out: MissingOut::None,
            overtime: overtime::Rule::None,
            overtime_needs_approval: true,
            correct_skew: false,
            workweek_start: WeekStart::Monday,
            work_date: WorkDateRule::Start,
            pairing: Pairing::Auto,
            expected: ExpectedBy::Elapsed,
            rounding: None,
            unscheduled_break_tiers: Vec::new(),
            limits: None,
        }
    }
}

/// What each number may be, by its name in JSON.
type Bound = (&'static str, i64, i64, i64);

impl Policy {
    fn bounds(&self) -> [Bound; 9] {
        [
            (
                "duplicateWindowSeconds",
                self.duplicate_window_seconds,
                0,
                3600,
            ),
            (
                "captureBeforeMinutes",
                self.capture_before_minutes,
                0,
                DAY_MINUTES,
            ),
            (
                "captureAfterMinutes",
                self.capture_after_minutes,
                0,
                DAY_MINUTES,
            ),
            ("maxSessionHours", self.max_session_hours, 1, 48),
            ("minTimeOffHours", self.min_time_off_hours, 0, 24),
            ("graceLateMinutes", self.grace_late_minutes, 0, DAY_MINUTES),
            (
                "graceEarlyMinutes",
                self.grace_early_minutes,
                0,
                DAY_MINUTES,
            ),
            ("presentPercent", self.present_percent, 0, 100),
            ("halfDayPercent", self.half_day_percent, 0, 100),
        ]
    }

    /// What is wrong with each field.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: String, message: String| errors.push(FieldError { field, message });
        for (field, value, least, most) in self.bounds() {
            if !(least..=most).contains(&value) {
                wrong(field.to_owned(), format!("Give {least} to {most}."));
            }
        }
        if self.half_day_percent > self.present_percent {
            let message = "Half a day cannot take more than a whole one.";
            wrong("halfDayPercent".to_owned(), message.to_owned());
        }
        let unit = self.rounding.map_or(1, |rounding| rounding.unit_minutes);
        if !(1..=60).contains(&unit) {
            wrong(
                "rounding.unitMinutes".to_owned(),
                "Give 1 to 60.".to_owned(),
            );
        }
        for (number, tier) in self.unscheduled_break_tiers.iter().enumerate() {
            if let Some(message) = wrong_tier(tier) {
                wrong(
                    format!("unscheduledBreakTiers[{number}]"),
                    message.to_owned(),
                );
            }
        }
        errors
    }

    /// The limits that days are held against.
    pub fn limits(&self) -> Limits {
        let european = Limits::european();
        self.limits.unwrap_or_else(|| match self.overtime {
            overtime::Rule::None => european,
            overtime::Rule::California => Limits::californian(),
            overtime::Rule::Flsa => Limits {
                daily_rest_minutes: None,
                work_before_break_minutes: None,
                weekly_rest_minutes: None,
                weekly_average_minutes: None,
                ..european
            },
        })
    }
}

/// What is wrong with a tier of breaks, if anything.
pub(super) fn wrong_tier(tier: &BreakTier) -> Option<&'static str> {
    let legal = 0..=2 * DAY_MINUTES;
    let is_legal = legal.contains(&tier.after_minutes) && legal.contains(&tier.minutes);
    (!is_legal).then_some("Give a tier of 0 to 2880 minutes.")
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
