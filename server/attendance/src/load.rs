//! What is known of people over some days, as the rules want it: rows become one [`Input`] for each
//! person and each stretch of days under the same terms. Many people are read at once.
//!
//! * [`plan`]: which days have to be read for the days that are asked for. [`convert`]: from rows to
//!   the input. [`rest`]: where the punches that are read begin. [`approved`]: what somebody has said of
//!   overtime.

mod approved;
mod convert;
mod plan;
pub(crate) mod rest;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::day::{Day, Derived, Explanation, Rule, Status};
use model::attendance::derive::{Input, derive};
use model::attendance::holidays::{Calendar, Holiday};
use model::attendance::policy::Policy;
use model::zone::Zone;
use model::{PersonId, PolicyId, PunchId, SiteId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::calendars::{self, LeaveRow, RosterInstance};
use crate::store::employees::{self, EmployeeRow, EmploymentRow};
use crate::store::punches::{self, AnnotationRow, PunchRow, SourceRow};

use approved::Approved;
use convert::Converted;
pub(crate) use convert::{device, in_use_since, skew_then};

/// How many days are read before those that matter when the first two are not enough: a weekend mostly
/// is, and who has had no rest for so long has the longest pause taken for one.
const REACHES: [Option<u64>; 3] = [Some(9), Some(40), None];

/// Days of somebody that are asked for, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub employee: PersonId,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// What is known of one person over some days under the same terms.
pub(crate) struct Loaded {
    pub person: EmployeeRow,
    /// The clocks where the person works.
    pub zone: Zone,
    /// The first day that is derived; the input begins before it.
    pub from: NaiveDate,
    /// The last one; the input goes on after it.
    pub to: NaiveDate,
    /// The first and the last day that the rules see whole.
    pub sure: (NaiveDate, NaiveDate),
    /// The first and the last day of the input.
    pub known: (NaiveDate, NaiveDate),
    /// Under which policy, and which version of it.
    pub policy: (PolicyId, i32),
    /// Everything as the rules want it, decisions about punches applied.
    pub input: Input,
    /// The punches as they came, those that do not count as well.
    pub punches: Vec<PunchRow>,
    /// What was decided about them, in order.
    pub annotations: Vec<AnnotationRow>,
    /// Devices that they came from.
    pub devices: Vec<SourceRow>,
    /// What the roster says; a day off is an empty list.
    pub roster: BTreeMap<NaiveDate, Vec<RosterInstance>>,
    /// What was decided about overtime and early arrivals.
    pub approved: BTreeMap<NaiveDate, Approved>,
    /// Leave that was granted.
    pub leave: BTreeMap<NaiveDate, LeaveRow>,
    /// Public holidays.
    pub holidays: BTreeMap<NaiveDate, Holiday>,
}

impl Loaded {
    /// The days and punches by the rules. Days around those that were asked for are among them, and
    /// are not to be relied on.
    pub fn derived(&self) -> Derived {
        let mut derived = derive(&self.input);
        for day in &mut derived.days {
            self.say_leave(day);
            approved::say(self, day);
        }
        derived
    }

    /// The rules know leave as leave from a shift. A day of leave for which no shift was planned is
    /// leave all the same.
    fn say_leave(&self, day: &mut Day) {
        let planned = self.roster.get(&day.work_date);
        let Some(leave) = self.leave.get(&day.work_date) else {
            return;
        };
        if planned.is_some_and(|shifts| !shifts.is_empty()) || day.status.status != Status::DayOff {
            return;
        }
        if leave.am && leave.pm || !day.status.worked {
            day.status.status = Status::OnLeave;
        } else {
            day.status = Status::Unscheduled.into();
            day.status.half_leave = true;
        }
        day.explanation.push(Explanation {
            rule: Rule::Status,
            text: "Leave on a day without a shift.".to_owned(),
            minutes: 0,
            punches: Vec::new(),
        });
    }

    /// Whether the rules saw a day whole.
    pub fn is_sure(&self, date: NaiveDate) -> bool {
        self.sure.0 <= date && date <= self.sure.1
    }

    /// Whether a day was asked for.
    pub fn is_asked(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

/// What was loaded, and whose rows could not be read.
#[derive(Default)]
pub(crate) struct Batch {
    pub loaded: Vec<Loaded>,
    pub broken: Vec<(PersonId, String)>,
}

/// A document that may have been written by another version of the program.
type Read<T> = Result<T, String>;

/// Policies by id, with their versions.
type Policies = HashMap<PolicyId, (Read<Policy>, i32)>;

/// What is read for all windows together.
struct Common {
    annotations: HashMap<PunchId, Vec<AnnotationRow>>,
    devices: Vec<SourceRow>,
    calendars: HashMap<String, Read<Calendar>>,
    reported_until: HashMap<SiteId, DateTime<Utc>>,
    now: DateTime<Utc>,
}

/// What is read for one window.
#[derive(Default)]
struct Rows {
    punches: Vec<PunchRow>,
    roster: Vec<calendars::RosterRow>,
    leave: Vec<LeaveRow>,
}

/// Reads all that the days of many people are made of. Whoever is not known is absent. What is derived
/// may be more than what is asked for: where a workweek decides, all of it.
pub(crate) async fn load(
    conn: &mut PgConnection,
    spans: &[Span],
    now: DateTime<Utc>,
) -> Result<Batch, sqlx::Error> {
    let mut ids: Vec<Uuid> = spans.iter().map(|span| span.employee.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = employees::by_ids(conn, &ids).await?;
    load_of(conn, people, spans, now).await
}

/// The same for people who were read already.
pub(crate) async fn load_of(
    conn: &mut PgConnection,
    people: Vec<EmployeeRow>,
    spans: &[Span],
    now: DateTime<Utc>,
) -> Result<Batch, sqlx::Error> {
    let mut batch = Batch::default();
    let people: HashMap<PersonId, EmployeeRow> = people.into_iter().map(|p| (p.id, p)).collect();
    let ids: Vec<Uuid> = people.keys().map(|id| id.0).collect();
    let terms = employees::employments(conn, &ids).await?;
    let policies = policies(conn, &terms).await?;
    let planned = plan::windows(spans, &people, &terms, &policies, now);
    batch.broken = planned.broken;
    let mut windows = planned.windows;
    for reach in REACHES {
        if windows.is_empty() {
            break;
        }
        let rows = rows(conn, &windows).await?;
        let common = common(conn, &windows, &rows, now).await?;
        let mut again = Vec::new();
        for (window, rows) in windows.into_iter().zip(rows) {
            let employee = window.person.id;
            match convert::loaded(window, rows, &common, reach.is_none()) {
                Converted::Loaded(loaded) => batch.loaded.push(*loaded),
                Converted::Broken(error) => batch.broken.push((employee, error)),
                Converted::TooShort(window) => match window.reaching(reach.unwrap_or_default()) {
                    Ok(window) => again.push(window),
                    Err(error) => batch.broken.push((employee, error)),
                },
            }
        }
        windows = again;
    }
    batch
        .loaded
        .sort_by_key(|loaded| (loaded.person.id, loaded.from));
    Ok(batch)
}

async fn policies(
    conn: &mut PgConnection,
    terms: &[EmploymentRow],
) -> Result<Policies, sqlx::Error> {
    let mut ids: Vec<Uuid> = terms.iter().map(|row| row.policy_id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = employees::policies(conn, &ids).await?.into_iter();
    let read = rows.map(|row| {
        let policy = serde_json::from_value(row.document);
        let policy = policy.map_err(|error| format!("policy {}: {error}", row.id));
        (row.id, (policy, row.version))
    });
    Ok(read.collect())
}

async fn rows(conn: &mut PgConnection, windows: &[plan::Window]) -> Result<Vec<Rows>, sqlx::Error> {
    let people: Vec<Uuid> = windows.iter().map(|w| w.person.id.0).collect();
    let (from, to): (Vec<_>, Vec<_>) = windows.iter().map(|w| w.known).unzip();
    let (from_at, to_at): (Vec<_>, Vec<_>) = windows.iter().map(|w| w.instants).unzip();
    let mut rows: Vec<Rows> = windows.iter().map(|_| Rows::default()).collect();
    let place = |window: i64| usize::try_from(window - 1).unwrap_or(usize::MAX);
    for row in punches::within(conn, &people, &from_at, &to_at).await? {
        if let Some(rows) = rows.get_mut(place(row.window)) {
            rows.punches.push(row);
        }
    }
    let moved = punches::moved(conn, &people, &from_at, &to_at).await?;
    if !moved.is_empty() {
        for row in punches::moved_into(conn, &people, &from_at, &to_at, &moved).await? {
            if let Some(rows) = rows.get_mut(place(row.window)) {
                rows.punches.push(row);
            }
        }
        for rows in &mut rows {
            rows.punches
                .sort_by_key(|punch| (punch.occurred_at, punch.id));
            rows.punches.dedup_by_key(|punch| punch.id);
        }
    }
    for row in calendars::rosters(conn, &people, &from, &to).await? {
        if let Some(rows) = rows.get_mut(place(row.window)) {
            rows.roster.push(row);
        }
    }
    for row in calendars::leave(conn, &people, &from, &to).await? {
        if let Some(rows) = rows.get_mut(place(row.window)) {
            rows.leave.push(row);
        }
    }
    Ok(rows)
}

async fn common(
    conn: &mut PgConnection,
    windows: &[plan::Window],
    rows: &[Rows],
    now: DateTime<Utc>,
) -> Result<Common, sqlx::Error> {
    let punches = || rows.iter().flat_map(|rows| &rows.punches);
    let decided = punches().filter(|punch| punch.annotated);
    let ids: Vec<Uuid> = decided.map(|punch| punch.id.0).collect();
    let mut annotations: HashMap<PunchId, Vec<AnnotationRow>> = HashMap::new();
    if !ids.is_empty() {
        for row in punches::annotations(conn, &ids).await? {
            annotations.entry(row.punch_id).or_default().push(row);
        }
    }
    let of_devices = punches().filter(|p| matches!(p.source_kind.as_str(), "device" | "kiosk"));
    let mut sources: Vec<String> = of_devices.map(|punch| punch.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    let devices = if sources.is_empty() {
        Vec::new()
    } else {
        punches::devices(conn, &sources).await?
    };
    let mut regions: Vec<String> = windows.iter().filter_map(|w| w.region.clone()).collect();
    regions.sort_unstable();
    regions.dedup();
    let mut calendars = HashMap::new();
    if !regions.is_empty() {
        for (region, document) in calendars::holidays(conn, &regions).await? {
            let calendar = serde_json::from_value(document);
            let calendar = calendar.map_err(|error| format!("holidays of {region}: {error}"));
            calendars.insert(region, calendar);
        }
    }
    let mut sites: Vec<Uuid> = windows.iter().filter_map(|w| Some(w.site?.0)).collect();
    sites.sort_unstable();
    sites.dedup();
    let mut reported_until = HashMap::new();
    if !sites.is_empty() {
        reported_until.extend(calendars::reported_until(conn, &sites).await?);
    }
    Ok(Common {
        annotations,
        devices,
        calendars,
        reported_until,
        now,
    })
}
