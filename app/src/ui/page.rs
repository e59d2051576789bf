//! The frame of a page's content: head with title, facts and actions, then sections.

use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;

use super::icon::{Glyph, Icon};
use crate::journey::Journey;

/// A page: its head, then its sections, at most 1280 px wide.
#[component]
pub fn Page(
    /// [`PageHeader`] first.
    children: Children,
) -> impl IntoView {
    view! { <div class="page">{children()}</div> }
}

/// The head of a page: the one `h1`, which takes the focus after a navigation, the document's
/// title, one line of facts, and actions at the right.
#[component]
pub fn PageHeader(
    /// The title, also of the document.
    #[prop(into)]
    title: Signal<String>,
    /// What stands as heading instead of the title, for example a large [`super::Amount`]; the
    /// title stays for those who listen.
    #[prop(optional)]
    face: Option<AnyView>,
    /// A chip beside the title.
    #[prop(optional)]
    chip: Option<AnyView>,
    /// One line of facts: several elements are parted by dots.
    #[prop(optional)]
    facts: Option<AnyView>,
    /// The page above: address and name.
    #[prop(optional)]
    back: Option<(String, String)>,
    /// Actions, the primary one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Journey::focus_on_arrival(heading);
    let words = match face {
        Some(face) => view! {
            <span class="sr-only">{move || title.get()} " "</span>
            {face}
        }
        .into_any(),
        None => (move || title.get()).into_any(),
    };
    // A heading that was drawn anew leaves what it said before among the document's titles, where it
    // is asked once more when the page is left. By then it is gone.
    let titled = move || title.try_get().unwrap_or_default();
    view! {
        <Title text=titled/>
        <header class="page-head">
            <div class="page-title">
                {back
                    .map(|(href, name)| {
                        view! {
                            <a class="page-back" href=href>
                                <Glyph icon=Icon::ArrowLeft/>
                                {name}
                            </a>
                        }
                    })}
                <div class="page-heading">
                    <h1 tabindex="-1" node_ref=heading>
                        {words}
                    </h1>
                    {chip}
                </div>
                {facts.map(|facts| view! { <div class="page-facts">{facts}</div> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}

/// A part of a page under a heading of its own.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A link or small button at the right of the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{title}</h2>
                {aside}
            </div>
            {children()}
        </section>
    }
}
