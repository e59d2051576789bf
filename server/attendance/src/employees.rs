//! Employees as HR keeps them: their numbers, and under which terms they work from when on.

use chrono::NaiveDate;
use model::attendance::views::{
    EmployeeForm, EmployeeLine, EmployeePage, EmployeesPage, EmploymentView, Named,
};
use model::{Actor, Permission, PersonId};
use platform::db::on_constraint;
use serde_json::json;

use crate::employment::Terms;
use crate::kiosk::keep::device_sites;
use crate::people::Directory;
use crate::roster::today_of;
use crate::store::terms::{self, KeptRow};
use crate::{Attendance, Error};

/// How many people a page has.
const PAGE: i64 = 50;
/// The longest number.
const LONGEST_NUMBER: usize = 24;

impl Attendance {
    /// Those who are still there, by name, each with number and terms of today. `search` is part of a
    /// name or address, or a number.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`] for a cursor that is none.
    pub async fn employees_page(
        &self,
        actor: &Actor,
        search: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<EmployeesPage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let after = cursor.map(|text| text.parse::<PersonId>());
        let after = after
            .transpose()
            .map_err(|_| Error::field("cursor", "This page no longer exists."))?;
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        let today = today_of(actor, self.deps.now());
        let mut conn = self.deps.db.read().await?;
        let mut rows = terms::listed(&mut conn, search, after, today, PAGE + 1).await?;
        let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| has_more);
        Ok(EmployeesPage {
            next: next.map(|row| row.id.to_string()),
            people: rows.into_iter().map(line).collect(),
        })
    }

    /// Somebody, all terms, and what can be chosen.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`].
    pub async fn employee_page(&self, actor: &Actor, id: PersonId) -> Result<EmployeePage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut conn = self.deps.db.read().await?;
        let rows = terms::of_person(&mut conn, id).await?;
        let first = rows.first().ok_or(Error::NotFound("person"))?;
        let (name, email, number) = (
            first.name.clone(),
            first.email.clone(),
            first.number.clone(),
        );
        Ok(EmployeePage {
            id,
            name,
            email,
            number,
            terms: rows.into_iter().filter_map(view).collect(),
            policies: terms::policies(&mut conn).await?,
            sites: device_sites(&mut conn).await?,
            regions: terms::regions(&mut conn).await?,
            today: today_of(actor, self.deps.now()),
        })
    }

    /// Keeps the number of somebody and their terms from a day on, until the next that are written.
    /// Where those in force on that day say the same, nothing is added. Days from then on are derived
    /// again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`]; [`Error::Invalid`] for a
    /// number that is taken and for what is named and is not there.
    pub async fn save_employee(
        &self,
        actor: &Actor,
        id: PersonId,
        form: &EmployeeForm,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let number = number(&form.number)?;
        let mut tx = self.deps.db.begin("attendance.save_employee").await?;
        let rows = terms::of_person(&mut tx, id).await?;
        if rows.is_empty() {
            return Err(Error::NotFound("person"));
        }
        let kept = terms::set_number(&mut tx, id, number).await;
        on_constraint(kept, "employee_number_unique", || {
            Error::field("number", "Somebody else has this number.")
        })?;
        let manager = match form.manager.trim() {
            "" => None,
            name => {
                let directory = Directory::look_up(&mut tx, [name]).await?;
                let found = directory.find(name).ok_or_else(|| {
                    let message =
                        "Nobody is known by this. Use an e-mail address or an employee number.";
                    Error::field("manager", message)
                })?;
                Some(found.id)
            }
        };
        let new = Terms {
            policy: form.policy,
            region: form.region.clone(),
            site: form.site,
            manager,
            team: form.team.trim().to_owned(),
        };
        if in_force(&rows, form.from).is_none_or(|row| !says(row, &new)) {
            self.set_employment_in_tx(&mut tx, id, form.from, &new)
                .await?;
        }
        let detail = json!({
            "number": number, "from": form.from, "policy": new.policy, "team": new.team,
            "manager": new.manager, "site": new.site, "region": new.region,
        });
        self.audit_in_tx(
            &mut tx,
            actor,
            "employment.saved",
            format!("person:{id}"),
            detail,
        )
        .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }
}

/// A number as it is kept.
fn number(text: &str) -> Result<Option<&str>, Error> {
    let text = text.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.chars().count() > LONGEST_NUMBER || !text.chars().all(is_plain) {
        let message = "Use up to 24 letters, digits, dots and hyphens.";
        return Err(Error::field("number", message));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The terms in force on a day, out of all, the last first. The first hold for all days before as well.
fn in_force(rows: &[KeptRow], day: NaiveDate) -> Option<&KeptRow> {
    let begun = rows
        .iter()
        .find(|row| row.from_day.is_some_and(|from| from <= day));
    begun.or(rows.last().filter(|row| row.from_day.is_some()))
}

fn says(row: &KeptRow, terms: &Terms) -> bool {
    row.policy_id == Some(terms.policy)
        && row.region == terms.region
        && row.site_id == terms.site
        && row.manager_id == terms.manager
        && row.team.as_deref() == Some(terms.team.as_str())
}

fn line(row: KeptRow) -> EmployeeLine {
    EmployeeLine {
        id: row.id,
        name: row.name.clone(),
        email: row.email.clone(),
        number: row.number.clone(),
        terms: view(row),
    }
}

fn view(row: KeptRow) -> Option<EmploymentView> {
    Some(EmploymentView {
        from: row.from_day?,
        policy: row.policy_id?,
        policy_name: row.policy_name?,
        team: row.team.unwrap_or_default(),
        manager: row
            .manager_id
            .zip(row.manager_name)
            .map(|(id, name)| Named { id, name }),
        manager_email: row.manager_email,
        site: row.site_id,
        site_name: row.site_name,
        region: row.region,
    })
}
