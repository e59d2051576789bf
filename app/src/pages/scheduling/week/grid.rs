//! The grid of cells, one for each quarter of an hour of each day: the ARIA pattern of a grid with
//! one tab stop. A cell knows only where it is; what is drawn over it is in `layers`.

use std::sync::Arc;

use leptos::prelude::*;
use model::scheduling::interval::Interval;
use model::scheduling::views::{DayColumn, WeekPage};

use super::desk::Desk;
use super::geometry::{Row, Spot};
use super::hand::{Hand, times};
use super::words::{self, is_off, meeting_time};

/// The grid.
#[component]
pub fn Grid(
    /// What keyboard and pointer do in it.
    hand: Arc<Hand>,
) -> impl IntoView {
    let page = hand.page.clone();
    let label = match (page.days.first(), page.days.last()) {
        (Some(first), Some(last)) => {
            format!("Week of {}", words::week(first.date, last.date))
        }
        _ => "Week".to_owned(),
    };
    let head = page.days.iter().enumerate().map(head_cell).collect_view();
    let dates: Vec<String> = page.days.iter().map(|day| words::day(day.date)).collect();
    let rows = hand.axis.rows().iter();
    let rows = rows
        .map(|row| {
            let cells = dates.iter().enumerate();
            let cells = cells
                .map(|(day, date)| {
                    let spot = Spot { day, row: *row };
                    cell(hand.desk, &page, spot, hand.first, date)
                })
                .collect_view();
            view! { <div role="row" class=row_class(*row)>{cells}</div> }
        })
        .collect_view();
    let (key, press, drag) = (hand.clone(), hand.clone(), hand.clone());
    let (up, cancel, tap, open) = (hand.clone(), hand.clone(), hand.clone(), hand);
    view! {
        <div
            class="week-grid"
            role="grid"
            aria-label=label
            aria-multiselectable="true"
            aria-describedby="week-hint"
            on:keydown=move |event| key.key(&event)
            on:pointerdown=move |event| press.press(&event)
            on:pointermove=move |event| drag.drag(&event)
            on:pointerup=move |_| up.release()
            on:pointercancel=move |_| cancel.release()
            on:click=move |event| tap.tap(&event)
            on:dblclick=move |event| open.open(&event)
        >
            <div role="row" class="week-head">{head}</div>
            {rows}
        </div>
    }
    .into_any()
}

fn head_cell((index, day): (usize, &DayColumn)) -> impl IntoView + use<> {
    let class = if day.today {
        format!("week-name day-{index} is-today")
    } else {
        format!("week-name day-{index}")
    };
    view! {
        <div role="columnheader" class=class>
            <span class="week-weekday">{day.date.format("%a").to_string()}</span>
            " "
            <span class="week-date">{day.date.format("%-d").to_string()}</span>
            {day.today.then(|| view! { <span class="sr-only">" today"</span> })}
            {day.holiday.then(|| view! { <span class="week-holiday">" holiday"</span> })}
        </div>
    }
}

fn row_class(row: Row) -> &'static str {
    match (row.again, row.minute % 60) {
        (true, 0) => "week-row week-full week-again",
        (true, _) => "week-row week-again",
        (false, 0) => "week-row week-full",
        (false, 30) => "week-row week-half",
        (false, _) => "week-row",
    }
}

/// One cell. Its words are made once; only the tab stop and the mark of being chosen follow. A time
/// that the day does not have is a cell that nobody can go to.
fn cell(desk: Desk, page: &WeekPage, spot: Spot, first: Spot, date: &str) -> impl IntoView + use<> {
    let times = times(page, spot);
    let stop = move || {
        let at = desk.at.get().unwrap_or(first);
        times.map(|_| if at == spot { "0" } else { "-1" })
    };
    let chosen = move || {
        let choice = desk.choice.get();
        let inside = |times| choice.is_some_and(|choice| choice.slot().overlaps(&times));
        times.map(|times| if inside(times) { "true" } else { "false" })
    };
    let class = match times {
        Some(_) => format!("week-cell day-{}", spot.day),
        None => format!("week-cell week-none day-{}", spot.day),
    };
    view! {
        <div
            role="gridcell"
            id=times.map(|_| spot.id())
            class=class
            tabindex=stop
            aria-selected=chosen
            aria-disabled=times.is_none().then_some("true")
            aria-label=label(page, spot, times.as_ref(), date)
        ></div>
    }
}

/// `Tue 24 Nov, 09:15`, and the reader's meetings then.
fn label(page: &WeekPage, spot: Spot, times: Option<&Interval>, date: &str) -> String {
    let clock = clock(spot.row);
    let Some(times) = times else {
        return format!("{date} has no {clock}");
    };
    let mut label = format!("{date}, {clock}");
    let own = page.meetings.iter().filter(|m| !is_off(m));
    for meeting in own.filter(|m| meeting_time(m).overlaps(times)) {
        label.push_str(", ");
        label.push_str(&meeting.title);
    }
    label
}

fn clock(row: Row) -> String {
    if row.again {
        format!("{} again", row.clock())
    } else {
        row.clock()
    }
}
