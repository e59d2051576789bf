//! A field for the name of a time zone: the usual ones are offered, any other can be typed.

use leptos::prelude::*;

use crate::ui::{Glyph, Icon};

/// The id of the list of usual zones; [`Zones`] puts it into the page.
pub const LIST: &str = "zones";

const USUAL: [&str; 30] = [
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Warsaw",
    "Pacific/Auckland",
];

/// The list that every [`ZoneField`] of the page offers. Stands once.
#[component]
pub fn Zones() -> impl IntoView {
    let zones = USUAL
        .into_iter()
        .map(|zone| view! { <option value=zone></option> })
        .collect_view();
    view! { <datalist id=LIST>{zones}</datalist> }
}

/// The field, as the kit's fields are.
#[component]
pub fn ZoneField(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The id.
    #[prop(into)]
    id: String,
    /// The words above.
    #[prop(into)]
    label: String,
    /// One line below.
    #[prop(into)]
    help: String,
    /// What stands in it at first.
    #[prop(into)]
    value: String,
    /// What the last answer said of it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let described_by = format!("{help_id} {error_id}");
    let message = move || {
        error
            .get()
            .map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <input
                class="input"
                type="text"
                id=id
                name=name
                value=value
                list=LIST
                autocomplete="off"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <p class="field-error" id=error_id>
                {message}
            </p>
            <p class="field-help" id=help_id>
                {help}
            </p>
        </div>
    }
}
