//! Keys that work on the whole page: 1 to 5 take what stands under that number, Escape leaves a lost
//! race.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::booker::Booker;
use super::desk::Desk;

/// Listens for as long as the page is there.
pub fn listen(desk: Desk, booker: Booker) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let held = event.ctrl_key() || event.meta_key() || event.alt_key();
            if held || typing(&event) || dialog_is_open() {
                return;
            }
            let is_lost = desk.lost.with_untracked(Option::is_some);
            match (rank(&event.key()), is_lost) {
                (Some(rank), true) => booker.take(rank),
                (Some(rank), false) => desk.choose_by_key(rank),
                (None, true) if event.key() == "Escape" => desk.lost.set(None),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || handle.remove());
    });
}

/// What a digit stands for, from 0.
fn rank(key: &str) -> Option<usize> {
    let number: usize = key.parse().ok()?;
    (1..=5).contains(&number).then(|| number - 1)
}

/// Whether keys typed here are text.
fn typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

fn dialog_is_open() -> bool {
    let open = document().query_selector("dialog[open]");
    open.is_ok_and(|dialog| dialog.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_ranks() {
        assert_eq!(rank("1"), Some(0));
        assert_eq!(rank("5"), Some(4));
        for other in ["0", "6", "Enter", "", "11"] {
            assert_eq!(rank(other), None);
        }
    }
}
