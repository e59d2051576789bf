//! Keys of the inbox: `j` goes to the next card, `k` to the one before.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::desk::{CARD, card_id, focus};

/// Listens for as long as the page is there.
pub fn listen() {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let held = event.ctrl_key() || event.meta_key() || event.alt_key();
            if held || typing(&event) {
                return;
            }
            let forward = match event.key().as_str() {
                "j" => true,
                "k" => false,
                _ => return,
            };
            event.prevent_default();
            go(forward);
        });
        on_cleanup(move || handle.remove());
    });
}

/// Whether keys typed here are text.
fn typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("dialog[open]").ok().flatten().is_some()
    })
}

/// Gives the focus to the card after or before the one that has it, if there is one.
fn go(forward: bool) {
    let card = document()
        .active_element()
        .and_then(|element| element.closest(&format!(".{CARD}")).ok().flatten());
    let at = card.and_then(|card| number_of(&card.id()));
    focus(document().get_element_by_id(&card_id(beside(at, forward))));
}

/// The number in the id of a card.
fn number_of(id: &str) -> Option<usize> {
    id.strip_prefix(CARD)?.strip_prefix('-')?.parse().ok()
}

/// The card beside another; from nowhere, the first one.
fn beside(at: Option<usize>, forward: bool) -> usize {
    match at {
        None => 0,
        Some(at) if forward => at + 1,
        Some(at) => at.saturating_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_go_from_card_to_card() {
        assert_eq!(number_of(&card_id(12)), Some(12));
        assert_eq!(number_of("elsewhere"), None);
        assert_eq!(beside(None, true), 0);
        assert_eq!(beside(Some(1), true), 2);
        assert_eq!(beside(Some(1), false), 0);
        assert_eq!(beside(Some(0), false), 0);
    }
}
