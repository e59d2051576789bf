//! What days of leave cost: the work that the roster has on them.
//!
//! * A day of the roster costs the work of its shifts, without their breaks; half a day the half that
//!   the shift says. A day off and a holiday cost nothing.
//! * A day that is not in the roster costs nothing either, if anything of its week is.
//! * A week of which nothing is written yet, or ever for those who have no roster, counts as five
//!   days of eight hours, Monday to Friday: leave of next summer is asked for long before next
//!   summer's roster. What is granted is counted once more when it is decided.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use model::PersonId;
use model::attendance::accrual::{LeaveDay, LeaveRequest, Part, PlannedDay, cost};
use model::attendance::holidays::Calendar;
use model::attendance::rotation::DateRange;
use sqlx::PgConnection;

use super::balance::USUAL_DAY;
use crate::Error;
use crate::people::in_force;
use crate::store::employees;
use crate::store::leave_requests::LiveRow;
use crate::store::roster::{self, DayRow};

/// What a range of days asks of somebody.
#[derive(Debug, Default)]
pub(super) struct Plan(BTreeMap<NaiveDate, PlannedDay>);

impl Plan {
    /// The days from one to another.
    pub(super) async fn load(
        conn: &mut PgConnection,
        person: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Self, Error> {
        let (first, last) = (monday(from), sunday(to));
        let rows = roster::days(conn, &[person.0], first, last).await?;
        let terms = employees::employments(conn, &[person.0]).await?;
        let mut regions: Vec<String> = terms.iter().filter_map(|t| t.region.clone()).collect();
        regions.sort_unstable();
        regions.dedup();
        let calendars = roster::calendars(conn, &regions).await?;
        let calendars: BTreeMap<String, Calendar> = calendars.into_iter().collect();
        let holiday = |date: NaiveDate| {
            let terms = in_force(&terms, date)?;
            let calendar = calendars.get(terms.region.as_ref()?)?;
            Some(calendar.on(date)?.part)
        };
        Ok(Self(planned(&rows, from, to, holiday)))
    }

    /// The days of requests, and whatever lies between them.
    pub(super) async fn of_requests(
        conn: &mut PgConnection,
        person: PersonId,
        requests: &[LiveRow],
    ) -> Result<Self, Error> {
        let from = requests.iter().map(|row| row.from_day).min();
        let to = requests.iter().map(|row| row.to_day).max();
        match from.zip(to) {
            Some((from, to)) => Self::load(conn, person, from, to).await,
            None => Ok(Self::default()),
        }
    }

    /// What a request costs, day by day.
    pub(super) fn cost(&self, row: &LiveRow) -> Vec<LeaveDay> {
        self.cost_of(&request(row.from_day, row.to_day, row.part))
    }

    /// The same for one that is not kept yet.
    pub(super) fn cost_of(&self, request: &LeaveRequest) -> Vec<LeaveDay> {
        cost(request, &self.0)
    }
}

/// A request as the rules know it.
pub(super) fn request(from: NaiveDate, until: NaiveDate, part: Part) -> LeaveRequest {
    LeaveRequest {
        from,
        until,
        first_part: part,
        last_part: part,
    }
}

fn planned(
    rows: &[DayRow],
    from: NaiveDate,
    to: NaiveDate,
    holiday: impl Fn(NaiveDate) -> Option<Part>,
) -> BTreeMap<NaiveDate, PlannedDay> {
    let written: BTreeSet<NaiveDate> = rows.iter().map(|row| monday(row.work_date)).collect();
    let by_date: BTreeMap<NaiveDate, &DayRow> =
        rows.iter().map(|row| (row.work_date, row)).collect();
    let mut days = BTreeMap::new();
    for date in DateRange::new(from, to).dates() {
        let half_minutes = match by_date.get(&date) {
            Some(row) => halves(row),
            None if written.contains(&monday(date)) => continue,
            None if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) => continue,
            None => [USUAL_DAY / 2, USUAL_DAY / 2],
        };
        let holiday = holiday(date);
        days.insert(
            date,
            PlannedDay {
                half_minutes,
                holiday,
            },
        );
    }
    days
}

/// The work of each half; half a day of leave is half of each shift.
fn halves(row: &DayRow) -> [i64; 2] {
    let shifts = row.shifts.iter().map(|entry| entry.shift.half_minutes());
    shifts.fold([0, 0], |[am, pm], [first, second]| {
        [am + first, pm + second]
    })
}

/// How long a working day of somebody usually is: the length that most days of their roster about
/// today have.
pub(super) async fn usual_day(
    conn: &mut PgConnection,
    person: PersonId,
    today: NaiveDate,
) -> Result<i64, Error> {
    let around = Days::new(28);
    let from = today.checked_sub_days(around).unwrap_or(today);
    let to = today.checked_add_days(around).unwrap_or(today);
    let rows = roster::days(conn, &[person.0], from, to).await?;
    let mut lengths: BTreeMap<i64, usize> = BTreeMap::new();
    for row in &rows {
        let [am, pm] = halves(row);
        if am + pm > 0 {
            *lengths.entry(am + pm).or_default() += 1;
        }
    }
    let most = lengths.into_iter().max_by_key(|(_, times)| *times);
    Ok(most.map_or(USUAL_DAY, |(minutes, _)| minutes))
}

fn monday(date: NaiveDate) -> NaiveDate {
    let days = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

fn sunday(date: NaiveDate) -> NaiveDate {
    let days = 6 - u64::from(date.weekday().num_days_from_monday());
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_week_without_a_roster_has_five_days_of_eight_hours() {
        // A Monday to the Sunday after next.
        let days = planned(&[], day("2026-11-02"), day("2026-11-15"), |_| None);
        assert_eq!(days.len(), 10);
        assert!(days.values().all(|day| day.half_minutes == [240, 240]));
        assert!(!days.contains_key(&day("2026-11-07")));
    }

    #[test]
    fn a_holiday_is_known_without_a_roster() {
        let christmas = day("2026-12-25");
        let holiday = |date| (date == christmas).then_some(Part::Full);
        let days = planned(&[], day("2026-12-24"), christmas, holiday);
        let plan = Plan(days);
        let asked = request(day("2026-12-24"), christmas, Part::Full);
        let minutes: i64 = plan.cost_of(&asked).iter().map(|day| day.minutes).sum();
        assert_eq!(minutes, 480);
    }
}
