//! What a form says when it was not accepted.

use leptos::html;
use leptos::prelude::*;
use model::Problem;

use super::field::field_id;
use super::icon::{Glyph, Icon};
use crate::typed::Typed;

/// What the fields of a form find around them.
#[derive(Clone)]
struct FormProblem {
    /// Why the form was refused, if it was.
    problem: Signal<Option<Problem>>,
    /// What was typed, if it was refused without scripts.
    typed: Option<Typed>,
}

/// The error of a field: its own, else what the form's problem says of its name.
pub(super) fn error_of(name: &str, own: MaybeProp<String>) -> Signal<Option<String>> {
    let form = use_context::<FormProblem>().map(|form| form.problem);
    let name = name.to_owned();
    Signal::derive(move || {
        own.get().or_else(|| {
            form?.with(|problem| problem.as_ref()?.message_for(&name).map(str::to_owned))
        })
    })
}

/// What stands in a field at first: what was typed before the form was refused, else `otherwise`.
pub(super) fn typed_or(name: &str, otherwise: String) -> String {
    let typed = use_context::<FormProblem>().and_then(|form| form.typed);
    match typed.as_ref().and_then(|typed| typed.get(name)) {
        Some(before) => before.to_owned(),
        None => otherwise,
    }
}

/// Whether a box is ticked at first: as it was before the form was refused, else `otherwise`.
pub fn ticked(name: &str, value: &str, otherwise: bool) -> bool {
    use_context::<FormProblem>()
        .and_then(|form| form.typed)
        .map_or(otherwise, |typed| typed.has(name, value))
}

/// Goes around the fields of a form: shows the summary on top when there is a problem, and hands
/// each field its own message and, after a refusal without scripts, what was typed into it.
#[component]
pub fn FormProblems(
    /// The last answer's problem, if it had one.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    // Of several forms on a page, what was typed belongs to the one that came back with a problem.
    let typed = if problem.with_untracked(Option::is_some) {
        Typed::before()
    } else {
        None
    };
    provide_context(FormProblem { problem, typed });
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
        if before == Some(false)
            && there
            && let Some(summary) = node.get()
        {
            let _ = summary.focus();
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
