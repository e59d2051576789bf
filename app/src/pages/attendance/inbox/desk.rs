//! What belongs to the inbox and outlives what is drawn anew: the decisions, and notes that are
//! being written.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::attendance::swap::SwapState;
use model::attendance::views::{CorrectionState, LeaveState};
use wasm_bindgen::JsCast;

use super::super::words::{correction_words, leave_words, short_date, swap_words};
use crate::action::on_done;
use crate::api::attendance::overtime_form::DecideOvertime;
use crate::api::attendance::swaps::DecideSwap;
use crate::api::attendance::{DecideCorrection, DecideLeave};
use crate::format::counted;
use crate::toast::Toasts;
use crate::ui::Tone;

/// The class of the cards.
pub const CARD: &str = "inbox-card";

/// The DOM id of a card, by its number from 0.
pub fn card_id(number: usize) -> String {
    format!("{CARD}-{number}")
}

/// What can be decided.
#[derive(Clone, Copy)]
pub struct Deciding {
    /// Grants or refuses a correction.
    pub correction: ServerAction<DecideCorrection>,
    /// Grants or refuses leave.
    pub leave: ServerAction<DecideLeave>,
    /// Approves or refuses a swap.
    pub swap: ServerAction<DecideSwap>,
    /// Approves or refuses overtime.
    pub overtime: ServerAction<DecideOvertime>,
    /// The card whose form was sent last.
    pub sent: RwSignal<Option<String>>,
    /// Whether a note is being written.
    pub typing: RwSignal<bool>,
    /// How often something was decided.
    pub done: RwSignal<u32>,
    /// The notes that are being written, by card.
    notes: StoredValue<BTreeMap<String, String>>,
    /// Whether the next card takes the focus, since that of the one before is gone.
    goes_on: StoredValue<bool>,
}

impl Deciding {
    /// Makes it, once, at the top of the page.
    pub fn new() -> Self {
        let deciding = Self {
            correction: ServerAction::new(),
            leave: ServerAction::new(),
            swap: ServerAction::new(),
            overtime: ServerAction::new(),
            sent: RwSignal::new(None),
            typing: RwSignal::new(false),
            done: RwSignal::new(0),
            notes: StoredValue::new(BTreeMap::new()),
            goes_on: StoredValue::new(false),
        };
        let toasts = expect_context::<Toasts>();
        on_done(deciding.correction, move |request| {
            let tone = match request.state {
                CorrectionState::Approved => Tone::Positive,
                _ => Tone::Neutral,
            };
            let (word, _) = correction_words(request.state);
            let day = short_date(request.work_date);
            toasts.show(tone, format!("{word}: {}, {day}", request.employee.name));
            deciding.decided(&request.id.to_string());
        });
        on_done(deciding.leave, move |request| {
            let tone = match request.state {
                LeaveState::Approved => Tone::Positive,
                _ => Tone::Neutral,
            };
            let (word, _) = leave_words(request.state);
            let day = short_date(request.from_day);
            toasts.show(tone, format!("{word}: {}, {day}", request.employee.name));
            deciding.decided(&request.id.to_string());
        });
        on_done(deciding.swap, move |request| {
            let tone = match request.state {
                SwapState::Approved => Tone::Positive,
                _ => Tone::Neutral,
            };
            let (word, _) = swap_words(request.state);
            let (asker, other) = (&request.asker.name, &request.other.name);
            toasts.show(tone, format!("{word}: {asker} and {other}"));
            deciding.decided(&request.id.to_string());
        });
        on_done(deciding.overtime, move |days| {
            let days = i64::try_from(*days).unwrap_or(i64::MAX);
            let text = format!("Decided: {}", counted(days, "day", "days"));
            toasts.show(Tone::Positive, text);
            deciding.typing.set(false);
            deciding.done.update(|n| *n += 1);
        });
        deciding
    }

    /// What was written on a card before it was drawn anew.
    pub fn note(&self, card: &str) -> String {
        self.notes
            .with_value(|notes| notes.get(card).cloned().unwrap_or_default())
    }

    /// Takes note of what is written on a card.
    pub fn write(&self, card: &str, text: String) {
        self.notes.update_value(|notes| {
            notes.insert(card.to_owned(), text);
        });
    }

    /// The card is gone, and the next one is meant.
    fn decided(&self, card: &str) {
        self.notes.update_value(|notes| {
            notes.remove(card);
        });
        self.goes_on.set_value(true);
        self.typing.set(false);
        self.done.update(|n| *n += 1);
    }

    /// After a decision the focus is on the first card that is left, or on the page. In the browser.
    pub fn go_on(&self) {
        if !self.goes_on.get_value() {
            return;
        }
        self.goes_on.set_value(false);
        request_animation_frame(|| {
            let first = format!(".{CARD}, main h1");
            let first = document().query_selector(&first);
            focus(first.ok().flatten());
        });
    }
}

/// Gives the focus to an element, if it takes it.
pub fn focus(element: Option<web_sys::Element>) {
    let element = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}
