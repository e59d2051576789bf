//! What belongs to the form and outlives what is drawn anew: what is typed, what the new day would be,
//! and the two things that can be done.

use std::time::Duration;

use leptos::prelude::*;
use model::Problem;
use model::attendance::views::CorrectionPreview;
use wasm_bindgen::JsCast;

use crate::api::ApiError;
use crate::api::attendance::forms::{AskCorrection, CorrectionFields};
use crate::api::attendance::overtime_form::UndoOvertime;
use crate::api::attendance::{WithdrawCorrection, preview_correction};

/// How long nothing must be typed before the new day is asked for.
const PAUSE: Duration = Duration::from_millis(400);

/// What is known of the new day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Preview {
    /// Nothing is changed yet.
    #[default]
    Nothing,
    /// It is being worked out; what it was before, if it was anything.
    Working(Option<CorrectionPreview>),
    /// It would be this.
    Is(CorrectionPreview),
    /// It cannot be.
    Wrong(Problem),
}

/// The form.
#[derive(Clone, Copy)]
pub struct Asking {
    /// Sends it.
    pub ask: ServerAction<AskCorrection>,
    /// Takes a request back.
    pub withdraw: ServerAction<WithdrawCorrection>,
    /// Takes back what was decided about overtime.
    pub undo: ServerAction<UndoOvertime>,
    /// Whether it is open, as the address says.
    pub is_open: Memo<bool>,
    /// What is typed, once something is.
    pub typed: RwSignal<Option<CorrectionFields>>,
    /// What is known of the new day.
    pub preview: RwSignal<Preview>,
    /// How often something was done.
    pub done: RwSignal<u32>,
    /// Which question the last answer belongs to.
    turn: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Asking {
    /// Makes it, once, at the top of the page.
    pub fn new(is_open: Memo<bool>) -> Self {
        let asking = Self {
            ask: ServerAction::new(),
            withdraw: ServerAction::new(),
            undo: ServerAction::new(),
            is_open,
            typed: RwSignal::new(None),
            preview: RwSignal::new(Preview::Nothing),
            done: RwSignal::new(0),
            turn: StoredValue::new(0),
            timer: StoredValue::new(None),
        };
        // Whoever leaves the form as it is begins anew the next time.
        Effect::new(move |_| {
            if !is_open.get() {
                asking.forget();
                asking.ask.clear();
            }
        });
        asking
    }

    /// Forgets what was typed.
    pub fn forget(&self) {
        self.next_turn();
        self.typed.set(None);
        self.preview.set(Preview::Nothing);
    }

    /// Takes note of what is typed, and asks what the day would be once the hand rests. For the form's
    /// `input` event.
    pub fn input(&self, event: &web_sys::Event) {
        let Some(fields) = fields_of(event) else {
            return;
        };
        self.typed.set(Some(fields.clone()));
        let turn = self.next_turn();
        let asking = *self;
        // Without timers there is no preview; the form can be sent all the same.
        let timer = set_timeout_with_handle(move || asking.look(turn, &fields), PAUSE);
        self.timer.set_value(timer.ok());
    }

    /// A question that is older than this one has no answer any more.
    fn next_turn(&self) -> u32 {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
            self.timer.set_value(None);
        }
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }

    fn look(self, turn: u32, fields: &CorrectionFields) {
        let asked = fields.whose().and_then(|person| {
            let form = fields.for_preview()?;
            Ok((person, form))
        });
        let (person, form) = match asked {
            Ok((person, Some(form))) => (person, form),
            Ok((_, None)) => {
                self.preview.try_set(Preview::Nothing);
                return;
            }
            Err(problem) => {
                self.preview.try_set(Preview::Wrong(problem));
                return;
            }
        };
        self.preview.try_update(|preview| {
            let before = match std::mem::take(preview) {
                Preview::Is(before) => Some(before),
                Preview::Working(before) => before,
                Preview::Nothing | Preview::Wrong(_) => None,
            };
            *preview = Preview::Working(before);
        });
        leptos::task::spawn_local(async move {
            let answer = preview_correction(person, form).await;
            // Something else is typed by now, or the page is left.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.preview.try_set(match answer {
                Ok(preview) => Preview::Is(preview),
                Err(ApiError(problem)) => Preview::Wrong(problem),
            });
        });
    }
}

/// Everything that stands in the form around the field in which something was typed.
fn fields_of(event: &web_sys::Event) -> Option<CorrectionFields> {
    let field = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let form = field.closest("form").ok()??;
    let form = form.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let asked = AskCorrection::from_form_data(&data).ok()?;
    Some(asked.form)
}
