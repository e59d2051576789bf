//! Small parts that several of these pages share.

use leptos::prelude::*;
use model::Problem;
use model::scheduling::meeting::{MeetingState, Response};

use crate::paths::use_here;
use crate::typed::Typed;
use crate::ui::{Icon, LinkButton, Tone};

/// What the form's problem says of one field, or of the parts of it: `travel[0]` has what is said
/// of `travel[0].zone` as well.
pub fn said_of(problem: Signal<Option<Problem>>, field: String) -> Signal<Option<String>> {
    Signal::derive(move || {
        problem.with(|problem| {
            let errors = &problem.as_ref()?.errors;
            let own = |name: &str| {
                name.strip_prefix(field.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            let error = errors.iter().find(|error| own(&error.field))?;
            Some(error.message.clone())
        })
    })
}

/// What stands at first in a field that is none of the kit's: what was typed before its form was
/// refused without scripts, else `otherwise`. The kit's own fields see to it themselves.
pub fn typed_or(problem: Signal<Option<Problem>>, name: &str, otherwise: String) -> String {
    if problem.with_untracked(Option::is_none) {
        return otherwise;
    }
    let typed = Typed::before();
    match typed.as_ref().and_then(|typed| typed.get(name)) {
        Some(before) => before.to_owned(),
        None => otherwise,
    }
}

/// Counts changes on, but not while something is open: what is drawn anew would close it.
pub fn calm(changes: Signal<u32>, open: RwSignal<bool>) -> RwSignal<u32> {
    let seen = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let now = changes.get();
        if !open.get() && seen.get_untracked() != now {
            seen.set(now);
        }
    });
    seen
}

/// Offers to load the page again when somebody else has changed what it shows.
#[component]
pub fn LoadAgain(
    /// The problem of the last try.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let here = use_here();
    move || {
        let changed = problem.with(|p| p.as_ref().is_some_and(|p| p.status == 412));
        changed.then(|| {
            view! {
                <p>
                    <LinkButton href=here.full() icon=Icon::Refresh external=true>
                        "Load it again"
                    </LinkButton>
                </p>
            }
        })
    }
}

/// What a meeting's state means.
pub const fn state_tone(state: MeetingState) -> Tone {
    match state {
        MeetingState::Confirmed => Tone::Positive,
        MeetingState::Pending => Tone::Caution,
        MeetingState::Held => Tone::Info,
        MeetingState::Cancelled => Tone::Neutral,
    }
}

/// What an answer means.
pub const fn response_tone(response: Response) -> Tone {
    match response {
        Response::Accepted => Tone::Positive,
        Response::Tentative => Tone::Caution,
        Response::Declined => Tone::Negative,
        Response::NeedsAction => Tone::Neutral,
    }
}
