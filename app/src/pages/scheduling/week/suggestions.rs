//! The times that suit best, ranked, each with its reasons; or why there is none.

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::views::{SuggestedTime, WeekPage};

use super::booker::{Booker, use_booker};
use super::choosing::Choice;
use super::desk::{Desk, use_desk};
use super::query;
use super::words;
use crate::paths;
use crate::ui::{Button, Chip, EmptyState, Icon, LinkButton, Section, Tone};

/// The panel beside the grid.
#[component]
pub fn Suggestions(
    /// The week.
    page: Arc<WeekPage>,
) -> impl IntoView {
    let (desk, booker) = (use_desk(), use_booker());
    if page.suggestions.is_empty() {
        return none(&page);
    }
    let items = page
        .suggestions
        .iter()
        .enumerate()
        .map(|(rank, time)| item(desk, booker, &page, rank, time))
        .collect_view();
    let length = format!("{} min, the best first", page.minutes);
    let aside = view! { <span class="quiet small">{length}</span> }.into_any();
    view! {
        <Section title="Suggested times" aside>
            <ol class="week-suggestions">{items}</ol>
            <p class="quiet small week-keys">
                "Press " <kbd>"1"</kbd> " to " <kbd>"5"</kbd> " to choose one, "
                <kbd>"Enter"</kbd> " to book it."
            </p>
            <p class="small">
                <a href=move || desk.weekly_href()>"Find a time that suits every week"</a>
            </p>
        </Section>
    }
    .into_any()
}

fn item(
    desk: Desk,
    booker: Booker,
    page: &Arc<WeekPage>,
    rank: usize,
    time: &SuggestedTime,
) -> AnyView {
    let slot = words::suggested(time);
    let at = slot.from.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    // Without scripts the link chooses it; with them no page is loaded.
    let href = move || desk.href(&[(query::AT, Some(&at))]);
    let choose = {
        let page = page.clone();
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            desk.choose(&page, Choice::of(&slot), false);
        }
    };
    let current = move || {
        let choice = desk.choice.get();
        let same = choice.is_some_and(|choice| choice.slot() == slot);
        same.then_some("true")
    };
    let room = time.room.clone();
    let open = {
        let room = room.clone();
        move |_| booker.open(&slot, room.clone())
    };
    let when = words::span(&time.from, &time.to);
    let reasons = time.reasons.iter();
    let reasons = reasons
        .map(|reason| view! { <li>{reason.clone()}</li> })
        .collect_view();
    let missing = time.missing.iter();
    let missing = missing
        .map(|sentence| view! { <li class="week-missing">{sentence.clone()}</li> })
        .collect_view();
    view! {
        <li class="week-suggested">
            <span class="week-rank" aria-hidden="true">{rank + 1}</span>
            <div class="week-suggested-words">
                <a href=href aria-current=current data-noscroll="true" on:click=choose>
                    {when.clone()}
                </a>
                {score_view(time.score)}
                <ul class="week-reasons">{reasons} {missing}</ul>
                {room.map(|(_, name)| view! { <Chip tone=Tone::Info label=name/> })}
            </div>
            <span class="week-awake">
                <Button small=true on:click=open>
                    "Book"
                    <span class="sr-only">" " {when}</span>
                </Button>
            </span>
        </li>
    }
    .into_any()
}

/// How well it suits: a bar, and the number beside it.
pub fn score_view(score: u8) -> AnyView {
    let width = score.min(100).to_string();
    view! {
        <span class="week-score">
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="week-score-all" width="100" height="4"/>
                <rect class="week-score-part" width=width height="4"/>
            </svg>
            <span class="sr-only">"Suits "</span>
            {score.to_string()}
            <span class="sr-only">" of 100"</span>
        </span>
    }
    .into_any()
}

fn none(page: &WeekPage) -> AnyView {
    if page.obstacles.is_empty() {
        return view! {
            <Section title="Suggested times">
                <EmptyState
                    icon=Icon::Calendar
                    title="No time is left"
                    text="Nothing in this week suits all who must come. Look at the next week, shorten the meeting, or say who need not come."
                />
            </Section>
        }
        .into_any();
    }
    let obstacles = page.obstacles.iter();
    let obstacles = obstacles
        .map(|sentence| view! { <li>{sentence.clone()}</li> })
        .collect_view();
    view! {
        <Section title="No time suits all">
            <p class="muted">"This stands in the way:"</p>
            <ul class="week-obstacles">{obstacles}</ul>
            <p class="muted">"Look at the next week, shorten the meeting, or say who need not come."</p>
            <p>
                <LinkButton href=paths::WORKING_HOURS small=true icon=Icon::Clock>
                    "Your working hours"
                </LinkButton>
            </p>
        </Section>
    }
    .into_any()
}
