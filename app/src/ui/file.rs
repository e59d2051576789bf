//! A field for a file: press or drop. The browser's own input lies over the whole field.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::field::field_id;
use super::icon::{Glyph, Icon};
use super::problem::error_of;

/// A file to send with a form of `enctype="multipart/form-data"`.
#[component]
pub fn FileDrop(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The words above.
    #[prop(into)]
    label: String,
    /// Endings and types that are taken: `.xml,.sta,text/csv`.
    #[prop(optional, into)]
    accept: String,
    /// What is taken, in words.
    #[prop(optional, into)]
    help: String,
    /// An error of its own.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The browser asks for it.
    #[prop(optional)]
    required: bool,
    /// Takes several at once.
    #[prop(optional)]
    multiple: bool,
) -> impl IntoView {
    let id = field_id(&name);
    let error = error_of(&name, error);
    let chosen = RwSignal::new(None::<String>);
    let choose = move |event: leptos::ev::Event| {
        let value = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
            .map(|input| input.value());
        // Browsers hide the folder behind a made-up one.
        let file = value
            .as_deref()
            .and_then(|v| v.rsplit(['\\', '/']).next())
            .map(str::to_owned);
        chosen.set(file.filter(|file| !file.is_empty()));
    };
    let words = move || {
        chosen
            .get()
            .unwrap_or_else(|| "Choose a file or drop it here".into())
    };
    let described = format!("{id}-help {id}-error");
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <div class="file">
                <Glyph icon=Icon::Import large=true/>
                <span class="file-name" aria-live="polite">{words}</span>
                <span class="field-help" id=format!("{id}-help")>{help}</span>
                <input
                    type="file"
                    id=id.clone()
                    name=name
                    accept=(!accept.is_empty()).then_some(accept)
                    required=required
                    multiple=multiple
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    on:change=choose
                />
            </div>
            <p class="field-error" id=format!("{id}-error")>
                {move || error.get().map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })}
            </p>
        </div>
    }
}
