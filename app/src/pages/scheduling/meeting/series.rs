//! The times of a series that are still to come.

use leptos::prelude::*;
use model::scheduling::meeting::{MeetingState, OccurrenceView};
use model::scheduling::views::MeetingPage;

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
        .map(|occurrence| time(&page, occurrence))
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

fn time(page: &MeetingPage, occurrence: &OccurrenceView) -> AnyView {
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
    let class = if gone {
        "times-item times-gone"
    } else {
        "times-item"
    };
    view! {
        <li class=class>
            <span class="times-when num">{words}</span>
            {chip}
            {own}
            {change}
        </li>
    }
    .into_any()
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
