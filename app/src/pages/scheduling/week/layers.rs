//! What is drawn over the cells of each day: hours off, time that all have free, the time of others,
//! suggestions, the reader's meetings. Blocks are placed by classes, since the page has no inline
//! styles.

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::availability::BusyStatus;
use model::scheduling::interval::IntervalSet;
use model::scheduling::views::{DayColumn, OwnMeeting, WeekPage};

use super::chosen::Chosen;
use super::geometry::{Axis, Place, lanes, whole};
use super::hand::Hand;
use super::words;
use crate::format::initials;
use crate::paths;

/// How many patterns there are for people and rooms.
const PATTERNS: usize = 8;
/// In how many columns the initials of people and rooms stand.
const COLUMNS: usize = 6;

/// The class of the pattern of a layer, by its place after the reader.
pub fn pattern(index: usize) -> String {
    format!("layer-{}", index % PATTERNS)
}

/// The days over the grid.
#[component]
pub fn Layers(
    /// The week, and what presses on blocks do.
    hand: Arc<Hand>,
) -> impl IntoView {
    let (choose, take) = (hand.clone(), hand.clone());
    let press = move |event: leptos::ev::MouseEvent| {
        choose.suggestion(&event);
        take.alternative(&event);
    };
    let days = (0..hand.page.days.len())
        .map(|index| day_view(&hand, index))
        .collect_view();
    view! {
        <div class="week-overlay" on:click=press>
            {days}
        </div>
    }
    .into_any()
}

fn day_view(hand: &Arc<Hand>, index: usize) -> AnyView {
    let (page, axis) = (&hand.page, &hand.axis);
    let Some(day) = page.days.get(index) else {
        return ().into_any();
    };
    view! {
        <div class=format!("week-day day-{index}")>
            <div class="week-lines" aria-hidden="true">
                {blocks(axis, day, &off(page, day), "week-off")}
                {blocks(axis, day, &common(page, day), "week-free")}
                {away(page, axis, day)} {others(page, axis, day)}
            </div>
            {meetings(page, axis, day)}
            <div class="week-lines" aria-hidden="true">{suggestions(page, axis, day)}</div>
            <Chosen page=page.clone() axis=axis.clone() index/>
        </div>
    }
    .into_any()
}

/// Blocks of one kind.
fn blocks(axis: &Axis, day: &DayColumn, times: &IntervalSet, class: &'static str) -> AnyView {
    let places = times.iter().filter_map(|time| axis.place(day, time));
    places
        .map(|place| view! { <div class=format!("{class} {}", place.classes())></div> })
        .collect_view()
        .into_any()
}

/// When the reader does not work.
fn off(page: &WeekPage, day: &DayColumn) -> IntervalSet {
    let working = page.layers.first().map(|me| me.working.clone());
    IntervalSet::from(working.unwrap_or_default()).complement(whole(day))
}

/// When all have free, if there is anybody but the reader.
fn common(page: &WeekPage, day: &DayColumn) -> IntervalSet {
    if page.layers.len() < 2 {
        return IntervalSet::empty();
    }
    IntervalSet::from(page.common.clone()).clipped(whole(day))
}

/// When the reader is away.
fn away(page: &WeekPage, axis: &Axis, day: &DayColumn) -> AnyView {
    let away = page.layers.first().map(|me| me.away.clone());
    let away = IntervalSet::from(away.unwrap_or_default());
    blocks(axis, day, &away, "week-away")
}

/// When others are taken or away: one translucent block over another, each with its initials.
fn others(page: &WeekPage, axis: &Axis, day: &DayColumn) -> AnyView {
    let layers = page.layers.iter().skip(1).enumerate();
    layers
        .flat_map(|(index, layer)| {
            let (initials, pattern) = (initials(&layer.name), pattern(index));
            let taken = layer.taken.iter().map(|taken| {
                let class = match taken.status {
                    BusyStatus::Busy | BusyStatus::Oof => "week-taken",
                    BusyStatus::Tentative => "week-taken is-tentative",
                };
                (taken.during, class, "is taken")
            });
            let away = layer.away.iter();
            let away = away.map(|during| (*during, "week-taken is-away", "is away"));
            let blocks = taken.chain(away).filter_map(|(during, class, word)| {
                let place = axis.place(day, &during)?;
                let class = format!("{class} {pattern} {}", place.classes());
                let title = format!("{} {word}", layer.name);
                let mark = format!("week-initials mark-{}", index % COLUMNS);
                let initials = initials.clone();
                Some(view! {
                    <div class=class title=title>
                        <span class=mark>{initials}</span>
                    </div>
                })
            });
            blocks.collect::<Vec<_>>()
        })
        .collect_view()
        .into_any()
}

/// The suggestions, each with its rank. The panel beside the grid has them for the keyboard.
fn suggestions(page: &WeekPage, axis: &Axis, day: &DayColumn) -> AnyView {
    let suggestions = page.suggestions.iter().enumerate();
    suggestions
        .filter_map(|(rank, time)| {
            let place = axis.place(day, &words::suggested(time))?;
            let class = format!("week-suggestion {}", place.classes());
            Some(view! {
                <div class=class data-suggestion=rank.to_string()>
                    <span class="week-rank">{rank + 1}</span>
                </div>
            })
        })
        .collect_view()
        .into_any()
}

/// The reader's meetings of a day, side by side where they overlap.
fn meetings(page: &WeekPage, axis: &Axis, day: &DayColumn) -> AnyView {
    let placed: Vec<(&OwnMeeting, Place)> = page
        .meetings
        .iter()
        .filter_map(|meeting| {
            let place = axis.place(day, &words::meeting_time(meeting))?;
            Some((meeting, place))
        })
        .collect();
    if placed.is_empty() {
        return ().into_any();
    }
    let places: Vec<Place> = placed.iter().map(|(_, place)| *place).collect();
    let blocks = placed
        .into_iter()
        .zip(lanes(&places))
        .map(|((meeting, place), lane)| {
            let mut class = format!("week-block {} {}", place.classes(), lane.classes());
            if place.rows == 1 {
                class.push_str(" is-short");
            }
            view! { <li class=class>{meeting_view(meeting, place)}</li> }
        })
        .collect_view();
    let label = format!("Your meetings on {}", words::day(day.date));
    let class = match page.layers.len() {
        0 | 1 => "week-lines week-own",
        _ => "week-lines week-own beside-others",
    };
    view! { <ul class=class aria-label=label>{blocks}</ul> }.into_any()
}

fn meeting_view(meeting: &OwnMeeting, place: Place) -> AnyView {
    let mut class = "week-meeting".to_owned();
    for (on, name) in [
        (words::is_tentative(meeting), " is-tentative"),
        (words::is_off(meeting), " is-declined"),
        (place.rows < 3, " is-line"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    let clocks = words::clocks(&meeting.from, &meeting.to);
    let spot = meeting.place.clone();
    let title = if spot.is_empty() {
        format!("{}, {clocks}", meeting.title)
    } else {
        format!("{}, {clocks}, {spot}", meeting.title)
    };
    view! {
        <a class=class href=paths::meeting(meeting.id) title=title>
            <span class="week-title">{meeting.title.clone()}</span>
            " "
            <span class="week-time">{clocks}</span>
            {(!spot.is_empty()).then(|| view! { " " <span class="week-place">{spot}</span> })}
            {words::standing(meeting)
                .map(|standing| view! { <span class="sr-only">", " {standing}</span> })}
            {meeting.repeats.then(|| view! { <span class="sr-only">", repeats"</span> })}
        </a>
    }
    .into_any()
}
