//! Who calls: a server with the secret key, or a browser with the publishable one.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::errors::ApiError;
use super::form::Params;
use crate::Config;

/// Whose key it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The merchant's server.
    Secret,
    /// The customer's browser; may only touch what it holds a client secret for.
    Browser,
}

/// Reads the key from `Authorization: Bearer`, Basic (as the user name), or the parameter `key`
/// that scripts in the browser send.
///
/// # Errors
/// 401 without a key or with one that is not ours.
pub(crate) fn caller(
    headers: &HeaderMap,
    params: &Params,
    config: &Config,
) -> Result<Caller, ApiError> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let key = match header.and_then(|text| text.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.to_owned()),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("basic") => STANDARD
            .decode(token.trim())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(|pair| pair.split(':').next().unwrap_or_default().to_owned()),
        _ => params
            .text("key")
            .filter(|key| key.starts_with("pk_"))
            .map(str::to_owned),
    };
    match key.as_deref().map(str::trim) {
        None | Some("") => Err(ApiError::auth(
            401,
            "You did not provide an API key. Send it as HTTP Basic user name or as a Bearer token.",
        )),
        Some(key) if key == config.secret_key => Ok(Caller::Secret),
        Some(key) if key == config.publishable_key => Ok(Caller::Browser),
        Some(key) => {
            let tail: String = key
                .chars()
                .rev()
                .take(4)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let text = format!("Invalid API Key provided: {}****{tail}", &prefix(key));
            Err(ApiError::auth(401, text))
        }
    }
}

fn prefix(key: &str) -> String {
    key.chars()
        .take(8)
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}
