//! People as attendance needs them: kept in step with identity, found by those who name them.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use model::attendance::policy::Policy;
use model::scheduling::meeting::Colleague;
use model::zone::Zone;
use model::{Actor, PersonId, PolicyId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::employees::{self, EmployeeRow, EmploymentRow};
use crate::{Attendance, Error};

impl Attendance {
    /// Makes or changes a person, in the caller's transaction. Told again, it changes nothing. Whoever
    /// is new works under the policy “Standard” until somebody says otherwise.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_person_in_tx(
        &self,
        conn: &mut PgConnection,
        person: &Colleague,
        active: bool,
    ) -> Result<(), sqlx::Error> {
        let now = self.deps.now();
        let before = employees::keep(conn, person, active).await?;
        let policy: PolicyId = self.deps.new_id();
        employees::keep_terms(conn, person.id, policy, &Policy::default(), now).await?;
        if before.is_some_and(|zone| zone != person.zone) {
            // What is over stays as it was read then.
            let today = zone_named(&person.zone).day_of(now);
            let next = today.checked_add_days(Days::new(1)).unwrap_or(today);
            self.mark_stale_in_tx(conn, &[(person.id, today, next)])
                .await?;
            self.tell_holidays_in_tx(conn, &[person.id], now).await?;
        }
        Ok(())
    }

    /// Somebody by id.
    pub(crate) async fn employee(
        &self,
        conn: &mut PgConnection,
        id: PersonId,
    ) -> Result<EmployeeRow, Error> {
        let found = employees::by_ids(conn, &[id.0]).await?;
        found.into_iter().next().ok_or(Error::NotFound("person"))
    }

    /// Somebody by id, address or number.
    pub(crate) async fn employee_named(
        &self,
        conn: &mut PgConnection,
        name: &str,
    ) -> Result<EmployeeRow, Error> {
        let directory = Directory::look_up(conn, [name]).await?;
        directory
            .find(name)
            .cloned()
            .ok_or(Error::NotFound("person"))
    }
}

/// People who were named by id, address or number.
pub(crate) struct Directory(HashMap<String, EmployeeRow>);

impl Directory {
    /// Looks many names up at once.
    pub(crate) async fn look_up<'a>(
        conn: &mut PgConnection,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, sqlx::Error> {
        let (mut ids, mut emails, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for name in names {
            let name = name.trim();
            if let Ok(id) = name.parse::<Uuid>() {
                ids.push(id);
            } else if name.contains('@') {
                emails.push(name.to_lowercase());
            } else {
                numbers.push(name.to_owned());
            }
        }
        if ids.is_empty() && emails.is_empty() && numbers.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let mut found = employees::by_any_name(conn, &ids, &emails, &numbers).await?;
        // Of two with one address, the one who is still there is meant.
        found.sort_by_key(|row| (row.active, row.id));
        let mut known = HashMap::new();
        for row in found {
            known.insert(row.id.to_string(), row.clone());
            known.insert(row.email.to_lowercase(), row.clone());
            if let Some(number) = &row.number {
                known.insert(number.clone(), row);
            }
        }
        Ok(Self(known))
    }

    /// Whom a name means.
    pub(crate) fn find(&self, name: &str) -> Option<&EmployeeRow> {
        let name = name.trim();
        if let Ok(id) = name.parse::<Uuid>() {
            self.0.get(&id.to_string())
        } else if name.contains('@') {
            self.0.get(&name.to_lowercase())
        } else {
            self.0.get(name)
        }
    }
}

/// The terms in force on a day, out of all of one person, oldest first. A day before the first is
/// under the first, since there are punches of it.
pub(crate) fn in_force(terms: &[EmploymentRow], day: NaiveDate) -> Option<&EmploymentRow> {
    let after = terms.partition_point(|row| row.from_day <= day);
    terms.get(after.saturating_sub(1))
}

/// A zone by its name; one that has left the database reads as UTC.
pub(crate) fn zone_named(name: &str) -> Zone {
    Zone::named(name).unwrap_or_else(|_| Zone::utc())
}

/// The zone in which an actor reads times.
pub(crate) fn zone_of(actor: &Actor) -> Zone {
    zone_named(&actor.zone)
}
