//! The thin list of meetings by day, with the line of the present in today's.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::scheduling::meeting::{MeetingState, Response};
use model::scheduling::views::OwnMeeting;
use model::time::Stamp;

use super::days::{Day, Entry, day_words};
use crate::format::counted;
use crate::paths;
use crate::ui::{Chip, Time, TimeShow, Tone};

/// Days with their meetings, one below the other.
#[component]
pub fn DayList(
    /// The days, in order.
    days: Vec<Day>,
    /// Which of them is today.
    today: NaiveDate,
    /// The present instant.
    now: Stamp,
    /// Whether it stands in a section with a heading of its own.
    #[prop(optional)]
    nested: bool,
) -> impl IntoView {
    let days = days
        .into_iter()
        .map(|day| day_view(day, today, &now, nested))
        .collect_view();
    view! { <div class="agenda">{days}</div> }
}

fn day_view(day: Day, today: NaiveDate, now: &Stamp, nested: bool) -> AnyView {
    let Day { date, meetings } = day;
    let words = day_words(date, today);
    let id = format!("day-{date}");
    let heading = if nested {
        view! { <h3 class="agenda-date" id=id.clone()>{words}</h3> }.into_any()
    } else {
        view! { <h2 class="agenda-date" id=id.clone()>{words}</h2> }.into_any()
    };
    let items = if date == today {
        with_present(meetings, now)
    } else if meetings.is_empty() {
        vec![nothing("No meetings")]
    } else {
        meetings.into_iter().map(|entry| item(entry, now)).collect()
    };
    view! {
        <section class="agenda-day" aria-labelledby=id>
            {heading} <ol class="agenda-list">{items}</ol>
        </section>
    }
    .into_any()
}

/// Today's meetings with the line of the present between those that have begun and the others.
fn with_present(meetings: Vec<Entry>, now: &Stamp) -> Vec<AnyView> {
    let over = meetings.iter().all(|entry| entry.meeting.to.at <= now.at);
    let (begun, coming): (Vec<Entry>, Vec<Entry>) = meetings
        .into_iter()
        .partition(|entry| entry.meeting.from.at <= now.at);
    let present = view! {
        <li class="agenda-now">
            <span class="agenda-now-word">"Now, " <Time stamp=now.clone() show=TimeShow::Clock/></span>
        </li>
    }
    .into_any();
    let mut items: Vec<AnyView> = begun.into_iter().map(|entry| item(entry, now)).collect();
    items.push(present);
    items.extend(coming.into_iter().map(|entry| item(entry, now)));
    if over {
        items.push(nothing("Nothing more today"));
    }
    items
}

fn nothing(words: &'static str) -> AnyView {
    view! { <li class="agenda-none">{words}</li> }.into_any()
}

fn item(entry: Entry, now: &Stamp) -> AnyView {
    let Entry { meeting, times } = entry;
    let over = meeting.to.at <= now.at;
    let running = !over && meeting.from.at <= now.at;
    let class = match (over, running) {
        (true, _) => "agenda-item agenda-over",
        (_, true) => "agenda-item agenda-running",
        _ => "agenda-item",
    };
    let chip = running
        .then_some((Tone::Info, "Now"))
        .filter(|_| meeting.state.is_active())
        .or_else(|| standing(&meeting))
        .map(|(tone, label)| view! { <Chip tone label/> });
    let facts = facts_of(&meeting);
    view! {
        <li class=class>
            <a class="agenda-link" href=paths::meeting(meeting.id)>
                <span class="agenda-time num">{times}</span>
                " "
                <span class="agenda-what">
                    <span class="agenda-title">{meeting.title}</span>
                    " "
                    <span class="agenda-facts">{facts}</span>
                </span>
                " "
                {chip}
            </a>
        </li>
    }
    .into_any()
}

/// What there is to say of a meeting that is not simply going to take place with the reader.
pub fn standing(meeting: &OwnMeeting) -> Option<(Tone, &'static str)> {
    match (meeting.state, meeting.response) {
        (MeetingState::Cancelled, _) => Some((Tone::Neutral, "Cancelled")),
        (MeetingState::Held, _) => Some((Tone::Info, "Held")),
        (MeetingState::Pending, _) => Some((Tone::Caution, "Waits for a yes")),
        (_, Some(Response::NeedsAction)) => Some((Tone::Caution, "No answer yet")),
        (_, Some(Response::Tentative)) => Some((Tone::Neutral, "Perhaps")),
        (_, Some(Response::Declined)) => Some((Tone::Neutral, "Not coming")),
        (MeetingState::Confirmed, Some(Response::Accepted) | None) => None,
    }
}

/// Where, with how many, and whether it repeats.
fn facts_of(meeting: &OwnMeeting) -> String {
    let people = i64::try_from(meeting.people).unwrap_or(i64::MAX);
    let mut facts = Vec::new();
    if !meeting.place.is_empty() {
        facts.push(meeting.place.clone());
    }
    if people > 1 {
        facts.push(counted(people, "person", "people"));
    }
    if meeting.repeats {
        facts.push("repeats".to_owned());
    }
    facts.join(" · ")
}
