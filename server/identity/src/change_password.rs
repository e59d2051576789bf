//! Changing a password: one's own with the present one, or another's by an administrator.

use model::identity::ChangePassword;
use model::permission::Forbidden;
use model::{Actor, Permission, PersonId};
use serde_json::json;

use crate::error::Error;
use crate::people::Person;
use crate::roles::require_admin;
use crate::store::{attempts, people, sessions};
use crate::{Identity, passwords};

impl Identity {
    /// Changes one's own password and ends all of one's sessions. The edge then gives the present
    /// session a fresh id, with which alone it goes on. Wrong present passwords count as tries to
    /// sign in, so an open browser is no place to guess from.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anything but a person; [`Error::Invalid`] on `current` or `new`;
    /// [`Error::TooManyAttempts`]; [`Error::PasswordChangedMeanwhile`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        request: &ChangePassword,
    ) -> Result<(), Error> {
        actor.require(Permission::SelfRead)?;
        let id = actor.person_id().ok_or(Forbidden(Permission::SelfRead))?;
        let now = self.deps.now();
        let person = self.read_person(id).await?;
        accept("new", request.new.expose(), &person)?;
        let counted = self.count_attempt(&person.email, None, now).await?;
        let stored = person.password_hash.as_deref();
        if !self
            .deps
            .hasher
            .verify(request.current.expose(), stored)
            .await?
        {
            return Err(Error::field(
                "current",
                "This is not your present password.",
            ));
        }
        let hash = self.hash_password(request.new.expose()).await?;

        let mut tx = self.deps.db.begin("identity.change_password").await?;
        if !people::still_as_read(&mut tx, &person).await? {
            return Err(Error::PasswordChangedMeanwhile);
        }
        people::set_password_hash(&mut tx, id, &hash).await?;
        attempts::clear_email(&mut tx, &counted.email).await?;
        let ended = sessions::delete_of_person(&mut tx, id).await?;
        let subject = format!("person:{id}");
        let detail = json!({ "sessions": ended });
        self.record_in_tx(&mut tx, actor, "person.password_changed", &subject, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a person a password without asking for the present one, and ends all of the person's
    /// sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:write`, or towards an administrator by somebody who is
    /// none; [`Error::NotFound`]; [`Error::Invalid`] on `password`.
    pub async fn set_password(
        &self,
        actor: &Actor,
        id: PersonId,
        password: &str,
    ) -> Result<(), Error> {
        actor.require(Permission::PeopleWrite)?;
        let person = self.read_person(id).await?;
        accept("password", password, &person)?;
        let hash = self.hash_password(password).await?;

        let mut tx = self.deps.db.begin("identity.set_password").await?;
        people::lock_roles(&mut tx).await?;
        if people::get(&mut tx, id).await?.is_admin() {
            require_admin(actor)?;
        }
        people::set_password_hash(&mut tx, id, &hash).await?;
        let ended = sessions::delete_of_person(&mut tx, id).await?;
        let subject = format!("person:{id}");
        let detail = json!({ "sessions": ended });
        self.record_in_tx(&mut tx, actor, "person.password_set", &subject, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn read_person(&self, id: PersonId) -> Result<Person, Error> {
        let mut conn = self.deps.db.read().await?;
        people::get(&mut conn, id).await
    }
}

fn accept(field: &str, password: &str, person: &Person) -> Result<(), Error> {
    match passwords::objection(password, &person.email) {
        Some(message) => Err(Error::field(field, message)),
        None => Ok(()),
    }
}
