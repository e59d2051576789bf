//! The shifts that can be assigned: dragged onto a day, or typed by their number.

use std::sync::Arc;

use leptos::prelude::*;
use model::ShiftTemplateId;
use model::attendance::views::{RosterPage, TemplateView};

use super::desk::{Desk, use_desk};
use super::grid::mark;
use super::hand::{drag, drop_here, let_go, take};
use super::shift_form::use_shifts;
use super::words;
use crate::ui::{EmptyState, Icon, IconButton};

/// The palette.
#[component]
pub fn Palette(
    /// The roster.
    page: Arc<RosterPage>,
    /// Whether the reader may change shifts.
    plans: bool,
) -> impl IntoView {
    let desk = use_desk();
    if !page.may_change {
        return ().into_any();
    }
    if page.templates.is_empty() {
        return nothing(plans);
    }
    let shifts = page
        .templates
        .iter()
        .enumerate()
        .map(|(number, known)| shift(desk, number, known, plans))
        .collect_view();
    let off = view! {
        <span class="roster-shift">
            <span class="shift-mark shift-off">"–"</span>
            <span>"Day off"</span>
        </span>
    };
    let off = item(desk, "0".to_owned(), Vec::new(), off.into_any());
    view! {
        <div class="roster-palette">
            <ul class="roster-shifts" aria-label="Shifts">{shifts} {off}</ul>
            <p class="quiet small roster-help when-awake">
                "Drag a shift onto a day, or press its number there. A press on a day opens it."
            </p>
        </div>
    }
    .into_any()
}

fn nothing(plans: bool) -> AnyView {
    let text = if plans {
        "Make the shifts that your people work, such as Early and Night. Then they can be put onto days."
    } else {
        "HR makes the shifts that people work. Then you can put them onto days."
    };
    view! { <EmptyState icon=Icon::Clock title="No shifts yet" text/> }.into_any()
}

fn shift(desk: Desk, number: usize, known: &TemplateView, plans: bool) -> AnyView {
    let template = &known.template;
    let face = mark(
        &template.code,
        template.tone.as_str(),
        words::times(template),
    );
    let change = plans.then(|| {
        let (shifts, known) = (use_shifts(), known.clone());
        let label = format!("Change {}", template.name);
        view! {
            <IconButton
                label
                icon=Icon::Pencil
                small=true
                on:click=move |_| shifts.open(Some(known.clone()))
            />
        }
    });
    let face = view! {
        <span class="roster-name">{template.name.clone()}</span>
        {face}
        {change}
    };
    let number = match number {
        0..9 => (number + 1).to_string(),
        _ => String::new(),
    };
    item(desk, number, vec![known.id], face.into_any())
}

/// Something that can be dragged, with the digit that does the same.
fn item(desk: Desk, number: String, templates: Vec<ShiftTemplateId>, face: AnyView) -> AnyView {
    view! {
        <li
            class="roster-item"
            on:pointerdown=move |event| take(desk, &event, templates.clone())
            on:pointermove=move |event| drag(desk, &event)
            on:pointerup=move |_| drop_here(desk)
            on:pointercancel=move |_| let_go(desk)
        >
            {(!number.is_empty()).then(|| view! { <kbd>{number}</kbd> })}
            {face}
        </li>
    }
    .into_any()
}
