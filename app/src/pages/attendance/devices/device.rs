//! The devices, and the dialog in which one is accepted, named or blocked.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{DeviceState, DeviceView, Site};
use model::time::Stamp;
use model::{DeviceId, Problem};

use super::words::{ago, asked, clock, name_of, state_words};
use super::{Doings, ask};
use crate::action::problem_of;
use crate::api::attendance::device_form::device_field;
use crate::format::{count, counted};
use crate::pages::attendance::common::{LoadAgain, dash, form_of, number, reset_form};
use crate::pages::attendance::words::zone_words;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::ZoneField;
use crate::ui::{
    Button, CheckboxField, Chip, Choice, Column, DataTable, Dialog, DialogActions, DialogButton,
    Disclosure, ErrorSummary, FormProblems, Input, Look, Section, SelectField, TableRow, TextField,
    Tone, field_id,
};

/// The id of the dialog of a device.
pub fn dialog_of(id: DeviceId) -> String {
    format!("device-{id}")
}

/// The table.
#[component]
pub fn Devices(
    /// All devices.
    devices: Vec<DeviceView>,
    /// The places where one can hang.
    sites: Vec<Site>,
    /// The present.
    now: Stamp,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if devices.is_empty() {
        return ().into_any();
    }
    let silent = devices.iter().filter(|device| device.silent).count();
    let all = counted(number(&devices), "device", "devices");
    let words = match silent {
        0 => all,
        silent => format!("{all}, {silent} silent"),
    };
    let bar = view! { <span class="num">{words}</span> }.into_any();
    let rows = devices
        .iter()
        .map(|device| row(device, &sites, &now, doings))
        .collect();
    let dialogs = devices
        .into_iter()
        .map(|device| {
            let ask = ask::dialog(&device, doings);
            view! {
                {ask}
                {dialog(device, &sites, doings)}
            }
        })
        .collect_view();
    let problem = problem_of(doings.ask_all);
    view! {
        <Section title="Devices">
            <ErrorSummary problem/>
            <DataTable
                caption="Devices, those to be accepted first"
                columns=vec![
                    Column::text("device", "Device"),
                    Column::text("state", "State").lead(),
                    Column::text("seen", "Last seen"),
                    Column::text("clock", "Clock"),
                    Column::number("punches", "Punches kept"),
                    Column::number("unreadable", "Unreadable"),
                    Column::number("waiting", "Waiting"),
                    Column::text("firmware", "Firmware").spare(),
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

fn row(device: &DeviceView, sites: &[Site], now: &Stamp, doings: Doings) -> TableRow {
    let (label, tone) = state_words(device.state);
    let silent = device
        .silent
        .then(|| view! { <Chip tone=Tone::Negative label="Silent"/> });
    let seen = match &device.last_seen {
        Some(at) => {
            let (exact, words) = (at.exact(), ago(at, now));
            let tooltip = exact.clone();
            view! { <time class="time" datetime=exact title=tooltip>{words}</time> }.into_any()
        }
        None => view! { <span class="quiet">"Never"</span> }.into_any(),
    };
    let firmware = match device.firmware.clone() {
        Some(firmware) => view! { <span class="break-words small">{firmware}</span> }.into_any(),
        None => dash(),
    };
    let place = sites.iter().find(|site| Some(site.id) == device.site);
    let place = match place {
        Some(site) => format!("{}, {}", site.name, zone_words(&device.zone)),
        None => zone_words(&device.zone),
    };
    let verb = match device.state {
        DeviceState::Pending => "Accept or block",
        _ => "Change",
    };
    let spoken = format!(" {}", name_of(device));
    let (keep, dialog) = (doings.keep, dialog_of(device.id));
    TableRow::plain()
        .cell(view! {
            <span class="cell-stack">
                <span>{name_of(device)}</span>
                <span class="quiet small mono">{device.serial.clone()}</span>
                <span class="quiet small">{place}</span>
                <span class="quiet small">{guards(device)}</span>
                {device.asked.as_ref().map(|last| {
                    view! { <span class="quiet small">{asked(last)}</span> }
                })}
            </span>
        })
        .cell(view! { <span class="chip-row"><Chip tone label/> {silent}</span> })
        .cell(seen)
        .cell(view! { <span class=clock_class(device)>{clock(device.skew_seconds)}</span> })
        .cell(count(device.punches))
        .cell(count(device.unreadable))
        .cell(count(device.waiting))
        .cell(firmware)
        .cell(view! {
            <span class="button-row">
                <DialogButton opens=dialog small=true on:click=move |_| keep.clear()>
                    {verb}
                    "…"
                    <span class="sr-only">{spoken}</span>
                </DialogButton>
                {ask::buttons(device, doings)}
            </span>
        })
}

/// How it is guarded, and whether its keys are believed.
fn guards(device: &DeviceView) -> Option<String> {
    let mut words = Vec::new();
    if device.has_key {
        words.push("sends a key".to_owned());
    }
    if !device.network.is_empty() {
        words.push(format!("from {}", device.network.replace(',', ", ")));
    }
    if device.trusts_direction {
        words.push("its keys for in and out are believed".to_owned());
    }
    (!words.is_empty()).then(|| words.join(" · "))
}

/// A clock that is more than a minute wrong is marked.
fn clock_class(device: &DeviceView) -> &'static str {
    if device.skew_seconds.unsigned_abs() > 60 {
        "device-clock is-wrong"
    } else {
        "device-clock"
    }
}

fn dialog(device: DeviceView, sites: &[Site], doings: Doings) -> impl IntoView + use<> {
    let keep = doings.keep;
    let sites = sites.to_vec();
    let problem = problem_of(keep);
    let dialog = dialog_of(device.id);
    let form = form_of(&dialog);
    let closed = form.clone();
    let sent = dialog.clone();
    let is_pending = device.state == DeviceState::Pending;
    let title = if is_pending {
        format!("Accept device {}", device.serial)
    } else {
        format!("Device {}", name_of(&device))
    };
    let words = if is_pending {
        "Once it is accepted its punches count, also those that it has kept until now."
    } else {
        "What it has punched keeps the zone that it had then."
    };
    let verb = if is_pending { "Keep" } else { "Save" };
    view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>{words}</p>
            <ActionForm
                action=keep
                attr:id=form
                attr:class="dialog-form"
                attr:novalidate=true
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <LoadAgain problem/>
                    <Fields device=device.clone() sites problem/>
                    <Disclosure summary="Where it may speak from, its key, its buttons">
                        <div class="dialog-form">
                            <Guards device problem/>
                        </div>
                    </Disclosure>
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=keep.pending()>
                            {verb}
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    }
}

/// The fields, under the names that errors of this device have.
#[component]
fn Fields(device: DeviceView, sites: Vec<Site>, problem: Signal<Option<Problem>>) -> impl IntoView {
    let id = device.id.to_string();
    let named = |field: &str| device_field(&id, field);
    let said = |field: &str| said_of(problem, named(field));
    // Whoever opens a pending one most often accepts it.
    let state = match device.state {
        DeviceState::Blocked => DeviceState::Blocked,
        _ => DeviceState::Active,
    };
    let (name_id, name_error) = (field_id(&named("name")), said("name"));
    let (zone_id, zone_error) = (field_id(&named("zone")), said("zone"));
    let (state_id, state_error) = (field_id(&named("state")), said("state"));
    let (site_id, site_error) = (field_id(&named("site")), said("site"));
    let mut places = vec![Choice::new("", "No site")];
    places.extend(
        sites
            .into_iter()
            .map(|site| Choice::new(site.id.to_string(), site.name)),
    );
    let place = device.site.map(|id| id.to_string()).unwrap_or_default();
    let (from_id, from_error) = (field_id(&named("in_use_from")), said("in_use_from"));
    let from = device.in_use_from.map(|day| day.to_string());
    view! {
        <input type="hidden" name="form[id]" value=id/>
        <input type="hidden" name="form[version]" value=device.version.to_string()/>
        <TextField
            name="form[name]"
            id=name_id
            error=name_error
            label="Name"
            help="Where it hangs: Front door"
            value=device.name
            maxlength=80
            autocomplete="off"
        />
        <SelectField
            name="form[site]"
            id=site_id
            error=site_error
            label="Site"
            choices=places
            value=place
        />
        <ZoneField
            name="form[zone]"
            id=zone_id
            label="Time zone of its clock"
            help="A name such as Europe/Berlin"
            value=device.zone
            error=zone_error
        />
        <TextField
            name="form[in_use_from]"
            id=from_id
            error=from_error
            label="In use here since"
            help="Punches from before that day are set aside. Empty: all count"
            input=Input::Date
            value=from.unwrap_or_default()
            optional=true
        />
        <SelectField
            name="form[state]"
            id=state_id
            error=state_error
            label="Whether it is listened to"
            choices=vec![
                Choice::new(DeviceState::Active.as_str(), "Listen to it"),
                Choice::new(DeviceState::Blocked.as_str(), "Block it: what it sends is refused"),
            ]
            value=state.as_str()
        />
    }
}

/// From where a device may speak, under which key, and whether its buttons are believed.
#[component]
fn Guards(device: DeviceView, problem: Signal<Option<Problem>>) -> impl IntoView {
    let id = device.id.to_string();
    let named = |field: &str| device_field(&id, field);
    let said = |field: &str| said_of(problem, named(field));
    let (network_id, network_error) = (field_id(&named("network")), said("network"));
    let (secret_id, secret_error) = (field_id(&named("secret")), said("secret"));
    let (trusts_id, forget_id) = (
        field_id(&named("trusts_direction")),
        field_id(&named("forget_secret")),
    );
    let secret_help = match device.has_key {
        true => "It has one, of which only a fingerprint is kept. Leave it empty to keep it",
        false => "What its menu calls communication key; without one any key does",
    };
    let forget = device.has_key.then(|| {
        view! {
            <CheckboxField
                name="form[forget_secret]"
                id=forget_id
                label="It need not send a key any more"
            />
        }
    });
    view! {
        <TextField
            name="form[network]"
            id=network_id
            error=network_error
            label="Networks that it may speak from"
            help="Such as 192.168.16.0/24, several with commas; from elsewhere it raises an alarm. Empty: from near where it first spoke"
            value=device.network.replace(',', ", ")
            optional=true
            maxlength=120
            autocomplete="off"
        />
        <TextField
            name="form[secret]"
            id=secret_id
            error=secret_error
            label="Key that it has to send"
            help=secret_help
            input=Input::Password
            optional=true
            maxlength=128
            autocomplete="new-password"
        />
        {forget}
        <CheckboxField
            name="form[trusts_direction]"
            id=trusts_id
            label="Believe its buttons for in and out"
            help="Most people press the wrong one, or none; punches pair well without"
            checked=device.trusts_direction
        />
    }
}
