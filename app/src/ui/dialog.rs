//! Dialogs on the browser's own `<dialog>`: it traps and returns the focus and closes on Esc.
//! A [`DialogButton`] opens its dialog through an invoker command even before scripts have run.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::button::{Button, Look};
use super::icon::{Glyph, Icon};

fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Opens the dialog with an id. For event handlers in the browser.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        // Fails only for a dialog that was taken out of the page, and then there is none to show.
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog with an id. For event handlers in the browser.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(web_sys::HtmlDialogElement::open) {
        dialog.close();
    }
}

/// Whether the browser itself carries out a button's `command`.
fn knows_commands() -> bool {
    let button = document().create_element("button");
    button.is_ok_and(|button| js_sys::Reflect::has(&button, &"command".into()).unwrap_or(false))
}

/// Opens a dialog from a button that also has `command="show-modal"`, in browsers that do not
/// know commands yet.
pub fn open_for_command(id: &str) {
    if !knows_commands() {
        open_dialog(id);
    }
}

/// Closes a dialog from a button that also has `command="close"`, in browsers that do not know
/// commands yet.
fn close_for_command(id: &str) {
    if !knows_commands() {
        close_dialog(id);
    }
}

/// The button that opens a dialog.
#[component]
pub fn DialogButton(
    /// The dialog's id.
    #[prop(into)]
    opens: String,
    /// How loud.
    #[prop(optional)]
    look: Look,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// 28 px high instead of 32.
    #[prop(optional)]
    small: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let id = opens.clone();
    let words = move || {
        view! {
            {icon.map(|icon| view! { <Glyph icon/> })}
            {children()}
        }
    };
    view! {
        <Button
            look
            small
            attr:command="show-modal"
            attr:commandfor=opens
            attr:aria-haspopup="dialog"
            on:click=move |_| open_for_command(&id)
        >
            {words()}
        </Button>
    }
}

/// A dialog with a title and a cross. Its form or its buttons are the children; put the buttons
/// into [`DialogActions`].
#[component]
pub fn Dialog(
    /// The id that opens it.
    #[prop(into)]
    id: String,
    /// What it is about; for something destructive, name the object.
    #[prop(into)]
    title: String,
    /// Words, fields, actions.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <dialog class="dialog" id=id aria-labelledby=heading.clone()>
            <div class="dialog-head">
                <h2 id=heading.clone()>{title}</h2>
                <form method="dialog">
                    <button class="button button-quiet button-icon" aria-label="Close">
                        <Glyph icon=Icon::Cross/>
                    </button>
                </form>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// The row of buttons at the end of a dialog: *Cancel* first, then what the children say.
#[component]
pub fn DialogActions(
    /// The dialog's id, for *Cancel*.
    #[prop(into)]
    dialog: String,
    /// The word for leaving; *Cancel* unless told.
    #[prop(default = "Cancel".into(), into)]
    cancel: String,
    /// The other buttons.
    children: Children,
) -> impl IntoView {
    let id = dialog.clone();
    view! {
        <div class="dialog-actions">
            <Button
                attr:command="close"
                attr:commandfor=dialog
                on:click=move |_| close_for_command(&id)
            >
                {cancel}
            </Button>
            {children()}
        </div>
    }
}
