//! What was asked for to have the day put right, newest first, and what became of it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{CorrectionState, CorrectionView};

use super::super::compare::Compare;
use super::super::words::correction_words;
use super::ask::Asking;
use crate::action::problem_of;
use crate::paths;
use crate::ui::{Button, Chip, ErrorSummary, LinkButton, Look, Section, Time};

/// The requests; nothing while there are none.
#[component]
pub fn Requests(
    /// The requests, newest first.
    corrections: Vec<CorrectionView>,
    /// What can be done.
    asking: Asking,
) -> impl IntoView {
    if corrections.is_empty() {
        return ().into_any();
    }
    let problem = problem_of(asking.withdraw);
    let requests = corrections
        .into_iter()
        .map(|request| request_view(request, asking))
        .collect_view();
    view! {
        <Section title="Requests">
            <ErrorSummary problem/>
            <div class="requests">{requests}</div>
        </Section>
    }
    .into_any()
}

fn request_view(request: CorrectionView, asking: Asking) -> AnyView {
    let (label, tone) = correction_words(request.state);
    let title = format!("request-{}", request.id);
    let changes = request
        .changes
        .into_iter()
        .map(|change| view! { <li>{change}</li> })
        .collect_view();
    let decided = request.decided_by.zip(request.decided_at);
    // What was made unasked has nobody else who decided.
    let decided = decided.filter(|_| !request.on_behalf);
    let decided = decided.map(|(who, at)| {
        view! {
            <p class="muted small">
                {label} " by " {who} ", " <Time stamp=at/>
            </p>
        }
    });
    let note = (!request.decision_note.is_empty())
        .then(|| view! { <blockquote class="request-note">{request.decision_note}</blockquote> });
    let asked = match request.on_behalf {
        true => "Made",
        false => "Asked for",
    };
    let heads = match request.state {
        _ if request.on_behalf => ("Before", "As corrected"),
        CorrectionState::Requested => ("As it is", "As it would be"),
        _ => ("Before", "As asked for"),
    };
    let withdraw = request.may_withdraw.then(|| {
        let (id, version) = (request.id.to_string(), request.version.to_string());
        view! {
            <ActionForm action=asking.withdraw>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="version" value=version/>
                <Button submit=true small=true busy=asking.withdraw.pending()>
                    "Take it back"
                </Button>
            </ActionForm>
        }
    });
    let decide = request.may_decide.then(|| {
        view! {
            <LinkButton href=paths::INBOX look=Look::Primary small=true>
                "Decide"
            </LinkButton>
        }
    });
    view! {
        <article class="request" aria-labelledby=title>
            <div class="spread">
                <h3 id=title.clone()>
                    {asked} " by " {request.asked_by} ", " <Time stamp=request.asked_at/>
                </h3>
                <Chip tone label/>
            </div>
            <ul class="request-changes">{changes}</ul>
            <blockquote class="request-note">{request.reason}</blockquote>
            <Compare before=request.before after=request.after heads/>
            {decided}
            {note}
            <div class="button-row">{withdraw} {decide}</div>
        </article>
    }
    .into_any()
}
