//! Dates whose hours differ from those of their weekday, and days in other zones.

use leptos::prelude::*;
use model::Problem;
use model::scheduling::hours::{DateOverride, LocalRange, Travel};

use super::super::meeting::parts::{said_of, typed_or};
use super::growing::{growing, row_error};
use super::week::{ends, time_input};
use super::zones::LIST;
use crate::ui::field_id;

/// What the last answer said of the form.
type Said = Signal<Option<Problem>>;

/// The dates that differ.
#[component]
pub fn OtherDays(
    /// What is kept.
    days: Vec<DateOverride>,
    /// What the last answer said.
    problem: Said,
) -> impl IntoView {
    let mut kept: Vec<(String, Vec<LocalRange>)> = Vec::new();
    for day in days {
        let date = day.date.to_string();
        if day.ranges.is_empty() {
            kept.push((date, Vec::new()));
        } else {
            // A row has room for two ranges; a date with more of them has more rows.
            let pairs = day.ranges.chunks(2);
            kept.extend(pairs.map(|pair| (date.clone(), pair.to_vec())));
        }
    }
    kept.push((String::new(), Vec::new()));
    let shown = kept.len();
    let rows = kept
        .into_iter()
        .enumerate()
        .map(|(row, (date, ranges))| other_day(row, date, &ranges, problem))
        .collect();
    let another = move |added| other_day(after(shown, added), String::new(), &[], problem);
    let rows = growing(rows, another, "Add a date", String::new());
    view! { <div class="hours-rows">{rows}</div> }
}

/// The number of a row that is added to those that are shown.
fn after(shown: usize, added: u32) -> usize {
    shown + usize::try_from(added).unwrap_or_default()
}

fn other_day(row: usize, date: String, ranges: &[LocalRange], problem: Said) -> AnyView {
    let spoken = match date.as_str() {
        "" => format!("Date {}", row + 1),
        date => date.to_owned(),
    };
    let (from, to) = ends(ranges.first().copied());
    let (from_more, to_more) = ends(ranges.get(1).copied());
    let time = move |column: &str, words: String, value: String| {
        time_input(format!("form[{column}][{row}]"), words, value, problem)
    };
    let fields = view! {
        {date_input("date", row, format!("{spoken}, date"), date, problem)}
        <span class="hours-range">
            {time("date_from", format!("{spoken}, from"), from)}
            <span aria-hidden="true">"–"</span>
            {time("date_to", format!("{spoken}, to"), to)}
        </span>
        <span class="hours-range">
            {time("date_from_more", format!("{spoken}, second range, from"), from_more)}
            <span aria-hidden="true">"–"</span>
            {time("date_to_more", format!("{spoken}, second range, to"), to_more)}
        </span>
    };
    row_view(
        "hours.overrides",
        row,
        spoken.clone(),
        fields.into_any(),
        problem,
    )
}

fn date_input(column: &str, row: usize, spoken: String, value: String, problem: Said) -> AnyView {
    let name = format!("form[{column}][{row}]");
    let value = typed_or(problem, &name, value);
    view! { <input class="input" type="date" name=name aria-label=spoken value=value/> }.into_any()
}

/// The journeys.
#[component]
pub fn Journeys(
    /// What is kept.
    travel: Vec<Travel>,
    /// What the last answer said.
    problem: Said,
) -> impl IntoView {
    let shown = travel.len() + 1;
    let rows = travel
        .into_iter()
        .map(Some)
        .chain([None])
        .enumerate()
        .map(|(row, trip)| journey(row, trip, problem))
        .collect();
    let another = move |added| journey(after(shown, added), None, problem);
    let rows = growing(rows, another, "Add a journey", String::new());
    view! { <div class="hours-rows">{rows}</div> }
}

fn journey(row: usize, trip: Option<Travel>, problem: Said) -> AnyView {
    let (first, last, zone) = match trip {
        Some(trip) => (
            trip.first_day.to_string(),
            trip.last_day.to_string(),
            trip.zone,
        ),
        None => (String::new(), String::new(), String::new()),
    };
    let spoken = format!("Journey {}", row + 1);
    let name = format!("form[trip_zone][{row}]");
    let zone = typed_or(problem, &name, zone);
    let fields = view! {
        {date_input("trip_first", row, format!("{spoken}, first day"), first, problem)}
        <span aria-hidden="true">"–"</span>
        {date_input("trip_last", row, format!("{spoken}, last day"), last, problem)}
        <input
            class="input hours-zone"
            type="text"
            name=name
            list=LIST
            autocomplete="off"
            placeholder="America/New_York"
            aria-label=format!("{spoken}, time zone")
            value=zone
        />
    };
    row_view("travel", row, spoken.clone(), fields.into_any(), problem)
}

fn row_view(part: &str, row: usize, spoken: String, fields: AnyView, problem: Said) -> AnyView {
    let field = format!("{part}[{row}]");
    let id = field_id(&field);
    let below = row_error(&id, said_of(problem, field));
    let error_id = format!("{id}-error");
    view! {
        <div
            class="hours-row"
            role="group"
            tabindex="-1"
            id=id
            aria-label=spoken
            aria-describedby=error_id
        >
            {fields}
            {below}
        </div>
    }
    .into_any()
}
