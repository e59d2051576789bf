//! The frame of pages for customers: the organisation's name, and nothing to wander off to.

use leptos::prelude::*;

use crate::ui::Mark;

/// The frame of checkout, receipt and booking pages: one column, 16-px text.
#[component]
pub fn PublicFrame(
    /// Who asks to be paid, or invites.
    #[prop(into)]
    organisation: Signal<String>,
    /// The page, usually an `<Outlet/>`.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <div class="public">
            <header class="public-head">{move || organisation.get()}</header>
            <main class="public-main" id="main" tabindex="-1">
                {children()}
            </main>
            <footer class="public-foot">
                <span>
                    <Mark/>
                    "Run with Punctual"
                </span>
            </footer>
        </div>
    }
}
