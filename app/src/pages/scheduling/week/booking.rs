//! The form of a booking, in a dialog. Its fields are made anew each time it opens; what was typed
//! before a refusal stays.

use leptos::prelude::*;
use model::Problem;
use model::scheduling::views::{WeekPage, Whose};

use super::announce;
use super::booker::{Booker, use_booker};
use super::desk::use_desk;
use super::draft::Draft;
use super::query;
use super::repeat::Repeat;
use super::words;
use crate::ui::{
    Button, Choice, Dialog, DialogActions, FormProblems, Input, Look, SelectField, TextField,
    TextareaField, field_id,
};

/// The id of the dialog.
pub const BOOKING: &str = "booking";
/// Dates before this are still being typed.
const FIRST_YEAR: &str = "2000";

/// The dialog.
#[component]
pub fn BookingDialog() -> impl IntoView {
    let booker = use_booker();
    let opened = move || {
        let times = booker.opened.get();
        (times > 0).then_some(times)
    };
    let form = |_: u32| view! { <BookingForm/> };
    view! {
        <Dialog id=BOOKING title="Book a meeting">
            <For each=opened key=|times: &u32| *times children=form/>
        </Dialog>
    }
    .into_any()
}

/// Writes what is typed into one part of the draft.
fn written(booker: Booker, write: fn(&mut Draft, String)) -> Callback<String> {
    Callback::new(move |text: String| booker.draft.update(|draft| write(draft, text)))
}

/// What the last answer said of a field that has another name in the form.
fn said(booker: Booker, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        let refused = booker.refused;
        refused.with(|problem: &Option<Problem>| {
            problem.as_ref()?.message_for(field).map(str::to_owned)
        })
    })
}

#[component]
fn BookingForm() -> impl IntoView {
    let booker = use_booker();
    let draft = booker.draft.get_untracked();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        booker.send();
    };
    view! {
        <form class="form" novalidate=true on:submit=submit>
            <FormProblems problem=booker.refused>
                <TextField
                    name="title"
                    label="Title"
                    value=draft.title.clone()
                    maxlength=200
                    required=true
                    autocomplete="off"
                    on_input=written(booker, |draft, text| draft.title = text)
                />
                <When draft=draft.clone()/>
                <Guests draft=draft.clone()/>
                <Repeats draft=draft.clone()/>
                <TextField
                    name="location"
                    label="Place"
                    value=draft.place.clone()
                    help="A link or an address, besides the rooms"
                    maxlength=500
                    optional=true
                    autocomplete="off"
                    on_input=written(booker, |draft, text| draft.place = text)
                />
                <TextareaField
                    name="description"
                    label="Description"
                    value=draft.description.clone()
                    optional=true
                    maxlength=8000
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        booker.draft.update(|draft| draft.description = text);
                    }
                />
                <DialogActions dialog=BOOKING>
                    <Button look=Look::Primary submit=true busy=booker.action.pending()>
                        "Book"
                    </Button>
                </DialogActions>
            </FormProblems>
        </form>
    }
}

#[component]
fn When(draft: Draft) -> impl IntoView {
    let (booker, desk) = (use_booker(), use_desk());
    // The form knows the clocks of the week that is shown, so a day of another week is gone to.
    let day = Callback::new(move |text: String| {
        booker.draft.update(|draft| draft.date.clone_from(&text));
        let shown = desk.seen.with_untracked(|page| {
            let days = page.as_ref().map(|page| page.days.iter());
            days.is_some_and(|mut days| days.any(|day| day.date.to_string() == text))
        });
        let whole = text.parse::<chrono::NaiveDate>().is_ok();
        if whole && !shown && text.as_str() >= FIRST_YEAR {
            desk.go(&[
                (query::WEEK, Some(&text)),
                (query::DAY, None),
                (query::AT, None),
            ]);
        }
    });
    let legend = move || {
        let zone = desk
            .seen
            .with(|page| page.as_ref().map(|page| words::place_of(&page.zone)));
        zone.map_or_else(
            || "When".to_owned(),
            |place| format!("When, in the time of {place}"),
        )
    };
    let verdict = move || {
        let page = desk.seen.get()?;
        let slot = booker.draft.with(|draft| draft.slot(&page.days).ok())?;
        Some(announce::verdict(&page, &slot).text)
    };
    view! {
        <fieldset class="week-when">
            <legend class="choices-legend">{legend}</legend>
            <div class="week-when-fields">
                <TextField
                    name="date"
                    id=field_id("booking.date")
                    label="Day"
                    input=Input::Date
                    value=draft.date
                    required=true
                    on_input=day
                />
                <TextField
                    name="from"
                    id=field_id("slot")
                    label="From"
                    input=Input::Time
                    value=draft.from
                    required=true
                    error=said(booker, "slot")
                    on_input=written(booker, |draft, text| draft.from = text)
                />
                <TextField
                    name="to"
                    id=field_id("booking.to")
                    label="To"
                    input=Input::Time
                    value=draft.to
                    required=true
                    on_input=written(booker, |draft, text| draft.to = text)
                />
            </div>
            <p class="field-help" aria-live="polite">{verdict}</p>
        </fieldset>
    }
}

/// Who is asked to come and which rooms: those of the page, and addresses of others.
#[component]
fn Guests(draft: Draft) -> impl IntoView {
    let (booker, desk) = (use_booker(), use_desk());
    let room = draft.room.map(|(_, name)| name);
    let who = move || {
        desk.seen
            .with(|page| page.as_ref().map(|page| invited(page, room.as_ref())))
    };
    view! {
        <div class="field">
            <p class="field-label">"People and rooms"</p>
            <p class="small">{who}</p>
            <p class="field-help">"Choose them above the week, so that you see when they are free."</p>
        </div>
        <TextField
            name="attendees"
            label="Others, by e-mail"
            value=draft.guests
            help="Several addresses are parted by commas"
            optional=true
            autocomplete="off"
            on_input=written(booker, |draft, text| draft.guests = text)
        />
    }
}

/// `You, Tom Kern, Ana Ruiz (optional), Aspen`.
fn invited(page: &WeekPage, room: Option<&String>) -> String {
    let layers = page.layers.iter().skip(1).map(|layer| match layer.whose {
        Whose::Person {
            required: false, ..
        } => format!("{} (optional)", layer.name),
        _ => layer.name.clone(),
    });
    let mut names: Vec<String> = std::iter::once("You".to_owned()).chain(layers).collect();
    if let Some(room) = room.filter(|room| !names.contains(room)) {
        names.push(room.clone());
    }
    names.join(", ")
}

#[component]
fn Repeats(draft: Draft) -> impl IntoView {
    let booker = use_booker();
    let repeats = Memo::new(move |_| booker.draft.with(|d| d.repeat != Repeat::Never));
    let ends = Memo::new(move |_| booker.draft.with(|draft| draft.ends.clone()));
    let initial = draft.clone();
    let ending = move || {
        let draft = initial.clone();
        repeats.get().then(|| {
            view! {
                <SelectField
                    name="ends"
                    label="Ends"
                    choices=vec![
                        Choice::new("never", "Never"),
                        Choice::new("on", "On a day"),
                        Choice::new("after", "After so many times"),
                    ]
                    value=draft.ends
                    on_change=written(booker, |draft, text| draft.ends = text)
                />
            }
        })
    };
    let until = draft.until.clone();
    let last_day = move || {
        let until = until.clone();
        (repeats.get() && ends.get() == "on").then(|| {
            view! {
                <TextField
                    name="until"
                    label="Last day"
                    input=Input::Date
                    value=until
                    on_input=written(booker, |draft, text| draft.until = text)
                />
            }
        })
    };
    let times = draft.times.clone();
    let how_often = move || {
        let times = times.clone();
        (repeats.get() && ends.get() == "after").then(|| {
            view! {
                <TextField
                    name="times"
                    label="How many times"
                    input=Input::Number
                    value=times
                    on_input=written(booker, |draft, text| draft.times = text)
                />
            }
        })
    };
    let choose = written(booker, |draft, word| {
        draft.repeat = Repeat::from_word(&word)
    });
    view! {
        <SelectField
            name="recurrence"
            label="Repeat"
            choices=Repeat::choices()
            value=draft.repeat.as_str()
            on_change=choose
        />
        <div class="form-pair">{ending} {last_day} {how_often}</div>
    }
}
