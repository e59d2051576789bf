//! Looks again each second while something is under way.

use std::time::Duration;

use leptos::prelude::*;
use model::settlement::ImportStatus;

/// Whether an import goes on by itself.
pub fn under_way(status: ImportStatus) -> bool {
    matches!(
        status,
        ImportStatus::Received | ImportStatus::Parsing | ImportStatus::Matching
    )
}

/// A number that goes up each second while `running` is true, for the key of a resource. Progress
/// within an import is no event of its own, so it is asked for.
pub fn use_each_second(running: RwSignal<bool>) -> Signal<u32> {
    let ticks = RwSignal::new(0_u32);
    Effect::new(move |_| {
        if !running.get() {
            return;
        }
        // A browser without timers shows how far it was when the page was opened.
        if let Ok(timer) =
            set_interval_with_handle(move || ticks.update(|n| *n += 1), Duration::from_secs(1))
        {
            on_cleanup(move || timer.clear());
        }
    });
    ticks.into()
}

/// Tells `running` whether something is under way, and only when that changes, so that the timer
/// keeps its pace.
pub fn tell(running: RwSignal<bool>, now: bool) {
    if running.get_untracked() != now {
        running.set(now);
    }
}
