//! Days as people and programs read them: months, single days that explain themselves, and lists.

mod month;
mod one;

use chrono::NaiveDate;
use model::attendance::views::DayView;
use model::{Actor, Page, Permission, PersonId};

use crate::privacy::Data;
use crate::store::days as store;
use crate::{Attendance, Error};

/// The most days that a list reaches over.
const LONGEST: i64 = 366;

/// Which days are asked for.
#[derive(Clone, Debug)]
pub struct DaysQuery {
    /// Whose: id, e-mail address or employee number. The actor's own, if absent.
    pub employee: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Where the page begins: what the page before gave.
    pub cursor: Option<String>,
    /// How many days a page has at most.
    pub limit: i64,
}

impl Attendance {
    /// Days with what explains them, by date.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without a permission to see anybody's days; [`Error::NotFound`] for
    /// somebody whose days the actor may not see; [`Error::Invalid`] for days in the wrong order, too
    /// many of them, or a cursor that is none.
    pub async fn days(&self, actor: &Actor, query: &DaysQuery) -> Result<Page<DayView>, Error> {
        actor.require(days_permission(actor))?;
        if query.to < query.from {
            return Err(Error::field("to", "The last day comes after the first."));
        }
        if (query.to - query.from).num_days() >= LONGEST {
            let message = format!("Ask for at most {LONGEST} days at once.");
            return Err(Error::field("to", message));
        }
        let after = query
            .cursor
            .as_deref()
            .map(str::parse::<NaiveDate>)
            .transpose();
        let after = after.map_err(|_| Error::field("cursor", "This page no longer exists."))?;
        let from = after.and_then(|date| date.succ_opt()).unwrap_or(query.from);
        let from = from.max(query.from);
        let limit = query.limit.clamp(1, Page::<()>::MAX);
        let mut conn = self.deps.db.read().await?;
        let employee = match &query.employee {
            Some(name) => self.employee_named(&mut conn, name).await?.id,
            None => actor.person_id().ok_or_else(|| {
                Error::field("employee", "Say whose days: id, e-mail address or number.")
            })?,
        };
        self.require_sight(&mut conn, actor, employee, Data::Punches)
            .await?;
        drop(conn);
        self.freshen(employee).await?;
        let mut conn = self.deps.db.read().await?;
        let rows = store::of_person(&mut conn, employee, from, query.to, limit + 1).await?;
        drop(conn);
        self.tell_viewed(actor, employee, "days").await?;
        let days = rows.into_iter().map(|row| view(employee, row)).collect();
        let limit = usize::try_from(limit).unwrap_or(1);
        Ok(Page::from_overfetch(days, limit, |day: &DayView| {
            day.day.work_date.to_string()
        }))
    }

    /// Whose days are shown: the reader's own, or those of somebody whose days they may see.
    pub(crate) fn whose_days(
        &self,
        actor: &Actor,
        employee: Option<PersonId>,
    ) -> Result<PersonId, Error> {
        let own = actor.person_id();
        employee.or(own).ok_or(Error::NotAPerson)
    }
}

/// The permission with which somebody sees days of anybody at all: the widest they have.
fn days_permission(actor: &Actor) -> Permission {
    [Permission::AttendanceManage, Permission::AttendanceApprove]
        .into_iter()
        .find(|permission| actor.may(*permission))
        .unwrap_or(Permission::AttendanceSelf)
}

fn view(employee: PersonId, row: store::DayRow) -> DayView {
    DayView {
        employee,
        day: row.document.0,
        version: row.version,
        locked: row.locked,
        derived_at: row.derived_at,
    }
}
