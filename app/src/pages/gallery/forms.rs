//! Forms: as they are asked, and as they come back.

use leptos::prelude::*;
use model::{FieldError, Problem};

use crate::toast::Toasts;
use crate::ui::{
    Button, CheckboxField, Choice, Dialog, DialogActions, DialogButton, FileDrop, FormProblems,
    Icon, Input, LinkButton, Look, Progress, Section, SelectField, TextField, TextareaField, Tone,
};

fn currencies() -> Vec<Choice> {
    vec![
        Choice::new("EUR", "Euro"),
        Choice::new("GBP", "Pound"),
        Choice::new("USD", "US dollar"),
    ]
}

fn refused() -> Problem {
    let error = |field: &str, message: &str| FieldError {
        field: field.into(),
        message: message.into(),
    };
    Problem::invalid(vec![
        error("amount", "EUR has 2 decimals, and “49.905” has more."),
        error("customer.email", "That is not an e-mail address."),
    ])
}

#[component]
pub fn Forms() -> impl IntoView {
    view! {
        <div class="halves">
            <Section title="A new order">
                <NewOrder/>
            </Section>
            <Section title="The same, not accepted">
                <RefusedOrder/>
            </Section>
            <Section title="A file, and long work">
                <form class="form">
                    <FileDrop
                        name="statement"
                        label="Bank statement"
                        accept=".xml,.sta,.csv"
                        help="camt.053, MT940, BAI2 or a gateway's CSV, up to 20 MB"
                    />
                    <Progress label="Importing lines" done=Some(1_284) total=4_096/>
                    <Progress label="Reading the file" done={None::<i64>} total=1/>
                </form>
            </Section>
            <Section title="Buttons, dialogs, toasts">
                <Buttons/>
            </Section>
        </div>
    }
}

#[component]
fn NewOrder() -> impl IntoView {
    view! {
        <form class="form" method="get">
            <TextField name="reference" label="Reference" value="INV-1043" required=true
                help="Your own number, unlike any other order's"/>
            <div class="form-pair">
                <TextField name="amount" label="Amount" input=Input::Amount affix="EUR"
                    placeholder="49.90" required=true/>
                <SelectField name="currency" label="Currency" choices=currencies() value="EUR"/>
            </div>
            <TextField name="customer.email" label="Customer's e-mail" input=Input::Email
                autocomplete="off" required=true/>
            <TextField name="expires" label="Can be paid until" input=Input::Date optional=true/>
            <TextareaField name="description" label="What is paid for" optional=true
                help="The customer reads this on the checkout page" maxlength=500/>
            <CheckboxField name="manual" label="Capture later by hand"
                help="The amount is reserved for seven days"/>
            <div class="form-actions">
                <Button look=Look::Primary submit=true>"Create order"</Button>
                <LinkButton href="/gallery" look=Look::Quiet>"Cancel"</LinkButton>
            </div>
        </form>
    }
}

#[component]
fn RefusedOrder() -> impl IntoView {
    view! {
        <form class="form" method="get">
            <FormProblems problem=refused()>
                <TextField id="again-reference" name="reference" label="Reference" value="INV-1043"/>
                <div class="form-pair">
                    <TextField id="again-amount" name="amount" label="Amount" input=Input::Amount
                        affix="EUR" value="49.905"/>
                    <SelectField id="again-currency" name="currency" label="Currency"
                        choices=currencies() value="EUR"/>
                </div>
                <TextField id="again-email" name="customer.email" label="Customer's e-mail"
                    input=Input::Email value="marta@" help="The receipt goes here"/>
                <CheckboxField id="again-manual" name="manual" label="Capture later by hand" checked=true/>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=true>"Creating order"</Button>
                </div>
            </FormProblems>
        </form>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let done = move |_| toasts.show(Tone::Positive, "Order INV-1043 created");
    let undo = move |_| {
        let back = move || toasts.show(Tone::Neutral, "Payment INV-1039 is back in the list");
        toasts.show_with_action(Tone::Neutral, "Payment INV-1039 hidden", "Undo", back);
    };
    view! {
        <div class="button-row">
            <Button look=Look::Primary>"Capture"</Button>
            <Button icon=Icon::Undo>"Refund"</Button>
            <Button look=Look::Quiet>"Add note"</Button>
            <Button look=Look::Danger>"Void payment"</Button>
        </div>
        <div class="button-row">
            <Button look=Look::Primary small=true>"Match"</Button>
            <Button small=true>"Split"</Button>
            <Button small=true disabled=true>"Write off"</Button>
            <LinkButton href="/gallery" small=true icon=Icon::External>"Open in Stripe"</LinkButton>
        </div>
        <div class="button-row">
            <DialogButton opens="void-payment">"Void payment…"</DialogButton>
            <Button on:click=done>"Show a toast"</Button>
            <Button on:click=undo>"Hide and undo"</Button>
        </div>
        <Dialog id="void-payment" title="Void the payment of 5,600.00 EUR by Kestrel Charter">
            <p>
                "The reserved amount goes back to the customer at once. A voided payment cannot be captured any more; the order can be paid anew."
            </p>
            <TextField id="void-reason" name="reason" label="Reason" optional=true
                help="Stands in the history and in the audit log"/>
            <DialogActions dialog="void-payment" cancel="Keep it">
                <Button look=Look::Danger>"Void payment"</Button>
            </DialogActions>
        </Dialog>
    }
}
