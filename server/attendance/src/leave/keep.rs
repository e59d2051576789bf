//! Kinds of leave as HR keeps them. One that is no longer to be asked for is retired: what was asked for,
//! taken and entered of it stays.

use model::attendance::accrual::LeaveType;
use model::attendance::views::{LeaveKindView, LeaveKindsPage, ToldAs};
use model::{Actor, FieldError, LeaveTypeId, Permission, Problem};
use platform::db::on_constraint;
use platform::jobs::{self, NewJob};
use serde_json::json;
use sqlx::types::Json;

use super::kinds;
use crate::accrue;
use crate::roster::today_of;
use crate::store::leave::{self as store, TypeRow};
use crate::{Attendance, Error};

/// Which index keeps names apart.
const NAMES: &str = "leave_type_name_unique";

impl Attendance {
    /// Every kind of leave.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn leave_kinds(&self, actor: &Actor) -> Result<LeaveKindsPage, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut tx = self.deps.db.begin("attendance.leave_kinds").await?;
        let rows = self.ensure_leave_types_in_tx(&mut tx).await?;
        tx.commit().await?;
        Ok(LeaveKindsPage {
            kinds: rows.iter().map(view).collect(),
            today: today_of(actor, self.deps.now()),
        })
    }

    /// Makes or changes a kind of leave. Balances of the present leave year follow, by entries that put
    /// right what was granted; years before stay as they were.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`]; [`Error::Taken`] for its
    /// name; [`Error::NotFound`]; [`Error::Changed`].
    pub async fn save_leave_kind(
        &self,
        actor: &Actor,
        id: Option<LeaveTypeId>,
        version: i32,
        told_as: ToldAs,
        rules: &LeaveType,
    ) -> Result<LeaveTypeId, Error> {
        actor.require(Permission::AttendanceManage)?;
        let mut tx = self.deps.db.begin("attendance.save_leave_kind").await?;
        let known = self.ensure_leave_types_in_tx(&mut tx).await?;
        let known = match id {
            None => None,
            Some(id) => {
                let known = known.into_iter().find(|row| row.id == id);
                Some(known.ok_or(Error::NotFound("kind of leave"))?)
            }
        };
        // A kind keeps the word that is in the keys of its entries.
        let code = match &known {
            Some(known) => known.rules.code.clone(),
            None => code_of(&rules.name),
        };
        let rules = accepted(LeaveType {
            code,
            name: rules.name.trim().to_owned(),
            ..rules.clone()
        })?;
        let row = TypeRow {
            id: id.unwrap_or_else(|| self.deps.new_id()),
            name: rules.name.clone(),
            paid: rules.paid,
            told_as: told_as.as_str().to_owned(),
            rules: Json(rules),
            retired: false,
            version,
        };
        if known.is_some() {
            let changed = store::update_type(&mut tx, &row).await;
            if !on_constraint(changed, NAMES, || Error::Taken("name"))? {
                return Err(Error::Changed);
            }
        } else {
            let made = store::insert_type(&mut tx, &row).await;
            on_constraint(made, NAMES, || Error::Taken("name"))?;
        }
        // Nobody waits until the night for what the rules give now.
        let job = NewJob::new(accrue::JOB, &()).key(accrue::JOB);
        jobs::enqueue(&mut tx, job).await?;
        let detail = json!({ "told_as": told_as, "rules": row.rules.0 });
        let subject = format!("leave_type:{}", row.id);
        self.audit_in_tx(&mut tx, actor, "leave_kind.saved", subject, detail)
            .await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Takes a kind out of use, or brings it back. Asked again, it stays so.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::NotFound`]; [`Error::Taken`] when
    /// another one has its name by now; [`Error::Changed`].
    pub async fn retire_leave_kind(
        &self,
        actor: &Actor,
        id: LeaveTypeId,
        version: i32,
        retired: bool,
    ) -> Result<(), Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("attendance.retire_leave_kind").await?;
        let mut known = store::types(&mut tx).await?.into_iter();
        let known = known.find(|row| row.id == id);
        let known = known.ok_or(Error::NotFound("kind of leave"))?;
        if known.retired == retired {
            return Ok(());
        }
        let done = store::retire_type(&mut tx, id, version, retired.then_some(now)).await;
        if !on_constraint(done, NAMES, || Error::Taken("name"))? {
            return Err(Error::Changed);
        }
        let action = match retired {
            true => "leave_kind.retired",
            false => "leave_kind.brought_back",
        };
        let detail = json!({ "name": known.name });
        self.audit_in_tx(&mut tx, actor, action, format!("leave_type:{id}"), detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn view(row: &TypeRow) -> LeaveKindView {
    LeaveKindView {
        id: row.id,
        rules: row.rules(),
        told_as: row.told_as.parse().unwrap_or(ToldAs::Leave),
        accrual: kinds::in_words(row),
        retired: row.retired,
        version: row.version,
    }
}

/// Rules with which nothing is wrong.
fn accepted(rules: LeaveType) -> Result<LeaveType, Error> {
    let mut errors = rules.errors();
    let mut wrong = |holds: bool, field: &str, message: &str| {
        if !holds {
            errors.push(FieldError {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
    };
    let length = rules.name.chars().count();
    wrong(length <= 80, "name", "Use at most 80 characters.");
    wrong(
        rules.carry_over.months.is_none_or(|months| months <= 24),
        "carryOver.months",
        "Give 24 months at most.",
    );
    if errors.is_empty() {
        Ok(rules)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}

/// The word of a kind, out of its name: `Parental leave` is `parental_leave`.
fn code_of(name: &str) -> String {
    let mut code = String::new();
    for c in name.trim().to_lowercase().chars().take(40) {
        if c.is_ascii_alphanumeric() {
            code.push(c);
        } else if !code.ends_with('_') && !code.is_empty() {
            code.push('_');
        }
    }
    let code = code.trim_end_matches('_');
    if code.is_empty() {
        "leave".to_owned()
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_comes_from_the_name() {
        assert_eq!(code_of(" Parental leave (2nd) "), "parental_leave_2nd");
        assert_eq!(code_of("休暇"), "leave");
    }
}
