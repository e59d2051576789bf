//! The mark: a ring with one dot at the top. The dot is the point of the name.

use leptos::prelude::*;

/// The mark alone, decorative.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            // The ring leaves room for the dot, so that the two never touch at small sizes.
            <path class="mark-ring" d="M15.9 5.74a8.25 8.25 0 1 1-7.8 0"/>
            <circle class="mark-dot" cx="12" cy="4.5" r="2.75"/>
        </svg>
    }
}

/// The mark with the word beside it.
#[component]
pub fn WordMark(
    /// Where it leads, usually home.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! {
        <a class="wordmark" href=href>
            <Mark/>
            <span>"Punctual"</span>
        </a>
    }
}

/// The mark while something is on its way: the dot travels the ring, or rests where the system
/// asks for less motion.
#[component]
pub fn Loading(
    /// What is being waited for, read aloud and shown.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span class="loading" role="status">
            <Travelling/>
            <span>{label}</span>
        </span>
    }
}

/// The mark whose dot travels the ring, for a button that is busy.
#[component]
pub(super) fn Travelling() -> impl IntoView {
    view! {
        <svg class="mark mark-travelling" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle class="mark-ring" cx="12" cy="12" r="8.25"/>
            <circle class="mark-dot" cx="12" cy="3.75" r="2.75"/>
        </svg>
    }
}
