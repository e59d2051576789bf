//! What a meeting is, for those who take part.

use leptos::prelude::*;
use model::scheduling::meeting::{MeetingState, MeetingView};
use model::scheduling::views::{MeetingEventView, MeetingPage};

use super::answers::MyAnswer;
use super::cancel::{Cancel, DIALOG};
use super::parts::state_tone;
use super::people::People;
use super::series::Series;
use super::when::When;
use super::{Doings, back};
use crate::paths;
use crate::ui::{
    Chip, DialogButton, Fact, Facts, Icon, LinkButton, Look, Notice, PageHeader, Section, ShortId,
    Timeline, TimelineEntry, Tone,
};

/// The whole page.
#[component]
pub fn Shown(
    /// What the server knows of it.
    page: MeetingPage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    let known = facts_of(&page);
    let title = page.meeting.title.clone();
    let state = page.meeting.state;
    // Of a series the next time is what one asks for first.
    let next = page.occurrences.iter().find(|o| o.state.is_active());
    let (from, to) = next.map_or((&page.from, &page.to), |time| (&time.from, &time.to));
    let (from, to) = (from.clone(), to.clone());
    let next = next.map(|time| time.original);
    let change = page.may_change.then(|| edit_href(&page, next));
    let asking = doings.asking;
    let facts = view! {
        <When from to/>
        <span>{page.meeting.organizer.name.clone()}</span>
        {page.repeats.clone().map(|words| view! { <span>{words}</span> })}
    }
    .into_any();
    let chip = view! { <Chip tone=state_tone(state) label=state.label()/> }.into_any();
    let answer = page
        .my_response
        .filter(|_| state.is_active())
        .map(|response| {
            let id = page.meeting.id.to_string();
            let repeats = page.meeting.recurrence.is_some();
            view! { <MyAnswer id response repeats doings/> }
        });
    let description = page.meeting.description.clone();
    let about = (!description.is_empty()).then(|| {
        view! {
            <Section title="What it is about">
                <p class="meeting-text">{description}</p>
            </Section>
        }
    });
    let times = page
        .meeting
        .recurrence
        .is_some()
        .then(|| view! { <Series page=page.clone() doings/> });
    let dialog = page
        .may_change
        .then(|| view! { <Cancel page=page.clone() doings/> });
    let history = page.history.into_iter().map(event).collect();
    let label = format!("History of {title}");
    view! {
        <PageHeader title chip facts back=back()>
            {change
                .map(|href| {
                    view! {
                        <DialogButton opens=DIALOG on:click=move |_| asking.set(true)>
                            "Cancel…"
                        </DialogButton>
                        <LinkButton href look=Look::Primary icon=Icon::Pencil>
                            "Change"
                        </LinkButton>
                    }
                })}
        </PageHeader>
        {(state == MeetingState::Cancelled).then(cancelled)}
        {answer}
        <div class="columns">
            <div class="meeting-main">
                <Section title="Facts">
                    <Facts facts=known/>
                </Section>
                {about}
            </div>
            <People meeting=page.meeting/>
        </div>
        {times}
        <Section title="History">
            <Timeline label entries=history/>
        </Section>
        {dialog}
    }
}

fn cancelled() -> impl IntoView {
    view! {
        <Notice
            tone=Tone::Caution
            title="This meeting was cancelled"
            text="It does not take place, and everybody's time is free again."
        />
    }
}

/// Where the form is: of a series, with the time that is meant.
pub fn edit_href(page: &MeetingPage, original: Option<chrono::NaiveDateTime>) -> String {
    let form = format!("{}/edit", paths::meeting(page.meeting.id));
    match original {
        Some(original) => {
            let time = original.format("%Y-%m-%dT%H:%M:%S").to_string();
            format!("{form}?time={}", paths::encode(&time))
        }
        None => form,
    }
}

fn facts_of(page: &MeetingPage) -> Vec<Fact> {
    let MeetingPage {
        meeting, from, to, ..
    } = page;
    let (from, to) = (from.clone(), to.clone());
    let first = if meeting.recurrence.is_some() {
        "First time"
    } else {
        "When"
    };
    let mut facts = vec![Fact::new(first, view! { <When from to length=true/> })];
    let elsewhere = page.elsewhere.clone();
    facts.extend(elsewhere.map(|words| Fact::new("In its own zone", words)));
    facts.extend(
        page.repeats
            .clone()
            .map(|words| Fact::new("Repeats", words)),
    );
    if !meeting.location.is_empty() {
        facts.push(Fact::new("Place", place(&meeting.location)));
    }
    facts.push(Fact::new("Rooms", rooms(meeting)));
    facts.push(Fact::new(
        "Organizer",
        view! {
            <span class="break-words">
                {meeting.organizer.name.clone()} " "
                <span class="muted">{meeting.organizer.email.clone()}</span>
            </span>
        },
    ));
    facts.push(Fact::new("Time zone", meeting.zone.replace('_', " ")));
    facts.push(Fact::new(
        "Meeting id",
        view! { <ShortId id=meeting.id.to_string() label="meeting id"/> },
    ));
    facts
}

/// The place in words; a link where it is one, as for a call.
fn place(text: &str) -> AnyView {
    let text = text.to_owned();
    if text.starts_with("https://") && !text.contains(char::is_whitespace) {
        let href = text.clone();
        return view! {
            <a class="break-words" href=href rel="external noreferrer">
                {text}
            </a>
        }
        .into_any();
    }
    view! { <span class="break-words">{text}</span> }.into_any()
}

fn rooms(meeting: &MeetingView) -> String {
    let names: Vec<&str> = meeting.rooms.iter().map(|r| r.name.as_str()).collect();
    match names.as_slice() {
        [] => "None".to_owned(),
        names => names.join(", "),
    }
}

fn event(event: MeetingEventView) -> TimelineEntry {
    let tone = match event.kind.as_str() {
        "booked" | "confirmed" => Tone::Positive,
        "cancelled" => Tone::Caution,
        "moved" | "changed" => Tone::Info,
        _ => Tone::Neutral,
    };
    let entry = TimelineEntry::new(event.at, event.actor, event.text).tone(tone);
    if event.machine {
        entry.machine()
    } else {
        entry
    }
}
