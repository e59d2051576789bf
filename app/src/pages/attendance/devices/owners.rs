//! Who has and had which badge; a badge is handed on and given back in a dialog.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::BadgeId;
use model::attendance::views::{BadgeLine, BadgesPage};

use super::Doings;
use crate::action::problem_of;
use crate::format::counted;
use crate::pages::attendance::common::{dash, form_of, number, reset_form};
use crate::paths;
use crate::ui::{
    Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState, Filters,
    FormProblems, Icon, Input, LinkButton, Look, Pager, SearchField, Section, TableRow, TextField,
    Tone, field_id,
};

/// The section.
#[component]
pub fn Owners(
    /// A page of badges.
    page: BadgesPage,
    /// What was searched for.
    search: Option<String>,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let BadgesPage {
        badges,
        next,
        today,
    } = page;
    if badges.is_empty() {
        return nothing(search);
    }
    let mut words = counted(number(&badges), "badge of somebody", "badges of people");
    if next.is_some() {
        words.push_str(" on this page, more on the next");
    }
    let today = today.to_string();
    let rows = badges.iter().map(|one| row(one, doings)).collect();
    let open = badges.into_iter().filter(|one| !one.is_over);
    let dialogs = open
        .map(|one| {
            let from = one.from.to_string().max(today.clone());
            view! {
                {hand(one.clone(), from.clone(), doings)}
                {give_back(one, from, doings)}
            }
        })
        .collect_view();
    view! {
        <Section title="Badges">
            <Search/>
            <DataTable
                caption="Badges, and who has them"
                columns=vec![
                    Column::text("badge", "Badge"),
                    Column::text("owner", "Owner").lead(),
                    Column::text("from", "From"),
                    Column::text("until", "Until"),
                    Column::text("action", "Action"),
                ]
                rows
            />
            <Pager shown=words next/>
            {dialogs}
        </Section>
    }
    .into_any()
}

#[component]
fn Search() -> impl IntoView {
    view! {
        <Filters>
            <SearchField label="Search badges" placeholder="Badge, name, e-mail or number"/>
        </Filters>
    }
}

fn nothing(search: Option<String>) -> AnyView {
    let empty = match search {
        Some(search) => {
            let text = format!("No badge, name, e-mail or number fits “{search}”.");
            view! {
                <Search/>
                <EmptyState icon=Icon::Filter title="No badge found" text>
                    <LinkButton href=paths::DEVICES>"Show all badges"</LinkButton>
                </EmptyState>
            }
            .into_any()
        }
        None => view! {
            <EmptyState
                icon=Icon::Key
                title="Nobody has a badge"
                text="A badge that is used while it is nobody’s is listed on this page, and can be given to somebody there."
            />
        }
        .into_any(),
    };
    view! { <Section title="Badges">{empty}</Section> }.into_any()
}

fn hand_of(id: BadgeId) -> String {
    format!("badge-hand-{id}")
}

fn back_of(id: BadgeId) -> String {
    format!("badge-back-{id}")
}

fn row(one: &BadgeLine, doings: Doings) -> TableRow {
    let left = one
        .has_left
        .then(|| view! { <Chip tone=Tone::Caution label="Left"/> });
    let until = match one.until {
        Some(day) => {
            view! { <span class="num">{day.format("%-d %b %Y").to_string()}</span> }.into_any()
        }
        None => dash(),
    };
    let actions = if one.is_over {
        dash()
    } else {
        let spoken = format!(" badge {} of {}", one.badge, one.owner.name);
        let also_spoken = spoken.clone();
        let (hand, give_back) = (doings.hand, doings.give_back);
        view! {
            <span class="button-row">
                <DialogButton
                    opens=hand_of(one.id)
                    small=true
                    on:click=move |_| hand.clear()
                >
                    "Hand on…"
                    <span class="sr-only">{spoken}</span>
                </DialogButton>
                <DialogButton
                    opens=back_of(one.id)
                    small=true
                    look=Look::Quiet
                    on:click=move |_| give_back.clear()
                >
                    "Give back…"
                    <span class="sr-only">{also_spoken}</span>
                </DialogButton>
            </span>
        }
        .into_any()
    };
    TableRow::plain()
        .cell(view! { <span class="mono break-words">{one.badge.clone()}</span> })
        .cell(view! { <span class="chip-row">{one.owner.name.clone()} " " {left}</span> })
        .cell(view! {
            <span class="num">{one.from.format("%-d %b %Y").to_string()}</span>
        })
        .cell(until)
        .cell(actions)
}

/// Who has it next, from a day on.
fn hand(one: BadgeLine, from: String, doings: Doings) -> impl IntoView {
    let hand = doings.hand;
    let problem = problem_of(hand);
    let dialog = hand_of(one.id);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let id = one.id.to_string();
    let (employee_id, from_id) = (
        field_id(&format!("{dialog}.employee")),
        field_id(&format!("{dialog}.from")),
    );
    let title = format!("Hand badge {} on", one.badge);
    let words = format!(
        "{} has it until the day before. Each punch belongs to whoever has the badge on its day; the days of both are derived again, and what changes on days of a locked period waits as an adjustment.",
        one.owner.name,
    );
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>{words}</p>
            <ActionForm
                action=hand
                attr:id=form
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="id" value=id/>
                    <TextField
                        name="employee"
                        id=employee_id
                        label="Next owner"
                        help="E-mail address or employee number"
                        required=true
                        autocomplete="off"
                    />
                    <TextField
                        name="from"
                        id=from_id
                        label="From"
                        help="The first day on which it is theirs"
                        input=Input::Date
                        value=from
                        required=true
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=hand.pending()>
                            "Hand it on"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

/// From which day on it is nobody's.
fn give_back(one: BadgeLine, from: String, doings: Doings) -> impl IntoView {
    let give_back = doings.give_back;
    let problem = problem_of(give_back);
    let dialog = back_of(one.id);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let id = one.id.to_string();
    let from_id = field_id(&format!("{dialog}.from"));
    let title = format!("{} gives badge {} back", one.owner.name, one.badge);
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>
                "What is punched with it from this day on is kept and counts for nobody until the badge is given to somebody. Days are derived again; what changes on days of a locked period waits as an adjustment."
            </p>
            <ActionForm
                action=give_back
                attr:id=form
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="id" value=id/>
                    <TextField
                        name="from"
                        id=from_id
                        label="From"
                        help="The first day on which it is not theirs any more"
                        input=Input::Date
                        value=from
                        required=true
                    />
                    <DialogActions dialog=dialog cancel="Keep it">
                        <Button look=Look::Danger submit=true busy=give_back.pending()>
                            "Give it back"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}
