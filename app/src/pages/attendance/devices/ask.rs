//! What a device can be asked to send again: all that it holds, or some days.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::{DeviceState, DeviceView};

use super::Doings;
use super::words::name_of;
use crate::action::problem_of;
use crate::pages::attendance::common::{form_of, reset_form};
use crate::ui::{
    Button, Dialog, DialogActions, DialogButton, FormProblems, Input, Look, TextField, field_id,
};

fn dialog_of(device: &DeviceView) -> String {
    format!("device-ask-{}", device.id)
}

/// The two buttons of a device that is listened to.
pub fn buttons(device: &DeviceView, doings: Doings) -> Option<AnyView> {
    if device.state != DeviceState::Active {
        return None;
    }
    let spoken = format!(": {}", name_of(device));
    let also_spoken = spoken.clone();
    let (ask_all, ask_days) = (doings.ask_all, doings.ask_days);
    let id = device.id.to_string();
    let dialog = dialog_of(device);
    let buttons = view! {
        <ActionForm action=ask_all>
            <input type="hidden" name="id" value=id/>
            <Button small=true look=Look::Quiet submit=true busy=ask_all.pending()>
                "Send everything again"
                <span class="sr-only">{spoken}</span>
            </Button>
        </ActionForm>
        <DialogButton
            opens=dialog
            small=true
            look=Look::Quiet
            on:click=move |_| ask_days.clear()
        >
            "Ask for a period…"
            <span class="sr-only">{also_spoken}</span>
        </DialogButton>
    };
    Some(buttons.into_any())
}

/// The dialog in which the days are named.
pub fn dialog(device: &DeviceView, doings: Doings) -> Option<AnyView> {
    if device.state != DeviceState::Active {
        return None;
    }
    let ask = doings.ask_days;
    let problem = problem_of(ask);
    let dialog = dialog_of(device);
    let (form, sent) = (form_of(&dialog), dialog.clone());
    let closed = form.clone();
    let (from_id, to_id) = (
        field_id(&format!("{dialog}.from")),
        field_id(&format!("{dialog}.to")),
    );
    let id = device.id.to_string();
    let title = format!("Ask {} for a period", name_of(device));
    let dialog = view! {
        <Dialog id=dialog.clone() title on:close=move |_| reset_form(&closed)>
            <p>
                "At its next poll the device is asked for the punches of these days, by its clock. Those that are kept already are known again and change nothing."
            </p>
            <ActionForm
                action=ask
                attr:id=form
                attr:class="dialog-form"
                on:submit=move |_| doings.sent.set_value(Some(sent.clone()))
            >
                <FormProblems problem>
                    <input type="hidden" name="id" value=id/>
                    <TextField
                        name="from"
                        id=from_id
                        label="First day"
                        input=Input::Date
                        required=true
                    />
                    <TextField
                        name="to"
                        id=to_id
                        label="Last day"
                        input=Input::Date
                        required=true
                    />
                    <DialogActions dialog=dialog>
                        <Button look=Look::Primary submit=true busy=ask.pending()>
                            "Ask the device"
                        </Button>
                    </DialogActions>
                </FormProblems>
            </ActionForm>
        </Dialog>
    };
    Some(dialog.into_any())
}
