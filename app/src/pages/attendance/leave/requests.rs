//! What was asked for, and the question before a request is taken or leave is given back, or before leave
//! of somebody else is ended.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::LeaveRequestId;
use model::attendance::accrual::Part;
use model::attendance::views::{LeavePage, LeaveState, LeaveView};

use super::Doings;
use super::cost::amount;
use crate::action::problem_of;
use crate::pages::attendance::common::{LoadAgain, dash, form_of, range_words, reset_form};
use crate::pages::attendance::words;
use crate::paths;
use crate::ui::{
    Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState, ErrorSummary,
    FormProblems, Icon, Input, LinkButton, Look, TableRow, TextField, field_id,
};

/// The id of the dialog in which a request is taken back.
pub fn dialog_of(id: LeaveRequestId) -> String {
    format!("withdraw-{id}")
}

/// The list.
#[component]
pub fn Requests(
    /// What the server knows.
    page: LeavePage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if page.requests.is_empty() {
        let text = match page.own {
            true => {
                "A request stands here until your manager has decided, and as long as the days are near."
            }
            false => "What is asked for stands here, and leave that is granted or entered.",
        };
        return view! {
            <EmptyState
                icon=Icon::Calendar
                title="Nothing asked for yet"
                text
            />
        }
        .into_any();
    }
    let rows = page
        .requests
        .iter()
        .map(|request| row(&page, request, doings))
        .collect();
    let dialogs = page
        .requests
        .iter()
        .filter(|request| request.may_withdraw)
        .map(|request| dialog(request.clone(), doings))
        .collect_view();
    let ends = page
        .requests
        .iter()
        .filter(|request| request.may_end)
        .map(|request| end_dialog(request, page.today, doings))
        .collect_view();
    let caption = match page.own {
        true => "Your requests, those to come first".to_owned(),
        false => format!("Requests of {}, those to come first", page.employee.name),
    };
    view! {
        <DataTable
            caption
            columns=vec![
                Column::text("days", "Days"),
                Column::text("state", "State").lead(),
                Column::text("kind", "Leave"),
                Column::number("takes", "Takes"),
                Column::text("action", "Action"),
            ]
            rows
        />
        {dialogs}
        {ends}
    }
    .into_any()
}

/// The days in words: `Mon 23 Nov 2026, morning`.
fn days_of(request: &LeaveView) -> String {
    let days = range_words(request.from_day, request.to_day);
    match request.part {
        Part::Full => days,
        part => format!("{days}, {}", words::part_word(part)),
    }
}

/// The word for taking a request back; leave that was granted is given back.
const fn verb(state: LeaveState) -> &'static str {
    match state {
        LeaveState::Approved => "Give back",
        _ => "Take back",
    }
}

fn row(page: &LeavePage, request: &LeaveView, doings: Doings) -> TableRow {
    let (label, tone) = words::leave_words(request.state);
    let day = page
        .balances
        .iter()
        .find(|balance| balance.name == request.kind);
    let day = day.map_or(0, |balance| balance.day_minutes);
    let decision = request.decided_by.clone().map(|by| {
        let said = match request.decision_note.as_str() {
            "" if request.on_behalf => format!("entered by {by}"),
            "" => format!("by {by}"),
            note => format!("by {by}: {note}"),
        };
        view! { <span class="quiet small break-words">{said}</span> }
    });
    let ended = request.ended.clone().map(|ended| {
        let until = ended.granted_to_day.format("%-d %b %Y");
        let said = format!(
            "Granted until {until}, ended by {}: {}",
            ended.by, ended.note
        );
        view! { <span class="quiet small break-words">{said}</span> }
    });
    let note = (!request.note.is_empty()).then(|| {
        view! { <span class="quiet small break-words">{request.note.clone()}</span> }
    });
    let away = (!request.also_away.is_empty()).then(|| {
        let text = format!("Also away: {}", request.also_away.join(", "));
        view! { <span class="quiet small">{text}</span> }
    });
    let action = if request.may_withdraw {
        let spoken = format!(" {}", days_of(request));
        let withdraw = doings.withdraw;
        let (opens, verb) = (dialog_of(request.id), verb(request.state));
        view! {
            // What was said of another request does not belong here.
            <DialogButton
                opens
                small=true
                on:click=move |_| withdraw.clear()
            >
                {verb}
                "…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
        .into_any()
    } else if request.may_end {
        let spoken = format!(" {}", days_of(request));
        let end = doings.end;
        view! {
            <DialogButton
                opens=end_dialog_of(request.id)
                small=true
                on:click=move |_| end.clear()
            >
                "End…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        }
        .into_any()
    } else if request.may_decide {
        view! {
            <LinkButton href=paths::INBOX small=true>
                "Decide"
            </LinkButton>
        }
        .into_any()
    } else {
        dash()
    };
    TableRow::plain()
        .cell(view! {
            <span class="cell-stack">
                <span class="num">{days_of(request)}</span>
                {away}
            </span>
        })
        .cell(view! {
            <span class="cell-stack">
                <span><Chip tone label/></span>
                {decision}
                {ended}
            </span>
        })
        .cell(view! {
            <span class="cell-stack">
                <span>{request.kind.clone()}</span>
                {note}
            </span>
        })
        .cell(view! { <span class="num">{amount(request.minutes, day)}</span> })
        .cell(action)
}

fn end_dialog_of(id: LeaveRequestId) -> String {
    format!("end-{id}")
}

/// Asks from which day on leave of somebody else ends, and why.
fn end_dialog(request: &LeaveView, today: NaiveDate, doings: Doings) -> impl IntoView + use<> {
    let end = doings.end;
    let problem = problem_of(end);
    let dialog = end_dialog_of(request.id);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let (id, version) = (request.id.to_string(), request.version.to_string());
    let title = format!(
        "End {} of {}, {}",
        request.kind,
        request.employee.name,
        days_of(request)
    );
    let meaning = format!(
        "From the day on that you choose, the days are working days again and count as not taken. From the first day on, all of it is taken back. {} reads why.",
        request.employee.name
    );
    let first = today.clamp(request.from_day, request.to_day).to_string();
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>{meaning}</p>
            <ActionForm
                action=end
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <LoadAgain problem/>
                    <input type="hidden" name="id" value=id.clone()/>
                    <input type="hidden" name="version" value=version/>
                    <TextField
                        name="from"
                        id=field_id(&format!("{id}.from"))
                        label="First day that is no leave any more"
                        input=Input::Date
                        value=first
                        required=true
                    />
                    <TextField
                        name="reason"
                        id=field_id(&format!("{id}.reason"))
                        label="Why"
                        help="Whose leave it is reads it"
                        required=true
                        maxlength=1000
                        autocomplete="off"
                    />
                    <DialogActions dialog=dialog cancel="Keep it">
                        <Button look=Look::Danger submit=true busy=end.pending()>
                            "End leave"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

fn dialog(request: LeaveView, doings: Doings) -> impl IntoView {
    let withdraw = doings.withdraw;
    let problem = problem_of(withdraw);
    let dialog = dialog_of(request.id);
    let days = days_of(&request);
    let title = format!("{} {}, {days}", verb(request.state), request.kind);
    let meaning = match request.state {
        LeaveState::Approved => {
            "The days are working days again and count as not taken. You can ask for them anew, and somebody has to decide again."
        }
        _ => "Nobody has to decide about it any more. You can ask anew at any time.",
    };
    view! {
        <Dialog id=dialog.clone() title>
            <p>{meaning}</p>
            <ErrorSummary problem/>
            <LoadAgain problem/>
            <ActionForm action=withdraw>
                <input type="hidden" name="id" value=request.id.to_string()/>
                <input type="hidden" name="version" value=request.version.to_string()/>
                <DialogActions dialog=dialog cancel="Keep it">
                    <Button look=Look::Danger submit=true busy=withdraw.pending()>
                        {verb(request.state)}
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
