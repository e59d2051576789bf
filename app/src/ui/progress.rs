//! Long work, with how far it is.

use leptos::prelude::*;

use crate::format;

/// A bar for long work: imports, exports, runs.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: String,
    /// How much is done; `None` while it is not known.
    #[prop(into)]
    done: Signal<Option<i64>>,
    /// How much there is.
    #[prop(into)]
    total: Signal<i64>,
) -> impl IntoView {
    let words = move || match done.get() {
        Some(done) => format!("{} of {}", format::count(done), format::count(total.get())),
        None => "Counting".to_owned(),
    };
    let spoken = label.clone();
    view! {
        <div class="progress">
            <div class="progress-words">
                <span>{label}</span>
                <span>{words}</span>
            </div>
            <progress
                aria-label=spoken
                value=move || done.get().map(|done| done.to_string())
                max=move || total.get().max(1).to_string()
            ></progress>
        </div>
    }
}
