//! People as meetings need them: kept in step with identity, found by those who invite.

use model::permission::Who;
use model::scheduling::meeting::Colleague;
use model::{Actor, Permission, PersonId};
use sqlx::PgConnection;

use crate::store::people;
use crate::{Error, Scheduling};

/// How many people a search gives.
const FOUND: i64 = 20;

impl Scheduling {
    /// Makes or changes a person, in the caller's transaction. Told again, it changes nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_person_in_tx(
        &self,
        conn: &mut PgConnection,
        person: &Colleague,
        active: bool,
    ) -> Result<(), sqlx::Error> {
        people::keep(conn, person, active).await
    }

    /// People whose name or address has the words in it; the first ones by name for no words.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`.
    pub async fn search_people(&self, actor: &Actor, words: &str) -> Result<Vec<Colleague>, Error> {
        actor.require(Permission::MeetingsRead)?;
        let words = words.trim().to_lowercase();
        if words.chars().count() > 100 {
            return Ok(Vec::new());
        }
        let mut pattern = String::from("%");
        for c in words.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        let mut conn = self.deps.db.read().await?;
        Ok(people::search(&mut conn, &pattern, FOUND).await?)
    }

    /// The person who asks.
    ///
    /// # Errors
    /// [`Error::NotAPerson`] for a program or a part of Punctual.
    pub(crate) async fn reader(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
    ) -> Result<Colleague, Error> {
        let Who::Person { id, name } = &actor.who else {
            return Err(Error::NotAPerson);
        };
        let known = people::by_ids(conn, &[*id]).await?;
        // Whoever was added a moment ago is not told of yet; name and zone came with the session.
        Ok(known.into_iter().next().unwrap_or_else(|| Colleague {
            id: *id,
            name: name.clone(),
            email: String::new(),
            zone: actor.zone.clone(),
        }))
    }
}

/// A person's id, if a text is one.
pub(crate) fn person_id(text: &str) -> Option<PersonId> {
    text.trim().parse().ok()
}
