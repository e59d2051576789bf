//! The fields of a meeting's form, in the order in which one thinks of them.

use leptos::prelude::*;
use model::Problem;
use model::scheduling::meeting::{AttendeeView, MeetingView, OccurrenceView};
use model::scheduling::views::{MeetingPage, RoomsPage};

use super::super::agenda::days::local;
use super::parts::said_of;
use super::when::short;
use crate::ui::{
    Choice, Disclosure, Glyph, Icon, Input, Notice, RadioRows, TextField, TextareaField, Tone,
    field_id, ticked,
};

/// The name under which the server function takes a field.
fn name(field: &str) -> String {
    format!("form[{field}]")
}

/// Everything that can be changed.
#[component]
pub fn Fields(
    /// The meeting as it is.
    page: MeetingPage,
    /// The rooms that are to be had.
    rooms: RoomsPage,
    /// The time of a series that is shown.
    meant: Option<OccurrenceView>,
    /// What the last answer said.
    problem: Signal<Option<Problem>>,
    /// What stands under the times.
    children: Children,
) -> impl IntoView {
    let said = move |field: &str| said_of(problem, field.to_owned());
    let MeetingPage {
        meeting, from, to, ..
    } = page;
    let (from, to) = match &meant {
        Some(time) => (time.from.clone(), time.to.clone()),
        None => (from, to),
    };
    let (begin, end) = (local(&from), local(&to));
    let date = begin.date().to_string();
    let last_date = end.date().to_string();
    let several = date != last_date;
    let last_date = if several { last_date } else { String::new() };
    let words = meeting.words(meant.as_ref());
    let title = words.title.to_owned();
    let place = words.place.to_owned();
    let description = words.description.to_owned();
    let (needed, optional) = addresses(&meeting.attendees);
    let which = meant.map(|time| view! { <Which time/> });
    view! {
        <TextField
            name=name("title")
            id=field_id("title")
            error=said("title")
            label="Title"
            value=title
            maxlength=200
            required=true
            autocomplete="off"
        />
        {which}
        <div class="meeting-times">
            <TextField
                name=name("date")
                id=field_id("date")
                error=said("date")
                label="Day"
                input=Input::Date
                value=date
                required=true
            />
            <TextField
                name=name("from")
                id=field_id("from")
                error=said("from")
                label="From"
                input=Input::Time
                value=begin.format("%H:%M").to_string()
                required=true
            />
            <TextField
                name=name("to")
                id=field_id("to")
                error=said("to")
                label="To"
                input=Input::Time
                value=end.format("%H:%M").to_string()
                required=true
            />
        </div>
        <Disclosure summary="Ends on another day" open=several>
            <TextField
                name=name("last_date")
                id=field_id("last_date")
                error=said("last_date")
                label="Last day"
                input=Input::Date
                value=last_date
                optional=true
            />
        </Disclosure>
        {children()}
        <TextField
            name=name("place")
            id=field_id("place")
            error=said("place")
            label="Place"
            help="Words, or the link of a call"
            value=place
            maxlength=500
            optional=true
            autocomplete="off"
        />
        <Rooms meeting rooms error=said("rooms")/>
        <TextareaField
            name=name("needed")
            id=field_id("needed")
            error=said("needed")
            label="Who must come"
            help="E-mail addresses, one a line or parted by commas"
            value=needed
            optional=true
        />
        <TextareaField
            name=name("optional")
            id=field_id("optional")
            error=said("optional")
            label="Who may come"
            help="The time is found without them"
            value=optional
            optional=true
        />
        <TextareaField
            name=name("description")
            id=field_id("description")
            error=said("description")
            label="What it is about"
            value=description
            maxlength=8000
            optional=true
        />
    }
}

/// Which times of a series the change is for.
#[component]
fn Which(time: OccurrenceView) -> impl IntoView {
    let when = short(&time.from, &time.to);
    view! {
        <Notice
            tone=Tone::Info
            title=format!("This is the time of {when}")
            text="To change another one, choose it in the list on the meeting's page."
        />
        <RadioRows
            name=name("scope")
            legend="What changes"
            choices=vec![
                Choice::new("this", "Only this time"),
                Choice::new("following", "This time and all that follow it"),
                Choice::new("all", "The whole series")
                    .detail("A new time moves all that are to come by as much as this one"),
            ]
            value="this"
        />
    }
}

/// The rooms as boxes, the meeting's own ticked. One that is out of use stays until it is unticked.
#[component]
fn Rooms(
    meeting: MeetingView,
    rooms: RoomsPage,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let own = |id: model::RoomId| meeting.rooms.iter().any(|room| room.id == id);
    let gone = meeting
        .rooms
        .iter()
        .filter(|room| !rooms.rooms.iter().any(|known| known.id == room.id))
        .map(|room| (room.id, room.name.clone(), "Out of use".to_owned()));
    let known = rooms.rooms.iter().map(|room| {
        let seats = crate::format::counted(i64::from(room.capacity), "seat", "seats");
        let place = match room.place.as_str() {
            "" => seats,
            place => format!("{seats}, {place}"),
        };
        (room.id, room.name.clone(), place)
    });
    let boxes = known
        .chain(gone)
        .map(|(id, label, help)| {
            let (dom, value) = (format!("room-{id}"), id.to_string());
            let help_id = format!("{dom}-help");
            let checked = ticked("form[rooms][]", &value, own(id));
            view! {
                <div class="check">
                    <input
                        type="checkbox"
                        id=dom.clone()
                        name="form[rooms][]"
                        value=value
                        checked=checked
                        aria-describedby=help_id.clone()
                    />
                    <label for=dom>{label}</label>
                    <p class="field-help" id=help_id>
                        {help}
                    </p>
                </div>
            }
        })
        .collect_view();
    let none = rooms.rooms.is_empty() && meeting.rooms.is_empty();
    if none {
        return ().into_any();
    }
    let id = field_id("rooms");
    let error_id = format!("{id}-error");
    let described = error_id.clone();
    let message = move || {
        error
            .get()
            .map(|text| view! { <Glyph icon=Icon::Alert/> <span>{text}</span> })
    };
    view! {
        <fieldset class="check-group" id=id tabindex="-1" aria-describedby=described>
            <legend class="choices-legend">"Rooms"</legend>
            <div class="room-boxes check-list">{boxes}</div>
            <p class="field-error" id=error_id>
                {message}
            </p>
        </fieldset>
    }
    .into_any()
}

/// The addresses of those who must come, and of those who may.
fn addresses(attendees: &[AttendeeView]) -> (String, String) {
    let lines = |required: bool| {
        let those = attendees.iter().filter(|a| a.required == required);
        let emails: Vec<&str> = those.map(|a| a.email.as_str()).collect();
        emails.join("\n")
    };
    (lines(true), lines(false))
}
