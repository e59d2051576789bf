//! What stands in the rail: made on the server for one person, the same in the browser.

use serde::{Deserialize, Serialize};

use crate::ui::Icon;

/// Everything that the frame knows of the signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Navigation {
    /// The sections, by role.
    pub sections: Vec<NavSection>,
    /// The person's name.
    pub person: String,
    /// The IANA name of the zone in which times are shown.
    pub zone: String,
    /// Where the palette searches when nothing in it fits, if there is a search.
    pub search: Option<NavSearch>,
}

/// A group of pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavSection {
    /// The words above it; empty for the first.
    pub label: String,
    /// The pages.
    pub items: Vec<NavItem>,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Its icon.
    pub icon: Icon,
}

/// A list that the palette can search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavSearch {
    /// What is searched: `payments`.
    pub what: String,
    /// The path of the list; the words go into its parameter `search`.
    pub href: String,
}

impl NavItem {
    /// A page with its address and icon.
    pub fn new(label: impl Into<String>, href: impl Into<String>, icon: Icon) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            icon,
        }
    }
}

impl NavSection {
    /// A section with its pages.
    pub fn new(label: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self {
            label: label.into(),
            items,
        }
    }
}

impl Navigation {
    /// Every page with the name of its section, in order.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &NavItem)> {
        self.sections.iter().flat_map(|section| {
            section
                .items
                .iter()
                .map(|item| (section.label.as_str(), item))
        })
    }

    /// The address of the item that a path belongs to: the longest that begins it.
    pub fn current(&self, path: &str) -> Option<&str> {
        self.pages()
            .map(|(_, item)| item.href.as_str())
            .filter(|href| {
                path == *href
                    || (*href != "/"
                        && path
                            .strip_prefix(href)
                            .is_some_and(|rest| rest.starts_with('/')))
            })
            .max_by_key(|href| href.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_is_the_current_one() {
        let item = |href: &str| NavItem::new(href, href, Icon::Home);
        let items = vec![item("/"), item("/payments"), item("/payments/disputes")];
        let navigation = Navigation {
            sections: vec![NavSection::new("", items)],
            person: String::new(),
            zone: String::new(),
            search: None,
        };
        assert_eq!(navigation.current("/payments/123"), Some("/payments"));
        assert_eq!(
            navigation.current("/payments/disputes/9"),
            Some("/payments/disputes")
        );
        assert_eq!(navigation.current("/paymentsx"), None);
        assert_eq!(navigation.current("/"), Some("/"));
    }
}
