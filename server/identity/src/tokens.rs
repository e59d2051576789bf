//! API tokens: make, list, revoke. The text of a token is shown once; what stays is its hash.

use chrono::{DateTime, TimeDelta, Utc};
use model::identity::{CreateToken, Hidden, NewToken, TokenState, TokenView};
use model::{Actor, FieldError, Page, Permission, TokenId};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::people::accepted_name;
use crate::store::tokens;
use crate::{Identity, Reader, cursor, page_size};

/// A token as stored.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: TokenId,
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) scopes: Vec<Permission>,
    pub(crate) created_by: String,
    pub(crate) created_by_label: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) last_used_at: Option<DateTime<Utc>>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    fn state_at(&self, now: DateTime<Utc>) -> TokenState {
        if self.revoked_at.is_some() {
            TokenState::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            TokenState::Expired
        } else {
            TokenState::Active
        }
    }

    pub(crate) fn works_at(&self, now: DateTime<Utc>) -> bool {
        self.state_at(now) == TokenState::Active
    }

    fn view(&self, reader: &Reader, now: DateTime<Utc>) -> TokenView {
        TokenView {
            id: self.id,
            name: self.name.clone(),
            prefix: self.prefix.clone(),
            scopes: self.scopes.clone(),
            state: self.state_at(now),
            created_by: self.created_by_label.clone(),
            created_at: reader.stamp(self.created_at),
            expires_at: self.expires_at.map(|at| reader.stamp(at)),
            last_used_at: self.last_used_at.map(|at| reader.stamp(at)),
            revoked_at: self.revoked_at.map(|at| reader.stamp(at)),
        }
    }
}

impl Identity {
    /// Makes a token and gives its text, which is shown this once.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `tokens:write`; [`Error::Invalid`] on `name`, `scopes` (none, or
    /// one that the actor lacks) or `expiresInDays`.
    pub async fn create_token(
        &self,
        actor: &Actor,
        request: &CreateToken,
    ) -> Result<NewToken, Error> {
        actor.require(Permission::TokensWrite)?;
        let now = self.deps.now();
        let text = TokenText::new(&self.deps.secret_hex::<32>());
        let token = accepted(actor, request, self.deps.new_id(), &text, now)?;

        let mut tx = self.deps.db.begin("identity.create_token").await?;
        tokens::insert(&mut tx, &token, &text.hash()).await?;
        let subject = format!("token:{}", token.id);
        let detail = json!({ "scopes": token.scopes, "prefix": token.prefix });
        self.record_in_tx(&mut tx, actor, "token.created", &subject, detail)
            .await?;
        tx.commit().await?;
        let token = token.view(&Reader::actor(actor), now);
        Ok(NewToken {
            token,
            secret: Hidden::from(text.0),
        })
    }

    /// All tokens, newest first, also those that no longer work. `limit` is 1 to 200.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `tokens:write`; [`Error::Invalid`] for a cursor that is none.
    pub async fn list_tokens(
        &self,
        actor: &Actor,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<TokenView>, Error> {
        actor.require(Permission::TokensWrite)?;
        let now = self.deps.now();
        let after = cursor::<TokenId>(after)?;
        let limit = page_size(limit);
        let mut conn = self.deps.db.read().await?;
        let rows = tokens::list(&mut conn, after, limit + 1).await?;
        let reader = Reader::actor(actor);
        let views = rows.iter().map(|token| token.view(&reader, now)).collect();
        Ok(Page::from_overfetch(
            views,
            limit as usize,
            |view: &TokenView| view.id.to_string(),
        ))
    }

    /// Takes a token back; it is refused from the next request on. Done twice, it changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `tokens:write`; [`Error::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<TokenView, Error> {
        actor.require(Permission::TokensWrite)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("identity.revoke_token").await?;
        if tokens::revoke(&mut tx, id, now).await? {
            let subject = format!("token:{id}");
            self.record_in_tx(&mut tx, actor, "token.revoked", &subject, json!({}))
                .await?;
        }
        let token = tokens::find_by_id(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("token"))?;
        tx.commit().await?;
        Ok(token.view(&Reader::actor(actor), now))
    }
}

/// The request as a token, or what is wrong with its fields.
fn accepted(
    actor: &Actor,
    request: &CreateToken,
    id: TokenId,
    text: &TokenText,
    now: DateTime<Utc>,
) -> Result<Token, Error> {
    let mut errors = Vec::new();
    let mut object = |field: &str, message: String| {
        errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    if let Err(message) = accepted_name(&request.name) {
        object("name", message.to_owned());
    }
    if request.scopes.is_empty() {
        object("scopes", "Choose at least one scope.".to_owned());
    }
    if let Some(lacking) = request.scopes.iter().find(|scope| !actor.may(**scope)) {
        object(
            "scopes",
            format!("You cannot give away {lacking}, since you do not have it."),
        );
    }
    if request.expires_in_days == Some(0) {
        object(
            "expiresInDays",
            "A token must last at least a day.".to_owned(),
        );
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Token {
        id,
        name: request.name.trim().to_owned(),
        prefix: text.prefix(),
        scopes: Permission::ALL
            .iter()
            .copied()
            .filter(|p| request.scopes.contains(p))
            .collect(),
        created_by: actor.who.reference(),
        created_by_label: actor.who.label().to_owned(),
        created_at: now,
        expires_at: request
            .expires_in_days
            .map(|days| now + TimeDelta::days(i64::from(days))),
        last_used_at: None,
        revoked_at: None,
    })
}

/// The text of a token: `pun_`, 64 hex digits of secret, `_`, 8 hex digits of checksum. The fixed
/// beginning lets scanners find a leaked one; the checksum lets us drop a mistyped one unasked.
pub(crate) struct TokenText(String);

impl TokenText {
    const START: &'static str = "pun_";
    const SECRET_DIGITS: usize = 64;
    const SHOWN_DIGITS: usize = 8;

    fn new(secret_hex: &str) -> Self {
        Self(format!(
            "{}{secret_hex}_{}",
            Self::START,
            checksum(secret_hex)
        ))
    }

    /// Reads a text that is whole; `None` for one that we never gave out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (secret, sum) = text.strip_prefix(Self::START)?.split_once('_')?;
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let whole = secret.len() == Self::SECRET_DIGITS
            && secret.bytes().all(hex)
            && bool::from(sum.as_bytes().ct_eq(checksum(secret).as_bytes()));
        whole.then(|| Self(text.to_owned()))
    }

    /// What is stored and looked up. The secret has 256 random bits, so a plain hash cannot be
    /// guessed back and needs no salt.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    fn prefix(&self) -> String {
        self.0
            .chars()
            .take(Self::START.len() + Self::SHOWN_DIGITS)
            .collect()
    }
}

fn checksum(secret_hex: &str) -> String {
    let digest = Sha256::digest(format!("punctual token {secret_hex}").as_bytes());
    digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_back_and_any_other_character_breaks_it() {
        let text = TokenText::new(&"5a".repeat(32));
        assert!(TokenText::parse(&text.0).is_some());
        for at in 0..text.0.len() {
            let mut garbled = text.0.clone().into_bytes();
            garbled[at] = if garbled[at] == b'0' { b'1' } else { b'0' };
            let garbled = String::from_utf8(garbled).expect("still ASCII");
            assert!(TokenText::parse(&garbled).is_none(), "{garbled}");
        }
        assert!(TokenText::parse("").is_none());
        assert!(TokenText::parse("pun__").is_none());
    }
}
