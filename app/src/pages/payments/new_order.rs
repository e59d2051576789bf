//! The form of a new order.

use leptos::prelude::*;
use model::Problem;
use model::payments::CaptureMode;

use super::order::back;
use super::parts::{Answer, problem_of};
use super::words;
use crate::api::payments::CreateOrder;
use crate::paths;
use crate::ui::{
    Button, Choice, FormProblems, Input, LinkButton, Look, Page, PageHeader, RadioRows,
    SelectField, TextField, TextareaField, field_id,
};

/// `/orders/new`
#[component]
pub fn NewOrder() -> impl IntoView {
    let create = ServerAction::<CreateOrder>::new();
    let answer: Answer<()> = Signal::derive(move || create.value().get());
    let problem = problem_of(answer);
    view! {
        <Page>
            <PageHeader
                title="New order"
                facts=view! { <span>"It gets a link on which the customer pays"</span> }.into_any()
                back=back()
            />
            <ActionForm action=create attr:class="form">
                <FormProblems problem>
                    <Fields problem/>
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=create.pending()>
                            "Create order"
                        </Button>
                        <LinkButton href=paths::ORDERS look=Look::Quiet>"Cancel"</LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        </Page>
    }
}

/// The name under which the server function takes a field.
fn name(field: &str) -> String {
    format!("form[{field}]")
}

/// What the last answer said of a field; its name in the answer is not that in the form.
fn error(problem: Signal<Option<Problem>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        problem.with(|problem| problem.as_ref()?.message_for(field).map(str::to_owned))
    })
}

#[component]
fn Fields(problem: Signal<Option<Problem>>) -> impl IntoView {
    let said = move |field| error(problem, field);
    view! {
        <TextField
            name=name("reference")
            id=field_id("reference")
            error=said("reference")
            label="Reference"
            help="Your own number for it, unlike any other order's"
            maxlength=64
            required=true
            autocomplete="off"
        />
        <div class="form-pair">
            <TextField
                name=name("amount")
                id=field_id("amount")
                error=said("amount")
                label="Amount"
                input=Input::Amount
                placeholder="49.90"
                required=true
                autocomplete="off"
            />
            <SelectField
                name=name("currency")
                id=field_id("currency")
                error=said("currency")
                label="Currency"
                choices=currencies()
                value="EUR"
            />
        </div>
        <TextareaField
            name=name("description")
            id=field_id("description")
            error=said("description")
            label="What is paid for"
            help="The customer reads this on the checkout page"
            maxlength=500
            optional=true
        />
        <TextField
            name=name("customer_name")
            id=field_id("customer.name")
            error=said("customer.name")
            label="Customer's name"
            maxlength=200
            required=true
            autocomplete="off"
        />
        <TextField
            name=name("customer_email")
            id=field_id("customer.email")
            error=said("customer.email")
            label="Customer's e-mail"
            help="The receipt goes here"
            input=Input::Email
            maxlength=254
            required=true
            autocomplete="off"
        />
        <RadioRows
            name=name("capture")
            legend="When the money is taken"
            choices=captures()
            value=CaptureMode::Automatic.as_str()
        />
        <TextField
            name=name("expires_on")
            id=field_id("expiresAt")
            error=said("expiresAt")
            label="Last day to pay"
            help="To the end of this day in your time zone; leave it empty for no end"
            input=Input::Date
            optional=true
        />
    }
}

fn currencies() -> Vec<Choice> {
    vec![
        Choice::new("EUR", "EUR – euro"),
        Choice::new("USD", "USD – US dollar"),
        Choice::new("GBP", "GBP – pound sterling"),
    ]
}

fn captures() -> Vec<Choice> {
    let choice = |mode: CaptureMode, detail: &str| {
        Choice::new(mode.as_str(), words::capture(mode)).detail(detail)
    };
    vec![
        choice(CaptureMode::Automatic, "As soon as the customer has paid"),
        choice(
            CaptureMode::Manual,
            "The bank holds it until you capture or void the payment; a hold lasts a few days",
        ),
    ]
}
