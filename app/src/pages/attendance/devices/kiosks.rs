//! Kiosks: how they are, and the dialogs in which one is added, given a new set-up code or blocked.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::DeviceId;
use model::attendance::views::{DeviceState, KioskView, Site};
use model::time::Stamp;

use super::Doings;
use super::words::{ago, kiosk_words};
use crate::action::problem_of;
use crate::format::count;
use crate::pages::attendance::common::{LoadAgain, form_of, reset_form};
use crate::pages::attendance::words::zone_words;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::ZoneField;
use crate::ui::{
    Button, Chip, Choice, Column, DataTable, Dialog, DialogActions, DialogButton, ErrorSummary,
    FormProblems, Icon, Look, Section, SelectField, TableRow, TextField, Tone, field_id,
};

/// The dialog in which a kiosk is added.
const ADD: &str = "kiosk-add";
/// The dialog in which a PIN is taken away.
const CLEAR: &str = "kiosk-clear-pin";

/// The id of the dialog of a kiosk.
fn dialog_of(id: DeviceId) -> String {
    format!("kiosk-{id}")
}

/// The table, and what can be done.
#[component]
pub fn Kiosks(
    /// All kiosks.
    kiosks: Vec<KioskView>,
    /// Where a new one can stand.
    sites: Vec<Site>,
    /// Whether the reader may take PINs away.
    clears_pins: bool,
    /// The present.
    now: Stamp,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let list = if kiosks.is_empty() {
        view! {
            <p class="muted">
                "A tablet at the door on which people clock in with number and PIN, or with a code of their own page. Add one, and type its set-up code into the tablet."
            </p>
        }
        .into_any()
    } else {
        table(&kiosks, &now, doings)
    };
    let dialogs = kiosks
        .into_iter()
        .map(|kiosk| dialog(kiosk, doings))
        .collect_view();
    view! {
        <Section title="Kiosks">
            {list}
            <div class="button-row">
                <DialogButton opens=ADD icon=Icon::Plus on:click=move |_| doings.add.clear()>
                    "Add a kiosk…"
                </DialogButton>
                {clears_pins.then(|| {
                    view! {
                        <DialogButton
                            opens=CLEAR
                            look=Look::Quiet
                            on:click=move |_| doings.clear.clear()
                        >
                            "Somebody forgot their PIN…"
                        </DialogButton>
                    }
                })}
            </div>
            <Add sites doings/>
            {clears_pins.then(|| view! { <Clear doings/> })}
            {dialogs}
        </Section>
    }
}

fn table(kiosks: &[KioskView], now: &Stamp, doings: Doings) -> AnyView {
    let rows = kiosks.iter().map(|kiosk| row(kiosk, now, doings)).collect();
    view! {
        <DataTable
            caption="Kiosks by name"
            columns=vec![
                Column::text("kiosk", "Kiosk"),
                Column::text("state", "State").lead(),
                Column::text("seen", "Last seen"),
                Column::number("punches", "Punches"),
                Column::text("action", "Action"),
            ]
            rows
        />
    }
    .into_any()
}

fn row(kiosk: &KioskView, now: &Stamp, doings: Doings) -> TableRow {
    let (label, tone) = kiosk_words(kiosk);
    let silent = kiosk
        .silent
        .then(|| view! { <Chip tone=Tone::Negative label="Silent"/> });
    let until = kiosk
        .setup_until
        .as_ref()
        .map(|until| view! { <span class="quiet small">"by " {until.clock()}</span> });
    let seen = match &kiosk.last_seen {
        Some(at) => {
            let (exact, words) = (at.exact(), ago(at, now));
            let tooltip = exact.clone();
            view! { <time class="time" datetime=exact title=tooltip>{words}</time> }.into_any()
        }
        None => view! { <span class="quiet">"Never"</span> }.into_any(),
    };
    let place = match &kiosk.site {
        Some(site) => format!("{site}, {}", zone_words(&kiosk.zone)),
        None => zone_words(&kiosk.zone),
    };
    let spoken = format!(" {}", kiosk.name);
    TableRow::plain()
        .cell(view! {
            <span class="cell-stack">
                <span>{kiosk.name.clone()}</span>
                <span class="quiet small">{place}</span>
            </span>
        })
        .cell(view! { <span class="chip-row"><Chip tone label/> {silent} {until}</span> })
        .cell(seen)
        .cell(count(kiosk.punches))
        .cell(view! {
            <DialogButton
                opens=dialog_of(kiosk.id)
                small=true
                on:click=move |_| {
                    doings.renew.clear();
                    doings.block.clear();
                }
            >
                "Change…"
                <span class="sr-only">{spoken}</span>
            </DialogButton>
        })
}

/// Name, site and zone of a new kiosk.
#[component]
fn Add(sites: Vec<Site>, doings: Doings) -> impl IntoView {
    let add = doings.add;
    let problem = problem_of(add);
    let form = form_of(ADD);
    let closed = form.clone();
    let mut choices = vec![Choice::new("", "No site")];
    choices.extend(
        sites
            .into_iter()
            .map(|site| Choice::new(site.id.to_string(), site.name)),
    );
    let said = move |field: &str| said_of(problem, field.to_owned());
    view! {
        <Dialog id=ADD title="Add a kiosk" on:close=move |_| reset_form(&closed)>
            <p>"It gets a set-up code, which is shown once and works for 30 minutes."</p>
            <ActionForm
                action=add
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(ADD.to_owned()))
            >
                <FormProblems problem>
                    <TextField
                        name="form[name]"
                        id=field_id("kiosk.name")
                        error=said("name")
                        label="Name"
                        help="Where it stands: Front door"
                        maxlength=80
                        autocomplete="off"
                    />
                    <SelectField
                        name="form[site]"
                        id=field_id("kiosk.site")
                        error=said("site")
                        label="Site"
                        choices
                        value=""
                    />
                    <ZoneField
                        name="form[zone]"
                        id=field_id("kiosk.zone")
                        error=said("zone")
                        label="Time zone of the place"
                        help="A name such as Europe/Berlin"
                        value=""
                    />
                    <DialogActions dialog=ADD>
                        <Button look=Look::Primary submit=true busy=add.pending()>
                            "Add kiosk"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

/// Whose PIN is to go.
#[component]
fn Clear(doings: Doings) -> impl IntoView {
    let clear = doings.clear;
    let problem = problem_of(clear);
    let form = form_of(CLEAR);
    let closed = form.clone();
    let error = said_of(problem, "employee".to_owned());
    view! {
        <Dialog id=CLEAR title="Take a PIN away" on:close=move |_| reset_form(&closed)>
            <p>"PINs can be read by nobody. Once it is gone, its owner sets a new one on the own page, under My month."</p>
            <ActionForm
                action=clear
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(CLEAR.to_owned()))
            >
                <FormProblems problem>
                    <TextField
                        name="employee"
                        id=field_id("kiosk.employee")
                        error=error
                        label="Employee"
                        help="E-mail address or employee number"
                        autocomplete="off"
                    />
                    <DialogActions dialog=CLEAR>
                        <Button look=Look::Danger submit=true busy=clear.pending()>
                            "Take PIN away"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

fn dialog(kiosk: KioskView, doings: Doings) -> impl IntoView {
    let (renew, block) = (doings.renew, doings.block);
    let (renew_problem, block_problem) = (problem_of(renew), problem_of(block));
    let dialog = dialog_of(kiosk.id);
    let (sent, also_sent) = (dialog.clone(), dialog.clone());
    let is_blocked = kiosk.state == DeviceState::Blocked;
    let (words, look) = match is_blocked {
        true => ("Listen to it again", Look::Primary),
        false => ("Block it", Look::Danger),
    };
    let (id, version) = (kiosk.id.to_string(), kiosk.version.to_string());
    let hidden = move || {
        view! {
            <input type="hidden" name="id" value=id.clone()/>
            <input type="hidden" name="version" value=version.clone()/>
        }
    };
    let also_hidden = hidden.clone();
    let renewal = (!is_blocked).then(move || {
        view! {
            <ActionForm
                action=renew
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <ErrorSummary problem=renew_problem/>
                <LoadAgain problem=renew_problem/>
                {hidden()}
                <p>"A new set-up code signs the tablet out that is this kiosk now."</p>
                <div class="button-row">
                    <Button submit=true busy=renew.pending()>"New set-up code"</Button>
                </div>
            </ActionForm>
        }
    });
    view! {
        <Dialog id=dialog.clone() title=format!("Kiosk {}", kiosk.name)>
            {renewal}
            <ActionForm
                action=block
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(also_sent.clone()))
            >
                <ErrorSummary problem=block_problem/>
                <LoadAgain problem=block_problem/>
                {also_hidden()}
                <input type="hidden" name="blocked" value=(!is_blocked).to_string()/>
                <DialogActions dialog=dialog>
                    <Button look submit=true busy=block.pending()>
                        {words}
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
