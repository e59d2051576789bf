//! The command palette: type a few letters, Enter goes there. Without scripts it still opens and
//! is a plain list of every page.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use super::keys::KEYS;
use super::navigation::Navigation;
use crate::paths::with_query;
use crate::ui::{Glyph, Icon, close_dialog, open_dialog};

/// The id of the dialog.
pub const PALETTE: &str = "palette";

/// One line of the palette.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    label: String,
    section: String,
    href: String,
    icon: Icon,
}

impl Entry {
    /// Whether every word that was typed begins somewhere in label or section.
    fn fits(&self, typed: &str) -> bool {
        let text = format!("{} {}", self.label, self.section).to_lowercase();
        typed
            .to_lowercase()
            .split_whitespace()
            .all(|word| text.contains(word))
    }
}

/// The dialog with its field and its list; listens to `/`, `Ctrl K` and `?` on the whole page.
#[component]
pub fn Palette(
    /// The pages.
    navigation: Navigation,
) -> impl IntoView {
    let entries: Vec<Entry> = navigation
        .pages()
        .map(|(section, item)| Entry {
            label: item.label.clone(),
            section: section.to_owned(),
            href: item.href.clone(),
            icon: item.icon,
        })
        .collect();
    let pages = StoredValue::new(entries);
    let search = StoredValue::new(navigation.search);
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let field = NodeRef::<html::Input>::new();

    let found = Memo::new(move |_| {
        let typed = typed.get();
        let mut found: Vec<Entry> = pages.with_value(|pages| {
            pages
                .iter()
                .filter(|entry| entry.fits(&typed))
                .cloned()
                .collect()
        });
        let words = typed.trim();
        if let (false, Some(search)) = (words.is_empty(), search.get_value()) {
            found.push(Entry {
                label: format!("Search {} for “{words}”", search.what),
                section: String::new(),
                href: with_query(&search.href, "", &[("search", Some(words))]),
                icon: Icon::Search,
            });
        }
        found
    });

    let reset = move || {
        typed.set(String::new());
        chosen.set(0);
    };
    let navigate = use_navigate();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                let entry =
                    found.with_untracked(|found| found.get(chosen.get_untracked()).cloned());
                if let Some(entry) = entry {
                    close_dialog(PALETTE);
                    navigate(&entry.href, NavigateOptions::default());
                }
            }
            _ => return,
        }
        event.prevent_default();
        show_chosen(chosen.get_untracked());
    };
    listen_for_keys();

    let lines = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                let selected = move || {
                    if chosen.get() == index {
                        "true"
                    } else {
                        "false"
                    }
                };
                view! {
                    <a
                        class="palette-item"
                        role="option"
                        id=line_id(index)
                        href=entry.href
                        tabindex="-1"
                        aria-selected=selected
                        on:click=|_| close_dialog(PALETTE)
                    >
                        <Glyph icon=entry.icon/>
                        <span>{entry.label}</span>
                        <span class="palette-section">{entry.section}</span>
                    </a>
                }
            })
            .collect_view()
    };
    let nothing = move || {
        found
            .with(Vec::is_empty)
            .then(|| view! { <p class="palette-none">"No page of that name."</p> })
    };
    view! {
        <dialog
            class="palette"
            id=PALETTE
            aria-label="Search or go to"
            on:close=move |_| reset()
        >
            <div class="palette-head">
                <Glyph icon=Icon::Search/>
                <input
                    node_ref=field
                    type="text"
                    autofocus=true
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Search or go to"
                    aria-label="Search or go to"
                    role="combobox"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls="palette-list"
                    aria-activedescendant=move || line_id(chosen.get())
                    prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        chosen.set(0);
                    }
                    on:keydown=on_key
                />
                <form method="dialog">
                    <button class="button button-quiet button-small">
                        <span class="sr-only">"Close, "</span>
                        <kbd>"Esc"</kbd>
                    </button>
                </form>
            </div>
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Pages">
                {lines}
            </div>
            <div role="status">{nothing}</div>
        </dialog>
    }
}

fn line_id(index: usize) -> String {
    format!("palette-line-{index}")
}

/// Scrolls the chosen line into sight once it is marked.
fn show_chosen(index: usize) {
    request_animation_frame(move || {
        if let Some(line) = document().get_element_by_id(&line_id(index)) {
            line.scroll_into_view_with_bool(false);
        }
    });
}

/// Whether keys typed here are text.
fn typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}

fn listen_for_keys() {
    Effect::new(move || {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            let opens = match event.key().as_str() {
                "k" | "K" if event.ctrl_key() || event.meta_key() => PALETTE,
                "/" if plain && !typing(&event) => PALETTE,
                "?" if plain && !typing(&event) => KEYS,
                _ => return,
            };
            event.prevent_default();
            open_dialog(opens);
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typed_word_must_fit() {
        let entry = Entry {
            label: "Payments".into(),
            section: "Money".into(),
            href: "/payments".into(),
            icon: Icon::Card,
        };
        assert!(entry.fits("pay"));
        assert!(entry.fits("money PAY"));
        assert!(!entry.fits("pay people"));
    }
}
