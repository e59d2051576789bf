//! What the rules make of what is known of one person: days to write, what is out of order, and where
//! the person is.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::day::{Day, Derived, Disposition, Flag, Presence, Status};
use model::attendance::derive::{PunchIn, PunchTime};
use model::attendance::holidays::Holiday;
use model::attendance::severity::Severity;
use model::{PersonId, PolicyId};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::laws::{self, Checked};
use crate::load::{Loaded, rest};
use crate::store::calendars::RosterInstance;
use crate::store::days::{DayDocument, NewDay};
use crate::store::presence::NewPresence;

/// Goes up when the same inputs are to make other days.
const RULES: u32 = 1;

/// What has to be written, if it is not written already.
pub(crate) struct Outcome {
    pub employee: PersonId,
    /// The first and the last day that were derived.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The days that there is something to say of.
    pub days: Vec<NewDay>,
    /// What a day is of which there is nothing to say any more.
    pub nothing: Vec<NewDay>,
    /// What is out of order, and where that was looked for.
    pub checked: Checked,
    pub presence: Option<NewPresence>,
}

impl Outcome {
    /// Whether somebody was punched on the last day.
    pub fn has_punches_at_the_end(&self) -> bool {
        let mut days = self.days.iter().map(|day| &day.document);
        days.any(|document| document.day.work_date == self.to && !document.punches.is_empty())
    }
}

/// Applies the rules.
pub(crate) fn of(loaded: &Loaded, now: DateTime<Utc>) -> Outcome {
    let derived = loaded.derived();
    let today = loaded.zone.day_of(now);
    let by_date: BTreeMap<NaiveDate, &Day> = derived
        .days
        .iter()
        .map(|day| (day.work_date, day))
        .collect();
    let (mut days, mut nothing) = (Vec::new(), Vec::new());
    for date in loaded.from.iter_days() {
        if date > loaded.to || date > today {
            break;
        }
        match by_date.get(&date) {
            Some(day) if !is_nothing(day, loaded) => {
                days.push(new_day(loaded, (*day).clone(), &derived));
            }
            Some(day) => nothing.push(new_day(loaded, (*day).clone(), &derived)),
            None => nothing.push(new_day(loaded, empty(date), &derived)),
        }
    }
    Outcome {
        employee: loaded.person.id,
        from: loaded.from,
        to: loaded.to,
        days,
        nothing,
        checked: laws::check(loaded, &derived, now),
        presence: presence(loaded, &derived, today),
    }
}

/// A day off on which nothing happened.
fn is_nothing(day: &Day, loaded: &Loaded) -> bool {
    day.status.status == Status::DayOff
        && !day.status.worked
        && !loaded.leave.contains_key(&day.work_date)
}

fn empty(date: NaiveDate) -> Day {
    Day {
        work_date: date,
        status: Status::DayOff.into(),
        counted_minutes: 0,
        actual_minutes: 0,
        expected_minutes: 0,
        balance_minutes: 0,
        late_minutes: 0,
        early_minutes: 0,
        break_recorded_minutes: 0,
        break_deducted_minutes: 0,
        unscheduled_minutes: 0,
        holiday_minutes: 0,
        overtime: Vec::new(),
        unapproved_overtime_minutes: 0,
        uncounted_early_minutes: 0,
        flags: Vec::new(),
        presence: None,
        first_in: None,
        last_out: None,
        instances: Vec::new(),
        segments: Vec::new(),
        explanation: Vec::new(),
    }
}

fn new_day(loaded: &Loaded, day: Day, derived: &Derived) -> NewDay {
    let date = day.work_date;
    let punches = derived.punches.iter();
    let punches = punches
        .filter(|punch| punch.work_date == Some(date))
        .cloned();
    let document = DayDocument {
        day,
        punches: punches.collect(),
    };
    NewDay {
        employee: loaded.person.id,
        inputs_hash: hash(loaded, &document),
        policy_version: loaded.policy.1,
        document,
    }
}

/// What matters for a day, in a form that is the same whenever it is the same. What the rules made of
/// it is in there too, since that also depends on the hour.
#[derive(Serialize)]
struct Matters<'a> {
    rules: u32,
    policy: PolicyId,
    policy_version: i32,
    zone: &'a str,
    shifts: Vec<(NaiveDate, &'a [RosterInstance])>,
    leave: Vec<(NaiveDate, bool, bool)>,
    holidays: Vec<(NaiveDate, &'a Holiday)>,
    punches: Vec<Given<'a>>,
    result: &'a DayDocument,
}

/// A punch as the rules were given it.
#[derive(Serialize)]
struct Given<'a> {
    id: Option<&'a str>,
    at: String,
    zone: Option<&'a str>,
    direction: &'static str,
    trusted: bool,
    source: Option<&'a str>,
    received_at: Option<DateTime<Utc>>,
    skew_seconds: Option<i64>,
    set_by_hand: bool,
}

fn given(punch: &PunchIn) -> Given<'_> {
    Given {
        id: punch.id.as_deref(),
        at: match punch.time {
            PunchTime::At(at) => at.to_rfc3339(),
            PunchTime::Local(local) => local.to_string(),
        },
        zone: punch.zone.as_ref().map(|zone| zone.name()),
        direction: punch.direction.as_str(),
        trusted: punch.trusted,
        source: punch.source.as_deref(),
        received_at: punch.received_at,
        skew_seconds: punch.skew_seconds,
        set_by_hand: punch.set_by_hand,
    }
}

/// The fingerprint of all that makes a day: it, the day before and the day after.
fn hash(loaded: &Loaded, document: &DayDocument) -> [u8; 32] {
    let date = document.day.work_date;
    let (before, after) = (date.pred_opt(), date.succ_opt());
    let around = before.unwrap_or(date)..=after.unwrap_or(date);
    let is_near = |at: DateTime<Utc>| around.contains(&loaded.zone.day_of(at));
    let mut punches: Vec<&PunchIn> = loaded.input.punches.iter().collect();
    punches.retain(|punch| is_near(rest::instant(punch, &loaded.zone)));
    punches.sort_by(|a, b| a.id.cmp(&b.id));
    let matters = Matters {
        rules: RULES,
        policy: loaded.policy.0,
        policy_version: loaded.policy.1,
        zone: loaded.zone.name(),
        shifts: loaded
            .roster
            .range(around.clone())
            .map(|(date, shifts)| (*date, shifts.as_slice()))
            .collect(),
        leave: loaded
            .leave
            .range(around.clone())
            .map(|(date, leave)| (*date, leave.am, leave.pm))
            .collect(),
        holidays: loaded
            .holidays
            .range(around)
            .map(|(date, holiday)| (*date, holiday))
            .collect(),
        punches: punches.into_iter().map(given).collect(),
        result: document,
    };
    // It has texts, numbers and lists only, and so always has a form in JSON.
    let text = serde_json::to_vec(&matters).unwrap_or_default();
    Sha256::digest(&text).into()
}

/// Where the person is after the last punch, if the days up to today were read.
fn presence(loaded: &Loaded, derived: &Derived, today: NaiveDate) -> Option<NewPresence> {
    if today < loaded.known.0 || loaded.known.1 < today {
        return None;
    }
    let (state, since) = whereabouts(derived, loaded.input.now?)?;
    Some(NewPresence {
        employee: loaded.person.id,
        state,
        since,
    })
}

/// Where somebody is by the last punch that counts, and since when.
pub(crate) fn whereabouts(
    derived: &Derived,
    now: DateTime<Utc>,
) -> Option<(Presence, DateTime<Utc>)> {
    let counted = derived.punches.iter().filter(|punch| {
        punch.disposition == Disposition::Counted && punch.effective_at.to_utc() <= now
    });
    let last = counted.max_by_key(|punch| punch.effective_at)?;
    let mut days = derived.days.iter();
    let day = days.find(|day| Some(day.work_date) == last.work_date);
    let state = day.and_then(|day| day.presence).unwrap_or(Presence::Out);
    Some((state, last.effective_at.to_utc()))
}

/// What a flag of a day is as an exception: its severity and what it says.
pub(super) fn exception_of(flag: Flag) -> Option<(Severity, &'static str)> {
    match flag {
        Flag::MissingOut => Some((Severity::Warning, "The punch out is missing.")),
        Flag::MissingIn => Some((Severity::Warning, "The punch in is missing.")),
        Flag::OddPunches => Some((
            Severity::Info,
            "The punches make no pairs: the first and the last count.",
        )),
        Flag::LeaveWorked => Some((
            Severity::Warning,
            "There was work on approved leave: give leave back, or pay it.",
        )),
        _ => None,
    }
}
