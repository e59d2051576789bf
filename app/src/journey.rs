//! Where the reader came from: after a navigation inside the page, the focus goes to the new
//! heading, as it would after a page load.

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Whether a navigation waits for its page to appear.
#[derive(Clone, Copy)]
pub struct Journey {
    arriving: StoredValue<bool>,
}

/// Watches the address. Stands once inside the router.
#[component]
pub fn JourneyWatch(
    /// The pages.
    children: Children,
) -> impl IntoView {
    let journey = Journey {
        arriving: StoredValue::new(false),
    };
    provide_context(journey);
    let path = use_location().pathname;
    let owner = Owner::current();
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            journey.arriving.set_value(true);
            forget_refusal(owner.as_ref());
        }
        now
    });
    children()
}

/// The problem in the address of a document is that of the form which led to it. A form that is
/// opened later begins anew.
fn forget_refusal(owner: Option<&Owner>) {
    if let Some(owner) = owner {
        owner.with(|| provide_context(ServerActionError::new("", "")));
    }
}

impl Journey {
    /// Gives the focus to a heading when it appears at the end of a navigation. A heading that
    /// is drawn again in place, or that came with the document, leaves the focus alone.
    pub fn focus_on_arrival(heading: NodeRef<html::H1>) {
        let Some(journey) = use_context::<Journey>() else {
            return;
        };
        Effect::new(move || {
            // The next frame: the address may be told of after the heading is in place.
            request_animation_frame(move || {
                if journey.arriving.try_get_value() != Some(true) {
                    return;
                }
                if let Some(heading) = heading.get_untracked() {
                    journey.arriving.set_value(false);
                    let _ = heading.focus();
                }
            });
        });
    }
}
