//! Taking access away and giving it back: disable, enable, sign out everywhere.

use model::identity::PersonView;
use model::{Actor, Permission, PersonId};
use serde_json::json;

use crate::error::Error;
use crate::people::needed_for;
use crate::roles::{keep_an_admin_in_tx, require_admin};
use crate::store::{people, sessions};
use crate::{Identity, Reader};

impl Identity {
    /// Keeps a person from signing in and ends the person's sessions. Done twice, it changes
    /// nothing. API tokens that the person made go on working: they belong to programs, and the
    /// list of tokens names their maker.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:write`, or towards an administrator by somebody who is
    /// none; [`Error::NotFound`]; [`Error::LastAdmin`].
    pub async fn disable_person(&self, actor: &Actor, id: PersonId) -> Result<PersonView, Error> {
        actor.require(Permission::PeopleWrite)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("identity.disable_person").await?;
        people::lock_roles(&mut tx).await?;
        let mut person = people::get(&mut tx, id).await?;
        if person.is_admin() {
            require_admin(actor)?;
        }
        keep_an_admin_in_tx(&mut tx, &person).await?;
        if person.disabled_at.is_none() {
            person.disabled_at = Some(now);
            people::set_disabled(&mut tx, id, person.disabled_at).await?;
            let ended = sessions::delete_of_person(&mut tx, id).await?;
            let subject = format!("person:{id}");
            let detail = json!({ "sessions": ended });
            self.record_in_tx(&mut tx, actor, "person.disabled", &subject, detail)
                .await?;
            self.tell_in_tx(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(person.view(&Reader::actor(actor)))
    }

    /// Lets a person sign in again. Done twice, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `people:write`, or towards an administrator by somebody who is
    /// none; [`Error::NotFound`].
    pub async fn enable_person(&self, actor: &Actor, id: PersonId) -> Result<PersonView, Error> {
        actor.require(Permission::PeopleWrite)?;
        let mut tx = self.deps.db.begin("identity.enable_person").await?;
        people::lock_roles(&mut tx).await?;
        let mut person = people::get(&mut tx, id).await?;
        if person.is_admin() {
            require_admin(actor)?;
        }
        if person.disabled_at.take().is_some() {
            people::set_disabled(&mut tx, id, None).await?;
            let subject = format!("person:{id}");
            self.record_in_tx(&mut tx, actor, "person.enabled", &subject, json!({}))
                .await?;
            self.tell_in_tx(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(person.view(&Reader::actor(actor)))
    }

    /// Ends all sessions of a person, on every device, and gives their number. Everybody may do
    /// this for themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others without `people:write`; [`Error::NotFound`].
    pub async fn sign_out_everywhere(&self, actor: &Actor, id: PersonId) -> Result<u64, Error> {
        actor.require(needed_for(actor, id, Permission::PeopleWrite))?;
        let mut tx = self.deps.db.begin("identity.sign_out_everywhere").await?;
        people::get(&mut tx, id).await?;
        let ended = sessions::delete_of_person(&mut tx, id).await?;
        let subject = format!("person:{id}");
        let detail = json!({ "sessions": ended });
        self.record_in_tx(
            &mut tx,
            actor,
            "session.signed_out_everywhere",
            &subject,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(ended)
    }
}
