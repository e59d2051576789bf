//! Employees as HR keeps them: their numbers, and under which terms they work from when on.

use chrono::NaiveDate;
use model::attendance::views::{
    EmployeeForm, EmployeeLine, EmployeePage, EmployeesPage, EmploymentView, Named,
};
use model::{Actor, Permission, PersonId};
use platform::db::{Tx, on_constraint};
use serde_json::json;

use crate::employment::Terms;
use crate::people::Directory;
use crate::reach;
use crate::roster::{sane_day, today_of};
use crate::store::leave;
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
        let (name, email, number, version) = (
            first.name.clone(),
            first.email.clone(),
            first.number.clone(),
            first.version,
        );
        let (employed_from, employed_until) = (first.employed_from, first.employed_until);
        Ok(EmployeePage {
            id,
            name,
            email,
            number,
            employed_from,
            employed_until,
            terms: rows.into_iter().filter_map(view).collect(),
            policies: terms::policies(&mut conn).await?,
            sites: terms::sites(&mut conn).await?,
            regions: terms::regions(&mut conn).await?,
            today: today_of(actor, self.deps.now()),
            version,
        })
    }

    /// Keeps the number of somebody, from when until when they are employed, and their terms from a day
    /// on, until the next that are written. Where those in force on that day say the same, nothing is
    /// added. Days from then on are derived again. If they are employed on other days than was known, what
    /// was granted of leave for the present leave year is put right.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`]; [`Error::Changed`];
    /// [`Error::Invalid`] for a number that is taken, for what is named and is not there, and for
    /// employment that ends before it begins.
    pub async fn save_employee(
        &self,
        actor: &Actor,
        id: PersonId,
        form: &EmployeeForm,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let number = number(&form.number)?;
        check_employed(form)?;
        let mut tx = self.deps.db.begin("attendance.save_employee").await?;
        // First the ledger, then the person: in the order of those who decide about leave.
        leave::lock_ledger(&mut tx, id).await?;
        let rows = self.claim_terms_in_tx(&mut tx, id, form.version).await?;
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
            "employed_from": form.employed_from, "employed_until": form.employed_until,
        });
        let (from, until) = (form.employed_from, form.employed_until);
        if terms::set_employed(&mut tx, id, from, until).await? {
            self.accrue_in_tx(&mut tx, id).await?;
        }
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

    /// Takes back the terms of somebody that begin on a day. Those before go on instead; where there
    /// are none before, the next hold for the days before as well. Days that this reaches are derived
    /// again. `seen` is the version that was seen.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`]; [`Error::Changed`];
    /// [`Error::Invalid`] for the only terms that somebody has.
    pub async fn take_back_terms(
        &self,
        actor: &Actor,
        id: PersonId,
        from_day: NaiveDate,
        seen: i32,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.take_back_terms").await?;
        let rows = self.claim_terms_in_tx(&mut tx, id, seen).await?;
        let begins = |row: &&KeptRow| row.from_day == Some(from_day);
        let gone = rows.iter().find(begins).ok_or(Error::NotFound("terms"))?;
        if rows.len() == 1 {
            let message = "These are the only terms. Write others instead.";
            return Err(Error::field("from", message));
        }
        if !terms::take_back(&mut tx, id, from_day).await? {
            return Err(Error::Changed);
        }
        // The first of all hold for the days before them as well.
        let is_first = rows.last().is_some_and(|row| begins(&row));
        let reached = if is_first { NaiveDate::MIN } else { from_day };
        let days = reach::days_from(&mut tx, id, reached).await?;
        self.clocks_changed_in_tx(&mut tx, days.as_slice(), now)
            .await?;
        self.tell_holidays_in_tx(&mut tx, &[id], now).await?;
        let detail = json!({
            "from": from_day, "policy": gone.policy_id, "team": gone.team,
            "manager": gone.manager_id, "site": gone.site_id, "region": gone.region,
        });
        let subject = format!("person:{id}");
        self.audit_in_tx(&mut tx, actor, "employment.taken_back", subject, detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// All terms of somebody, the last first, which nobody else changes until the transaction ends.
    async fn claim_terms_in_tx(
        &self,
        tx: &mut Tx,
        id: PersonId,
        seen: i32,
    ) -> Result<Vec<KeptRow>, Error> {
        let is_last = terms::claim_change(tx, id, Some(seen)).await?;
        let rows = terms::of_person(tx, id).await?;
        match rows.is_empty() {
            true => Err(Error::NotFound("person")),
            false if !is_last => Err(Error::Changed),
            false => Ok(rows),
        }
    }
}

/// Whether somebody can be employed on these days.
fn check_employed(form: &EmployeeForm) -> Result<(), Error> {
    for (field, day) in [
        ("employedFrom", form.employed_from),
        ("employedUntil", form.employed_until),
    ] {
        if let Some(day) = day {
            sane_day(field, day)?;
        }
    }
    match (form.employed_from, form.employed_until) {
        (Some(from), Some(until)) if until < from => Err(Error::field(
            "employedUntil",
            "The last day is before the first.",
        )),
        _ => Ok(()),
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
