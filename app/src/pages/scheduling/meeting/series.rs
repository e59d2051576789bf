//! The times of a series that are still to come.

use leptos::prelude::*;
use model::scheduling::meeting::{MeetingState, OccurrenceView, Response};
use model::scheduling::views::MeetingPage;

use super::Doings;
use super::parts::response_tone;
use super::shown::edit_href;
use super::when::short;
use crate::format::counted;
use crate::ui::{Chip, Disclosure, EmptyState, Icon, Section, Tone};

/// How many stand there at once.
const AT_ONCE: usize = 8;

/// The list of times.
#[component]
pub fn Series(
    /// The page.
    page: MeetingPage,
    /// What can be done.
    doings: Doings,
) -> impl IntoView {
    if page.occurrences.is_empty() {
        return view! {
            <Section title="Times">
                <EmptyState
                    icon=Icon::Calendar
                    title="No more times"
                    text="This series is over. Its times stand in the calendar of everybody who took part."
                />
            </Section>
        }
        .into_any();
    }
    let mut times: Vec<AnyView> = page
        .occurrences
        .iter()
        .map(|occurrence| time(&page, occurrence, doings))
        .collect();
    let later = times.split_off(times.len().min(AT_ONCE));
    let more = (!later.is_empty()).then(|| {
        let number = i64::try_from(later.len()).unwrap_or(i64::MAX);
        let summary = format!("Show {}", counted(number, "more time", "more times"));
        view! {
            <Disclosure summary>
                <ol class="times">{later}</ol>
            </Disclosure>
        }
    });
    view! {
        <Section title="Times">
            <ol class="times">{times}</ol>
            {more}
        </Section>
    }
    .into_any()
}

fn time(page: &MeetingPage, occurrence: &OccurrenceView, doings: Doings) -> AnyView {
    let words = short(&occurrence.from, &occurrence.to);
    let gone = occurrence.state == MeetingState::Cancelled;
    let chip = match (gone, occurrence.changed) {
        (true, _) => Some((Tone::Neutral, "Cancelled")),
        (_, true) => Some((Tone::Info, "Changed")),
        _ => None,
    };
    let chip = chip.map(|(tone, label)| view! { <Chip tone label/> });
    let own = own_words(occurrence).map(|words| {
        view! { <span class="muted">{words}</span> }
    });
    let change = (page.may_change && !gone).then(|| {
        let href = edit_href(page, Some(occurrence.original));
        let spoken = format!(" {words}");
        view! {
            <a class="times-change" href=href>
                "Change"
                <span class="sr-only">{spoken}</span>
            </a>
        }
    });
    let mine = occurrence
        .my_response
        .filter(|mine| Some(*mine) != page.my_response)
        .map(|mine| {
            let label = format!("You: {}", mine.label().to_lowercase());
            view! { <Chip tone=response_tone(mine) label/> }
        });
    let others = others(occurrence).map(|words| {
        view! { <span class="muted">{words}</span> }
    });
    let answer = occurrence
        .my_response
        .filter(|_| !gone && page.meeting.state.is_active())
        .map(|mine| answer(page, occurrence, mine, doings));
    let class = if gone {
        "times-item times-gone"
    } else {
        "times-item"
    };
    view! {
        <li class=class>
            <span class="times-when num">{words}</span>
            {chip}
            {mine}
            {own}
            {others}
            {change}
            {answer}
        </li>
    }
    .into_any()
}

/// The button by which the reader says no to one time alone, or yes.
fn answer(
    page: &MeetingPage,
    occurrence: &OccurrenceView,
    mine: Response,
    doings: Doings,
) -> impl IntoView + use<> {
    let Doings { answer, before, .. } = doings;
    let pending = answer.pending();
    let original = occurrence.original;
    let (label, response) = match mine {
        Response::Declined => ("Accept", Response::Accepted),
        _ => ("Decline", Response::Declined),
    };
    let spoken = format!(" on {}", short(&occurrence.from, &occurrence.to));
    let id = page.meeting.id.to_string();
    let time = original.format("%Y-%m-%dT%H:%M:%S").to_string();
    view! {
        <ActionForm
            action=answer
            attr:class="times-answer"
            on:submit=move |_| before.set_value(Some((Some(original), mine)))
        >
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="occurrence" value=time/>
            <button
                type="submit"
                class="button button-quiet button-small"
                name="response"
                value=response.as_str()
                disabled=move || pending.get()
            >
                {label}
                <span class="sr-only">{spoken}</span>
            </button>
        </ActionForm>
    }
}

/// `Mia Brandt: not coming`: those who answer otherwise to this time alone.
fn others(occurrence: &OccurrenceView) -> Option<String> {
    let words = occurrence.answers.iter();
    let words = words.map(|one| format!("{}: {}", one.name, one.response.label().to_lowercase()));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Title and place that one time alone has.
fn own_words(occurrence: &OccurrenceView) -> Option<String> {
    let own = [occurrence.title.as_deref(), occurrence.location.as_deref()];
    let words: Vec<&str> = own
        .into_iter()
        .flatten()
        .filter(|w| !w.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}
