//! What a shift may say beyond its times and breaks: halves, and what is otherwise as the terms of the
//! person say.

use leptos::prelude::*;
use model::Problem;
use model::attendance::shift::{Pairing, ShiftTemplate};

use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::ZoneField;
use crate::ui::{Choice, Input, SelectField, TextField, field_id};

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

/// Where half a day of leave ends or begins.
#[component]
pub fn Halves(
    /// The shift, if it is known.
    template: Option<ShiftTemplate>,
    /// What the last answer said of the form.
    problem: Said,
) -> impl IntoView {
    let halves = template.and_then(|known| known.halves);
    let (first, second) = halves.map_or((String::new(), String::new()), |halves| {
        (halves[0][1].to_string(), halves[1][0].to_string())
    });
    view! {
        <div class="form-pair">
            <TextField
                name="form[first_ends]"
                id=field_id("halves")
                error=said_of(problem, "halves".to_owned())
                label="First half ends"
                help="For half a day of leave; empty for equal halves"
                input=Input::Time
                value=first
                optional=true
            />
            <TextField
                name="form[second_begins]"
                id=field_id("halves.second")
                label="Second half begins"
                input=Input::Time
                value=second
                optional=true
            />
        </div>
    }
}

/// What a shift may say otherwise than the terms of the person.
#[component]
pub fn Limits(
    /// The shift, if it is known.
    template: Option<ShiftTemplate>,
    /// What the last answer said of the form.
    problem: Said,
) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let minutes = |read: fn(&ShiftTemplate) -> Option<i64>| {
        let known = template.as_ref().and_then(read);
        known.map(|minutes| minutes.to_string()).unwrap_or_default()
    };
    let numbers = [
        (
            "grace_late",
            "graceLateMinutes",
            "Grace at the start",
            minutes(|t| t.grace_late_minutes),
        ),
        (
            "grace_early",
            "graceEarlyMinutes",
            "Grace at the end",
            minutes(|t| t.grace_early_minutes),
        ),
        (
            "capture_before",
            "captureBeforeMinutes",
            "Punches belong to it, before the start",
            minutes(|t| t.capture_before_minutes),
        ),
        (
            "capture_after",
            "captureAfterMinutes",
            "Punches belong to it, after the end",
            minutes(|t| t.capture_after_minutes),
        ),
        (
            "min_break",
            "minBreakPieceMinutes",
            "Shortest break between punches",
            minutes(|t| Some(t.min_break_piece_minutes)),
        ),
        (
            "max_break",
            "maxBreakMinutes",
            "Longest break between punches",
            minutes(|t| Some(t.max_break_minutes)),
        ),
    ];
    let fields = numbers
        .into_iter()
        .map(|(name, field, label, value)| {
            view! {
                <TextField
                    name=format!("form[{name}]")
                    id=field_id(field)
                    error=said(field)
                    label
                    input=Input::Number
                    affix="min"
                    value
                    optional=true
                />
            }
        })
        .collect_view();
    let pairing = template
        .as_ref()
        .map_or(Pairing::Auto, |known| known.pairing);
    let zone = template.and_then(|known| known.zone).unwrap_or_default();
    view! {
        <p class="field-help">"What is left empty is as the terms of the person say."</p>
        <div class="form-pair">{fields}</div>
        <SelectField
            name="form[pairing]"
            id=field_id("pairing")
            error=said("pairing")
            label="How punches become work"
            choices=pairings()
            value=pairing.as_str()
        />
        <ZoneField
            name="form[zone]"
            id=field_id("zone")
            label="Time zone"
            help="Leave it empty for that of the person’s site"
            value=zone
            error=said("zone")
        />
    }
}

/// The ways in which punches become work.
pub fn pairings() -> Vec<Choice> {
    vec![
        Choice::new(
            Pairing::Auto.as_str(),
            "In turns, or by the keys that were pressed",
        ),
        Choice::new(Pairing::FirstLast.as_str(), "First and last punch only"),
        Choice::new(
            Pairing::Sequence.as_str(),
            "By the keys that were pressed alone",
        ),
    ]
}
