//! The month of one person: whole weeks of days, and what they add up to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use model::attendance::accrual::Part;
use model::attendance::day::{Day, Status};
use model::attendance::views::{MonthDay, MonthPage, MonthTotals, Named};
use model::{Actor, Permission, PersonId};

use super::days_permission;
use crate::load::Loaded;
use crate::privacy::Data;
use crate::store::calendars::RosterInstance;
use crate::store::days::{self as store, DayRow};
use crate::store::{calendars, corrections};
use crate::{Attendance, Error, shown};

/// Beyond these years there are no months of anybody.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

impl Attendance {
    /// A month of days; the reader's own without `employee`. Any day of the month names it; without
    /// one, it is the present month.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without a permission to see anybody's days; [`Error::NotFound`] for
    /// somebody whose days the reader may not see; [`Error::Invalid`] for a month of no year.
    pub async fn month(
        &self,
        actor: &Actor,
        employee: Option<PersonId>,
        month: Option<NaiveDate>,
    ) -> Result<MonthPage, Error> {
        actor.require(days_permission(actor))?;
        let id = self.whose_days(actor, employee)?;
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let sees = self
            .require_sight(&mut conn, actor, id, Data::Punches)
            .await?;
        drop(conn);
        self.freshen(id).await?;
        let mut conn = self.deps.db.read().await?;
        let person = self.employee(&mut conn, id).await?;
        let today = crate::people::zone_named(&person.zone).day_of(now);
        let any = month.unwrap_or(today);
        let weeks =
            Weeks::of(any).ok_or_else(|| Error::field("month", "There is no such month."))?;
        let (from, to) = (weeks.from, weeks.to);
        let terms = self.load_terms(&mut conn, id, from, to).await?;
        let rows = store::of_person(&mut conn, id, from, to, 100).await?;
        let locked = calendars::locked(&mut conn, from, to).await?;
        let requested = corrections::open_dates(&mut conn, id, from, to).await?;
        let leave = match sees.may(Data::LeaveKind) {
            true => self.leave_balances(&mut conn, id).await?,
            false => Vec::new(),
        };
        drop(conn);
        self.tell_viewed(actor, id, "month").await?;
        let rows: BTreeMap<NaiveDate, &Day> = rows
            .iter()
            .map(|row: &DayRow| (row.work_date, &row.document.0))
            .collect();
        let requested: BTreeSet<NaiveDate> = requested.into_iter().collect();
        let days: Vec<MonthDay> = from
            .iter_days()
            .take_while(|date| *date <= to)
            .map(|date| {
                let planned = terms.iter().find(|loaded| loaded.is_asked(date));
                let mut day = month_day(date, rows.get(&date).copied(), planned, today);
                day.in_month = weeks.has(date);
                day.locked = locked
                    .iter()
                    .any(|(_, from, to)| *from <= date && date < *to);
                day.requested = requested.contains(&date);
                day
            })
            .collect();
        let zone = terms
            .last()
            .map_or(person.zone.as_str(), |loaded| loaded.zone.name());
        let of_month = rows.iter().filter(|(date, _)| weeks.has(**date));
        Ok(MonthPage {
            totals: totals(of_month.map(|(_, day)| *day), today),
            zone: zone.to_owned(),
            employee: Named {
                id,
                name: person.name,
            },
            own: sees.is_own(),
            month: weeks.first,
            days,
            leave,
            keeps_leave: actor.may(Permission::AttendanceManage),
        })
    }
}

/// A month, and the whole weeks around it.
struct Weeks {
    /// The first of the month.
    first: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
}

impl Weeks {
    fn of(any: NaiveDate) -> Option<Self> {
        if !YEARS.contains(&any.year()) {
            return None;
        }
        let first = any.with_day(1)?;
        let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
        let into = u64::from(first.weekday().num_days_from_monday());
        let left = 6 - u64::from(last.weekday().num_days_from_monday());
        Some(Self {
            first,
            from: first.checked_sub_days(Days::new(into))?,
            to: last.checked_add_days(Days::new(left))?,
        })
    }

    fn has(&self, date: NaiveDate) -> bool {
        (date.year(), date.month()) == (self.first.year(), self.first.month())
    }
}

fn month_day(
    date: NaiveDate,
    day: Option<&Day>,
    planned: Option<&Loaded>,
    today: NaiveDate,
) -> MonthDay {
    let shifts = planned.and_then(|loaded| loaded.roster.get(&date));
    let shifts = shifts.map(Vec::as_slice).unwrap_or_default();
    let expected = match (day, planned) {
        (Some(day), _) => day.expected_minutes,
        (None, Some(loaded)) => expected(loaded, date, shifts),
        (None, None) => 0,
    };
    let is_free = |day: &&Day| day.status == Status::DayOff.into();
    let counted = day.map_or(0, |day| day.counted_minutes);
    MonthDay {
        date,
        in_month: true,
        today: date == today,
        status: day.filter(|day| !is_free(day)).map(|day| day.status),
        counted_minutes: counted,
        expected_minutes: expected,
        balance_minutes: day.map_or(0, |day| day.balance_minutes),
        late_minutes: day.map_or(0, |day| day.late_minutes),
        flags: day.map(|day| day.flags.clone()).unwrap_or_default(),
        holiday: planned.and_then(|l| Some(l.holidays.get(&date)?.name.clone())),
        leave: planned.and_then(|l| Some(l.leave.get(&date)?.name.clone())),
        shifts: shifts
            .iter()
            .map(|planned| shown::shift_text(&planned.shift))
            .collect(),
        locked: false,
        requested: false,
    }
}

/// What the roster expects of a day that has not been, without leave and holidays.
fn expected(loaded: &Loaded, date: NaiveDate, shifts: &[RosterInstance]) -> i64 {
    let leave = loaded.leave.get(&date);
    let holiday = loaded.holidays.get(&date).map(|holiday| holiday.part);
    let is_off = |first: bool| {
        let by_leave = leave.is_some_and(|leave| if first { leave.am } else { leave.pm });
        let by_holiday = match holiday {
            Some(Part::Full) => true,
            Some(Part::Am) => first,
            Some(Part::Pm) => !first,
            None => false,
        };
        by_leave || by_holiday
    };
    let minutes = shifts.iter().map(|planned| {
        let [am, pm] = planned.shift.half_minutes();
        let am = if is_off(true) { 0 } else { am };
        am + if is_off(false) { 0 } else { pm }
    });
    minutes.sum()
}

/// The sums. What was expected of a day that is not over is not held against anybody.
fn totals<'a>(days: impl Iterator<Item = &'a Day>, today: NaiveDate) -> MonthTotals {
    let mut totals = MonthTotals::default();
    for day in days {
        totals.counted += day.counted_minutes;
        totals.overtime += day
            .overtime
            .iter()
            .map(|bucket| bucket.minutes)
            .sum::<i64>();
        totals.unapproved += day.unapproved_overtime_minutes;
        totals.late_days += i64::from(day.late_minutes > 0);
        totals.incomplete_days += i64::from(day.status.status == Status::Incomplete);
        if day.work_date < today && day.status.status != Status::Pending {
            totals.expected += day.expected_minutes;
            totals.balance += day.balance_minutes;
        }
    }
    totals
}
