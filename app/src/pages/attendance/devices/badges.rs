//! Badges that are nobody's, and the dialog in which one is given to somebody.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::UnknownBadge;
use model::time::Stamp;

use super::Doings;
use crate::action::problem_of;
use crate::format::count;
use crate::pages::attendance::common::{form_of, reset_form};
use crate::ui::{
    Button, Column, DataTable, Dialog, DialogActions, DialogButton, FormProblems, Input, Look,
    Section, TableRow, TextField, Time, field_id,
};

/// The table.
#[component]
pub fn Badges(
    /// Badges that are nobody's.
    badges: Vec<UnknownBadge>,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if badges.is_empty() {
        return ().into_any();
    }
    let rows = badges
        .iter()
        .enumerate()
        .map(|(index, badge)| row(index, badge, doings))
        .collect();
    let dialogs = badges
        .into_iter()
        .enumerate()
        .map(|(index, badge)| dialog(index, badge, doings))
        .collect_view();
    view! {
        <Section title="Badges that are nobody’s">
            <p class="muted">
                "Their punches are kept and count for nobody until the badge is given to somebody."
            </p>
            <DataTable
                caption="Badges that are nobody’s"
                columns=vec![
                    Column::text("badge", "Badge"),
                    Column::number("punches", "Punches"),
                    Column::text("last", "Last used"),
                    Column::text("action", "Action").lead(),
                ]
                rows
            />
            {dialogs}
        </Section>
    }
    .into_any()
}

fn dialog_of(index: usize) -> String {
    format!("badge-{index}")
}

fn row(index: usize, badge: &UnknownBadge, doings: Doings) -> TableRow {
    let spoken = format!(" badge {}", badge.badge);
    let assign = doings.assign;
    TableRow::plain()
        .cell(view! { <span class="mono break-words">{badge.badge.clone()}</span> })
        .cell(count(badge.punches))
        .cell(view! { <Time stamp=badge.last.clone()/> })
        .cell(view! {
            <DialogButton
                opens=dialog_of(index)
                small=true
                on:click=move |_| assign.clear()
            >
                "Give to somebody…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        })
}

/// The day of an instant as a field takes it.
fn date_of(stamp: &Stamp) -> String {
    stamp.exact().chars().take("2026-11-23".len()).collect()
}

fn dialog(index: usize, badge: UnknownBadge, doings: Doings) -> impl IntoView {
    let assign = doings.assign;
    let problem = problem_of(assign);
    let dialog = dialog_of(index);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let from = date_of(&badge.last);
    let title = format!("Whose is badge {}", badge.badge);
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <ActionForm
                action=assign
                attr:id=form
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="badge" value=badge.badge/>
                    <TextField
                        name="employee"
                        id=field_id(&format!("badge-{index}.employee"))
                        label="Employee"
                        help="E-mail address or employee number"
                        required=true
                        autocomplete="off"
                    />
                    <TextField
                        name="from"
                        id=field_id(&format!("badge-{index}.from"))
                        label="From"
                        help="Punches of this day and later become theirs"
                        input=Input::Date
                        value=from
                        required=true
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=assign.pending()>
                            "Give badge"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_day_is_that_of_the_readers_clock() {
        let stamp = Stamp {
            at: DateTime::UNIX_EPOCH,
            offset_minutes: -60,
        };
        assert_eq!(date_of(&stamp), "1969-12-31");
    }
}
