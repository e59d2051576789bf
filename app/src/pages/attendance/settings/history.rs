//! The terms of one employee over time, and taking some back.

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{EmployeePage, EmploymentView};

use crate::action::problem_of;
use crate::api::attendance::employee_form::TakeBackTerms;
use crate::pages::attendance::common::{LoadAgain, dash, or_dash};
use crate::pages::attendance::words::date_words;
use crate::ui::{
    Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton, ErrorSummary, Look,
    Section, TableRow, Tone,
};

/// The terms that hold today; those of the first day, for somebody who has not begun.
pub fn in_force(page: &EmployeePage) -> Option<&EmploymentView> {
    let begun = page.terms.iter().find(|terms| terms.from <= page.today);
    begun.or(page.terms.last())
}

/// All terms, the last first. The only ones cannot be taken back.
pub fn history(page: &EmployeePage, take_back: ServerAction<TakeBackTerms>) -> AnyView {
    let now = in_force(page).map(|terms| terms.from);
    let has_others = page.terms.len() > 1;
    let rows = page.terms.iter().map(|terms| {
        let holds = if Some(terms.from) == now {
            view! { <Chip tone=Tone::Positive label="Today"/> }.into_any()
        } else if terms.from > page.today {
            view! { <Chip tone=Tone::Caution label="Later"/> }.into_any()
        } else {
            view! { <Chip tone=Tone::Neutral label="Over"/> }.into_any()
        };
        TableRow::plain()
            .cell(date_words(terms.from))
            .cell(holds)
            .cell(terms.policy_name.clone())
            .cell(or_dash(Some(terms.team.clone())))
            .cell(or_dash(terms.manager.as_ref().map(|one| one.name.clone())))
            .cell(or_dash(terms.site_name.clone()))
            .cell(or_dash(terms.region.clone()))
            .cell(match has_others {
                true => opener(terms.from, take_back),
                false => dash(),
            })
    });
    let rows: Vec<TableRow> = rows.collect();
    let dialogs = page.terms.iter().filter(|_| has_others);
    let dialogs = dialogs
        .map(|terms| dialog(page, terms.from, take_back))
        .collect_view();
    view! {
        <Section title="Since when">
            <DataTable
                caption="All terms, the last first"
                columns=vec![
                    Column::text("from", "From"),
                    Column::text("holds", "Holds").lead(),
                    Column::text("terms", "Terms"),
                    Column::text("team", "Team"),
                    Column::text("manager", "Manager"),
                    Column::text("site", "Site"),
                    Column::text("region", "Holidays"),
                    Column::text("action", "Action"),
                ]
                rows
            />
            {dialogs}
        </Section>
    }
    .into_any()
}

fn dialog_of(from: NaiveDate) -> String {
    format!("terms-from-{from}")
}

/// The button that asks before terms are taken back.
fn opener(from: NaiveDate, take_back: ServerAction<TakeBackTerms>) -> AnyView {
    view! {
        <DialogButton opens=dialog_of(from) small=true on:click=move |_| take_back.clear()>
            "Take back…"
            <span class="sr-only">{format!(" the terms from {}", date_words(from))}</span>
        </DialogButton>
    }
    .into_any()
}

fn dialog(
    page: &EmployeePage,
    from: NaiveDate,
    take_back: ServerAction<TakeBackTerms>,
) -> impl IntoView + use<> {
    let problem = problem_of(take_back);
    let is_first = page.terms.last().is_some_and(|terms| terms.from == from);
    let words = if is_first {
        "These are the first ones: the next then hold for the days before as well."
    } else {
        "The terms before them then go on."
    };
    let (id, version) = (page.id.to_string(), page.version.to_string());
    view! {
        <Dialog id=dialog_of(from) title=format!("Take back the terms from {}?", date_words(from))>
            <p>
                {words}
                " Open days are derived again; what changes on days of a locked period waits as an adjustment."
            </p>
            <ErrorSummary problem/>
            <LoadAgain problem/>
            <DialogActions dialog=dialog_of(from) cancel="Keep them">
                <ActionForm action=take_back>
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="from" value=from.to_string()/>
                    <input type="hidden" name="version" value=version/>
                    <Button look=Look::Danger submit=true busy=take_back.pending()>
                        "Take them back"
                    </Button>
                </ActionForm>
            </DialogActions>
        </Dialog>
    }
}
