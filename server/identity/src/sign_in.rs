//! Signing in with e-mail and password.

use std::net::IpAddr;

use model::Actor;
use model::identity::PersonView;
use serde_json::json;

use crate::email::Email;
use crate::error::Error;
use crate::people::Person;
use crate::store::{attempts, people};
use crate::{Identity, Reader};

/// The subject of a refusal that concerns nobody we know.
const NOBODY: &str = "unknown";

impl Identity {
    /// Signs a person in and gives the profile; the edge then puts the id into the session under
    /// [`crate::PERSON_KEY`] and gives the session a fresh id. Nobody is signed in yet, so this is
    /// the one use case without an actor.
    ///
    /// Whoever calls learns nothing but yes or no: an unknown address, a wrong password and a
    /// disabled account take the same steps and give the same answer.
    ///
    /// # Errors
    /// [`Error::SignInRefused`]; [`Error::TooManyAttempts`] after ten tries for one e-mail address
    /// or fifty from one network address within 15 minutes, even with the right password.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<PersonView, Error> {
        let now = self.deps.now();
        let counted = self.count_attempt(email, Some(from), now).await?;
        let person = self.person_with_email(email).await?;
        let stored = person
            .as_ref()
            .and_then(|person| person.password_hash.as_deref());
        // No connection is held here: hashing may have to wait for its turn.
        let right = self.deps.hasher.verify(password, stored).await?;

        let mut tx = self.deps.db.begin("identity.sign_in").await?;
        let reason = match &person {
            None => "unknown",
            Some(_) if !right => "password",
            Some(person) if !people::still_as_read(&mut tx, person).await? => "changed",
            Some(person) if person.disabled_at.is_some() => "disabled",
            Some(person) => {
                attempts::clear_email(&mut tx, &counted.email).await?;
                let subject = format!("person:{}", person.id);
                self.record_in_tx(
                    &mut tx,
                    &person.actor(),
                    "session.signed_in",
                    &subject,
                    json!({}),
                )
                .await?;
                tx.commit().await?;
                tracing::info!(person.id = %person.id, "a person signed in");
                return Ok(person.view(&Reader::of(&person.zone)));
            }
        };
        let subject = person.map_or_else(|| NOBODY.to_owned(), |p| format!("person:{}", p.id));
        let detail = json!({ "reason": reason });
        self.record_in_tx(
            &mut tx,
            &Actor::system("sign-in"),
            "session.refused",
            &subject,
            detail,
        )
        .await?;
        tx.commit().await?;
        tracing::info!("a try to sign in was refused");
        Err(Error::SignInRefused)
    }

    async fn person_with_email(&self, email: &str) -> Result<Option<Person>, Error> {
        let mut conn = self.deps.db.read().await?;
        // What is no address is looked up all the same, and is nobody's.
        let key = Email::parse(email)
            .map(|email| email.key())
            .unwrap_or_default();
        Ok(people::find_by_email(&mut conn, &key).await?)
    }
}
