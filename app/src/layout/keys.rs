//! What the keyboard can do, under `?`.

use leptos::prelude::*;

use crate::paths::{INBOX, MEETINGS, ROSTER, use_here};
use crate::ui::Dialog;

/// The id of the dialog.
pub const KEYS: &str = "keys";

/// What can be done, and the keys that do it.
type Keys = &'static [(&'static str, &'static [&'static str])];

/// The list of keys that work on every page.
const COMMON: &[(&str, &[&str])] = &[
    ("Search or go to a page", &["/"]),
    ("The same, from anywhere", &["Ctrl", "K"]),
    ("Show these keys", &["?"]),
    ("Choose in a list", &["↑", "↓"]),
    ("Go to what is chosen", &["Enter"]),
    ("Close what is open", &["Esc"]),
];

/// The keys of the week of meetings.
const WEEK: &[(&str, &[&str])] = &[
    (
        "Earlier or later, a day before or after",
        &["↑", "↓", "←", "→"],
    ),
    ("A shorter or longer time", &["Shift", "↑", "↓"]),
    ("The first or last day of the week", &["Home", "End"]),
    (
        "The first or last hour of the day",
        &["Ctrl", "Home", "End"],
    ),
    ("The week before or after", &["Page ↑", "Page ↓"]),
    ("Book the time that is chosen", &["Enter"]),
    (
        "Choose a suggestion, or take an alternative",
        &["1", "…", "5"],
    ),
    ("Choose nothing", &["Esc"]),
];

/// The keys of the inbox.
const REQUESTS: &[(&str, &[&str])] =
    &[("The next request", &["j"]), ("The request before", &["k"])];

/// The keys of the roster.
const PLAN: &[(&str, &[&str])] = &[
    (
        "A person up or down, a day before or after",
        &["↑", "↓", "←", "→"],
    ),
    ("Monday or Sunday", &["Home", "End"]),
    ("The first or last person", &["Ctrl", "Home", "End"]),
    ("The week before or after", &["Page ↑", "Page ↓"]),
    ("Open what somebody works on that day", &["Enter"]),
    ("Assign the shift with that number", &["1", "…", "9"]),
    ("Make it a day off", &["0"]),
];

/// The keys of one page, by its address.
fn own_keys(path: &str) -> Option<Keys> {
    match path {
        MEETINGS => Some(WEEK),
        INBOX => Some(REQUESTS),
        ROSTER => Some(PLAN),
        _ => None,
    }
}

/// The dialog that lists the keys: those of the page that is open, then those of all pages.
#[component]
pub fn KeysDialog() -> impl IntoView {
    let here = use_here();
    let own = move || own_keys(&here.path()).map(list);
    let headed = move || own_keys(&here.path()).map(|_| view! { <h3>"On every page"</h3> });
    view! {
        <Dialog id=KEYS title="Keyboard keys">
            {own}
            {headed}
            {list(COMMON)}
        </Dialog>
    }
}

fn list(keys: Keys) -> impl IntoView {
    let rows = keys
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
    view! { <dl class="keys">{rows}</dl> }
}
