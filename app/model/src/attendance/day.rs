//! What the rules give: days, their parts and words, and what became of each punch. The browser
//! knows these too, so nothing here needs the time-zone database: an instant carries the offset of
//! the zone in which it is read.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::overtime::Bucket;
use crate::problem::UnknownWord;

/// An instant as it is read in the zone of its shift.
pub type Moment = DateTime<FixedOffset>;

words!(
    /// What a punch says of its direction.
    Direction {
        /// Comes.
        In = "in",
        /// Goes.
        Out = "out",
        /// Goes into a break.
        BreakOut = "break_out",
        /// Comes back from one.
        BreakIn = "break_in",
        /// Nothing.
        Unknown = "unknown",
    }
);

words!(
    /// What somebody is doing now, as far as punches tell.
    Presence {
        /// At work.
        In = "in",
        /// Gone.
        Out = "out",
        /// In a break.
        Break = "break",
    }
);

words!(
    /// What a day, or one of its shifts, is. A day has further words behind it: [`DayStatus`].
    Status {
        /// It is not over yet.
        Pending = "pending",
        /// A punch is missing.
        Incomplete = "incomplete",
        /// Leave all day.
        OnLeave = "on_leave",
        /// A public holiday.
        Holiday = "holiday",
        /// The roster says that it is free.
        DayOff = "day_off",
        /// As much work as makes a day.
        Present = "present",
        /// As much as makes half of one.
        HalfDay = "half_day",
        /// Less than that.
        Short = "short",
        /// No work at all, for certain.
        Absent = "absent",
        /// No work that we know of, but a reader has not reported yet.
        AbsentProvisional = "absent_provisional",
        /// Work without a shift.
        Unscheduled = "unscheduled",
    }
);

/// A status and what comes with it: `on_leave+worked`, `present+half_leave`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DayStatus {
    /// The status itself.
    pub status: Status,
    /// There was work although none was expected.
    pub worked: bool,
    /// The rest of the day is leave.
    pub half_leave: bool,
}

impl From<Status> for DayStatus {
    fn from(status: Status) -> Self {
        Self {
            status,
            worked: false,
            half_leave: false,
        }
    }
}

impl fmt::Display for DayStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.as_str())?;
        if self.worked {
            f.write_str("+worked")?;
        }
        if self.half_leave {
            f.write_str("+half_leave")?;
        }
        Ok(())
    }
}

impl FromStr for DayStatus {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split('+');
        let mut found = Self::from(words.next().unwrap_or_default().parse::<Status>()?);
        for word in words {
            match word {
                "worked" => found.worked = true,
                "half_leave" => found.half_leave = true,
                other => {
                    return Err(UnknownWord {
                        vocabulary: "addition to a status",
                        word: other.to_owned(),
                    });
                }
            }
        }
        Ok(found)
    }
}

impl From<DayStatus> for String {
    fn from(status: DayStatus) -> Self {
        status.to_string()
    }
}

impl TryFrom<String> for DayStatus {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

words!(
    /// What is to be known of a day or a punch.
    Flag {
        /// The punch out is missing.
        MissingOut = "missing_out",
        /// The punch in is missing.
        MissingIn = "missing_in",
        /// Somebody is still at work.
        Open = "open",
        /// An end that nobody punched was taken for the time being.
        Estimated = "estimated",
        /// Three or more punches that make no pairs.
        OddPunches = "odd_punches",
        /// One shift went over into the next without a punch.
        ThroughWork = "through_work",
        /// A punch was taken for the neighbouring shift, since only so both make pairs.
        BoundaryMoved = "boundary_moved",
        /// A punch outside the hours of its shift.
        OutsideWindow = "outside_window",
        /// A time that the clocks skipped.
        NonexistentTime = "nonexistent_time",
        /// A time that the clocks showed twice.
        AmbiguousTime = "ambiguous_time",
        /// The clock of the device is wrong.
        ClockSkew = "clock_skew",
        /// A punch from the future.
        FutureTime = "future_time",
        /// A punch that is too old to be true.
        OldTime = "old_time",
        /// Work in the time of approved leave: to be given back, or paid.
        LeaveWorked = "leave_worked",
        /// Some hours of leave.
        PartLeave = "part_leave",
        /// Half of the day is a public holiday.
        HalfHoliday = "half_holiday",
        /// Too little rest since the day before.
        ShortRest = "short_rest",
    }
);

words!(
    /// What became of a punch.
    Disposition {
        /// It makes a day.
        Counted = "counted",
        /// It is another punch again.
        Duplicate = "duplicate",
        /// Its time cannot be true.
        Quarantined = "quarantined",
        /// It belongs to nobody we know.
        Unmatched = "unmatched",
    }
);

words!(
    /// What somebody did in a stretch of time.
    SegmentKind {
        /// Worked.
        Work = "work",
        /// Had a break.
        Break = "break",
        /// Worked on a public holiday.
        HolidayWork = "holiday_work",
    }
);

words!(
    /// The rules, by their names in the specification.
    Rule {
        /// From what a clock showed to an instant.
        Interpret = "R0",
        /// Clocks that are wrong.
        Clock = "R1",
        /// Whose punch it is.
        Owner = "R2",
        /// The same punch again, to the letter.
        Repeat = "R3",
        /// The same punch again, within seconds.
        NearRepeat = "R4",
        /// Which shift a punch belongs to.
        Assign = "R5",
        /// From punches to stretches of work.
        Pair = "R6",
        /// On which date it counts.
        WorkDate = "R7",
        /// A missing punch out.
        MissingOut = "R8",
        /// What of the time counts.
        Count = "R9",
        /// Breaks.
        Breaks = "R10",
        /// What is expected.
        Expected = "R11",
        /// Late and early.
        Late = "R12",
        /// The status.
        Status = "R13",
        /// Overtime.
        Overtime = "R14",
        /// The law.
        Compliance = "R15",
    }
);

/// A stretch of counted time. A stretch over midnight is two, one on each date.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// From when.
    pub from: DateTime<FixedOffset>,
    /// Until when.
    pub to: DateTime<FixedOffset>,
    /// What it is.
    pub kind: SegmentKind,
    /// The calendar date it lies on, for premiums of nights and holidays.
    pub date: NaiveDate,
}

impl Segment {
    /// How long it is.
    pub fn minutes(&self) -> i64 {
        (self.to - self.from).num_minutes()
    }
}

/// Why a number is what it is.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Which rule.
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub rule: Rule,
    /// What it did, in words.
    pub text: String,
    /// What that made, in minutes. Those of R6, R8, R9 and R10 add up to what counts.
    pub minutes: i64,
    /// The punches behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub punches: Vec<String>,
}

/// What became of one shift.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// When it begins.
    pub start: DateTime<FixedOffset>,
    /// When it ends.
    pub end: DateTime<FixedOffset>,
    /// What it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub status: DayStatus,
    /// What counts as worked.
    pub counted_minutes: i64,
    /// What was worked, early arrival included and nothing deducted.
    pub actual_minutes: i64,
    /// What was expected.
    pub expected_minutes: i64,
    /// How late the start was.
    pub late_minutes: i64,
    /// How early the end was.
    pub early_minutes: i64,
    /// The first punch in, to the second.
    pub first_in: Option<DateTime<FixedOffset>>,
    /// The last punch out, to the second.
    pub last_out: Option<DateTime<FixedOffset>>,
    /// What is to be known of it.
    pub flags: Vec<Flag>,
}

/// A day of one person. Minutes are whole: a boundary counts from the minute that the clock shows,
/// its seconds dropped, whether somebody comes or goes.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// The date it counts on.
    pub work_date: NaiveDate,
    /// What it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub status: DayStatus,
    /// What counts as worked.
    pub counted_minutes: i64,
    /// What was worked, early arrival included and nothing deducted.
    pub actual_minutes: i64,
    /// What was expected.
    pub expected_minutes: i64,
    /// Counted less expected.
    pub balance_minutes: i64,
    /// How late the starts were.
    pub late_minutes: i64,
    /// How early the ends were.
    pub early_minutes: i64,
    /// Breaks that were punched.
    pub break_recorded_minutes: i64,
    /// Breaks that were deducted.
    pub break_deducted_minutes: i64,
    /// What of the counted time was work without a shift.
    pub unscheduled_minutes: i64,
    /// What was worked on public holidays, by the calendar: the `holiday_work` of the segments.
    pub holiday_minutes: i64,
    /// What is paid above the straight rate.
    pub overtime: Vec<Bucket>,
    /// What of it nobody has approved: told to payroll, and not paid.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unapproved_overtime_minutes: i64,
    /// Work before the start of a shift that does not count, since nobody has approved it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uncounted_early_minutes: i64,
    /// What is to be known of it.
    pub flags: Vec<Flag>,
    /// What the person is doing, as long as more punches are awaited.
    pub presence: Option<Presence>,
    /// The first punch in, to the second.
    pub first_in: Option<DateTime<FixedOffset>>,
    /// The last punch out, to the second.
    pub last_out: Option<DateTime<FixedOffset>>,
    /// Its shifts.
    pub instances: Vec<Instance>,
    /// Its counted time, in order.
    pub segments: Vec<Segment>,
    /// Why it is as it is.
    pub explanation: Vec<Explanation>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "it is how serde asks for it"
)]
const fn is_zero(minutes: &i64) -> bool {
    *minutes == 0
}

impl Day {
    /// All that is paid above the straight rate, in minutes.
    pub fn overtime_minutes(&self) -> i64 {
        let above = self.overtime.iter().filter(|b| b.multiplier.is_overtime());
        above.map(|bucket| bucket.minutes).sum()
    }

    /// Whether something is to be known of it.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// What became of a punch.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PunchOut {
    /// Its id; for one that came without, `p` and its number in order of time.
    pub id: String,
    /// The time that counts, in the zone of the person.
    pub effective_at: DateTime<FixedOffset>,
    /// The same time on the clock that was punched.
    pub local_at: DateTime<FixedOffset>,
    /// The zone of that clock.
    pub zone: String,
    /// What became of it.
    pub disposition: Disposition,
    /// The punch it repeats.
    pub duplicate_of: Option<String>,
    /// What is to be known of it.
    pub flags: Vec<Flag>,
    /// The date it counts on.
    pub work_date: Option<NaiveDate>,
    /// What it was taken for.
    pub taken_as: Option<Presence>,
}

/// All that the rules give.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// The days, by date.
    pub days: Vec<Day>,
    /// The punches, by time.
    pub punches: Vec<PunchOut>,
}

#[cfg(test)]
#[path = "day_tests.rs"]
mod tests;
