//! What was decided about the overtime of a day, and taking it back.

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::PersonId;
use model::attendance::views::OvertimeDecision;

use super::super::words::duration;
use super::ask::Asking;
use crate::action::problem_of;
use crate::ui::{Button, ErrorSummary, Section, Time};

/// The decision; nothing while there is none.
#[component]
pub fn Overtime(
    /// What was decided.
    decision: Option<OvertimeDecision>,
    /// Whose day.
    employee: PersonId,
    /// Which.
    date: NaiveDate,
    /// What can be done.
    asking: Asking,
) -> impl IntoView {
    let Some(decision) = decision else {
        return ().into_any();
    };
    let words = words(&decision);
    let note = (!decision.note.is_empty())
        .then(|| view! { <blockquote class="request-note">{decision.note}</blockquote> });
    let undo = asking.undo;
    let problem = problem_of(undo);
    let form = decision.may_undo.then(|| {
        view! {
            <ErrorSummary problem/>
            <ActionForm action=undo>
                <input type="hidden" name="employee" value=employee.to_string()/>
                <input type="hidden" name="date" value=date.to_string()/>
                <input type="hidden" name="version" value=decision.version.to_string()/>
                <Button submit=true busy=undo.pending()>
                    "Take the decision back"
                </Button>
            </ActionForm>
        }
    });
    view! {
        <Section title="Overtime">
            <div class="requests">
                <div class="request">
                    <p>{words}</p>
                    <p class="muted small">"By " {decision.by} ", " <Time stamp=decision.at/></p>
                    {note}
                    {form}
                </div>
            </div>
        </Section>
    }
    .into_any()
}

fn words(decision: &OvertimeDecision) -> String {
    match (decision.minutes, decision.early) {
        (0, false) => "Nothing was approved.".to_owned(),
        (0, true) => "Work before the start was approved.".to_owned(),
        (minutes, false) => format!("{} of overtime approved.", duration(minutes)),
        (minutes, true) => format!(
            "{} of overtime approved, and work before the start.",
            duration(minutes)
        ),
    }
}
