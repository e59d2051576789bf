//! What meetings are told of days off: public holidays, by the region of each person's terms, and days
//! that the roster leaves free.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use model::PersonId;
use model::attendance::accrual::Part;
use model::scheduling::interval::Interval;
use model::zone::Zone;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::people::{in_force, zone_named};
use crate::store::{employees, holidays, roster};
use crate::{Attendance, Error};

/// Tells subscribers of people whose holidays may be other ones.
pub const HOLIDAYS_CHANGED: &str = "holidays.changed";

/// Of holidays longer ago than this nobody is told.
const LONG_PAST: Days = Days::new(35);
/// The most people of one telling.
const MOST: usize = 500;

/// The payload of [`HOLIDAYS_CHANGED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidaysChanged {
    /// Whose.
    pub employees: Vec<PersonId>,
}

/// A day off of somebody, or half of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOff {
    /// What it comes from: `holiday:<employee>:<date>`, or what [`free_key`] says.
    pub source_key: String,
    /// From when to when. Whole days are days of the employee's zone, and halves meet at noon.
    pub during: Interval,
}

/// The key of a day that the roster leaves free.
pub fn free_key(employee: PersonId, date: NaiveDate) -> String {
    format!("roster:{employee}:{date}:off")
}

impl Attendance {
    /// The days of somebody from one date to another that the roster leaves free, for callers with a
    /// connection.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is not known.
    pub async fn free_days_in_tx(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<DayOff>, Error> {
        let person = self.employee(conn, employee).await?;
        let zone = zone_named(&person.zone);
        let days = roster::days(conn, &[employee.0], from, to).await?;
        let free = days.iter().filter(|day| day.shifts.is_empty());
        let free = free.filter_map(|day| {
            Some(DayOff {
                source_key: free_key(employee, day.work_date),
                during: hours_of(day.work_date, Part::Full, &zone)?,
            })
        });
        Ok(free.collect())
    }

    /// The holidays of somebody that are still to come or not long ago, by date, for callers with a
    /// connection.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is not known.
    pub async fn days_off_in_tx(
        &self,
        conn: &mut PgConnection,
        employee: PersonId,
    ) -> Result<Vec<DayOff>, Error> {
        let person = self.employee(conn, employee).await?;
        let zone = zone_named(&person.zone);
        let terms = employees::employments(conn, &[employee.0]).await?;
        let mut regions: Vec<String> = terms.iter().filter_map(|t| t.region.clone()).collect();
        regions.sort_unstable();
        regions.dedup();
        let since = self.deps.now().date_naive() - LONG_PAST;
        let mut found = Vec::new();
        for calendar in holidays::of_regions(conn, &regions).await? {
            for (date, holiday) in calendar.calendar.0.0.range(since..) {
                let region = in_force(&terms, *date).and_then(|t| t.region.as_ref());
                if region != Some(&calendar.region) {
                    continue;
                }
                if let Some(during) = hours_of(*date, holiday.part, &zone) {
                    found.push(DayOff {
                        source_key: format!("holiday:{employee}:{date}"),
                        during,
                    });
                }
            }
        }
        found.sort_by_key(|day| day.during);
        Ok(found)
    }

    /// Tells of people whose holidays may be other ones, in the caller's transaction.
    pub(crate) async fn tell_holidays_in_tx(
        &self,
        conn: &mut PgConnection,
        employees: &[PersonId],
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        for employees in employees.chunks(MOST) {
            let told = HolidaysChanged {
                employees: employees.to_vec(),
            };
            let id = self.deps.new_id();
            platform::outbox::publish(conn, id, now, HOLIDAYS_CHANGED, &told).await?;
        }
        Ok(())
    }
}

fn hours_of(date: NaiveDate, part: Part, zone: &Zone) -> Option<Interval> {
    let begin = zone.start_of(date)?;
    let end = zone.start_of(date.succ_opt()?)?;
    let noon = zone.first_reading(date.and_time(NaiveTime::from_hms_opt(12, 0, 0)?))?;
    let (from, to) = match part {
        Part::Full => (begin, end),
        Part::Am => (begin, noon),
        Part::Pm => (noon, end),
    };
    (from < to).then(|| Interval::new(from, to))
}
