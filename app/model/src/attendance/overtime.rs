//! Rule R14: what overtime a workweek holds. Daily tiers come first, then the seventh day, then the
//! weekly limit on what is left at the straight rate. There is no pyramiding: each minute has one
//! multiplier, the highest that it earns, and fills only one limit.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::problem::UnknownWord;

/// Minutes at the straight rate in a workweek, under both laws.
const WEEK_MINUTES: i64 = 40 * 60;
/// Minutes of a day after which California asks for one and a half.
const DAY_MINUTES: i64 = 8 * 60;
/// Minutes of a day after which California asks for double.
const LONG_DAY_MINUTES: i64 = 12 * 60;

words!(
    /// Which law says what overtime is.
    Rule {
        /// Every minute is straight time.
        None = "none",
        /// United States: one and a half over 40 hours a workweek (29 U.S.C. 207(a)(1), 29 CFR
        /// 778.100 to 778.107).
        Flsa = "flsa",
        /// California: also over 8 and over 12 hours a day, and on the seventh day of a workweek
        /// (California Labor Code, section 510(a)).
        California = "california",
    }
);

/// By how much a minute is multiplied in pay: an exact decimal, `"1.5"` in JSON.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Multiplier(u16);

impl Multiplier {
    /// The straight rate.
    pub const STRAIGHT: Self = Self::from_hundredths(100);
    /// One and a half.
    pub const ONE_AND_A_HALF: Self = Self::from_hundredths(150);
    /// Double.
    pub const DOUBLE: Self = Self::from_hundredths(200);

    /// So many hundredths: 125 is a premium of a quarter.
    pub const fn from_hundredths(hundredths: u16) -> Self {
        Self(hundredths)
    }

    /// The multiplier times a hundred.
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// Whether it is more than the straight rate.
    pub fn is_overtime(self) -> bool {
        self > Self::STRAIGHT
    }
}

impl fmt::Display for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        if part % 10 == 0 {
            write!(f, "{whole}.{}", part / 10)
        } else {
            write!(f, "{whole}.{part:02}")
        }
    }
}

impl FromStr for Multiplier {
    type Err = UnknownWord;

    /// A decimal with at most two places: `1.5`, `2`, `1.25`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let well_formed = !whole.is_empty() && digits(whole) && digits(part);
        let part = match part.len() {
            1 => part.parse().map(|tenths: u16| tenths * 10).ok(),
            2 => part.parse().ok(),
            _ => None,
        };
        let whole = whole.parse::<u16>().ok();
        let hundredths = whole
            .zip(part)
            .and_then(|(whole, part)| whole.checked_mul(100)?.checked_add(part));
        hundredths
            .filter(|_| well_formed)
            .map(Self::from_hundredths)
            .ok_or_else(|| UnknownWord {
                vocabulary: "multiplier",
                word: text.to_owned(),
            })
    }
}

impl From<Multiplier> for String {
    fn from(multiplier: Multiplier) -> Self {
        multiplier.to_string()
    }
}

impl TryFrom<String> for Multiplier {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// What was worked on one work date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMinutes {
    /// The work date.
    pub date: NaiveDate,
    /// Minutes that count as worked; less than none is none.
    pub minutes: i64,
}

/// Some minutes that share a multiplier.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// By how much they are multiplied.
    pub multiplier: Multiplier,
    /// How many minutes, always more than none.
    pub minutes: i64,
}

/// The first day of the workweek that holds a date, when workweeks begin on `week_start`.
pub fn workweek_of(date: NaiveDate, week_start: Weekday) -> NaiveDate {
    let into = date.weekday().days_since(week_start);
    let first = date.checked_sub_days(Days::new(u64::from(into)));
    // Only in the first week that a date can name is there no such day.
    first.unwrap_or(NaiveDate::MIN)
}

/// Distributes the minutes of each day over multipliers, straight time included, lowest first. The
/// answer has one list for each of `days`, in their order; a day without minutes has none.
///
/// `days` may come in any order and with gaps, and may span workweeks. To be right, each workweek
/// it touches must be there whole: the weekly limit and the seventh day look at all of it. A date
/// that comes more than once is one day of all its minutes, of which the earlier entry has the
/// earlier.
pub fn split(rule: Rule, week_start: Weekday, days: &[DayMinutes]) -> Vec<Vec<Bucket>> {
    let mut by_date: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for day in days {
        *by_date.entry(day.date).or_default() += day.minutes.max(0);
    }
    let mut weeks: BTreeMap<NaiveDate, Week> = BTreeMap::new();
    let mut left: BTreeMap<NaiveDate, Vec<Bucket>> = BTreeMap::new();
    for (date, minutes) in by_date.into_iter().filter(|(_, minutes)| *minutes > 0) {
        let week = weeks.entry(workweek_of(date, week_start)).or_default();
        left.insert(date, week.day(rule, minutes));
    }
    days.iter()
        .map(|day| match left.get_mut(&day.date) {
            Some(buckets) => take(buckets, day.minutes),
            None => Vec::new(),
        })
        .collect()
}

/// All minutes for each multiplier, lowest first.
pub fn total<'a>(buckets: impl IntoIterator<Item = &'a Bucket>) -> Vec<Bucket> {
    let mut sums: BTreeMap<Multiplier, i64> = BTreeMap::new();
    for bucket in buckets {
        *sums.entry(bucket.multiplier).or_default() += bucket.minutes;
    }
    let sums = sums.into_iter().filter(|(_, minutes)| *minutes != 0);
    sums.map(|(multiplier, minutes)| Bucket {
        multiplier,
        minutes,
    })
    .collect()
}

/// The first minutes of some buckets: what is left once so many of the last, which have the highest
/// multipliers, are taken away.
pub fn without_last(buckets: &[Bucket], minutes: i64) -> Vec<Bucket> {
    let all: i64 = buckets.iter().map(|bucket| bucket.minutes).sum();
    take(&mut buckets.to_vec(), all - minutes.max(0))
}

/// What the days of a workweek have used up so far.
#[derive(Default)]
struct Week {
    /// Minutes at the straight rate.
    straight: i64,
    /// Days with work.
    worked_days: u32,
}

impl Week {
    /// The buckets of the next day with work, in time order within the day.
    fn day(&mut self, rule: Rule, minutes: i64) -> Vec<Bucket> {
        self.worked_days += 1;
        // A workweek has seven days, so the seventh with work is the seventh in a row. A week of
        // other days counts afresh (Mendoza v. Nordstrom, 2 Cal.5th 1074, of 2017).
        let seventh = self.worked_days == 7;
        let (normal, half_more) = match rule {
            Rule::None | Rule::Flsa => (minutes, 0),
            Rule::California if seventh => (0, minutes.min(DAY_MINUTES)),
            Rule::California => {
                let normal = minutes.min(DAY_MINUTES);
                (normal, minutes.min(LONG_DAY_MINUTES) - normal)
            }
        };
        let double = minutes - normal - half_more;
        let straight = match rule {
            Rule::None => normal,
            Rule::Flsa | Rule::California => normal.min(WEEK_MINUTES - self.straight),
        };
        self.straight += straight;
        [
            (Multiplier::STRAIGHT, straight),
            (Multiplier::ONE_AND_A_HALF, normal - straight + half_more),
            (Multiplier::DOUBLE, double),
        ]
        .into_iter()
        .filter(|(_, minutes)| *minutes > 0)
        .map(|(multiplier, minutes)| Bucket {
            multiplier,
            minutes,
        })
        .collect()
    }
}

/// Takes the first minutes out of what is left of a day.
fn take(left: &mut Vec<Bucket>, minutes: i64) -> Vec<Bucket> {
    let mut wanted = minutes.max(0);
    let mut taken = Vec::new();
    for bucket in left.iter_mut() {
        let part = wanted.min(bucket.minutes);
        if part > 0 {
            taken.push(Bucket {
                minutes: part,
                ..*bucket
            });
        }
        bucket.minutes -= part;
        wanted -= part;
    }
    left.retain(|bucket| bucket.minutes > 0);
    taken
}

#[cfg(test)]
#[path = "overtime_tests.rs"]
mod tests;
