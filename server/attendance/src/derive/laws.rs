//! Rule R15: derived days are held against the limits of their policy, and what is missed becomes an
//! exception. So do flags that somebody has to look at, and presses that were told long after they were
//! made.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::PersonId;
use model::attendance::compliance::{self, Finding, Kind, Limits, Record, WorkDay};
use model::attendance::day::{Derived, Flag, Status};
use model::attendance::derive::work_days;
use model::attendance::overtime::workweek_of;
use model::attendance::policy::Policy;
use model::attendance::severity::Severity;
use model::scheduling::hours::{LocalTime, Whereabouts};
use model::scheduling::interval::{Interval, IntervalSet};
use model::zone::Zone;

use super::outcome::exception_of;
use crate::clock::{OFFLINE, TOLD_LATE_MINUTES};
use crate::load::Loaded;
use crate::store::days::WorkedRow;

/// What is looked for on each day.
pub(crate) const OF_DAYS: &[&str] = &[
    Kind::ShortRest.as_str(),
    Kind::LongWithoutBreak.as_str(),
    Kind::DailyMaximum.as_str(),
    Kind::MealBreak.as_str(),
    Flag::MissingOut.as_str(),
    Flag::MissingIn.as_str(),
    Flag::OddPunches.as_str(),
    Flag::LeaveWorked.as_str(),
    TOLD_LATE,
];
/// A press on the web that was told long after it was made, on the word of the browser.
const TOLD_LATE: &str = "told_late";
/// What is looked for in a week that is over.
pub(crate) const OF_WEEKS: &[&str] = &[Kind::WeekRest.as_str()];
/// What is looked for over many weeks.
pub(crate) const OF_AVERAGES: &[&str] = &[Kind::WeeklyAverage.as_str()];

/// Something out of order.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    pub date: NaiveDate,
    pub kind: &'static str,
    pub severity: Severity,
    pub minutes: i64,
    pub text: String,
}

/// An average that is still to be looked at, since it needs many weeks.
#[derive(Clone, Debug)]
pub(crate) struct Average {
    pub employee: PersonId,
    /// The first and the last day of the weeks that are over.
    pub weeks: (NaiveDate, NaiveDate),
    /// The first day that is needed.
    pub since: NaiveDate,
    policy: Policy,
    zone: Zone,
}

/// What was found, and where it was looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    pub found: Vec<Exception>,
    /// The days that were looked at one by one.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The weeks that were looked at.
    pub weeks: Option<(NaiveDate, NaiveDate)>,
    pub average: Option<Average>,
}

/// Holds the days of a person against the law.
pub(super) fn check(loaded: &Loaded, derived: &Derived, now: DateTime<Utc>) -> Checked {
    let today = loaded.zone.day_of(now);
    let last = loaded.to.min(today);
    if loaded.from > last {
        return Checked::default();
    }
    let policy = &loaded.input.policy;
    let limits = policy.limits();
    let (first_sure, last_sure) = loaded.sure;
    let known = loaded
        .zone
        .start_of(first_sure)
        .zip(loaded.zone.start_of(later(last_sure, 1)));
    let Some((known_from, known_to)) = known else {
        return Checked::default();
    };
    let known = Interval::new(known_from, known_to.min(now).max(known_from));
    let days = work_days(derived).into_iter();
    let days = days.filter(|(date, _)| first_sure <= *date && *date <= last_sure);
    let record = Record::new(days, known, local_time(&loaded.zone, known));
    let findings = compliance::check(&limits, policy.workweek_start.weekday(), &record);
    let weeks = weeks_over(policy, loaded.from, last, today);
    let within = |range: Option<(NaiveDate, NaiveDate)>, date| {
        range.is_some_and(|(from, to)| from <= date && date <= to)
    };
    let asked = Some((loaded.from, last));
    let findings = findings.into_iter().filter(|finding| match finding.kind {
        Kind::WeekRest => within(weeks, finding.work_date),
        Kind::WeeklyAverage => false,
        _ => within(asked, finding.work_date),
    });
    let mut found: Vec<Exception> = findings.map(exception).collect();
    let days = derived
        .days
        .iter()
        .filter(|day| within(asked, day.work_date) && day.status.status != Status::Pending);
    for day in days {
        for flag in &day.flags {
            if let Some((severity, text)) = exception_of(*flag) {
                found.push(Exception {
                    date: day.work_date,
                    kind: flag.as_str(),
                    severity,
                    minutes: 0,
                    text: text.to_owned(),
                });
            }
        }
    }
    let late = told_late(loaded, derived).into_iter();
    found.extend(late.filter(|late| within(asked, late.date)));
    Checked {
        found,
        days: asked,
        weeks,
        average: weeks.and_then(|weeks| average(loaded, &limits, weeks)),
    }
}

/// Presses that were told too late for nobody to look, one exception for each day. What somebody has set
/// to another time was looked at.
fn told_late(loaded: &Loaded, derived: &Derived) -> Vec<Exception> {
    let mut late: BTreeMap<NaiveDate, (usize, i64)> = BTreeMap::new();
    for row in &loaded.punches {
        let minutes = (row.received_at - row.occurred_at).num_minutes();
        let is_late = row.flags.iter().any(|flag| flag == OFFLINE) && minutes > TOLD_LATE_MINUTES;
        let is_set = || {
            let mut decided = loaded.annotations.iter();
            decided.any(|a| a.punch_id == row.id && a.at.is_some())
        };
        if !is_late || is_set() {
            continue;
        }
        let id = row.id.to_string();
        let date = derived.punches.iter().find(|out| out.id == id);
        if let Some(date) = date.and_then(|out| out.work_date) {
            let (count, most) = late.entry(date).or_default();
            *count += 1;
            *most = minutes.max(*most);
        }
    }
    let late = late.into_iter().map(|(date, (count, minutes))| Exception {
        date,
        kind: TOLD_LATE,
        severity: Severity::Warning,
        minutes,
        text: match count {
            1 => "A press on the web was told late: its time is that of the browser.".to_owned(),
            count => format!(
                "{count} presses on the web were told late: their times are those of the browser."
            ),
        },
    });
    late.collect()
}

/// From the first day of the first to the last day of the last week that the days touch and that is
/// over.
fn weeks_over(
    policy: &Policy,
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let start = policy.workweek_start.weekday();
    let first = workweek_of(from, start);
    let mut last = later(workweek_of(to, start), 6);
    while last >= today {
        last = earlier(last, 7);
    }
    (first < last).then_some((first, last))
}

fn average(loaded: &Loaded, limits: &Limits, weeks: (NaiveDate, NaiveDate)) -> Option<Average> {
    limits.weekly_average_minutes?;
    let before = u64::from(limits.average_weeks.max(1) - 1) * 7;
    Some(Average {
        employee: loaded.person.id,
        weeks,
        since: earlier(weeks.0, before),
        policy: loaded.input.policy.clone(),
        zone: loaded.zone.clone(),
    })
}

impl Average {
    /// Holds the weeks against the limit, by what is stored of the days.
    pub fn check(&self, rows: &[WorkedRow]) -> Vec<Exception> {
        let own = rows.iter().filter(|row| {
            row.employee_id == self.employee
                && self.since <= row.work_date
                && row.work_date <= self.weeks.1
        });
        // Only the sum of each day matters, so the hour does not.
        let days = own.map(|row| {
            let begins = row.work_date.and_time(chrono::NaiveTime::MIN).and_utc();
            let day = WorkDay {
                work: IntervalSet::from_iter([Interval::starting(begins, i64::from(row.minutes))]),
                neutral: row.neutral,
                ..WorkDay::default()
            };
            (row.work_date, day)
        });
        let known = self
            .zone
            .start_of(self.since)
            .zip(self.zone.start_of(later(self.weeks.1, 1)));
        let Some((from, to)) = known else {
            return Vec::new();
        };
        let known = Interval::new(from, to);
        let record = Record::new(days, known, local_time(&self.zone, known));
        let only = Limits {
            daily_rest_minutes: None,
            work_before_break_minutes: None,
            weekly_rest_minutes: None,
            daily_maximum_minutes: None,
            meal_break: None,
            ..self.policy.limits()
        };
        let findings = compliance::check(&only, self.policy.workweek_start.weekday(), &record);
        let of_weeks = findings.into_iter().filter(|f| f.work_date >= self.weeks.0);
        of_weeks.map(exception).collect()
    }
}

fn exception(finding: Finding) -> Exception {
    Exception {
        date: finding.work_date,
        kind: finding.kind.as_str(),
        severity: finding.severity,
        minutes: finding.minutes,
        text: finding.text,
    }
}

fn local_time(zone: &Zone, range: Interval) -> LocalTime {
    Whereabouts::at_home(zone.clone()).local_time(range)
}

fn earlier(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}
