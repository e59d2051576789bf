//! Small choices that a browser keeps in a cookie: the theme, and whether the rail is folded.
//! The server reads them while it renders, so nothing flickers; both sides read the same value.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The cookie of the theme.
pub const THEME_COOKIE: &str = "theme";
/// The cookie of the rail.
pub const RAIL_COOKIE: &str = "rail";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The word in cookie, form and attribute: `auto`, `light`, `dark`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The word on the switch.
    pub const fn label(self) -> &'static str {
        match self {
            Theme::Auto => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Reads a cookie's or a form's word; anything unknown is `Auto`.
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .unwrap_or_default()
    }

    /// The choice of this browser.
    pub fn current() -> Self {
        cookie(THEME_COOKIE)
            .map(|word| Self::from_word(&word))
            .unwrap_or_default()
    }

    /// The header that remembers this choice for a year, for the server's `POST /theme`.
    pub fn cookie_header(self) -> String {
        cookie_text(THEME_COOKIE, self.as_str())
    }

    /// Applies the choice to the open page and remembers it. Does nothing on the server.
    pub fn apply(self) {
        if let Some(root) = browser_document().and_then(|document| document.document_element()) {
            // The attribute is ours and its value one of three words, so this cannot fail.
            let _ = root.set_attribute("data-theme", self.as_str());
        }
        set_cookie(THEME_COOKIE, self.as_str());
    }
}

fn cookie_text(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")
}

/// The value of a cookie in the text of a `Cookie` header.
pub fn find_cookie(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// The value of a cookie: of the request on the server, of the document in the browser.
#[cfg(feature = "ssr")]
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    let headers = parts.headers.get_all(http::header::COOKIE);
    headers
        .iter()
        .filter_map(|header| header.to_str().ok())
        .find_map(|text| find_cookie(text, name))
}

/// The value of a cookie: of the request on the server, of the document in the browser.
#[cfg(not(feature = "ssr"))]
pub fn cookie(name: &str) -> Option<String> {
    let document = browser_document()?;
    let text = js_sys::Reflect::get(&document, &"cookie".into())
        .ok()?
        .as_string()?;
    find_cookie(&text, name)
}

/// Remembers a small choice for a year. Does nothing on the server.
pub fn set_cookie(name: &str, value: &str) {
    if let Some(document) = browser_document() {
        // A browser that keeps no cookies forgets the choice, and that is all.
        let _ = js_sys::Reflect::set(
            &document,
            &"cookie".into(),
            &cookie_text(name, value).into(),
        );
    }
}

fn browser_document() -> Option<web_sys::Document> {
    if is_server() {
        None
    } else {
        web_sys::window()?.document()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(
            find_cookie("id=1; theme=dark; rail=", "theme").as_deref(),
            Some("dark")
        );
        assert_eq!(find_cookie("mytheme=dark", "theme"), None);
    }

    #[test]
    fn an_unknown_theme_is_the_system_s() {
        assert_eq!(Theme::from_word("sepia"), Theme::Auto);
        assert_eq!(Theme::from_word("dark"), Theme::Dark);
    }
}
