//! What is planned for some people over a span of days: their shifts, who is away, holidays, locked
//! periods, swaps. The roster, one's own shifts and swaps read it from here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::attendance::accrual::Part;
use model::attendance::holidays::{Calendar, Holiday};
use model::attendance::policy::{ExpectedBy, Policy};
use model::attendance::shift::{break_minutes, short_rest_marks};
use model::attendance::views::{Named, RosterCell, RosterRow, RosterShift};
use model::scheduling::interval::Interval;
use model::zone::Zone;
use model::{PersonId, PolicyId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::duty::{Zones, interval};
use crate::people::{in_force, zone_named};
use crate::store::calendars::RosterInstance;
use crate::store::employees::EmploymentRow;
use crate::store::policies;
use crate::store::roster::{self, DayRow, PersonRow, source};
use crate::store::swaps::{self, DoneRow};

/// How many days before the first matter for its rest.
const BEFORE: Days = Days::new(2);

/// A first day and a last.
pub(crate) type Span = (NaiveDate, NaiveDate);

/// What is known of some people over a span of days.
pub(crate) struct Known {
    pub terms: HashMap<PersonId, Vec<EmploymentRow>>,
    pub policies: HashMap<PolicyId, Policy>,
    pub days: HashMap<PersonId, Vec<DayRow>>,
    /// How many halves of a day somebody is away.
    pub leave: HashMap<(PersonId, NaiveDate), i64>,
    calendars: HashMap<String, Calendar>,
    locked: Vec<Span>,
    /// Swaps that were approved of a day, oldest first.
    swaps: HashMap<(PersonId, NaiveDate), Vec<DoneRow>>,
    /// The zone of whoever reads.
    reader: Zone,
}

impl Known {
    /// As many queries for a hundred people as for one.
    pub async fn load(
        conn: &mut PgConnection,
        people: &[Uuid],
        terms: HashMap<PersonId, Vec<EmploymentRow>>,
        span: Span,
        reader: Zone,
    ) -> Result<Self, sqlx::Error> {
        let (from, to) = (span.0 - BEFORE, span.1);
        let days = roster::days(conn, people, from, to).await?;
        let leave = roster::leave(conn, people, from, to).await?.into_iter();
        let regions: BTreeSet<&String> = terms
            .values()
            .flatten()
            .filter_map(|terms| terms.region.as_ref())
            .collect();
        let regions: Vec<String> = regions.into_iter().cloned().collect();
        let mut swaps: HashMap<_, Vec<DoneRow>> = HashMap::new();
        for row in swaps::done(conn, people, span.0, to).await? {
            let day = (row.employee_id, row.day);
            swaps.entry(day).or_default().push(row);
        }
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
            locked: roster::locked(conn, from, to).await?,
            swaps,
            reader,
        })
    }

    /// What is written of somebody's day.
    pub fn day(&self, person: PersonId, date: NaiveDate) -> Option<&DayRow> {
        let days = self.days.get(&person)?;
        days.iter().find(|day| day.work_date == date)
    }

    /// Under which terms somebody works on a day.
    pub fn terms_on(&self, person: PersonId, date: NaiveDate) -> Option<&EmploymentRow> {
        in_force(self.terms.get(&person)?, date)
    }

    /// The policy of somebody on a day.
    pub fn policy_on(&self, person: PersonId, date: NaiveDate) -> Option<&Policy> {
        self.policies.get(&self.terms_on(person, date)?.policy_id)
    }

    /// The zone whose clocks somebody's shifts follow on a day, unless they have their own.
    pub fn clocks<'a>(&'a self, person: &'a PersonRow, date: NaiveDate) -> &'a str {
        let site = self.terms_on(person.id, date);
        let site = site.and_then(|terms| terms.site_zone.as_deref());
        site.unwrap_or(&person.zone)
    }

    /// Whether the period of a day is locked.
    pub fn is_locked(&self, date: NaiveDate) -> bool {
        let mut locked = self.locked.iter();
        locked.any(|(from, until)| (*from..*until).contains(&date))
    }

    /// Whether a date is past for somebody, or one of these shifts of it has begun.
    pub fn has_begun(
        &self,
        person: &PersonRow,
        date: NaiveDate,
        shifts: &[RosterInstance],
        now: DateTime<Utc>,
    ) -> bool {
        let is_past = date < zone_named(&person.zone).day_of(now);
        let begun = |instance: &RosterInstance| {
            let zone = instance.shift.zone.as_deref();
            let zone = zone_named(zone.unwrap_or_else(|| self.clocks(person, date)));
            let during = interval(&instance.shift, date, &zone);
            during.is_some_and(|during| during.from <= now)
        };
        is_past || shifts.iter().any(begun)
    }

    /// A row of the roster.
    pub fn row(&self, team: String, person: PersonRow, span: Span, zones: &mut Zones) -> RosterRow {
        let days = self.days.get(&person.id).map_or(&[][..], Vec::as_slice);
        let policy = self.policy_on(person.id, span.1);
        let mut times: BTreeMap<(NaiveDate, usize), (Interval, Zone)> = BTreeMap::new();
        for day in days {
            let clocks = self.clocks(&person, day.work_date);
            for (place, during, zone) in zones.intervals(day, None, clocks) {
                times.insert((day.work_date, place), (during, zone));
            }
        }
        let short = self.short_rests(person.id, policy, &times);
        let dates = span.0.iter_days().take_while(|date| *date <= span.1);
        let cells = dates.map(|date| {
            let day = days.iter().find(|day| day.work_date == date);
            let shifts = day.map_or(&[][..], |day| day.shifts.as_slice());
            let shifts = shifts.iter().enumerate().map(|(place, instance)| {
                let (during, zone) = times.get(&(date, place)).cloned().unzip();
                let zone = zone.map_or_else(String::new, |zone| zone.name().to_owned());
                shift(instance, during, policy, zone)
            });
            let region = self.terms_on(person.id, date);
            let region = region.and_then(|terms| terms.region.as_ref());
            let holiday = region.and_then(|region| self.calendars.get(region)?.on(date));
            let swaps = self.swaps.get(&(person.id, date));
            let swaps = swaps.map_or(&[][..], Vec::as_slice);
            let is_swapped = day.is_some_and(|day| day.source == source::SWAP);
            let last = swaps.last().filter(|_| is_swapped);
            RosterCell {
                date,
                shifts: shifts.collect(),
                by_hand: day.is_some_and(|day| day.source != source::ROTATION),
                leave: self.leave.contains_key(&(person.id, date)),
                holiday: holiday.map(holiday_text),
                rest_short_minutes: short.get(&date).copied().unwrap_or(0),
                version: day.map_or(0, |day| day.version),
                locked: self.is_locked(date),
                swapped_with: last.map(|swap| swap.with_name.clone()),
                swaps: swaps.iter().map(|swap| self.swap_text(swap)).collect(),
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

    /// `Swapped with Tom Becker, approved by Marta Klein on 20 Nov 2026`.
    fn swap_text(&self, swap: &DoneRow) -> String {
        let (with, by) = (&swap.with_name, &swap.decided_by);
        let day = self.reader.day_of(swap.decided_at).format("%-d %b %Y");
        format!("Swapped with {with}, approved by {by} on {day}")
    }

    /// Where somebody has less rest than is due. What lies in leave of a whole day is not worked.
    fn short_rests(
        &self,
        person: PersonId,
        policy: Option<&Policy>,
        times: &BTreeMap<(NaiveDate, usize), (Interval, Zone)>,
    ) -> HashMap<NaiveDate, i64> {
        let limits = policy.map_or_else(|| Policy::default().limits(), Policy::limits);
        let Some(due) = limits.daily_rest_minutes else {
            return HashMap::new();
        };
        let worked = times
            .iter()
            .map(|((date, _), (during, _))| (*date, *during));
        let worked: Vec<_> = worked
            .filter(|(date, _)| !self.is_away_all_day(person, *date))
            .collect();
        let marks = short_rest_marks(&worked, due).into_iter();
        marks
            .map(|mark| (mark.work_date, mark.short_minutes))
            .collect()
    }

    /// Whether somebody has leave of a whole day.
    pub fn is_away_all_day(&self, person: PersonId, date: NaiveDate) -> bool {
        let halves = self.leave.get(&(person, date));
        halves.is_some_and(|halves| *halves >= 2)
    }
}

pub(crate) fn by_person<T>(
    rows: Vec<T>,
    person: impl Fn(&T) -> PersonId,
) -> HashMap<PersonId, Vec<T>> {
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
pub(crate) fn shift(
    instance: &RosterInstance,
    during: Option<Interval>,
    policy: Option<&Policy>,
    zone: String,
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
        name: shift.name.clone(),
        code: shift.code.clone(),
        tone: shift.tone.as_str().to_owned(),
        time: format!("{}–{}", shift.start, shift.end),
        zone,
        minutes,
    }
}
