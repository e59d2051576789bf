//! Rows of a form, and one more on demand. Pages that are not awake have an empty row to spare.

use leptos::prelude::*;

use crate::ui::{Button, Glyph, Icon, Look};

/// The rows that are there, those that were added, and the button that adds one. `another` makes
/// the row that is added as the first, second, … one, from zero.
pub fn growing(
    given: Vec<AnyView>,
    another: impl Fn(u32) -> AnyView + Clone + Send + 'static,
    words: &'static str,
    spoken: String,
) -> AnyView {
    let added = RwSignal::new(0_u32);
    view! {
        {given}
        <For each=move || 0..added.get() key=|row| *row children=another/>
        <span class="when-awake">
            <Button
                look=Look::Quiet
                icon=Icon::Plus
                small=true
                on:click=move |_| added.update(|n| *n += 1)
            >
                {words}
                <span class="sr-only">{spoken}</span>
            </Button>
        </span>
    }
    .into_any()
}

/// What stands under a row or a group of rows: its error.
pub fn row_error(id: &str, error: Signal<Option<String>>) -> impl IntoView + use<> {
    let message = move || {
        error
            .get()
            .map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
    };
    view! {
        <p class="field-error" id=format!("{id}-error")>
            {message}
        </p>
    }
}
