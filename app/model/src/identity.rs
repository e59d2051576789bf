//! Requests and views of the identity domain: signing in, people, API tokens, the audit log.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{AuditId, PersonId, TokenId};
use crate::permission::{Permission, Role};
use crate::time::Stamp;

/// A password or token on its way. It is plain text in JSON and never shows in debug output, so
/// that a logged request gives nothing away.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Hidden {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// The sign-in form.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The e-mail address, in any case.
    pub email: String,
    /// The password.
    pub password: Hidden,
}

/// A person changes the own password.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangePassword {
    /// The password until now.
    pub current: Hidden,
    /// The password from now on, 12 to 128 characters.
    pub new: Hidden,
}

/// A new person.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePerson {
    /// The address to sign in with; nobody else may have it, in any case.
    pub email: String,
    /// The name for people to read, 1 to 120 characters.
    pub name: String,
    /// The IANA name of the zone in which this person reads times.
    #[serde(default = "utc")]
    pub zone: String,
    /// What the person may do; at least one role.
    pub roles: Vec<Role>,
    /// The first password, 12 to 128 characters. Without one the person cannot sign in yet.
    #[serde(default)]
    pub password: Option<Hidden>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// A person as oneself and the administrators see it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Id.
    pub id: PersonId,
    /// The address to sign in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// The zone in which this person reads times.
    pub zone: String,
    /// The roles, in the order of [`Role::ALL`].
    pub roles: Vec<Role>,
    /// Whether a password is set.
    pub has_password: bool,
    /// Since when the person may not sign in.
    pub disabled_at: Option<Stamp>,
    /// When the person was added.
    pub created_at: Stamp,
}

/// A new API token.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateToken {
    /// What it is for, 1 to 120 characters.
    pub name: String,
    /// What it may do; at least one, and none that its creator lacks.
    pub scopes: Vec<Permission>,
    /// After how many days it stops working; never, if absent.
    #[serde(default)]
    pub expires_in_days: Option<u16>,
}

words!(
    /// Whether a token works.
    TokenState {
        /// It works.
        Active = "active",
        /// Its time is over.
        Expired = "expired",
        /// Somebody took it back.
        Revoked = "revoked",
    }
);

/// An API token without its secret.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// Id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The first characters of the secret, to tell tokens apart.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Permission>,
    /// Whether it works at this moment.
    pub state: TokenState,
    /// The name of who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Stamp,
    /// When it stops working.
    pub expires_at: Option<Stamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Stamp>,
    /// When it was revoked.
    pub revoked_at: Option<Stamp>,
}

/// A token that was just made. This is the only time the secret is shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewToken {
    /// The token as it will be listed.
    pub token: TokenView,
    /// What the program sends as `Authorization: Bearer …`.
    pub secret: Hidden,
}

/// One line of the audit log.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// Id.
    pub id: AuditId,
    /// When it happened.
    pub at: Stamp,
    /// Who did it: `person:<id>`, `token:<id>`, `system:<part>`.
    pub actor: String,
    /// The name of who did it, as it was then.
    pub actor_label: String,
    /// What was done, for example `person.created`.
    pub action: String,
    /// To what, for example `person:<id>`.
    pub subject: String,
    /// What belongs to the action, for example the roles before and after.
    pub detail: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_a_request_does_not_show_the_password() {
        let request = SignIn {
            email: "ada@example.org".into(),
            password: "correct staple".into(),
        };
        assert!(!format!("{request:?}").contains("staple"));
        let json = serde_json::to_value(&request).expect("plain text is JSON");
        assert_eq!(json["password"], "correct staple");
    }
}
