//! The dialog of one day: which shifts somebody works. Its fields are made anew each time it opens.

use leptos::prelude::*;
use model::attendance::views::{RosterCell, RosterPage, TemplateView};
use model::{Problem, ShiftTemplateId};

use super::desk::{ASSIGN, Target, use_desk};
use super::words;
use crate::pages::attendance::words::date_words;
use crate::ui::{
    Button, Dialog, DialogActions, ErrorSummary, Glyph, Icon, Look, Notice, Tone, field_id,
};

/// The dialog.
#[component]
pub fn AssignDialog() -> impl IntoView {
    let desk = use_desk();
    let opened = move || {
        let times = desk.opened.get();
        (times > 0).then_some(times)
    };
    let form = |_: u32| view! { <AssignForm/> };
    view! {
        <Dialog id=ASSIGN title="Assign shifts">
            <For each=opened key=|times: &u32| *times children=form/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn AssignForm() -> impl IntoView {
    let desk = use_desk();
    let (target, page) = (desk.target.get_untracked(), desk.seen.get_untracked());
    let (Some(target), Some(page)) = (target, page) else {
        return ().into_any();
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.send();
    };
    let day = (target.person.id, target.cell.date);
    let busy = Signal::derive(move || desk.waiting.with(|all| all.contains_key(&day)));
    let boxes = page.templates.iter().map(shift).collect_view();
    let choice = if page.templates.is_empty() {
        view! { <p class="muted">"There are no shifts yet that could be assigned."</p> }.into_any()
    } else {
        view! { <Choice boxes=boxes.into_any()/> }.into_any()
    };
    view! {
        <form class="dialog-form" novalidate=true on:submit=submit>
            <ErrorSummary problem=desk.refused/>
            <p class="roster-target">
                <b>{target.person.name.clone()}</b>
                ", "
                {date_words(target.cell.date)}
            </p>
            {notes(&page, &target)}
            {choice}
            <DialogActions dialog=ASSIGN>
                <Button look=Look::Primary submit=true busy>
                    "Save"
                </Button>
            </DialogActions>
        </form>
    }
    .into_any()
}

/// What is to be known of the day before it is written.
fn notes(page: &RosterPage, target: &Target) -> AnyView {
    let RosterCell {
        leave,
        holiday,
        rest_short_minutes,
        shifts,
        swaps,
        ..
    } = &target.cell;
    let note = |tone: Tone, title: String, text: &'static str| {
        view! { <Notice tone title text/> }.into_any()
    };
    let mut notes: Vec<AnyView> = Vec::new();
    if *leave {
        let title = format!("{} is away on this day", target.person.name);
        notes.push(note(
            Tone::Caution,
            title,
            "What is assigned is not worked as long as that holds.",
        ));
    }
    if let Some(name) = holiday {
        let text = "Work on it counts as work on a holiday.";
        notes.push(note(Tone::Info, name.clone(), text));
    }
    if *rest_short_minutes > 0 {
        let title = words::rest(*rest_short_minutes);
        notes.push(note(Tone::Caution, title, "Since the shift before."));
    }
    // Newest first: what holds now stands on top.
    for swap in swaps.iter().rev() {
        let text = "Whatever is saved here takes its place; nobody is asked.";
        notes.push(note(Tone::Info, swap.clone(), text));
    }
    let lost: Vec<&str> = shifts
        .iter()
        .filter(|shift| {
            let known = shift.template.and_then(|id| words::name_of(page, id));
            known.is_none()
        })
        .map(|shift| shift.time.as_str())
        .collect();
    if !lost.is_empty() {
        let title = format!("{} goes when this is saved", lost.join(" and "));
        let text = "It is none of the shifts that can be assigned.";
        notes.push(note(Tone::Caution, title, text));
    }
    notes.into_any()
}

/// The boxes under one legend.
#[component]
fn Choice(boxes: AnyView) -> impl IntoView {
    let desk = use_desk();
    let id = field_id("templates");
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let described_by = format!("{help_id} {error_id}");
    let message = move || {
        desk.refused.with(|problem: &Option<Problem>| {
            let text = problem.as_ref()?.message_for("templates")?.to_owned();
            Some(view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
        })
    };
    view! {
        <fieldset id=id tabindex="-1" class="check-group" aria-describedby=described_by>
            <legend class="choices-legend">"Shifts"</legend>
            <p class="field-help" id=help_id>"With none ticked it is a day off."</p>
            <div class="roster-boxes">{boxes}</div>
            <p class="field-error" id=error_id>{message}</p>
        </fieldset>
    }
}

fn shift(known: &TemplateView) -> AnyView {
    let desk = use_desk();
    let id = known.id;
    let dom_id = format!("assign-{id}");
    let named = dom_id.clone();
    let template = &known.template;
    let checked = desk.chosen.with_untracked(|chosen| chosen.contains(&id));
    let tick = move |event: leptos::ev::Event| {
        let is_ticked = event_target_checked(&event);
        desk.chosen.update(|chosen| set(chosen, id, is_ticked));
    };
    let class = format!("shift-mark shift-{}", template.tone.as_str());
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=dom_id
                name="templates"
                value=id.to_string()
                checked=checked
                on:change=tick
            />
            <label for=named class="roster-box">
                <span class=class>{template.code.clone()}</span>
                <span>{template.name.clone()}</span>
                <span class="quiet num">{words::times(template)}</span>
            </label>
        </div>
    }
    .into_any()
}

/// Puts a shift among those that are chosen, or takes it out.
fn set(chosen: &mut Vec<ShiftTemplateId>, id: ShiftTemplateId, is_chosen: bool) {
    chosen.retain(|one| *one != id);
    if is_chosen {
        chosen.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_chosen_once() {
        let id = |number| ShiftTemplateId::from_parts(chrono::DateTime::UNIX_EPOCH, &[number; 10]);
        let mut chosen = vec![id(1)];
        set(&mut chosen, id(2), true);
        set(&mut chosen, id(1), true);
        assert_eq!(chosen, [id(2), id(1)]);
        set(&mut chosen, id(2), false);
        assert_eq!(chosen, [id(1)]);
    }
}
