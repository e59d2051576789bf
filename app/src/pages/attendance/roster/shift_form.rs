//! The dialog of a shift that can be assigned, new or known. Its fields are made anew each time it
//! opens.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Problem;
use model::attendance::shift::{BreakTier, ShiftTemplate, Tone as Colour};
use model::attendance::views::TemplateView;

use super::desk::Desk;
use super::shift_more::{Halves, Limits};
use crate::action::{on_done, problem_of};
use crate::api::attendance::roster_form::KeepTemplate;
use crate::pages::attendance::common::{LoadAgain, focus_on};
use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::Zones;
use crate::toast::Toasts;
use crate::ui::{
    Button, Choice, Dialog, DialogActions, Disclosure, FormProblems, Icon, Input, Look,
    SelectField, TextField, Tone, close_dialog, field_id, open_dialog,
};

/// The dialog's id.
const SHIFT: &str = "shift";

/// How many rows of breaks stand there at least.
const BREAKS: usize = 2;

/// What is done with shifts.
#[derive(Clone, Copy)]
pub struct Shifts {
    keep: ServerAction<KeepTemplate>,
    /// Which one is in the dialog; nothing for a new one.
    edited: RwSignal<Option<TemplateView>>,
    /// How often the dialog was opened.
    opened: RwSignal<u32>,
}

/// What is done with shifts, from the context.
pub fn use_shifts() -> Shifts {
    expect_context()
}

impl Shifts {
    /// Makes it, once, at the top of the page, and puts it into the context.
    pub fn provide(desk: Desk) -> Self {
        let shifts = Self {
            keep: ServerAction::new(),
            edited: RwSignal::new(None),
            opened: RwSignal::new(0),
        };
        provide_context(shifts);
        let toasts = expect_context::<Toasts>();
        on_done(shifts.keep, move |_| {
            close_dialog(SHIFT);
            toasts.show(Tone::Positive, "Shift kept");
            desk.done.update(|n| *n += 1);
        });
        shifts
    }

    /// Opens the dialog, for a new shift without one. For event handlers.
    pub fn open(&self, edited: Option<TemplateView>) {
        self.keep.clear();
        self.edited.set(edited);
        self.opened.update(|times| *times += 1);
        open_dialog(SHIFT);
        focus_on(format!("#{}", field_id("name")));
    }
}

/// The button for a new one.
#[component]
pub fn NewShift(
    /// What is done with shifts.
    shifts: Shifts,
) -> impl IntoView {
    view! {
        <span class="when-awake">
            <Button look=Look::Primary icon=Icon::Plus on:click=move |_| shifts.open(None)>
                "New shift"
            </Button>
        </span>
    }
}

/// The dialog.
#[component]
pub fn ShiftDialog(
    /// What is done with shifts.
    shifts: Shifts,
) -> impl IntoView {
    let opened = move || {
        let times = shifts.opened.get();
        (times > 0).then_some(times)
    };
    let form = move |_: u32| view! { <ShiftForm shifts/> };
    view! {
        <Dialog id=SHIFT title="Shift">
            <For each=opened key=|times: &u32| *times children=form/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn ShiftForm(shifts: Shifts) -> impl IntoView {
    let keep = shifts.keep;
    let problem = problem_of(keep);
    let edited = shifts.edited.get_untracked();
    let (id, version) = match &edited {
        Some(known) => (known.id.to_string(), known.version),
        None => (String::new(), 0),
    };
    let verb = if edited.is_some() {
        "Save"
    } else {
        "Add shift"
    };
    let template = edited.map(|known| known.template);
    view! {
        <ActionForm action=keep attr:class="dialog-form" attr:novalidate=true>
            <input type="hidden" name="form[id]" value=id/>
            <input type="hidden" name="form[version]" value=version.to_string()/>
            <FormProblems problem>
                <LoadAgain problem/>
                <Main template=template.clone() problem/>
                <Breaks template=template.clone() problem/>
                <Disclosure summary="Grace, halves and more">
                    <div class="dialog-form">
                        <Halves template=template.clone() problem/>
                        <Limits template=template problem/>
                    </div>
                </Disclosure>
                <p class="field-help">
                    "Days that are written already keep the shift as it was then."
                </p>
                <DialogActions dialog=SHIFT>
                    <Button look=Look::Primary submit=true busy=keep.pending()>
                        {verb}
                    </Button>
                </DialogActions>
            </FormProblems>
            <Zones/>
        </ActionForm>
    }
    .into_any()
}

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

#[component]
fn Main(template: Option<ShiftTemplate>, problem: Said) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let text = |read: fn(&ShiftTemplate) -> String| template.as_ref().map(read).unwrap_or_default();
    let tone = template.as_ref().map_or(Colour::Slate, |known| known.tone);
    let (name, code) = (
        text(|known| known.name.clone()),
        text(|known| known.code.clone()),
    );
    let (start, end) = (
        text(|known| known.start.to_string()),
        text(|known| known.end.to_string()),
    );
    view! {
        <TextField
            name="form[name]"
            id=field_id("name")
            error=said("name")
            label="Name"
            value=name
            maxlength=80
            required=true
            autocomplete="off"
        />
        <div class="form-pair">
            <TextField
                name="form[code]"
                id=field_id("code")
                error=said("code")
                label="Short code"
                help="A letter or two for the roster"
                value=code
                maxlength=6
                required=true
                autocomplete="off"
            />
            <SelectField
                name="form[tone]"
                id=field_id("tone")
                error=said("tone")
                label="Colour"
                choices=colours()
                value=tone.as_str()
            />
            <TextField
                name="form[start]"
                id=field_id("start")
                error=said("start")
                label="From"
                input=Input::Time
                value=start
                required=true
            />
            <TextField
                name="form[end]"
                id=field_id("end")
                error=said("end")
                label="To"
                help="An end before the start is on the next day"
                input=Input::Time
                value=end
                required=true
            />
        </div>
    }
}

fn colours() -> Vec<Choice> {
    let colours = Colour::ALL.iter();
    colours
        .map(|tone| {
            let word = tone.as_str();
            let (first, rest) = word.split_at(1);
            Choice::new(word, format!("{}{rest}", first.to_uppercase()))
        })
        .collect()
}

/// The breaks: after how much work, and how long.
#[component]
fn Breaks(template: Option<ShiftTemplate>, problem: Said) -> impl IntoView {
    let tiers = template.map(|known| known.break_tiers).unwrap_or_default();
    let shown = BREAKS.max(tiers.len() + 1);
    let rows = (0..shown)
        .map(|row| break_row(row, tiers.get(row).copied()))
        .collect_view();
    let id = field_id("breakTiers");
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    let error = said_of(problem, "breakTiers".to_owned());
    view! {
        <fieldset id=id tabindex="-1" class="check-group" aria-describedby=described_by>
            <legend class="choices-legend">"Breaks"</legend>
            <p class="field-help">
                "Time off that is taken from longer work, such as 30 minutes after 360 minutes."
            </p>
            {rows}
            <p class="field-error" id=error_id>{move || error.get()}</p>
        </fieldset>
    }
}

fn break_row(row: usize, tier: Option<BreakTier>) -> AnyView {
    let (after, minutes) = match tier {
        Some(tier) => (tier.after_minutes.to_string(), tier.minutes.to_string()),
        None => (String::new(), String::new()),
    };
    let spoken = |part: &str| format!("Break {}, {part}", row + 1);
    view! {
        <span class="shift-break">
            <input
                class="input"
                type="number"
                inputmode="numeric"
                min="0"
                name=format!("form[breaks][{row}]")
                aria-label=spoken("minutes")
                value=minutes
            />
            <span>"min after"</span>
            <input
                class="input"
                type="number"
                inputmode="numeric"
                min="0"
                name=format!("form[after][{row}]")
                aria-label=spoken("after how many minutes of work")
                value=after
            />
            <span>"min of work"</span>
        </span>
    }
    .into_any()
}
