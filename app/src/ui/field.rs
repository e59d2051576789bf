//! Form fields: label above, help below, the error beside the field and announced with it.
//!
//! A field finds its own error: put the form's fields into [`super::FormProblems`] and each shows
//! the message of its `name`. They are plain inputs, so forms work before the page is awake; a form
//! that is refused then comes back with what was typed ([`crate::typed`]).

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::problem::{error_of, typed_or};
use crate::typed::is_secret;

/// What kind of text is typed. Decides the keyboard of a phone and what the browser checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A password, hidden while typed.
    Password,
    /// A whole number.
    Number,
    /// An amount of money: digits and a point.
    Amount,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// An address of the web.
    Url,
}

impl Input {
    const fn kind(self) -> &'static str {
        match self {
            Input::Text | Input::Amount => "text",
            Input::Email => "email",
            Input::Password => "password",
            Input::Number => "number",
            Input::Date => "date",
            Input::Time => "time",
            Input::Url => "url",
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Input::Amount => Some("decimal"),
            Input::Number => Some("numeric"),
            _ => None,
        }
    }
}

/// The DOM id of the field with a name: `customer.email` becomes `field-customer-email`.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.replace(['.', '[', ']', '_'], "-"))
}

/// What ties an input to its help and its error.
#[derive(Clone)]
pub(super) struct Ties {
    /// The input's own id.
    pub(super) id: String,
    help: String,
    error: Signal<Option<String>>,
}

impl Ties {
    pub(super) fn new(id: String, name: &str, help: String, error: MaybeProp<String>) -> Self {
        let id = if id.is_empty() { field_id(name) } else { id };
        Self {
            id,
            help,
            error: error_of(name, error),
        }
    }

    pub(super) fn described_by(
        &self,
    ) -> impl Fn() -> Option<String> + Clone + Send + 'static + use<> {
        let Ties { id, help, error } = self.clone();
        move || {
            let mut ids = Vec::new();
            if !help.is_empty() {
                ids.push(format!("{id}-help"));
            }
            if error.with(Option::is_some) {
                ids.push(format!("{id}-error"));
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    }

    pub(super) fn invalid(
        &self,
    ) -> impl Fn() -> Option<&'static str> + Clone + Send + 'static + use<> {
        let error = self.error;
        move || error.with(Option::is_some).then_some("true")
    }

    /// What stands under the input: its error, its help.
    pub(super) fn below(self) -> impl IntoView {
        let Ties { id, help, error } = self;
        let help_id = format!("{id}-help");
        let help =
            (!help.is_empty()).then(|| view! { <p class="field-help" id=help_id>{help}</p> });
        let message = move || {
            error
                .get()
                .map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
        };
        view! {
            <p class="field-error" id=format!("{id}-error")>{message}</p>
            {help}
        }
    }
}

pub(super) fn label_view(id: &str, label: String, optional: bool) -> impl IntoView + use<> {
    view! {
        <label class="field-label" for=id.to_owned()>
            {label}
            {optional.then(|| view! { <span class="field-optional">" (optional)"</span> })}
        </label>
    }
}

/// A line of text, a number, an amount, a date.
#[component]
pub fn TextField(
    /// The name in the form, as in [`model::Problem::message_for`].
    #[prop(into)]
    name: String,
    /// The words above.
    #[prop(into)]
    label: String,
    /// What is typed.
    #[prop(optional)]
    input: Input,
    /// What stands in it at first; what was typed before an error goes before it.
    #[prop(optional, into)]
    value: String,
    /// One line below.
    #[prop(optional, into)]
    help: String,
    /// An error of its own, before that of the form.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// An id of its own where two forms share a name.
    #[prop(optional, into)]
    id: String,
    /// The browser asks for it.
    #[prop(optional)]
    required: bool,
    /// Says that it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// It cannot be changed.
    #[prop(optional)]
    disabled: bool,
    /// Short text inside at the end, for example a currency.
    #[prop(optional, into)]
    affix: String,
    /// For the browser's memory: `email`, `current-password`, `off`.
    #[prop(optional, into)]
    autocomplete: String,
    /// An example, never instead of the label.
    #[prop(optional, into)]
    placeholder: String,
    /// How many characters at most.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Told of each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    // The server knows by the name what it must not keep.
    let secret = input == Input::Password;
    debug_assert!(!secret || is_secret(&name), "{name} does not sound secret");
    let value = if secret {
        value
    } else {
        typed_or(&name, value)
    };
    let ties = Ties::new(id, &name, help, error);
    let tell = move |event: leptos::ev::Event| {
        if let Some(told) = on_input {
            told.run(event_target_value(&event));
        }
    };
    let field = view! {
        <input
            class="input"
            id=ties.id.clone()
            name=name
            type=input.kind()
            inputmode=input.inputmode()
            value=value
            required=required
            disabled=disabled
            maxlength=maxlength.map(|n| n.to_string())
            autocomplete=some(autocomplete)
            placeholder=some(placeholder)
            aria-invalid=ties.invalid()
            aria-describedby=ties.described_by()
            on:input=tell
        />
    };
    let field = if affix.is_empty() {
        field.into_any()
    } else {
        view! {
            <div class="affix">
                {field} <span class="affix-text" aria-hidden="true">{affix}</span>
            </div>
        }
        .into_any()
    };
    view! { <div class="field">{label_view(&ties.id, label, optional)} {field} {ties.below()}</div> }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Several lines of text; grows with what is typed.
#[component]
pub fn TextareaField(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The words above.
    #[prop(into)]
    label: String,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// One line below.
    #[prop(optional, into)]
    help: String,
    /// An error of its own.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// An id of its own where two forms share a name.
    #[prop(optional, into)]
    id: String,
    /// The browser asks for it.
    #[prop(optional)]
    required: bool,
    /// Says that it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// How many characters at most.
    #[prop(optional)]
    maxlength: Option<u32>,
) -> impl IntoView {
    // Leptos does not escape the children of a textarea, so they are given to it as HTML.
    let text = escaped(&typed_or(&name, value));
    let ties = Ties::new(id, &name, help, error);
    view! {
        <div class="field">
            {label_view(&ties.id, label, optional)}
            <textarea
                class="input"
                id=ties.id.clone()
                name=name
                rows="3"
                required=required
                maxlength=maxlength.map(|n| n.to_string())
                aria-invalid=ties.invalid()
                aria-describedby=ties.described_by()
                inner_html=text
            ></textarea>
            {ties.below()}
        </div>
    }
}

/// Text as HTML that means the same.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_within_its_textarea() {
        assert_eq!(
            escaped("a < b && </textarea><script>"),
            "a &lt; b &amp;&amp; &lt;/textarea&gt;&lt;script&gt;"
        );
    }
}
