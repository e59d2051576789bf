//! Who follows a rotation, the form that puts people onto it, and the dialog in which somebody leaves it.

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{Follower, RotationView};

use super::Doings;
use crate::action::problem_of;
use crate::format::counted;
use crate::pages::attendance::common::{form_of, number, reset_form};
use crate::pages::scheduling::meeting::parts::{said_of, typed_or};
use crate::ui::{
    Button, Column, DataTable, Dialog, DialogActions, DialogButton, FormProblems, Input, Look,
    Section, TableRow, TextField, field_id,
};

/// The id of the list of people.
const PEOPLE: &str = "people-to-follow";

/// Those who follow it, and the form.
#[component]
pub fn Followers(
    /// The rotation.
    known: RotationView,
    /// People to offer, as address and name.
    people: Vec<(String, String)>,
    /// The present day.
    today: NaiveDate,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let dialogs = known
        .followers
        .iter()
        .filter(|one| one.until.is_none())
        .map(|one| dialog(one, today, doings))
        .collect_view();
    let list = list(&known.followers, today, doings);
    let id = known.id.to_string();
    view! {
        <Section title="Who follows it">
            {list}
            <Add rotation=id people today doings/>
            {dialogs}
        </Section>
    }
}

fn list(followers: &[Follower], today: NaiveDate, doings: Doings) -> AnyView {
    if followers.is_empty() {
        return view! { <p class="muted">"Nobody follows it yet."</p> }.into_any();
    }
    let bar = counted(number(followers), "person", "people");
    let bar = view! { <span class="num">{bar}</span> }.into_any();
    let rows = followers
        .iter()
        .map(|one| row(one, today, doings))
        .collect();
    view! {
        <DataTable
            caption="Who follows the rotation, by name"
            columns=vec![
                Column::text("name", "Person"),
                Column::text("from", "From"),
                Column::text("until", "Until"),
                Column::text("action", "Action").lead(),
            ]
            rows
            bar
            compact=true
        />
    }
    .into_any()
}

fn dialog_of(one: &Follower) -> String {
    format!("leave-rotation-{}", one.person.id)
}

fn day_words(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

fn row(one: &Follower, today: NaiveDate, doings: Doings) -> TableRow {
    let follow = doings.follow;
    let from = match one.from > today {
        true => format!("{}, to come", day_words(one.from)),
        false => day_words(one.from),
    };
    let until = one
        .until
        .map_or_else(|| "Until further notice".to_owned(), day_words);
    let action = one.until.is_none().then(|| {
        let spoken = format!(" {}", one.person.name);
        view! {
            <DialogButton opens=dialog_of(one) small=true on:click=move |_| follow.clear()>
                "End…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
    });
    TableRow::plain()
        .cell(one.person.name.clone())
        .cell(view! { <span class="num">{from}</span> })
        .cell(view! { <span class="num">{until}</span> })
        .cell(action)
}

/// Puts people onto the rotation.
#[component]
fn Add(
    rotation: String,
    people: Vec<(String, String)>,
    today: NaiveDate,
    doings: Doings,
) -> impl IntoView {
    let follow = doings.follow;
    let problem = problem_of(follow);
    let error = said_of(problem, "people".to_owned());
    let offered = people
        .into_iter()
        .map(|(address, name)| view! { <option value=address>{name}</option> })
        .collect_view();
    let id = field_id("people");
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let described_by = format!("{help_id} {error_id}");
    let typed = typed_or(problem, "form[people]", String::new());
    view! {
        <ActionForm
            action=follow
            attr:class="form"
            attr:novalidate=true
            on:submit=move |_| doings.sent.set_value(None)
        >
            <input type="hidden" name="form[rotation]" value=rotation/>
            <FormProblems problem>
                <div class="form-pair">
                    <div class="field">
                        <label class="field-label" for=id.clone()>
                            "Put onto it"
                        </label>
                        <input
                            class="input"
                            type="text"
                            id=id
                            name="form[people]"
                            value=typed
                            list=PEOPLE
                            autocomplete="off"
                            aria-invalid=move || error.with(Option::is_some).then_some("true")
                            aria-describedby=described_by
                        />
                        <p class="field-error" id=error_id>
                            {move || error.get()}
                        </p>
                        <p class="field-help" id=help_id>
                            "E-mail addresses or employee numbers, several with commas between them"
                        </p>
                        <datalist id=PEOPLE>{offered}</datalist>
                    </div>
                    <TextField
                        name="form[from]"
                        id=field_id("from")
                        error=said_of(problem, "from".to_owned())
                        label="From"
                        help="Another rotation ends then; days decided by hand stay"
                        input=Input::Date
                        value=today.to_string()
                        required=true
                    />
                </div>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=follow.pending()>
                        "Put onto the rotation"
                    </Button>
                </div>
            </FormProblems>
        </ActionForm>
    }
}

/// Takes somebody off from a day on.
fn dialog(one: &Follower, today: NaiveDate, doings: Doings) -> impl IntoView + use<> {
    let follow = doings.follow;
    let problem = problem_of(follow);
    let dialog = dialog_of(one);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let title = format!("End the rotation of {}", one.person.name);
    let id = one.person.id.to_string();
    let from = one.from.max(today).to_string();
    let name = format!("{id}.from");
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>"From that day on, the roster has only what is written by hand."</p>
            <ActionForm
                action=follow
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="form[rotation]" value=""/>
                    <input type="hidden" name="form[people]" value=id/>
                    <TextField
                        name="form[from]"
                        id=field_id(&name)
                        error=said_of(problem, "from".to_owned())
                        label="The first day without it"
                        input=Input::Date
                        value=from
                        required=true
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=follow.pending()>
                            "End"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}
