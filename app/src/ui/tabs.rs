//! Tabs that are links: each has its own address.

use leptos::prelude::*;

use crate::format;
use crate::paths::use_here;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Where to: a path, with or without a query.
    pub href: String,
    /// The word.
    pub label: String,
    /// How many are behind it.
    pub count: Option<i64>,
}

impl Tab {
    /// A tab with an address.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            count: None,
        }
    }

    /// With a count behind the word.
    #[must_use]
    pub fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

/// The row of tabs of one page. The current one is the one whose path is ours.
#[component]
pub fn Tabs(
    /// What the tabs divide, for those who listen.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
) -> impl IntoView {
    let here = use_here();
    let tabs = tabs
        .into_iter()
        .map(|tab| {
            let own = tab.href.clone();
            let current = move || {
                let address = if own.contains('?') {
                    here.full()
                } else {
                    here.path()
                };
                (address == own).then_some("page")
            };
            view! {
                <a class="tab" href=tab.href aria-current=current>
                    {tab.label}
                    {tab.count.map(|n| view! { <span class="tab-count">{format::count(n)}</span> })}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{tabs}</nav> }
}
