//! What the keyboard can do, under `?`.

use leptos::prelude::*;

use crate::ui::Dialog;

/// The id of the dialog.
pub const KEYS: &str = "keys";

/// The list of keys that work on every page.
const COMMON: &[(&str, &[&str])] = &[
    ("Search or go to a page", &["/"]),
    ("The same, from anywhere", &["Ctrl", "K"]),
    ("Show these keys", &["?"]),
    ("Choose in a list", &["↑", "↓"]),
    ("Go to what is chosen", &["Enter"]),
    ("Close what is open", &["Esc"]),
];

/// The dialog that lists the keys.
#[component]
pub fn KeysDialog() -> impl IntoView {
    let rows = COMMON
        .iter()
        .map(|(what, keys)| {
            let keys = keys
                .iter()
                .map(|key| view! { <kbd>{*key}</kbd> })
                .collect_view();
            view! {
                <div>
                    <dt>{*what}</dt>
                    <dd>{keys}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Dialog id=KEYS title="Keyboard keys">
            <dl class="keys">{rows}</dl>
        </Dialog>
    }
}
