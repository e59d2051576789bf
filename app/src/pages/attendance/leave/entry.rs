//! The form of an entry by hand, which says what is left before and after it.

use leptos::form::{ActionForm, FromFormData};
use leptos::prelude::*;
use model::LeaveEntryId;
use model::attendance::views::{HandEntry, LeaveBalance, LeaveEntryForm, LedgerLine, LedgerPage};
use wasm_bindgen::JsCast;

use super::cost::amount;
use super::ledger::Doings;
use crate::action::problem_of;
use crate::api::attendance::entry_form::EnterLeave;
use crate::pages::attendance::common::LoadAgain;
use crate::pages::attendance::words::signed;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::ui::{Button, Choice, FormProblems, Input, Look, SelectField, TextField, field_id};

/// The id of the form.
pub const ENTRY: &str = "enter-leave";

/// What stands in the form, once it can be read.
#[derive(Clone, Copy)]
pub struct Typed(RwSignal<Option<LeaveEntryForm>>);

impl Typed {
    /// Makes it, once, at the top of the page.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// The form was sent and is empty again.
    pub fn forget(&self) {
        self.0.set(None);
    }

    /// Reads the form again. In the browser.
    fn read(&self) {
        self.0.set(typed_form());
    }
}

fn typed_form() -> Option<LeaveEntryForm> {
    let form = document().get_element_by_id(ENTRY)?;
    let form = form.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    EnterLeave::from_form_data(&fields).ok()?.form.read().ok()
}

/// The form.
#[component]
pub fn EntryForm(
    /// What the server knows.
    page: LedgerPage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let Doings { enter, typed, .. } = doings;
    let problem = problem_of(enter);
    let said = move |field: &str| said_of(problem, field.to_owned());
    let day_minutes = page
        .balances
        .first()
        .map_or(0, |balance| balance.day_minutes);
    let seen = newest(&page).map(|id| id.to_string()).unwrap_or_default();
    let kinds = page
        .kinds
        .iter()
        .map(|kind| Choice::new(kind.id.to_string(), kind.name.clone()))
        .collect();
    let today = page.today.to_string();
    let unit_help = format!(
        "A day of theirs has {}",
        super::super::common::hours(day_minutes)
    );
    view! {
        <ActionForm
            action=enter
            attr:id=ENTRY
            attr:class="form"
            attr:novalidate=true
            on:input=move |_| typed.read()
        >
            <input type="hidden" name="form[employee]" value=page.employee.id.to_string()/>
            <input type="hidden" name="form[day_minutes]" value=day_minutes.to_string()/>
            <input type="hidden" name="form[seen]" value=seen/>
            <FormProblems problem>
                <LoadAgain problem/>
                <div class="form-pair">
                    <SelectField
                        name="form[type_id]"
                        id=field_id("type_id")
                        error=said("type_id")
                        label="Kind"
                        choices=kinds
                    />
                    <SelectField
                        name="form[entry]"
                        id=field_id("entry")
                        error=said("entry")
                        label="What it is"
                        help="A grant counts towards what is granted in a year at most"
                        choices=vec![
                            Choice::new(HandEntry::Grant.as_str(), "A grant: leave beyond the rules"),
                            Choice::new(HandEntry::Correction.as_str(), "A correction: more or less"),
                        ]
                        value=HandEntry::Grant.as_str()
                    />
                    <TextField
                        name="form[amount]"
                        id=field_id("amount")
                        error=said("amount")
                        label="How much"
                        help="Such as 2 or 0.5; with a minus for less"
                        input=Input::Amount
                        required=true
                        autocomplete="off"
                    />
                    <SelectField
                        name="form[unit]"
                        id=field_id("unit")
                        error=said("unit")
                        label="Of what"
                        help=unit_help
                        choices=vec![Choice::new("days", "Days"), Choice::new("hours", "Hours")]
                        value="days"
                    />
                    <TextField
                        name="form[day]"
                        id=field_id("day")
                        error=said("day")
                        label="Counts from"
                        input=Input::Date
                        value=today
                        required=true
                    />
                    <TextField
                        name="form[reason]"
                        id=field_id("reason")
                        error=said("reason")
                        label="Why"
                        help="Whose leave it is reads it"
                        required=true
                        maxlength=500
                        autocomplete="off"
                    />
                </div>
                <Before balances=page.balances typed/>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=enter.pending()>
                        "Enter"
                    </Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

/// What is left now, and with what stands in the form; announced when it changes.
#[component]
fn Before(balances: Vec<LeaveBalance>, typed: Typed) -> impl IntoView {
    let told = move || {
        typed.0.with(|form| match form {
            None => view! {
                <p class="quiet">"Write how much it is to see what is left with it."</p>
            }
            .into_any(),
            Some(form) => with(&balances, form),
        })
    };
    view! { <div class="leave-cost" aria-live="polite">{told}</div> }
}

fn with(balances: &[LeaveBalance], form: &LeaveEntryForm) -> AnyView {
    let mut known = balances.iter();
    let known = known.find(|balance| balance.type_id == form.type_id);
    let Some((left, day)) = known.and_then(|known| Some((known.left_minutes?, known.day_minutes)))
    else {
        return view! {
            <p>"This kind is not counted: the entry is kept, and limits nobody."</p>
        }
        .into_any();
    };
    view! {
        <p class="leave-takes">
            <span>"Left now " <b class="num">{amount(left, day)}</b></span>
            <span class="leave-after">
                "with it " <b class="num">{amount(left + form.minutes, day)}</b>
                " " <span class="quiet num">"(" {signed(form.minutes)} ")"</span>
            </span>
        </p>
    }
    .into_any()
}

/// What taking an entry back does.
pub fn fixed(line: &LedgerLine) -> String {
    format!(
        "The entry stays. Another one of {} on the same day makes up for it.",
        signed(-line.minutes)
    )
}

/// The newest entry of the page: ids are in the order of making.
fn newest(page: &LedgerPage) -> Option<LeaveEntryId> {
    page.lines.iter().map(|line| line.id).max()
}
