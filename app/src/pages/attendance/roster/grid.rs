//! The grid of people and days: the ARIA pattern of a grid with one tab stop. On a phone each person is
//! a card with a line for each day; the parts are the same.

use std::sync::Arc;

use leptos::prelude::*;
use model::attendance::views::{RosterCell, RosterPage, RosterRow};

use super::desk::{Desk, Waiting, use_desk};
use super::hand::Hand;
use super::moves::{DAYS, Spot};
use super::words;
use crate::pages::attendance::common::hours;
use crate::ui::{Glyph, Icon};

/// The keys of the grid, for those who listen.
const KEYS: &str = "Arrow keys move by a person and by a day. Enter opens what somebody works on \
that day. The digits 1 to 9 assign the shift with that number, 0 makes it a day off. Page up and \
page down go to another week.";

/// The grid.
#[component]
pub fn Grid(
    /// The people that are shown.
    page: Arc<RosterPage>,
) -> impl IntoView {
    let desk = use_desk();
    let label = format!("Roster of {}", words::week(page.monday));
    let hand = Hand::new(desk, page.clone());
    let mut team: Option<&str> = None;
    let has_teams = page.rows.iter().any(|row| row.team != page.rows[0].team);
    let mut rows: Vec<AnyView> = Vec::new();
    for (index, row) in page.rows.iter().enumerate() {
        if has_teams && team != Some(row.team.as_str()) {
            rows.push(team_head(&row.team));
        }
        team = Some(row.team.as_str());
        rows.push(row_view(desk, &page, index, row));
    }
    let (key, tap) = (hand.clone(), hand);
    view! {
        <p class="sr-only" id="roster-hint">{KEYS}</p>
        <div class="roster-frame">
            <div
                class="roster-grid"
                role="grid"
                aria-label=label
                aria-describedby="roster-hint"
                on:keydown=move |event| key.key(&event)
                on:click=move |event| tap.tap(&event)
            >
                <div role="row" class="roster-head">
                    <div role="columnheader" class="roster-corner">"Person"</div>
                    {(0..DAYS).map(|day| head_cell(&page, day)).collect_view()}
                    <div role="columnheader" class="roster-sum">"Week"</div>
                </div>
                {rows}
            </div>
        </div>
    }
    .into_any()
}

fn head_cell(page: &RosterPage, day: usize) -> AnyView {
    let days = u64::try_from(day).unwrap_or_default();
    let date = page.monday.checked_add_days(chrono::Days::new(days));
    let Some(date) = date else {
        return ().into_any();
    };
    let is_today = date == page.today;
    let class = if is_today {
        "roster-day is-today"
    } else {
        "roster-day"
    };
    let holidays = words::holidays(page, day);
    let holidays = (!holidays.is_empty()).then(|| {
        let names = holidays.join(", ");
        let tooltip = names.clone();
        view! { <span class="roster-holiday" title=tooltip>{names}</span> }
    });
    view! {
        <div role="columnheader" class=class>
            <span class="roster-weekday">{date.format("%a").to_string()}</span>
            " "
            <span class="roster-date">{date.format("%-d").to_string()}</span>
            {is_today.then(|| view! { <span class="sr-only">" today"</span> })}
            {holidays}
        </div>
    }
    .into_any()
}

/// The line that names a team.
fn team_head(team: &str) -> AnyView {
    let name = match team {
        "" => "In no team",
        name => name,
    };
    view! {
        <div role="row" class="roster-team">
            <div role="rowheader" aria-colspan="9">{name.to_owned()}</div>
        </div>
    }
    .into_any()
}

fn row_view(desk: Desk, page: &Arc<RosterPage>, index: usize, row: &RosterRow) -> AnyView {
    let cells = row
        .cells
        .iter()
        .enumerate()
        .map(|(day, cell)| cell_view(desk, page, Spot { row: index, day }, row, cell))
        .collect_view();
    view! {
        <div role="row" class="roster-row">
            <div role="rowheader" class="roster-person">{row.person.name.clone()}</div>
            {cells}
            <div role="gridcell" class="roster-sum num">
                <span class="roster-sum-word" aria-hidden="true">"Week "</span>
                {hours(row.minutes)}
            </div>
        </div>
    }
    .into_any()
}

/// One cell. Its words are made once; the tab stop, what is under way and what is dragged follow.
fn cell_view(
    desk: Desk,
    page: &Arc<RosterPage>,
    spot: Spot,
    row: &RosterRow,
    cell: &RosterCell,
) -> AnyView {
    let day = (row.person.id, cell.date);
    let waits = move || desk.waiting.with(|all| all.get(&day).cloned());
    let stop = move || if desk.at.get() == spot { "0" } else { "-1" };
    let standing = standing(page, cell);
    let class = move || {
        let mut class = standing.clone();
        if desk.over.get() == Some(spot) {
            class.push_str(" is-over");
        }
        if waits().is_some() {
            class.push_str(" is-waiting");
        }
        class
    };
    let busy = move || waits().map(|_| "true");
    let label = words::cell(page, &row.person.name, cell);
    let (known, shown) = (page.clone(), cell.clone());
    let content = move || match waits() {
        Some(waiting) => awaited(&known, &waiting),
        None => shifts(&shown),
    };
    view! {
        <div
            role="gridcell"
            id=spot.id()
            class=class
            tabindex=stop
            aria-busy=busy
        >
            <span class="sr-only">{label}</span>
            <span class="roster-cell-day" aria-hidden="true">
                {cell.date.format("%a %-d").to_string()}
            </span>
            <span class="roster-cell-shifts" aria-hidden="true">{content}</span>
            {marks(cell)}
        </div>
    }
    .into_any()
}

/// The class of a cell by what stays as it is until the next reading.
fn standing(page: &RosterPage, cell: &RosterCell) -> String {
    let mut class = "roster-cell".to_owned();
    let marks = [
        (cell.date == page.today, " is-today"),
        (cell.holiday.is_some(), " is-holiday"),
        (cell.leave, " is-away"),
        (cell.locked, " is-locked"),
    ];
    for (is_so, name) in marks {
        if is_so {
            class.push_str(name);
        }
    }
    class
}

/// The shifts of a cell as they were read.
fn shifts(cell: &RosterCell) -> AnyView {
    if cell.shifts.is_empty() {
        let word = if cell.version > 0 { "Off" } else { "" };
        return view! { <span class="roster-off">{word}</span> }.into_any();
    }
    let marks: Vec<AnyView> = cell
        .shifts
        .iter()
        .map(|shift| mark(&shift.code, &shift.tone, shift.time.clone()))
        .collect();
    marks.into_any()
}

/// The shifts that were assigned and are not read back yet.
fn awaited(page: &RosterPage, waiting: &Waiting) -> AnyView {
    let known = waiting
        .templates
        .iter()
        .filter_map(|id| page.templates.iter().find(|known| known.id == *id));
    let marks: Vec<AnyView> = known
        .map(|known| {
            let template = &known.template;
            mark(
                &template.code,
                template.tone.as_str(),
                words::times(template),
            )
        })
        .collect();
    if marks.is_empty() {
        view! { <span class="roster-off">"Off"</span> }.into_any()
    } else {
        marks.into_any()
    }
}

/// A shift: its code on its colour, and its times.
pub fn mark(code: &str, tone: &str, time: String) -> AnyView {
    view! {
        <span class="roster-shift">
            <span class=format!("shift-mark shift-{tone}")>{code.to_owned()}</span>
            <span class="roster-time num">{time}</span>
        </span>
    }
    .into_any()
}

/// What is to be known of a day beside its shifts.
fn marks(cell: &RosterCell) -> AnyView {
    let away = cell
        .leave
        .then(|| view! { <span class="roster-away">"Away"</span> });
    let holiday = cell.holiday.as_ref().map(|name| {
        let name = name.clone();
        view! { <span class="roster-feast" title=name>"Holiday"</span> }
    });
    let rest = (cell.rest_short_minutes > 0).then(|| {
        view! {
            <span class="roster-rest">
                <Glyph icon=Icon::Alert/>
                {words::rest(cell.rest_short_minutes)}
            </span>
        }
    });
    let lock = cell
        .locked
        .then(|| view! { <span class="roster-lock"><Glyph icon=Icon::Lock/></span> });
    let swapped = cell.swapped_with.as_ref().map(|with| {
        let title = format!("Swapped with {with}");
        view! {
            <span class="roster-swapped" title=title>
                <Glyph icon=Icon::Refresh/>
                "Swapped"
            </span>
        }
    });
    view! {
        <span class="roster-marks" aria-hidden="true">
            {away} {holiday} {rest} {swapped} {lock}
        </span>
    }
    .into_any()
}
