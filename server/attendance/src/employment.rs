//! Under which terms somebody works, as HR edits them.

use chrono::NaiveDate;
use model::{Actor, FieldError, Permission, PersonId, PolicyId, Problem, SiteId};
use platform::db::Tx;

use crate::reach;
use crate::roster::sane_day;
use crate::store::terms::{self, NewTerms};
use crate::{Attendance, Error};

/// Terms of employment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How days are derived.
    pub policy: PolicyId,
    /// Whose holidays count, such as `DE-BE`.
    pub region: Option<String>,
    /// Where.
    pub site: Option<SiteId>,
    /// Who decides their requests.
    pub manager: Option<PersonId>,
    /// In which team; empty for none.
    pub team: String,
}

impl Attendance {
    /// Writes the terms of somebody from a day on, until the next that are written. Days from then
    /// on are derived again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`] for the person;
    /// [`Error::Invalid`] for what they name and is not there.
    pub async fn set_employment(
        &self,
        actor: &Actor,
        person: PersonId,
        from_day: NaiveDate,
        terms: &Terms,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut tx = self.deps.db.begin("attendance.set_employment").await?;
        terms::claim_change(&mut tx, person, None).await?;
        self.set_employment_in_tx(&mut tx, person, from_day, terms)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }

    /// The same in the caller's transaction.
    pub(crate) async fn set_employment_in_tx(
        &self,
        tx: &mut Tx,
        person: PersonId,
        from_day: NaiveDate,
        terms: &Terms,
    ) -> Result<(), Error> {
        let now = self.deps.now();
        let new = NewTerms {
            employee: person,
            from_day: sane_day("fromDay", from_day)?,
            policy: terms.policy,
            region: terms.region.as_deref(),
            site: terms.site,
            manager: terms.manager,
            team: terms.team.trim(),
        };
        check(&new, &terms::look(tx, &new).await?)?;
        terms::keep(tx, &new).await?;
        let days = reach::days_from(tx, person, from_day).await?;
        // Shifts follow the clocks of the site, and holidays the region.
        self.clocks_changed_in_tx(tx, days.as_slice(), now).await?;
        self.tell_holidays_in_tx(tx, &[person], now).await?;
        Ok(())
    }
}

fn check(new: &NewTerms<'_>, found: &terms::Found) -> Result<(), Error> {
    if !found.person {
        return Err(Error::NotFound("person"));
    }
    let mut errors = Vec::new();
    let mut check = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    check(found.policy, "policy", "There is no such policy.");
    check(
        found.region,
        "region",
        "There are no holidays of this region yet.",
    );
    check(found.site, "site", "There is no such site.");
    check(found.manager, "manager", "There is no such person.");
    check(
        new.manager != Some(new.employee),
        "manager",
        "Nobody decides their own requests. Choose another person.",
    );
    check(
        new.team.chars().count() <= 80,
        "team",
        "Keep the team's name to 80 characters.",
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
