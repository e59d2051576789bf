//! What a form says when it was not accepted.

use leptos::html;
use leptos::prelude::*;
use model::Problem;

use super::field::field_id;
use super::icon::{Glyph, Icon};

/// The problem of the form around a field.
#[derive(Clone, Copy)]
struct FormProblem(Signal<Option<Problem>>);

/// The error of a field: its own, else what the form's problem says of its name.
pub(super) fn error_of(name: &str, own: MaybeProp<String>) -> Signal<Option<String>> {
    let form = use_context::<FormProblem>();
    let name = name.to_owned();
    Signal::derive(move || {
        own.get().or_else(|| {
            form?
                .0
                .with(|problem| problem.as_ref()?.message_for(&name).map(str::to_owned))
        })
    })
}

/// Goes around the fields of a form: shows the summary on top when there is a problem, and hands
/// each field its own message.
#[component]
pub fn FormProblems(
    /// The last answer's problem, if it had one.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    provide_context(FormProblem(problem));
    view! {
        <ErrorSummary problem/>
        {children()}
    }
}

/// What happened in one box: announced, focused, with a link to each field concerned.
#[component]
pub fn ErrorSummary(
    /// The problem, if there is one.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let there = problem.with(Option::is_some);
        // A problem that came with the page is read in its place; a new one calls for the eye.
        if before == Some(false) && there {
            if let Some(summary) = node.get() {
                let _ = summary.focus();
            }
        }
        there
    });
    let message = move || {
        problem.get().map(|problem| {
            let links = problem
                .errors
                .iter()
                .map(|error| {
                    let href = format!("#{}", field_id(&error.field));
                    view! { <li><a href=href rel="external">{error.message.clone()}</a></li> }
                })
                .collect_view();
            let several = problem.errors.len() > 1;
            view! {
                <div class="problem">
                    <Glyph icon=Icon::Alert/>
                    <p class="problem-title">{problem.detail.clone()}</p>
                    {several.then(|| view! { <ul class="problem-list">{links}</ul> })}
                </div>
            }
        })
    };
    view! { <div role="alert" tabindex="-1" node_ref=node class="problem-place">{message}</div> }
}
