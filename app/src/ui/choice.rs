//! Form fields that offer a choice: a select, a box to tick, rows of which one is taken.

use leptos::prelude::*;

use super::field::{Ties, label_view};
use super::icon::{Glyph, Icon};
use super::problem::{ticked, typed_or};

/// One entry of a select or of radio rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line, in radio rows.
    pub detail: Option<String>,
    /// An icon at the end, in radio rows.
    pub icon: Option<Icon>,
}

impl Choice {
    /// A value and its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            detail: None,
            icon: None,
        }
    }

    /// With a second line.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With an icon.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// What is chosen at first: the choice before an error, as long as there is such a one.
fn chosen(name: &str, choices: &[Choice], otherwise: String) -> String {
    let before = typed_or(name, otherwise.clone());
    if choices.iter().any(|choice| choice.value == before) {
        before
    } else {
        otherwise
    }
}

/// One of a fixed list, closed until asked.
#[component]
pub fn SelectField(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The words above.
    #[prop(into)]
    label: String,
    /// What there is.
    choices: Vec<Choice>,
    /// Which is chosen at first.
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
    /// Told of each change.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let value = chosen(&name, &choices, value);
    let ties = Ties::new(id, &name, help, error);
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == value;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    let tell = move |event: leptos::ev::Event| {
        if let Some(told) = on_change {
            told.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            {label_view(&ties.id, label, false)}
            <div class="select">
                <select
                    class="input"
                    id=ties.id.clone()
                    name=name
                    required=required
                    aria-invalid=ties.invalid()
                    aria-describedby=ties.described_by()
                    on:change=tell
                >
                    {options}
                </select>
                <Glyph icon=Icon::ChevronDown/>
            </div>
            {ties.below()}
        </div>
    }
}

/// Yes or no. Sends `on` unless told another value.
#[component]
pub fn CheckboxField(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The words beside it.
    #[prop(into)]
    label: String,
    /// What is sent when it is ticked.
    #[prop(default = "on".into(), into)]
    value: String,
    /// Whether it is ticked at first.
    #[prop(optional)]
    checked: bool,
    /// One line below.
    #[prop(optional, into)]
    help: String,
    /// An error of its own.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// An id of its own where boxes share a name.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let checked = ticked(&name, &value, checked);
    let ties = Ties::new(id, &name, help, error);
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=ties.id.clone()
                name=name
                value=value
                checked=checked
                aria-invalid=ties.invalid()
                aria-describedby=ties.described_by()
            />
            <label for=ties.id.clone()>{label}</label>
            {ties.below()}
        </div>
    }
}

/// One of a few, all in sight: methods of payment, kinds of export.
#[component]
pub fn RadioRows(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The words above.
    #[prop(into)]
    legend: String,
    /// What there is.
    choices: Vec<Choice>,
    /// Which is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// An error of its own.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Told of each change.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let value = chosen(&name, &choices, value);
    let ties = Ties::new(String::new(), &name, String::new(), error);
    let described_by = ties.described_by();
    let id = ties.id.clone();
    let rows = choices
        .into_iter()
        .map(|choice| {
            let checked = choice.value == value;
            let chosen = choice.value.clone();
            let tell = move |_| {
                if let Some(told) = on_change {
                    told.run(chosen.clone());
                }
            };
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=name.clone()
                        value=choice.value
                        checked=checked
                        on:change=tell
                    />
                    <span class="choice-label">
                        {choice.label}
                        {choice
                            .detail
                            .map(|detail| view! { <span class="choice-detail">{detail}</span> })}
                    </span>
                    {choice.icon.map(|icon| view! { <Glyph icon/> })}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset id=id tabindex="-1" aria-describedby=described_by>
            <legend class="choices-legend">{legend}</legend>
            <div class="choices">{rows}</div>
            {ties.below()}
        </fieldset>
    }
}
