//! Keeps the line of the present where it belongs while a page stays open.

use std::time::Duration;

use leptos::prelude::*;

/// How often the page asks for the present.
const EVERY: Duration = Duration::from_secs(300);

/// A number that goes up every five minutes, for the key of a resource that says what time it is.
/// The time itself comes from the server.
pub fn use_present() -> Signal<u32> {
    let ticks = RwSignal::new(0_u32);
    Effect::new(move |_| {
        // A browser without timers shows the time at which the page was opened.
        if let Ok(timer) = set_interval_with_handle(move || ticks.update(|n| *n += 1), EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    ticks.into()
}
