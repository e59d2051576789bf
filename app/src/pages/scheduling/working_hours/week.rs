//! The hours of a week, a line a day.

use chrono::NaiveTime;
use leptos::prelude::*;
use model::Problem;
use model::scheduling::hours::{LocalRange, WeeklyHours};

use super::super::meeting::parts::{said_of, typed_or};
use super::growing::{growing, row_error};
use crate::ui::field_id;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// How many ranges a day shows at least.
const SHOWN: usize = 2;

/// The seven days.
#[component]
pub fn Week(
    /// What is kept.
    weekly: WeeklyHours,
    /// What the last answer said.
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let days = weekly
        .0
        .into_iter()
        .zip(DAYS)
        .enumerate()
        .map(|(index, (ranges, name))| day(index, name, ranges, problem))
        .collect_view();
    view! { <div class="hours-week">{days}</div> }
}

fn day(
    index: usize,
    name: &'static str,
    ranges: Vec<LocalRange>,
    problem: Signal<Option<Problem>>,
) -> AnyView {
    let field = format!("hours.weekly[{index}]");
    let id = field_id(&field);
    let error = said_of(problem, field);
    let (name_id, error_id) = (format!("{id}-name"), format!("{id}-error"));
    let named = name_id.clone();
    let mut rows: Vec<Option<LocalRange>> = ranges.into_iter().map(Some).collect();
    rows.resize(rows.len().max(SHOWN), None);
    let shown = rows.len();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(row, range)| range_row(index, name, row, range, problem))
        .collect();
    let another = move |added: u32| {
        let row = shown + usize::try_from(added).unwrap_or_default();
        range_row(index, name, row, None, problem)
    };
    let rows = growing(rows, another, "Add", format!(" another range on {name}"));
    let below = row_error(&id, error);
    view! {
        <div
            class="hours-day"
            role="group"
            tabindex="-1"
            id=id
            aria-labelledby=named
            aria-describedby=error_id
        >
            <span class="hours-name" id=name_id>
                {name}
            </span>
            <div class="hours-ranges">{rows}</div>
            {below}
        </div>
    }
    .into_any()
}

fn range_row(
    day: usize,
    name: &str,
    row: usize,
    range: Option<LocalRange>,
    problem: Signal<Option<Problem>>,
) -> AnyView {
    let spoken = match row {
        0 => name.to_owned(),
        1 => format!("{name}, second range"),
        more => format!("{name}, range {}", more + 1),
    };
    // The rows of all days are one list; each day has room for a hundred.
    let place = day * 100 + row;
    let (from, to) = ends(range);
    view! {
        <span class="hours-range">
            <input type="hidden" name=format!("form[day][{place}]") value=day.to_string()/>
            {time_input(format!("form[from][{place}]"), format!("{spoken}, from"), from, problem)}
            <span aria-hidden="true">"–"</span>
            {time_input(format!("form[to][{place}]"), format!("{spoken}, to"), to, problem)}
        </span>
    }
    .into_any()
}

/// A field for a time of day whose words are for those who listen: the row says the rest.
pub fn time_input(
    name: String,
    spoken: String,
    value: String,
    problem: Signal<Option<Problem>>,
) -> AnyView {
    let value = typed_or(problem, &name, value);
    view! { <input class="input" type="time" name=name aria-label=spoken value=value/> }.into_any()
}

/// Both ends as a field takes them; empty for no range.
pub fn ends(range: Option<LocalRange>) -> (String, String) {
    let clock = |time: NaiveTime| time.format("%H:%M").to_string();
    range.map_or_else(
        || (String::new(), String::new()),
        |range| (clock(range.from), clock(range.to)),
    )
}
