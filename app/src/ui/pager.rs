//! Keyset paging: first and next, and a total that is honest.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::icon::{Glyph, Icon};
use crate::paths::use_here;

/// Links to the first and the next page of a list that is paged by `?cursor=`.
#[component]
pub fn Pager(
    /// What is shown, in words: `25 of 1,204 payments`.
    #[prop(into)]
    shown: String,
    /// The cursor of the next page, from [`model::Page`].
    next: Option<String>,
) -> impl IntoView {
    let here = use_here();
    let query = use_query_map();
    let first = move || {
        query.with(|query| query.get("cursor")).map(|_| {
            view! {
                <a class="button button-secondary button-small" href=here.with(&[("cursor", None)])>
                    "First page"
                </a>
            }
        })
    };
    let next = next.map(|cursor| {
        let href = move || here.with(&[("cursor", Some(&cursor))]);
        view! {
            <a class="button button-secondary button-small" href=href rel="next">
                "Next"
                <Glyph icon=Icon::ChevronRight/>
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label="Pages">
            <span class="num">{shown}</span>
            <span class="button-row">{first} {next}</span>
        </nav>
    }
}
