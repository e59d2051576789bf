//! What a derivation is made from: everything that is known of one person over some days.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

use crate::attendance::day::Direction;
use crate::attendance::policy::Policy;
use crate::attendance::shift::{BreakTier, Pairing, TimeOfDay};
use crate::zone::Zone;

/// All that is known. The order of lists says nothing, and neither does a punch that is there twice.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where the person is.
    pub zone: Zone,
    /// The present; absent, everything is long over.
    pub now: Option<DateTime<Utc>>,
    /// What the house has set.
    pub policy: Policy,
    /// When the person is expected.
    pub schedule: Vec<ShiftInstance>,
    /// Public holidays.
    pub holidays: Vec<Holiday>,
    /// Dates that the roster says are free.
    pub days_off: Vec<NaiveDate>,
    /// Until when every device of the site has reported; absent, all have.
    pub devices_reported_until: Option<DateTime<Utc>>,
    /// What was punched, annotations applied.
    pub punches: Vec<PunchIn>,
}

impl Input {
    /// A person in a zone of whom nothing is known.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            now: None,
            policy: Policy::default(),
            schedule: Vec::new(),
            holidays: Vec::new(),
            days_off: Vec::new(),
            devices_reported_until: None,
            punches: Vec::new(),
        }
    }
}

words!(
    /// One of the two halves of a shift.
    Half {
        /// The first.
        Am = "am",
        /// The second.
        Pm = "pm",
    }
);

/// A public holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Its date.
    pub date: NaiveDate,
    /// The half of the shift that it frees, if not all.
    pub half: Option<Half>,
}

/// Leave that was approved for a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leave {
    /// All of the shift.
    Full,
    /// Half of it.
    Half(Half),
    /// From one local time to another.
    Hours(TimeOfDay, TimeOfDay),
}

/// One shift of the person on a date.
#[derive(Clone, Debug)]
pub struct ShiftInstance {
    /// The date of the roster, on which it begins.
    pub work_date: NaiveDate,
    /// When it begins.
    pub start: TimeOfDay,
    /// When it ends; at or before the start is on the next day.
    pub end: TimeOfDay,
    /// Whose clocks it follows, if not those where the person is.
    pub zone: Option<Zone>,
    /// What break is due.
    pub break_tiers: Vec<BreakTier>,
    /// From how many minutes on a gap is a break.
    pub min_break_piece_minutes: i64,
    /// Up to how many minutes it is one.
    pub max_break_minutes: i64,
    /// Its halves: from and to of each. Absent, its work without the break, in two.
    pub halves: Option<[[TimeOfDay; 2]; 2]>,
    /// Leave.
    pub leave: Option<Leave>,
    /// Whether work before its start was approved.
    pub approved_early: bool,
    /// How many minutes one may come late, if not as the policy says.
    pub grace_late_minutes: Option<i64>,
    /// How many minutes one may leave early, if not as the policy says.
    pub grace_early_minutes: Option<i64>,
    /// How many minutes before its start it takes punches, if not as the policy says.
    pub capture_before_minutes: Option<i64>,
    /// How many minutes after its end it still does, if not as the policy says.
    pub capture_after_minutes: Option<i64>,
    /// How punches become work, if not as the policy says.
    pub pairing: Option<Pairing>,
}

impl ShiftInstance {
    /// A shift without breaks, leave or anything that differs from the policy.
    pub fn new(work_date: NaiveDate, start: TimeOfDay, end: TimeOfDay) -> Self {
        Self {
            work_date,
            start,
            end,
            zone: None,
            break_tiers: Vec::new(),
            min_break_piece_minutes: 0,
            max_break_minutes: 120,
            halves: None,
            leave: None,
            approved_early: false,
            grace_late_minutes: None,
            grace_early_minutes: None,
            capture_before_minutes: None,
            capture_after_minutes: None,
            pairing: None,
        }
    }
}

/// A time as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PunchTime {
    /// With its offset.
    At(DateTime<FixedOffset>),
    /// What a clock showed.
    Local(NaiveDateTime),
}

/// A punch as it was sent.
#[derive(Clone, Debug)]
pub struct PunchIn {
    /// Its id, if it has one.
    pub id: Option<String>,
    /// When.
    pub time: PunchTime,
    /// In which zone the clock stands, if not that of the person.
    pub zone: Option<Zone>,
    /// What it says of its direction.
    pub direction: Direction,
    /// Whether one may rely on that.
    pub trusted: bool,
    /// The device or place that it comes from.
    pub source: Option<String>,
    /// When it reached us.
    pub received_at: Option<DateTime<Utc>>,
    /// Its number among those of its device. It decides nothing but which of two equal local times
    /// is meant.
    pub sequence: Option<i64>,
    /// Since when its device has been there.
    pub device_since: Option<DateTime<Utc>>,
    /// By how many seconds the clock is behind, where that is known from more than these punches.
    pub skew_seconds: Option<i64>,
    /// A person has set its time, so no clock can be wrong.
    pub set_by_hand: bool,
}

impl PunchIn {
    /// A punch of which only its time is known.
    pub fn new(time: PunchTime) -> Self {
        Self {
            id: None,
            time,
            zone: None,
            direction: Direction::Unknown,
            trusted: false,
            source: None,
            received_at: None,
            sequence: None,
            device_since: None,
            skew_seconds: None,
            set_by_hand: false,
        }
    }
}
