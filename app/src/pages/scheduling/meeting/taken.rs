//! What stands where somebody was faster: who is taken, and the times to take instead. Each of them
//! is a button of the form, so that one press books it with everything else that was typed.

use chrono::SecondsFormat;
use leptos::prelude::*;
use model::scheduling::views::{ConflictLine, SuggestedTime};
use wasm_bindgen::JsCast;

use super::when::short;
use crate::api::scheduling::forms::Taken;
use crate::ui::{Glyph, Icon};

/// The id of the best time's button.
const FIRST: &str = "take-first";

/// The panel, inside the form. That the time is taken says the summary on top; the focus goes to the
/// best time to take instead.
#[component]
pub fn TakenPanel(
    /// The lost race, if there was one.
    #[prop(into)]
    taken: Signal<Option<Taken>>,
    /// Whether the form is on its way.
    #[prop(into)]
    pending: Signal<bool>,
) -> impl IntoView {
    Effect::new(move |before: Option<bool>| {
        let there = taken.with(Option::is_some);
        // What came with the page is read in its place.
        if before.is_some() && there {
            request_animation_frame(focus_first);
        }
        there
    });
    let panel = move || taken.get().map(|taken| panel(taken, pending));
    view! {
        <div class="taken-place">{panel}</div>
    }
}

/// One press of Enter then takes the best time.
fn focus_first() {
    let found = document().get_element_by_id(FIRST);
    if let Some(button) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn panel(taken: Taken, pending: Signal<bool>) -> impl IntoView {
    let Taken {
        conflicts,
        alternatives,
    } = taken;
    let lines = conflicts.into_iter().map(conflict).collect_view();
    let offers = match alternatives.is_empty() {
        true => view! {
            <p class="muted">"No other time suits everybody in the next days. Choose one yourself, or ask for fewer people."</p>
        }
        .into_any(),
        false => {
            let offers = alternatives
                .into_iter()
                .enumerate()
                .map(|(index, time)| offer(index, time, pending))
                .collect_view();
            view! {
                <p class="taken-title">"Take one of these instead"</p>
                <ul class="taken-offers">{offers}</ul>
            }
            .into_any()
        }
    };
    view! {
        <div class="taken">
            <p class="taken-title">
                <Glyph icon=Icon::Alert/>
                "Taken at that time"
            </p>
            <ul class="taken-conflicts">{lines}</ul>
            {offers}
        </div>
    }
}

fn conflict(line: ConflictLine) -> impl IntoView {
    let when = short(&line.from, &line.to);
    view! {
        <li>
            {line.name} ": " <span class="num">{when}</span>
        </li>
    }
}

fn offer(index: usize, time: SuggestedTime, pending: Signal<bool>) -> impl IntoView {
    let instant = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let value = format!("{}/{}", instant(time.from.at), instant(time.to.at));
    let when = short(&time.from, &time.to);
    let reasons = time.reasons.join("; ");
    view! {
        <li>
            <button
                type="submit"
                class="taken-offer"
                id=(index == 0).then_some(FIRST)
                name="form[take]"
                value=value
                disabled=move || pending.get()
            >
                <span class="num">{when}</span>
                " "
                <span class="taken-why">{reasons}</span>
            </button>
        </li>
    }
}
