//! The roster of a week: who works when, who is away, where rest is short. A manager sees those whom
//! they manage today, HR everybody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use model::attendance::accrual::Part;
use model::attendance::holidays::{Calendar, Holiday};
use model::attendance::policy::{ExpectedBy, Policy};
use model::attendance::shift::{break_minutes, short_rest_marks};
use model::attendance::views::{
    Named, RosterCell, RosterPage, RosterRow, RosterShift, TemplateView,
};
use model::scheduling::interval::Interval;
use model::{Actor, Permission, PersonId, PolicyId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::duty::Zones;
pub use crate::duty::{MOST_SHIFTS, ROSTER_CHANGED, RosterChanged, shift_key};
use crate::people::{in_force, zone_of};
use crate::store::calendars::RosterInstance;
use crate::store::employees::{self, EmploymentRow};
use crate::store::roster::{self, DayRow, PersonRow, source};
use crate::store::{policies, templates};
use crate::{Attendance, Error};

/// How many days before the Monday matter for its rest.
const BEFORE: Days = Days::new(2);

impl Attendance {
    /// The roster of the week of a day, of one team or all.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:approve` or `attendance:manage`;
    /// [`Error::Invalid`] for a day that is far away.
    pub async fn roster(
        &self,
        actor: &Actor,
        day: Option<NaiveDate>,
        team: Option<&str>,
    ) -> Result<RosterPage, Error> {
        if !actor.may(Permission::AttendanceManage) {
            actor.require(Permission::AttendanceApprove)?;
        }
        let today = today_of(actor, self.deps.now());
        let week = Week::of(day.unwrap_or(today))?;
        let team = team.map(str::trim).filter(|team| !team.is_empty());
        let mut conn = self.deps.db.read().await?;
        let people = roster::people(&mut conn, manager(actor)?, today).await?;
        let ids: Vec<Uuid> = people.iter().map(|person| person.id.0).collect();
        let terms = employees::employments(&mut conn, &ids).await?;
        let terms = by_person(terms, |row| row.employee_id);
        let team_of = |person: &PersonRow| -> String {
            let terms = terms.get(&person.id).map_or(&[][..], Vec::as_slice);
            in_force(terms, week.sunday()).map_or_else(String::new, |terms| terms.team.clone())
        };
        let mut people: Vec<(String, PersonRow)> = people
            .into_iter()
            .map(|person| (team_of(&person), person))
            .collect();
        let teams: BTreeSet<String> = people.iter().map(|(team, _)| team.clone()).collect();
        let teams = teams.into_iter().filter(|team| !team.is_empty()).collect();
        people.retain(|(of, _)| team.is_none_or(|team| team == of));
        // People come by name, and stay so within their team; those without one come last.
        people.sort_by_key(|(team, _)| (team.is_empty(), team.to_lowercase()));
        let known = Known::load(&mut conn, &people, terms, &week).await?;
        let mut zones = Zones::default();
        let rows = people.into_iter();
        let rows = rows.map(|(team, person)| known.row(team, person, &week, &mut zones));
        let rows = rows.collect();
        let templates = templates::all(&mut conn).await?;
        let templates = templates.into_iter().map(|row| TemplateView {
            id: row.id,
            version: row.version,
            template: row.template.0,
        });
        Ok(RosterPage {
            monday: week.monday,
            today,
            rows,
            templates: templates.collect(),
            teams,
            team: team.map(str::to_owned),
            may_change: true,
        })
    }
}

/// Whose people an actor sees: a manager's own, or with `attendance:manage` everybody.
pub(crate) fn manager(actor: &Actor) -> Result<Option<PersonId>, Error> {
    if actor.may(Permission::AttendanceManage) {
        return Ok(None);
    }
    actor.person_id().map(Some).ok_or(Error::NotAPerson)
}

/// The date on which an actor reads this.
pub(crate) fn today_of(actor: &Actor, now: DateTime<Utc>) -> NaiveDate {
    zone_of(actor).day_of(now)
}

/// Refuses days on which nobody plans.
pub(crate) fn sane_day(field: &str, day: NaiveDate) -> Result<NaiveDate, Error> {
    if (2000..2100).contains(&day.year()) {
        Ok(day)
    } else {
        Err(Error::field(field, "Choose a day from 2000 to 2099."))
    }
}

/// A week from Monday on.
pub(crate) struct Week {
    pub monday: NaiveDate,
}

impl Week {
    /// The week of a day.
    pub fn of(day: NaiveDate) -> Result<Self, Error> {
        let day = sane_day("day", day)?;
        let since = u64::from(day.weekday().num_days_from_monday());
        Ok(Self {
            monday: day - Days::new(since),
        })
    }

    pub fn sunday(&self) -> NaiveDate {
        self.monday + Days::new(6)
    }

    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        self.monday.iter_days().take(7)
    }
}

/// What is known of some people over a week.
struct Known {
    terms: HashMap<PersonId, Vec<EmploymentRow>>,
    policies: HashMap<PolicyId, Policy>,
    days: HashMap<PersonId, Vec<DayRow>>,
    /// How many halves of a day somebody is away.
    leave: HashMap<(PersonId, NaiveDate), i64>,
    calendars: HashMap<String, Calendar>,
    locked: Vec<(NaiveDate, NaiveDate)>,
}

impl Known {
    /// As many queries for a hundred people as for one.
    async fn load(
        conn: &mut PgConnection,
        people: &[(String, PersonRow)],
        terms: HashMap<PersonId, Vec<EmploymentRow>>,
        week: &Week,
    ) -> Result<Self, sqlx::Error> {
        let ids: Vec<Uuid> = people.iter().map(|(_, person)| person.id.0).collect();
        let (from, to) = (week.monday - BEFORE, week.sunday());
        let days = roster::days(conn, &ids, from, to).await?;
        let leave = roster::leave(conn, &ids, from, to).await?.into_iter();
        let regions: BTreeSet<&String> = terms
            .values()
            .flatten()
            .filter_map(|terms| terms.region.as_ref())
            .collect();
        let regions: Vec<String> = regions.into_iter().cloned().collect();
        Ok(Self {
            terms,
            policies: policies::documents(conn).await?.into_iter().collect(),
            days: by_person(days, |row| row.employee_id),
            leave: leave
                .map(|(person, day, halves)| ((person, day), halves))
                .collect(),
            calendars: roster::calendars(conn, &regions)
                .await?
                .into_iter()
                .collect(),
            locked: roster::locked(conn, week.monday, to).await?,
        })
    }

    fn row(&self, team: String, person: PersonRow, week: &Week, zones: &mut Zones) -> RosterRow {
        let terms = self.terms.get(&person.id).map_or(&[][..], Vec::as_slice);
        let days = self.days.get(&person.id).map_or(&[][..], Vec::as_slice);
        let policy = in_force(terms, week.sunday());
        let policy = policy.and_then(|terms| self.policies.get(&terms.policy_id));
        let mut times: BTreeMap<(NaiveDate, usize), Interval> = BTreeMap::new();
        for day in days {
            let site = in_force(terms, day.work_date).and_then(|t| t.site_zone.as_deref());
            for (place, during, _) in zones.intervals(day, site, &person.zone) {
                times.insert((day.work_date, place), during);
            }
        }
        let short = self.short_rests(person.id, policy, &times);
        let cells = week.dates().map(|date| {
            let day = days.iter().find(|day| day.work_date == date);
            let shifts = day.map_or(&[][..], |day| day.shifts.as_slice());
            let shifts = shifts.iter().enumerate().map(|(place, instance)| {
                shift(instance, times.get(&(date, place)).copied(), policy)
            });
            let region = in_force(terms, date).and_then(|terms| terms.region.as_ref());
            let holiday = region.and_then(|region| self.calendars.get(region)?.on(date));
            RosterCell {
                date,
                shifts: shifts.collect(),
                by_hand: day.is_some_and(|day| day.source != source::ROTATION),
                leave: self.leave.contains_key(&(person.id, date)),
                holiday: holiday.map(holiday_text),
                rest_short_minutes: short.get(&date).copied().unwrap_or(0),
                version: day.map_or(0, |day| day.version),
                locked: self
                    .locked
                    .iter()
                    .any(|(from, until)| (*from..*until).contains(&date)),
            }
        });
        let cells: Vec<RosterCell> = cells.collect();
        let minutes = cells.iter().flat_map(|cell| &cell.shifts);
        let minutes = minutes.map(|shift| shift.minutes).sum();
        RosterRow {
            person: Named {
                id: person.id,
                name: person.name,
            },
            team,
            cells,
            minutes,
        }
    }

    /// Where somebody has less rest than is due. What lies in leave of a whole day is not worked.
    fn short_rests(
        &self,
        person: PersonId,
        policy: Option<&Policy>,
        times: &BTreeMap<(NaiveDate, usize), Interval>,
    ) -> HashMap<NaiveDate, i64> {
        let limits = policy.map_or_else(|| Policy::default().limits(), Policy::limits);
        let Some(due) = limits.daily_rest_minutes else {
            return HashMap::new();
        };
        let is_away = |date| {
            self.leave
                .get(&(person, date))
                .is_some_and(|halves| *halves >= 2)
        };
        let worked = times.iter().map(|((date, _), during)| (*date, *during));
        let worked: Vec<_> = worked.filter(|(date, _)| !is_away(*date)).collect();
        let marks = short_rest_marks(&worked, due).into_iter();
        marks
            .map(|mark| (mark.work_date, mark.short_minutes))
            .collect()
    }
}

fn by_person<T>(rows: Vec<T>, person: impl Fn(&T) -> PersonId) -> HashMap<PersonId, Vec<T>> {
    let mut found: HashMap<PersonId, Vec<T>> = HashMap::new();
    for row in rows {
        found.entry(person(&row)).or_default().push(row);
    }
    found
}

fn holiday_text(holiday: &Holiday) -> String {
    match holiday.part {
        Part::Full => holiday.name.clone(),
        Part::Am => format!("{}, first half", holiday.name),
        Part::Pm => format!("{}, second half", holiday.name),
    }
}

/// A shift as a cell shows it. On a night on which the clocks change it is as long as it lasts,
/// unless the policy says otherwise.
fn shift(
    instance: &RosterInstance,
    during: Option<Interval>,
    policy: Option<&Policy>,
) -> RosterShift {
    let RosterInstance { template, shift } = instance;
    let is_nominal = policy.is_some_and(|policy| policy.expected == ExpectedBy::Nominal);
    let minutes = match during {
        Some(during) if !is_nominal => {
            let length = during.minutes();
            length - break_minutes(&shift.break_tiers, length)
        }
        _ => shift.work_minutes(),
    };
    RosterShift {
        template: *template,
        code: shift.code.clone(),
        tone: shift.tone.as_str().to_owned(),
        time: format!("{}–{}", shift.start, shift.end),
        minutes,
    }
}
