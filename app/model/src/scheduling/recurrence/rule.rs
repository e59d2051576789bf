//! A recurrence rule that has been checked.

use std::num::NonZeroU32;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::{Error, Instances, Moment};

/// What a rule counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freq {
    /// Seconds.
    Secondly,
    /// Minutes.
    Minutely,
    /// Hours.
    Hourly,
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

/// When a rule ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It does not.
    Never,
    /// After so many occurrences.
    Count(NonZeroU32),
    /// With this moment, which may itself be an occurrence. It is written as a day, in UTC or
    /// without a zone; servers do not always follow the notation of the start.
    Until(Moment),
}

/// A day of the week, or the first, the last… one of its month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NthDay {
    /// Which one, from the end if negative; 0 is each.
    pub nth: i8,
    /// The day of the week.
    pub day: Weekday,
}

/// What becomes of a day its month does not have (RFC 7529).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It is left out.
    Omit,
    /// It becomes the last day of the month.
    Backward,
    /// It becomes the first day of the next month.
    Forward,
}

/// A recurrence rule. It is made from RRULE text, so it can only hold what a rule may say; its
/// lists are sorted and without doubles. In JSON it is that text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    pub(super) freq: Freq,
    pub(super) interval: NonZeroU32,
    pub(super) ending: Ending,
    pub(super) by_second: Vec<u8>,
    pub(super) by_minute: Vec<u8>,
    pub(super) by_hour: Vec<u8>,
    pub(super) by_day: Vec<NthDay>,
    pub(super) by_month_day: Vec<i16>,
    pub(super) by_year_day: Vec<i16>,
    pub(super) by_week_no: Vec<i16>,
    pub(super) by_month: Vec<u8>,
    pub(super) by_set_pos: Vec<i16>,
    pub(super) week_start: Weekday,
    pub(super) skip: Skip,
}

impl Rule {
    /// Every day, every week… without an end.
    pub fn every(freq: Freq) -> Self {
        Self {
            freq,
            interval: NonZeroU32::MIN,
            ending: Ending::Never,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: Weekday::Mon,
            skip: Skip::Omit,
        }
    }

    /// The same rule, but only every second, third… time.
    #[must_use]
    pub fn with_interval(self, interval: NonZeroU32) -> Self {
        Self { interval, ..self }
    }

    /// The same rule on these days of the week.
    #[must_use]
    pub fn with_weekdays(mut self, days: &[Weekday]) -> Self {
        self.by_day = days.iter().map(|&day| NthDay { nth: 0, day }).collect();
        self.by_day.sort_by_key(|d| d.day.num_days_from_monday());
        self.by_day.dedup();
        self
    }

    /// The same rule with another end.
    #[must_use]
    pub fn with_ending(mut self, ending: Ending) -> Self {
        self.ending = match ending {
            // UNTIL knows no zone: it is the same instant in UTC.
            Ending::Until(until) => Ending::Until(until.without_zone()),
            other => other,
        };
        self
    }

    /// What the rule counts in.
    pub fn freq(&self) -> Freq {
        self.freq
    }

    /// How many of those lie between two turns.
    pub fn interval(&self) -> NonZeroU32 {
        self.interval
    }

    /// When it ends.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The days of the week it names.
    pub fn weekdays(&self) -> &[NthDay] {
        &self.by_day
    }

    /// What the rule gives from a start on.
    ///
    /// # Errors
    /// [`Error::Refused`] for hours, minutes or seconds from a start that is a whole day.
    pub fn instances<'a>(&'a self, start: &'a Moment) -> Result<Instances<'a>, Error> {
        Instances::new(self, start)
    }
}

impl Freq {
    pub(super) const NAMES: [(&'static str, Freq); 7] = [
        ("SECONDLY", Self::Secondly),
        ("MINUTELY", Self::Minutely),
        ("HOURLY", Self::Hourly),
        ("DAILY", Self::Daily),
        ("WEEKLY", Self::Weekly),
        ("MONTHLY", Self::Monthly),
        ("YEARLY", Self::Yearly),
    ];

    /// The word of the RRULE.
    pub const fn as_str(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The length in seconds, for what is shorter than a day.
    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::Secondly => 1,
            Self::Minutely => 60,
            Self::Hourly => 3600,
            _ => 86_400,
        }
    }
}
