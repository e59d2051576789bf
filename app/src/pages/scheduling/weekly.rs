//! A time that suits every week: which weekday and hour are free for everybody in all of so many
//! weeks, or in most, with those that fail named. Choosing one leads into its first week.

use chrono::{SecondsFormat, Weekday};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::scheduling::views::{WeeklyPage, WeeklyQuery, WeeklyTime};

use super::week::query;
use super::week::suggestions::score_view;
use super::week::words::local_date;
use crate::api::ApiError;
use crate::api::scheduling::weekly;
use crate::live::use_changes;
use crate::paths::{self, with_query};
use crate::ui::{
    Chip, EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon, LinkButton, Look, Page,
    PageHeader, Section, Skeleton, Tone,
};

/// `/meetings/weekly`
#[component]
pub fn Weekly() -> impl IntoView {
    let address = use_query_map();
    let changes = use_changes("meeting.");
    let asked = Memo::new(move |_| address.with(asked));
    let read = Resource::new(
        move || (asked.get(), changes.get()),
        |(asked, _)| weekly(asked),
    );
    let lengths = [15, 30, 45, 60, 90].map(|minutes| choice(minutes, 30, "min"));
    let spans = [4, 8, 12, 26].map(|weeks| choice(weeks, 8, "weeks"));
    view! {
        <Page>
            <PageHeader
                title="Find a weekly time"
                back=(paths::MEETINGS.to_owned(), "Meetings".to_owned())
            >
                {move || {
                    view! {
                        <LinkButton href=week_of(&asked.get()) icon=Icon::People>
                            "Choose people in the week"
                        </LinkButton>
                    }
                }}
            </PageHeader>
            <Filters>
                <FilterChips label="How long it takes" param="minutes" options=lengths.to_vec()/>
                <FilterChips label="How many weeks" param="weeks" options=spans.to_vec()/>
            </Filters>
            <Transition fallback=|| view! { <Skeleton lines=10 label="Looking at the weeks"/> }>
                {move || Suspend::new(async move {
                    match read.await {
                        Ok(page) => found(&page, &asked.get_untracked()),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| read.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

/// A number to choose; the usual one is what an address without a number means.
fn choice(number: u16, usual: u16, unit: &str) -> FilterOption {
    let label = format!("{number} {unit}");
    if number == usual {
        FilterOption::all(label)
    } else {
        FilterOption::new(number.to_string(), label)
    }
}

/// What the address asks for; people and rooms as in the week.
fn asked(address: &ParamsMap) -> WeeklyQuery {
    let week = query::asked(address);
    WeeklyQuery {
        people: week.people,
        optional: week.optional,
        rooms: week.rooms,
        minutes: week.minutes,
        weeks: address.get("weeks").and_then(|text| text.parse().ok()),
    }
}

/// The week with the same people and rooms over it.
fn week_of(asked: &WeeklyQuery) -> String {
    week_at(asked, None)
}

fn week_at(asked: &WeeklyQuery, time: Option<&WeeklyTime>) -> String {
    let people = listed(&asked.people);
    let optional = listed(&asked.optional);
    let rooms = listed(&asked.rooms);
    let minutes = asked.minutes.map(|minutes| minutes.to_string());
    let at = time.map(|time| time.from.at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let day = time.map(|time| local_date(&time.from).to_string());
    with_query(
        paths::MEETINGS,
        "",
        &[
            (query::WEEK, day.as_deref()),
            (query::WITH, people.as_deref()),
            (query::OPTIONAL, optional.as_deref()),
            (query::ROOMS, rooms.as_deref()),
            (query::MINUTES, minutes.as_deref()),
            (query::AT, at.as_deref()),
        ],
    )
}

fn listed<T: ToString>(ids: &[T]) -> Option<String> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

fn found(page: &WeeklyPage, asked: &WeeklyQuery) -> AnyView {
    let names: Vec<&str> = page.people.iter().map(|p| p.name.as_str()).collect();
    let who = match names.as_slice() {
        [_] => "Only you. Choose others in the week.".to_owned(),
        names => format!("For {}", names.join(", ")),
    };
    let week = week_of(asked);
    let zone = page.zone.clone();
    if page.times.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Calendar
                title="No weekly time suits all"
                text="Make somebody optional, take a shorter meeting, or look at fewer weeks."
            >
                <LinkButton href=week look=Look::Primary>"Change who comes"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let items = page.times.iter().enumerate();
    let items = items
        .map(|(rank, time)| item(asked, rank, time))
        .collect_view();
    let title = format!("{} min, every week for {} weeks", page.minutes, page.weeks);
    view! {
        <Section title=title>
            <p class="muted">{who} " · times in " {zone}</p>
            <ol class="week-suggestions">{items}</ol>
        </Section>
    }
    .into_any()
}

fn item(asked: &WeeklyQuery, rank: usize, time: &WeeklyTime) -> AnyView {
    let href = week_at(asked, Some(time));
    let when = format!(
        "{}, {} to {}",
        plural(time.weekday),
        time.from.clock(),
        time.to.clock()
    );
    let every =
        (time.failing == 0).then(|| view! { <Chip tone=Tone::Positive label="Every week"/> });
    let reasons = time.reasons.iter();
    let reasons = reasons
        .map(|reason| view! { <li>{reason.clone()}</li> })
        .collect_view();
    view! {
        <li class="week-suggested">
            <span class="week-rank" aria-hidden="true">{rank + 1}</span>
            <div class="week-suggested-words">
                <a href=href>{when}</a>
                {score_view(time.score)}
                <p class="small row">"First on " {time.from.date()} {every}</p>
                <ul class="week-reasons">{reasons}</ul>
            </div>
        </li>
    }
    .into_any()
}

/// The weekday as one says it of every week.
const fn plural(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Mondays",
        Weekday::Tue => "Tuesdays",
        Weekday::Wed => "Wednesdays",
        Weekday::Thu => "Thursdays",
        Weekday::Fri => "Fridays",
        Weekday::Sat => "Saturdays",
        Weekday::Sun => "Sundays",
    }
}
