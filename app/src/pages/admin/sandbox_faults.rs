//! What shall go wrong in the sandbox.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::operations::{FaultKind, FaultPlace, SandboxFault};

use crate::action::{on_done, problem_of};
use crate::api::admin::{AddFault, ClearFaults};
use crate::format::count;
use crate::toast::Toasts;
use crate::ui::{
    Button, Choice, Column, DataTable, EmptyState, ErrorSummary, FormProblems, Icon, Input,
    Section, SelectField, TableRow, TextField, Tone,
};

/// What can be done about faults.
#[derive(Clone, Copy)]
pub(super) struct FaultActions {
    add: ServerAction<AddFault>,
    clear: ServerAction<ClearFaults>,
}

impl FaultActions {
    /// Makes them; each success is counted in `changes`.
    pub(super) fn new(changes: RwSignal<u32>) -> Self {
        let actions = Self {
            add: ServerAction::new(),
            clear: ServerAction::new(),
        };
        let toasts = expect_context::<Toasts>();
        on_done(actions.add, move |()| {
            toasts.show(Tone::Positive, "Fault added");
            changes.update(|n| *n += 1);
        });
        on_done(actions.clear, move |()| {
            toasts.show(Tone::Positive, "Faults cleared");
            changes.update(|n| *n += 1);
        });
        actions
    }
}

/// The faults that wait, and the form for another.
#[component]
pub(super) fn Faults(
    /// Oldest first.
    faults: Vec<SandboxFault>,
    /// What can be done.
    actions: FaultActions,
) -> impl IntoView {
    let FaultActions { add, clear } = actions;
    let clear_button = (!faults.is_empty()).then(|| {
        view! {
            <ActionForm action=clear>
                <Button small=true submit=true busy=clear.pending()>"Clear all faults"</Button>
            </ActionForm>
        }
    });
    view! {
        <Section title="Faults" aside=clear_button.into_any()>
            <ErrorSummary problem=problem_of(clear)/>
            <div class="columns">
                <div>{list_view(faults)}</div>
                {form_view(add)}
            </div>
        </Section>
    }
}

fn list_view(faults: Vec<SandboxFault>) -> AnyView {
    if faults.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::CheckCircle
                title="Nothing will go wrong"
                text="Add a fault to see how Punctual copes with a bad day of the provider."
            />
        }
        .into_any();
    }
    let rows = faults.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Faults that wait, oldest first"
            compact=true
            columns=vec![
                Column::text("kind", "What"),
                Column::text("operation", "Where"),
                Column::number("times", "How often").lead(),
            ]
            rows
        />
    }
    .into_any()
}

fn row(fault: SandboxFault) -> TableRow {
    // Tests put faults in places that the form does not offer; those stand as they are.
    let kind = fault
        .kind
        .parse()
        .map(FaultKind::label)
        .map(str::to_owned)
        .unwrap_or(fault.kind);
    let place = fault
        .operation
        .parse()
        .map(FaultPlace::label)
        .map(str::to_owned);
    let place = place.unwrap_or(fault.operation);
    let times = if fault.times < 0 {
        "Until cleared".to_owned()
    } else {
        count(fault.times)
    };
    TableRow::plain().cell(kind).cell(place).cell(times)
}

fn form_view(add: ServerAction<AddFault>) -> AnyView {
    let places = FaultPlace::ALL
        .iter()
        .map(|p| Choice::new(p.as_str(), p.label()))
        .collect();
    let kinds = FaultKind::ALL
        .iter()
        .map(|k| Choice::new(k.as_str(), k.label()))
        .collect();
    view! {
        <ActionForm action=add attr:class="form" attr:novalidate=true>
            <FormProblems problem=problem_of(add)>
                <SelectField name="place" label="Where" choices=places/>
                <SelectField name="kind" label="What goes wrong" choices=kinds/>
                <TextField name="times" label="How often" input=Input::Number value="1"
                    help="Then it is over"/>
                <div class="form-actions">
                    <Button submit=true busy=add.pending()>"Add fault"</Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
    .into_any()
}
