//! What changes elsewhere, in the pace of a page. In the morning days change by the dozen a second;
//! whoever reads all that again for each of them reads nothing but that.

use std::time::Duration;

use leptos::prelude::*;

use crate::live::use_changes;

/// How long changes are gathered.
const GATHERS: Duration = Duration::from_secs(1);

/// A number that goes up when something of a topic has changed, at most once a second. Put it into the
/// key of a resource to have it read again.
pub fn use_calm_changes(topic_prefix: &'static str) -> Signal<u32> {
    let changes = use_changes(topic_prefix);
    let calm = RwSignal::new(0_u32);
    let gathering = StoredValue::new(false);
    Effect::new(move |before: Option<u32>| {
        let now = changes.get();
        let is_news = before.is_some_and(|before| before != now);
        if is_news && !gathering.get_value() {
            gathering.set_value(true);
            // The page may be left meanwhile.
            let tell = move || {
                gathering.try_set_value(false);
                calm.try_update(|count| *count += 1);
            };
            set_timeout(tell, GATHERS);
        }
        now
    });
    calm.into()
}
