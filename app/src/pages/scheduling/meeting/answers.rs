//! The reader's own answer: three buttons of a plain form.

use leptos::prelude::*;
use model::scheduling::meeting::Response;

use super::Doings;

use crate::action::problem_of;
use crate::ui::{ErrorSummary, Glyph, Icon, Section};

/// What can be answered.
pub const ANSWERS: [(Response, Icon); 3] = [
    (Response::Accepted, Icon::Check),
    (Response::Tentative, Icon::Dots),
    (Response::Declined, Icon::Cross),
];

/// The section with the buttons.
#[component]
pub fn MyAnswer(
    /// The meeting.
    id: String,
    /// What stands now.
    response: Response,
    /// Whether the meeting repeats.
    repeats: bool,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let Doings { answer, before, .. } = doings;
    let pending = answer.pending();
    let words = match (response, repeats) {
        (Response::NeedsAction, false) => "You have not answered yet.",
        (Response::NeedsAction, true) => {
            "You have not answered yet. An answer counts for every time of the series."
        }
        (_, false) => "You can change it until the meeting begins.",
        (_, true) => {
            "It counts for every time of the series. You can answer to a single one in the list of times."
        }
    };
    let buttons = ANSWERS
        .iter()
        .map(|(answer, icon)| {
            view! {
                <button
                    type="submit"
                    class="answer"
                    name="response"
                    value=answer.as_str()
                    aria-pressed=if *answer == response { "true" } else { "false" }
                    disabled=move || pending.get()
                >
                    <Glyph icon=*icon/>
                    {answer.label()}
                </button>
            }
        })
        .collect_view();
    view! {
        <Section title="Your answer">
            <p class="muted">{words}</p>
            <ErrorSummary problem=problem_of(answer)/>
            <ActionForm action=answer on:submit=move |_| before.set_value(Some((None, response)))>
                <input type="hidden" name="id" value=id/>
                <div class="answers" role="group" aria-label="Your answer">
                    {buttons}
                </div>
            </ActionForm>
        </Section>
    }
}
