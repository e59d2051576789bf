//! Filters that live in the address: a row of chips, and a search field.

use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use super::icon::{Glyph, Icon};
use crate::format;
use crate::paths::use_here;

/// One chip of a filter row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterOption {
    /// The parameter's value; `None` takes the parameter away (*All*).
    pub value: Option<String>,
    /// The word.
    pub label: String,
    /// How many there are, if it is known.
    pub count: Option<i64>,
}

impl FilterOption {
    /// The chip that filters nothing.
    pub fn all(label: impl Into<String>) -> Self {
        Self {
            value: None,
            label: label.into(),
            count: None,
        }
    }

    /// The chip of a value.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: Some(value.into()),
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

/// The line of filters above a table: chips, search, and whatever else stands there.
#[component]
pub fn Filters(
    /// Filter rows, search field, buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="filters">{children()}</div> }
}

/// One parameter's values as links; a press sets it and begins at the first page.
#[component]
pub fn FilterChips(
    /// What is filtered, for those who listen.
    #[prop(into)]
    label: String,
    /// The parameter in the address.
    param: &'static str,
    /// The chips.
    options: Vec<FilterOption>,
) -> impl IntoView {
    let here = use_here();
    let query = use_query_map();
    let chips = options
        .into_iter()
        .map(|option| {
            let wanted = option.value.clone();
            let current =
                move || query.with(|query| query.get(param).filter(|v| !v.is_empty()) == wanted);
            let value = option.value;
            let href = move || here.with(&[(param, value.as_deref()), ("cursor", None)]);
            let count = option.count.map(|count| {
                view! { <span class="filter-count">{format::count(count)}</span> }
            });
            view! {
                <a class="filter" href=href aria-current=move || current().then_some("true")>
                    {option.label}
                    {count}
                </a>
            }
        })
        .collect_view();
    view! { <div class="filter-row" role="group" aria-label=label>{chips}</div> }
}

/// Searches the list by a parameter of the address; keeps the other filters. Works without
/// scripts as a plain form.
#[component]
pub fn SearchField(
    /// What is searched, for those who listen.
    #[prop(into)]
    label: String,
    /// The parameter in the address.
    #[prop(default = "search")]
    param: &'static str,
    /// What can be searched for, in a few words.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let here = use_here();
    let query = use_query_map();
    let value = move || query.with(|query| query.get(param).unwrap_or_default());
    let kept = move || {
        query.with(|query| {
            query
                .clone()
                .into_iter()
                .filter(|(key, _)| key != param && key != "cursor")
                .map(|(key, value)| {
                    view! { <input type="hidden" name=key.to_string() value=value/> }
                })
                .collect_view()
        })
    };
    view! {
        <div role="search" class="search">
            <Form method="GET" action=move || here.path()>
                {kept}
                <input
                    class="input"
                    type="search"
                    name=param
                    aria-label=label
                    placeholder=placeholder
                    value=value
                    prop:value=value
                    autocomplete="off"
                />
            </Form>
            <Glyph icon=Icon::Search/>
        </div>
    }
}
