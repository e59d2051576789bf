//! The board: the hours at the left, the grid with what is drawn over it, a second zone's hours at
//! the right, and below what is chosen.

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::interval::Interval;
use model::scheduling::views::WeekPage;
use model::time::Stamp;

use super::bar::Bar;
use super::booker::use_booker;
use super::choosing::first_spot;
use super::desk::{Desk, use_desk};
use super::geometry::{Axis, Row, Spot, instant_of, offset_at};
use super::grid::Grid;
use super::hand::Hand;
use super::layers::Layers;
use super::query;
use super::words::{self, meeting_time};

/// The keys of the grid, for those who listen.
const KEYS: &str = "Arrow keys move by a quarter of an hour and by a day. Shift with up and down \
makes the time shorter or longer. Home and End go to the first and last day, page up and page down \
to another week. Enter books. 1 to 5 choose a suggestion. Escape chooses nothing.";

/// The board of one week.
#[component]
pub fn Board(
    /// The week.
    page: Arc<WeekPage>,
) -> impl IntoView {
    let (desk, booker) = (use_desk(), use_booker());
    move || {
        let hours = query::hours(&page, desk.all_hours.get());
        let axis = Arc::new(Axis::of(&page.days, &hours));
        let day = query::first_day(&page, desk.day.get());
        let hand = Arc::new(Hand {
            page: page.clone(),
            axis: axis.clone(),
            first: tab_stop(&page, &axis, day, desk),
            desk,
            booker,
        });
        keep_stop_in_sight(desk, page.clone(), axis.clone());
        let second = page.second_zone.as_ref();
        let second = second.map(|zone| second_hours(&page, &axis, day, zone));
        let shown = move || desk.at.get().map_or(day, |spot| spot.day);
        let frame = if second.is_some() {
            "week-frame has-second"
        } else {
            "week-frame"
        };
        view! {
            <div class=move || format!("week-board shows-{}", shown())>
                <p class="sr-only" id="week-hint">{KEYS}</p>
                {day_switch(&page, desk, day)}
                <div class=frame>
                    {own_hours(&page, &axis)}
                    <div class="week-table">
                        <Grid hand=hand.clone()/>
                        <Layers hand/>
                    </div>
                    {second}
                </div>
                {second_note(&page)}
                {hours_switch(desk)}
                <Bar page=page.clone()/>
            </div>
        }
        .into_any()
    }
}

/// Where the tab stop is at first: on what the address chooses, else in free time.
fn tab_stop(page: &WeekPage, axis: &Axis, day: usize, desk: Desk) -> Spot {
    let chosen = desk.choice.get_untracked();
    let chosen = chosen.and_then(|choice| axis.spot(&page.days, choice.from));
    chosen.unwrap_or_else(|| {
        let meetings = page.meetings.iter().map(meeting_time);
        let taken: Vec<Interval> = meetings.collect();
        first_spot(&page.days, axis, day, &taken)
    })
}

/// A cursor whose cell is no longer drawn goes back to where it was at first.
fn keep_stop_in_sight(desk: Desk, page: Arc<WeekPage>, axis: Arc<Axis>) {
    Effect::new(move |_| {
        let gone = desk.at.get_untracked().is_some_and(|spot| {
            axis.index(spot.row).is_none() || instant_of(&page.days, spot).is_none()
        });
        if gone {
            desk.at.set(None);
        }
    });
}

/// The reader's hours. The cells say their time themselves, so this is for the eye.
fn own_hours(page: &WeekPage, axis: &Axis) -> impl IntoView + use<> {
    let hours = full_hours(axis, |row| Some(row.clock()));
    view! {
        <div class="week-hours" aria-hidden="true">
            <span class="week-zone">{words::place_of(&page.zone)}</span>
            {hours}
        </div>
    }
}

/// The same hours in the second zone, as they are on the day that is shown first.
fn second_hours(page: &WeekPage, axis: &Axis, day: usize, zone: &str) -> impl IntoView + use<> {
    let hours = full_hours(axis, |row| {
        let at = instant_of(&page.days, Spot { day, row })?;
        let offset_minutes = page.days.get(day)?.second_offset_minutes?;
        Some(Stamp { at, offset_minutes }.clock())
    });
    view! {
        <div class="week-hours week-second" aria-hidden="true">
            <span class="week-zone">{words::place_of(zone)}</span>
            {hours}
        </div>
    }
}

fn full_hours(axis: &Axis, text: impl Fn(Row) -> Option<String>) -> AnyView {
    let rows = axis.rows().iter().enumerate();
    rows.filter(|(_, row)| row.minute % 60 == 0)
        .filter_map(|(at, row)| {
            let text = text(*row)?;
            let again = row.again.then(|| view! { <small>"again"</small> });
            Some(view! { <span class=format!("week-hour at-{at}")>{text} {again}</span> })
        })
        .collect_view()
        .into_any()
}

/// Says that the second zone's hours are another day's too, when only one of the two zones changes
/// its clocks within the week.
fn second_note(page: &WeekPage) -> Option<AnyView> {
    let zone = page.second_zone.as_ref()?;
    let noon = |day: &model::scheduling::views::DayColumn| {
        let middle = day.from + (day.to - day.from) / 2;
        Some(day.second_offset_minutes? - offset_at(day, middle))
    };
    let mut differences = page.days.iter().map(noon);
    let first = differences.next()?;
    let changed = page.days.iter().find(|day| noon(day) != first)?;
    let text = format!(
        "The difference to {} changes on {}.",
        words::place_of(zone),
        words::day(changed.date)
    );
    Some(view! { <p class="quiet small">{text}</p> }.into_any())
}

/// The days as links, where there is room for one of them only.
fn day_switch(page: &WeekPage, desk: Desk, first: usize) -> impl IntoView + use<> {
    let links = page
        .days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let date = day.date.to_string();
            let href = move || desk.href(&[(query::DAY, Some(&date))]);
            let current = move || {
                let shown = desk.at.get().map_or(first, |spot| spot.day);
                (shown == index).then_some("date")
            };
            let class = if day.today {
                "week-go-day is-today"
            } else {
                "week-go-day"
            };
            // A cursor in another day would keep that day in sight.
            let free = move |_| desk.at.set(None);
            view! {
                <a
                    class=class
                    href=href
                    aria-current=current
                    data-noscroll="true"
                    on:click=free
                >
                    <span>{day.date.format("%a").to_string()}</span>
                    <b>{day.date.format("%-d").to_string()}</b>
                </a>
            }
        })
        .collect_view();
    view! { <nav class="week-switch" aria-label="Days">{links}</nav> }
}

/// All hours of the day, or the usual ones.
fn hours_switch(desk: Desk) -> impl IntoView {
    let wanted = move || (!desk.all_hours.get()).then_some("all");
    let words = move || {
        if desk.all_hours.get() {
            "Show fewer hours"
        } else {
            "Show the whole day"
        }
    };
    view! {
        <a
            class="button button-quiet button-small week-all"
            href=move || desk.href(&[(query::HOURS, wanted())])
            data-noscroll="true"
        >
            {words}
        </a>
    }
}
