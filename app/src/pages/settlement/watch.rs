//! Looks again while an import goes on. That it has come a state further is an event; how far the
//! reading is within a file is none, and a hint may get lost. So the page asks.

use std::time::Duration;

use leptos::prelude::*;
use model::settlement::ImportStatus;

use crate::api::ApiError;

/// How long an answer stands before the page asks again.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether an import goes on by itself.
pub fn under_way(status: ImportStatus) -> bool {
    matches!(
        status,
        ImportStatus::Received | ImportStatus::Parsing | ImportStatus::Matching
    )
}

/// Asks again a second after an answer, unless it is the last one: nothing in it goes on, and the
/// server was able to answer. `asked` belongs into the key of the resource.
///
/// Stands where the answer is drawn, so that each answer brings the next question, whether it came
/// with the page, by an event or to a question; and so that none is put while one is open, since
/// whoever waits for a resource waits until it is asked for nothing more.
pub fn ask_again<T>(
    asked: RwSignal<u32>,
    answer: &Result<T, ApiError>,
    goes_on: impl FnOnce(&T) -> bool,
) {
    let more = match answer {
        Ok(answer) => goes_on(answer),
        Err(ApiError(problem)) => problem.status >= 500,
    };
    if !more {
        return;
    }
    Effect::new(move || {
        let ask = move || asked.update(|times| *times += 1);
        // A browser without timers still hears of events.
        if let Ok(timer) = set_timeout_with_handle(ask, PAUSE) {
            // The next answer is there already, or the page is left.
            on_cleanup(move || timer.clear());
        }
    });
}
