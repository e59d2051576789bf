//! The form in which leave is asked for: a plain form that works before the page is awake.

use leptos::prelude::*;
use model::PersonId;
use model::attendance::accrual::Part;
use model::attendance::views::LeavePage;

use super::cost::Cost;
use super::{Doings, FORM, newest};
use crate::action::problem_of;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::ui::{
    Button, Choice, FormProblems, Input, Look, Notice, SelectField, TextField, TextareaField,
    field_id,
};

/// The form. Its children are [`Kinds`], once they are known.
#[component]
pub fn Ask(
    /// What can be done.
    doings: Doings,
    /// Whose leave it is; nobody for the reader's own.
    person: Option<PersonId>,
    /// The field of the kinds.
    children: Children,
) -> impl IntoView {
    let Doings { ask, costs, .. } = doings;
    let whose = person.map(|id| id.to_string()).unwrap_or_default();
    let (who_reads, send) = match person {
        Some(_) => (
            "HR reads it, and whose leave it is; a manager does not",
            "Enter leave",
        ),
        None => (
            "HR reads it, and you; your manager does not",
            "Ask for leave",
        ),
    };
    let problem = problem_of(ask);
    let said = move |field: &str| said_of(problem, field.to_owned());
    view! {
        <ActionForm
            action=ask
            attr:id=FORM
            attr:class="form"
            attr:novalidate=true
            on:input=move |_| costs.typed()
        >
            <FormProblems problem>
                <LoadAgain problem/>
                <input type="hidden" name="form[person]" value=whose/>
                {children()}
                <div class="form-pair">
                    <TextField
                        name="form[from_day]"
                        id=field_id("from_day")
                        error=said("from_day")
                        label="First day"
                        input=Input::Date
                        required=true
                    />
                    <TextField
                        name="form[to_day]"
                        id=field_id("to_day")
                        error=said("to_day")
                        label="Last day"
                        help="Leave it empty for one day"
                        input=Input::Date
                        optional=true
                    />
                </div>
                <SelectField
                    name="form[part]"
                    id=field_id("part")
                    error=said("part")
                    label="How much of the day"
                    help="Half a day is of a single day"
                    choices=parts()
                    value=Part::Full.as_str()
                />
                <TextareaField
                    name="form[note]"
                    id=field_id("note")
                    error=said("note")
                    label="Note"
                    help=who_reads
                    optional=true
                    maxlength=1000
                />
                <Cost costs/>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=ask.pending()>
                        {send}
                    </Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

fn parts() -> Vec<Choice> {
    let words = [
        (Part::Full, "All day"),
        (Part::Am, "Morning"),
        (Part::Pm, "Afternoon"),
    ];
    let choices = words.map(|(part, label)| Choice::new(part.as_str(), label));
    choices.into()
}

/// The kinds of leave, and what the page knew when it asked.
#[component]
pub fn Kinds(
    /// What the server knows.
    page: LeavePage,
    /// What can be done.
    doings: Doings,
    /// Whether it is the form of the reader's own leave.
    is_own: bool,
) -> impl IntoView {
    let problem = problem_of(doings.ask);
    let seen = newest(&page).map(|id| id.to_string()).unwrap_or_default();
    let choices = page
        .types
        .into_iter()
        .map(|kind| {
            let label = if kind.paid {
                kind.name
            } else {
                format!("{} (unpaid)", kind.name)
            };
            Choice::new(kind.id.to_string(), label)
        })
        .collect();
    // Whoever looks at their own leave by this way asks for it elsewhere.
    let refusal = (!page.may_give && !is_own).then(|| {
        view! {
            <Notice
                title="Others decide about this leave"
                text="Leave of your own is asked for on your page of leave."
            />
        }
    });
    view! {
        {refusal}
        <input type="hidden" name="form[seen]" value=seen/>
        <SelectField
            name="form[type_id]"
            id=field_id("type_id")
            error=said_of(problem, "type_id".to_owned())
            label="Kind"
            choices
        />
    }
}
