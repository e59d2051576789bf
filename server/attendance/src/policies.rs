//! The terms under which days are derived.

use chrono::{DateTime, Utc};
use model::attendance::policy::Policy;
use model::attendance::views::PolicyView;
use model::{Actor, FieldError, Permission, PolicyId, Problem};
use platform::db::on_constraint;
use serde_json::{Value, json};

use crate::audited::changes;
use crate::reach;
use crate::roster::today_of;
use crate::store::terms::By;
use crate::store::{policies, stale};
use crate::{Attendance, Error};

impl Attendance {
    /// Every policy, and how many people it holds for today.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`.
    pub async fn policies(&self, actor: &Actor) -> Result<Vec<PolicyView>, Error> {
        actor.require(Permission::AttendanceManage)?;
        let today = today_of(actor, self.deps.now());
        let mut conn = self.deps.db.read().await?;
        let rows = policies::all(&mut conn, today).await?.into_iter();
        let rows = rows.map(|row| PolicyView {
            id: row.id,
            name: row.name,
            policy: row.policy.0,
            version: row.version,
            people: row.people,
        });
        Ok(rows.collect())
    }

    /// Makes or changes a policy; open days under it are derived again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `attendance:manage`; [`Error::Invalid`]; [`Error::Taken`] for
    /// its name; [`Error::Changed`].
    pub async fn save_policy(
        &self,
        actor: &Actor,
        id: Option<PolicyId>,
        version: i32,
        name: &str,
        policy: &Policy,
    ) -> Result<PolicyId, Error> {
        actor.require(Permission::AttendanceManage)?;
        let now = self.deps.now();
        let name = accepted(name, policy)?;
        let id = match id {
            None => self.make_policy(actor, name, policy, now).await?,
            Some(id) => {
                let seen = (id, version);
                self.change_policy(actor, seen, name, policy, now).await?;
                id
            }
        };
        Ok(id)
    }

    async fn make_policy(
        &self,
        actor: &Actor,
        name: &str,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<PolicyId, Error> {
        let id = self.deps.new_id();
        let mut tx = self.deps.db.begin("attendance.make_policy").await?;
        let made = policies::insert(&mut tx, id, name, policy, now).await;
        on_constraint(made, "policy_name_unique", || Error::Taken("name"))?;
        let (subject, detail) = (subject(id), json!({ "name": name, "policy": policy }));
        self.audit_in_tx(&mut tx, actor, "policy.made", subject, detail)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn change_policy(
        &self,
        actor: &Actor,
        (id, version): (PolicyId, i32),
        name: &str,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("attendance.change_policy").await?;
        stale::share_periods(&mut tx).await?;
        let before = policies::find_locked(&mut tx, id).await?;
        let (old_name, old) = before.ok_or(Error::Changed)?;
        let changed = policies::update(&mut tx, id, version, name, policy, now).await;
        if !on_constraint(changed, "policy_name_unique", || Error::Taken("name"))? {
            return Err(Error::Changed);
        }
        let stale = reach::open_days(&mut tx, &By::Policy(id)).await?;
        self.mark_stale_in_tx(&mut tx, &stale).await?;
        let changes = changes(&told(&old_name, &old)?, &told(name, policy)?);
        let detail = json!({ "name": name, "changes": changes });
        self.audit_in_tx(&mut tx, actor, "policy.changed", subject(id), detail)
            .await?;
        tx.commit().await?;
        self.nudge();
        Ok(())
    }
}

fn subject(id: PolicyId) -> String {
    format!("policy:{id}")
}

/// A policy with its name, field by field.
fn told(name: &str, policy: &Policy) -> Result<Value, Error> {
    let mut told =
        serde_json::to_value(policy).map_err(|error| Error::Defect(error.to_string()))?;
    if let Some(fields) = told.as_object_mut() {
        fields.insert("name".to_owned(), json!(name));
    }
    Ok(told)
}

/// The name without what is around it, if nothing is wrong with it and the policy.
fn accepted<'a>(name: &'a str, policy: &Policy) -> Result<&'a str, Error> {
    let name = name.trim();
    let mut errors = policy.errors();
    if !(1..=80).contains(&name.chars().count()) {
        errors.push(FieldError {
            field: "name".to_owned(),
            message: "Give it a name of 1 to 80 characters.".to_owned(),
        });
    }
    if errors.is_empty() {
        Ok(name)
    } else {
        Err(Error::Invalid(Problem::invalid(errors)))
    }
}
