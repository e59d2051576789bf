//! What days of locked periods have come to since, and the decision about each.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::AdjustmentId;
use model::attendance::views::{AdjustmentState, AdjustmentView};

use super::Doings;
use crate::action::problem_of;
use crate::format::counted;
use crate::pages::attendance::common::{dash, number};
use crate::pages::attendance::words::{short_date, signed};
use crate::paths;
use crate::ui::{
    Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState, ErrorSummary,
    Icon, Look, Section, TableRow, Time, Tone,
};

/// The section.
#[component]
pub fn Adjustments(
    /// Those that wait first.
    adjustments: Vec<AdjustmentView>,
    /// Whether the reader may decide.
    may_change: bool,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if adjustments.is_empty() {
        return view! {
            <Section title="Adjustments">
                <EmptyState
                    icon=Icon::CheckCircle
                    title="No adjustments"
                    text="When a day of a locked period comes to something else, by a late punch or a correction, the difference waits here for a decision."
                />
            </Section>
        }
        .into_any();
    }
    let waiting = adjustments.iter().filter(|one| is_waiting(one)).count();
    let words = format!(
        "{}, {waiting} to be decided",
        counted(number(&adjustments), "adjustment", "adjustments")
    );
    let bar = view! { <span class="num">{words}</span> }.into_any();
    let rows = adjustments
        .iter()
        .map(|one| row(one, may_change, doings))
        .collect();
    let dialogs = adjustments
        .into_iter()
        .filter(|one| one.may_decide)
        .map(|one| dialog(one, doings))
        .collect_view();
    view! {
        <Section title="Adjustments">
            <DataTable
                caption="Adjustments, those to be decided first"
                columns=vec![
                    Column::text("person", "Person"),
                    Column::text("day", "Day"),
                    Column::number("minutes", "Difference").lead(),
                    Column::text("state", "State"),
                    Column::text("since", "Came up"),
                    Column::text("action", "Action"),
                ]
                rows
                bar
            />
            {dialogs}
        </Section>
    }
    .into_any()
}

fn is_waiting(one: &AdjustmentView) -> bool {
    one.state == AdjustmentState::Pending
}

fn dialog_of(id: AdjustmentId) -> String {
    format!("adjustment-{id}")
}

const fn state_words(state: AdjustmentState) -> (&'static str, Tone) {
    match state {
        AdjustmentState::Pending => ("To be decided", Tone::Caution),
        AdjustmentState::Approved => ("Approved", Tone::Positive),
        AdjustmentState::Refused => ("Refused", Tone::Negative),
        AdjustmentState::Overtaken => ("Overtaken", Tone::Neutral),
    }
}

fn row(one: &AdjustmentView, may_change: bool, doings: Doings) -> TableRow {
    let (label, tone) = state_words(one.state);
    let date = format!(
        "{} {}",
        short_date(one.work_date),
        one.work_date.format("%Y")
    );
    // Finance knows minutes and no days.
    let day = if may_change {
        let href = paths::attendance_day(one.work_date, Some(one.employee.id));
        view! { <a class="num" href=href>{date}</a> }.into_any()
    } else {
        view! { <span class="num">{date}</span> }.into_any()
    };
    let by = one.decided_by.clone();
    let by = by.map(|by| view! { <span class="quiet small">"by " {by}</span> });
    let action = if one.may_decide {
        let spoken = format!(
            " about {}, {}",
            one.employee.name,
            short_date(one.work_date)
        );
        let decide = doings.decide;
        view! {
            <DialogButton
                opens=dialog_of(one.id)
                small=true
                on:click=move |_| decide.clear()
            >
                "Decide…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
        .into_any()
    } else if may_change && is_waiting(one) {
        view! { <span class="quiet small">"Your own: for somebody else"</span> }.into_any()
    } else {
        dash()
    };
    TableRow::plain()
        .cell(one.employee.name.clone())
        .cell(day)
        .cell(signed(one.minutes))
        .cell(view! {
            <span class="cell-stack">
                <span><Chip tone label/></span>
                {by}
            </span>
        })
        .cell(view! { <Time stamp=one.at.clone()/> })
        .cell(action)
}

fn dialog(one: AdjustmentView, doings: Doings) -> impl IntoView {
    let decide = doings.decide;
    let problem = problem_of(decide);
    let dialog = dialog_of(one.id);
    let (refused, approved) = (dialog.clone(), dialog.clone());
    let day = short_date(one.work_date);
    let title = format!("{}, {day}: {}", one.employee.name, signed(one.minutes));
    let id = one.id.to_string();
    let same = id.clone();
    view! {
        <Dialog id=dialog.clone() title>
            <p>
                "The day of the locked period stays as it is. Approved, the difference is paid or taken in the period that is open. Refused, it does not come back until the day comes to something else."
            </p>
            <ErrorSummary problem/>
            <DialogActions dialog=dialog cancel="Later">
                <ActionForm
                    action=decide
                    on:submit=move |_| doings.sent.set_value(Some(refused.clone()))
                >
                    <input type="hidden" name="id" value=same/>
                    <input type="hidden" name="approve" value="false"/>
                    <Button look=Look::Danger submit=true busy=decide.pending()>
                        "Refuse"
                    </Button>
                </ActionForm>
                <ActionForm
                    action=decide
                    on:submit=move |_| doings.sent.set_value(Some(approved.clone()))
                >
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="approve" value="true"/>
                    <Button look=Look::Primary submit=true busy=decide.pending()>
                        "Approve"
                    </Button>
                </ActionForm>
            </DialogActions>
        </Dialog>
    }
}
