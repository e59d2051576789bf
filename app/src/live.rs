//! What changes elsewhere appears without a reload: one stream of events from the server, and
//! counters that pages put into the keys of their resources.

use leptos::prelude::*;

/// The last change that the server told of: its topic, and how many there were.
#[derive(Clone, Copy)]
struct Changes(RwSignal<(u32, String)>);

/// Opens the stream, once, in the frame of the signed-in pages. On the server there is nothing to
/// open: a page is sent with what is true then.
pub fn provide_changes() {
    let changes = RwSignal::new((0_u32, String::new()));
    provide_context(Changes(changes));
    Effect::new(move |_| listen(changes));
}

/// A number that goes up whenever something of a topic changes, for example of `payment.`. Put it
/// into the key of a resource to have it read again.
pub fn use_changes(topic_prefix: &'static str) -> Signal<u32> {
    let Some(Changes(changes)) = use_context::<Changes>() else {
        return Signal::derive(|| 0);
    };
    let count = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let (_, topic) = changes.get();
        if topic == "missed" || (!topic.is_empty() && topic.starts_with(topic_prefix)) {
            count.update(|n| *n += 1);
        }
    });
    count.into()
}

/// Listens for as long as the page is open. The browser opens the stream again by itself when it
/// breaks; one that is refused (not signed in, no such permission) stays closed.
fn listen(changes: RwSignal<(u32, String)>) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    let Ok(source) = web_sys::EventSource::new("/events") else {
        return;
    };
    let heard =
        Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let topic = event.data().as_string().unwrap_or_default();
            changes.update(|(count, last)| {
                *count += 1;
                *last = topic;
            });
        });
    // A browser that cannot listen shows what was true when the page was opened.
    let listening =
        source.add_event_listener_with_callback("changed", heard.as_ref().unchecked_ref());
    if listening.is_ok() {
        // It lives as long as the page.
        heard.forget();
    }
}
