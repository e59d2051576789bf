//! From what a request carries to an actor. Asked on every request, so that a lost role, a disabled
//! account or a revoked token counts at once.

use chrono::TimeDelta;
use model::{Actor, PersonId};

use crate::Identity;
use crate::error::Error;
use crate::store::tokens;
use crate::tokens::TokenText;

/// How exact the last use of a token is kept: not every request shall write.
const LAST_USE_EXACTNESS: TimeDelta = TimeDelta::minutes(1);

impl Identity {
    /// The actor behind the person of a session; `None` for somebody disabled or unknown.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actor_of_person(&self, id: PersonId) -> Result<Option<Actor>, Error> {
        let person = self.asked.people.ask(&self.deps, id).await?;
        Ok(person
            .filter(|person| person.disabled_at.is_none())
            .map(|person| person.actor()))
    }

    /// The actor behind the text of an API token; `None` for one that is garbled, unknown, expired
    /// or revoked.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn actor_of_token(&self, text: &str) -> Result<Option<Actor>, Error> {
        let now = self.deps.now();
        let Some(text) = TokenText::parse(text) else {
            return Ok(None);
        };
        let Some(token) = self.asked.tokens.ask(&self.deps, text.hash()).await? else {
            return Ok(None);
        };
        if !token.works_at(now) {
            return Ok(None);
        }
        if token
            .last_used_at
            .is_none_or(|last| now - last >= LAST_USE_EXACTNESS)
        {
            let mut conn = self.deps.db.read().await?;
            tokens::mark_used(&mut conn, token.id, now, now - LAST_USE_EXACTNESS).await?;
        }
        Ok(Some(Actor::token(token.id, &token.name, &token.scopes)))
    }
}
