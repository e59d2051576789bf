//! The dialog in which an exception is explained or let pass.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ExceptionId;
use model::attendance::views::{ExceptionState, ExceptionView};

use super::{Doings, words};
use crate::action::problem_of;
use crate::pages::attendance::common::{form_of, reset_form};
use crate::pages::attendance::words::short_date;
use crate::ui::{
    Button, Choice, Dialog, DialogActions, FormProblems, Look, SelectField, TextareaField, field_id,
};

/// The id of the dialog of an exception.
pub fn dialog_of(id: ExceptionId) -> String {
    format!("settle-{id}")
}

/// The dialog, which names the exception.
#[component]
pub fn Settle(
    /// The exception.
    exception: ExceptionView,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let settle = doings.settle;
    let problem = problem_of(settle);
    let id = exception.id;
    let dialog = dialog_of(id);
    let form = form_of(&dialog);
    let closed = form.clone();
    let title = format!(
        "{}: {}, {}",
        words::kind(&exception.kind),
        exception.employee.name,
        short_date(exception.work_date)
    );
    let state = match exception.state {
        ExceptionState::Waived => ExceptionState::Waived,
        _ => ExceptionState::Explained,
    };
    let choices = choices(exception.state);
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>{exception.text}</p>
            <ActionForm
                action=settle
                attr:id=form
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(id))
            >
                <FormProblems problem>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <SelectField
                        name="state"
                        id=field_id(&format!("{id}.state"))
                        label="What becomes of it"
                        choices
                        value=state.as_str()
                    />
                    <TextareaField
                        name="note"
                        id=field_id(&format!("{id}.note"))
                        label="Why"
                        help="For whoever looks at this later"
                        value=exception.note
                        maxlength=1000
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=settle.pending()>
                            "Save"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

fn choices(state: ExceptionState) -> Vec<Choice> {
    let mut choices = vec![
        Choice::new(ExceptionState::Explained.as_str(), "It has a reason"),
        Choice::new(ExceptionState::Waived.as_str(), "Let it pass"),
    ];
    if state != ExceptionState::Open {
        choices.push(Choice::new(ExceptionState::Open.as_str(), "Open it again"));
    }
    choices
}
