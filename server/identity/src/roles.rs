//! What a person may do. Somebody must always be left who can run the installation, and only an
//! administrator makes or unmakes one: a token that may write people cannot promote its owner.

use model::identity::PersonView;
use model::{Actor, Permission, PersonId, Role};
use serde_json::json;
use sqlx::PgConnection;

use crate::error::Error;
use crate::people::Person;
use crate::store::people;
use crate::{Identity, Reader};

impl Identity {
    /// Gives a person these roles and no others. They count from the next request on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:write`, or when the role `admin` is given or taken by
    /// somebody who is not an administrator; [`Error::Invalid`] without any role;
    /// [`Error::NotFound`]; [`Error::LastAdmin`].
    pub async fn set_roles(
        &self,
        actor: &Actor,
        id: PersonId,
        roles: &[Role],
    ) -> Result<PersonView, Error> {
        actor.require(Permission::PeopleWrite)?;
        let roles = in_order(roles);
        if roles.is_empty() {
            return Err(Error::field("roles", "Choose at least one role."));
        }

        let mut tx = self.deps.db.begin("identity.set_roles").await?;
        people::lock_roles(&mut tx).await?;
        let mut person = people::get(&mut tx, id).await?;
        if person.is_admin() != roles.contains(&Role::Admin) {
            require_admin(actor)?;
        }
        if !roles.contains(&Role::Admin) {
            keep_an_admin_in_tx(&mut tx, &person).await?;
        }
        if person.roles != roles {
            people::replace_roles(&mut tx, id, &roles).await?;
            let detail = json!({ "before": person.roles, "after": roles });
            let subject = format!("person:{id}");
            self.record_in_tx(&mut tx, actor, "person.roles_set", &subject, detail)
                .await?;
            self.tell_in_tx(&mut tx, id).await?;
            person.roles = roles;
        }
        tx.commit().await?;
        Ok(person.view(&Reader::actor(actor)))
    }
}

/// Whether the actor has all that an administrator has.
pub(crate) fn require_admin(actor: &Actor) -> Result<(), Error> {
    Role::Admin
        .permissions()
        .iter()
        .try_for_each(|needed| actor.require(*needed))?;
    Ok(())
}

/// Refuses to lose the person as an administrator if nobody else is one. The caller holds the lock
/// on roles, under which alone administrators come and go.
pub(crate) async fn keep_an_admin_in_tx(
    conn: &mut PgConnection,
    person: &Person,
) -> Result<(), Error> {
    let counts = person.is_admin() && person.disabled_at.is_none();
    if counts && people::count_other_admins(conn, person.id).await? == 0 {
        return Err(Error::LastAdmin);
    }
    Ok(())
}

/// Each role once, in the order of their declaration.
pub(crate) fn in_order(roles: &[Role]) -> Vec<Role> {
    Role::ALL
        .iter()
        .copied()
        .filter(|role| roles.contains(role))
        .collect()
}
