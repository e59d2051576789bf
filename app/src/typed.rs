//! What was typed into a form that was sent without scripts and refused, given back to its fields.
//!
//! The server's edge keeps it for the one page that the refusal leads to (`http/refused.rs`), and
//! leaves it with that page's request. There the fields take it as what stands in them at first.
//!
//! In the browser there is none, on purpose. When the page wakes up, Leptos leaves the attributes
//! of the server's elements and the text of a textarea as they are, so a field goes on showing what
//! the server wrote into it. It must decide over nothing else: what elements there are has to come
//! out the same on both sides.

use serde::{Deserialize, Serialize};

/// The fields of a form by name, as a browser sends them; a name may come more than once. It has no
/// `Debug`, so that what people type never gets into a log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// What was typed into the request's page before; always nothing in the browser.
    #[cfg(feature = "ssr")]
    pub fn before() -> Option<Self> {
        leptos::prelude::use_context::<http::request::Parts>()?
            .extensions
            .get::<Self>()
            .cloned()
    }

    /// What was typed into the request's page before; always nothing in the browser.
    #[cfg(not(feature = "ssr"))]
    pub const fn before() -> Option<Self> {
        None
    }

    /// What stood in a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// Whether a box of this name and value was ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0
            .iter()
            .any(|(key, kept)| key == name && kept == value)
    }
}

impl FromIterator<(String, String)> for Typed {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// Parts of names that say that a field is secret.
const SECRET: [&str; 6] = ["password", "passphrase", "secret", "token", "card", "cvc"];

/// Whether a field is never to be kept, by its name.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_field_finds_what_stood_in_it() {
        let typed = typed(&[("form[amount]", "49.905"), ("form[reference]", "")]);
        assert_eq!(typed.get("form[amount]"), Some("49.905"));
        assert_eq!(typed.get("form[reference]"), Some(""));
        assert_eq!(typed.get("amount"), None);
    }

    #[test]
    fn boxes_share_a_name() {
        let typed = typed(&[("roles[]", "finance"), ("roles[]", "hr")]);
        assert!(typed.has("roles[]", "finance") && typed.has("roles[]", "hr"));
        assert!(!typed.has("roles[]", "admin"));
    }

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in [
            "password",
            "form[newPassword]",
            "token",
            "client_secret",
            "cardNumber",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["email", "form[customer_name]", "scopes[]", "zone", "text"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
