//! API tokens.

use leptos::prelude::*;
use model::identity::{NewToken, TokenView};
use model::{Page, Permission, TokenId};

use super::super::ApiError;

/// All tokens, newest first, also those that no longer work.
///
/// # Errors
/// 401; 403 without `tokens:write`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn list_tokens(cursor: Option<String>) -> Result<Page<TokenView>, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    Ok(identity
        .list_tokens(&actor, cursor.as_deref(), super::ROWS)
        .await?)
}

/// The scopes that the reader can give to a token.
///
/// # Errors
/// 401; 403 without `tokens:write`.
#[server(prefix = "/fn")]
pub async fn own_scopes() -> Result<Vec<Permission>, ApiError> {
    let actor = crate::ssr::actor()?;
    actor.require(Permission::TokensWrite)?;
    Ok(Permission::ALL
        .iter()
        .copied()
        .filter(|scope| actor.may(*scope))
        .collect())
}

/// Makes a token and gives its secret, this once. `days` is after how many days it stops working,
/// empty for never.
///
/// # Errors
/// 401; 403 without `tokens:write`; 409 where the secret could not be shown; 422 on `name`,
/// `scopes` or `days`.
#[server(prefix = "/fn")]
pub async fn create_token(
    name: String,
    #[server(default)] scopes: Vec<Permission>,
    #[server(default)] days: String,
) -> Result<NewToken, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    can_show_the_secret()?;
    let expires_in_days = match days.trim() {
        "" => None,
        days => Some(days.parse().map_err(|_| {
            model::Problem::invalid_field("days", "Enter a number of days up to 65,535.")
        })?),
    };
    let request = model::identity::CreateToken {
        name,
        scopes,
        expires_in_days,
    };
    Ok(identity.create_token(&actor, &request).await?)
}

/// Refuses a form that a page without scripts sends: its answer is a redirect, which would lose
/// the one text that is never shown again.
#[cfg(feature = "ssr")]
fn can_show_the_secret() -> Result<(), model::Problem> {
    let asks_for_a_page = use_context::<http::request::Parts>().is_some_and(|parts| {
        let accepted = parts.headers.get(http::header::ACCEPT);
        accepted
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"))
    });
    if !asks_for_a_page {
        return Ok(());
    }
    Err(model::Problem::new(
        409,
        "page_not_awake",
        "No token was made: the page was still loading and could not have shown its secret. Try again.",
    ))
}

/// Takes a token back.
///
/// # Errors
/// 401; 403 without `tokens:write`; 404.
#[server(prefix = "/fn")]
pub async fn revoke_token(id: TokenId) -> Result<TokenView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::identity::Identity>()?
        .revoke_token(&actor, id)
        .await?)
}
