//! The calendar of a month: a table of weeks where there is room, a list of days on a phone. Each day
//! is one link.

use leptos::prelude::*;
use model::PersonId;
use model::attendance::day::Status;
use model::attendance::views::MonthDay;

use super::super::words::{duration, signed, status_icon, status_tone, status_words};
use crate::paths;
use crate::ui::{Chip, Glyph, Icon, Tone};

/// The days of the week: short, and as they are read out.
const WEEKDAYS: [(&str, &str); 7] = [
    ("Mon", "Monday"),
    ("Tue", "Tuesday"),
    ("Wed", "Wednesday"),
    ("Thu", "Thursday"),
    ("Fri", "Friday"),
    ("Sat", "Saturday"),
    ("Sun", "Sunday"),
];

/// A balance of less than this does not fill its side of the bar.
const LEAST_SCALE: i64 = 120;

/// The weeks of a month.
#[component]
pub fn Grid(
    /// Whole weeks, Monday first.
    days: Vec<MonthDay>,
    /// Whose they are, if not the reader's own.
    person: Option<PersonId>,
    /// What the table holds.
    caption: String,
) -> impl IntoView {
    let heads = WEEKDAYS
        .iter()
        .map(|(short, spoken)| {
            view! {
                <th scope="col" role="columnheader">
                    <span aria-hidden="true">{*short}</span>
                    <span class="sr-only">{*spoken}</span>
                </th>
            }
        })
        .collect_view();
    let balances = days.iter().filter(|day| day.in_month);
    let scale = balances.map(|day| day.balance_minutes.abs()).max();
    let scale = scale.unwrap_or_default().max(LEAST_SCALE);
    let weeks = days
        .chunks(7)
        .map(|week| {
            let days = week.iter().map(|day| cell(day, person, scale));
            view! { <tr role="row">{days.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <table class="days" role="table">
            <caption class="sr-only">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{weeks}</tbody>
        </table>
    }
}

fn cell(day: &MonthDay, person: Option<PersonId>, scale: i64) -> AnyView {
    let mut class = String::from("days-cell");
    for (on, name) in [
        (!day.in_month, " days-other"),
        (day.today, " days-today"),
        (day.status.is_none(), " days-plain"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    let month = day.date.format(" %B").to_string();
    let weekday = day.date.format("%a ").to_string();
    let today = day
        .today
        .then(|| view! { <span class="sr-only">", today"</span> });
    let current = day.today.then_some("date");
    let locked = day.locked.then(|| {
        view! {
            <span class="days-lock" title="The period is locked">
                <Glyph icon=Icon::Lock/>
                <span class="sr-only">", locked"</span>
            </span>
        }
    });
    view! {
        <td role="cell" class=class>
            <a
                class="days-link"
                href=paths::attendance_day(day.date, person)
                aria-current=current
            >
                <span class="days-head">
                    <span class="days-date num">
                        <span class="days-weekday">{weekday}</span>
                        {day.date.format("%-d").to_string()}
                        <span class="sr-only">{month}</span>
                        {today}
                    </span>
                    {locked}
                </span>
                " "
                {said(day)}
                " "
                {figures(day, scale)}
                " "
                {badges(day)}
            </a>
        </td>
    }
    .into_any()
}

/// The status in a word with its picture; of days to come, the shift.
fn said(day: &MonthDay) -> AnyView {
    match day.status {
        Some(status) => {
            let class = format!("days-status tone-{}", status_tone(status).as_str());
            view! {
                <span class=class>
                    <Glyph icon=status_icon(status)/>
                    <span>{status_words(status)}</span>
                </span>
            }
            .into_any()
        }
        None if day.shifts.is_empty() => {
            view! { <span class="days-shift sr-only">"no shift"</span> }.into_any()
        }
        None => {
            let shifts = day.shifts.join(", ");
            view! { <span class="days-shift num">{shifts}</span> }.into_any()
        }
    }
}

/// What counts, and how far it is from what was expected.
fn figures(day: &MonthDay, scale: i64) -> Option<AnyView> {
    let status = day.status?;
    let is_open = matches!(status.status, Status::Pending | Status::Incomplete);
    let is_empty = day.counted_minutes == 0 && day.expected_minutes == 0;
    if is_empty || (is_open && day.counted_minutes == 0) {
        return None;
    }
    let balance = day.balance_minutes;
    Some(
        view! {
            <span class="days-figures">
                <span class="days-counted num">{duration(day.counted_minutes)}</span>
                <span class="sr-only">{format!(" worked, balance {}", signed(balance))}</span>
                {(!is_open).then(|| balance_bar(balance, scale))}
            </span>
        }
        .into_any(),
    )
}

/// A bar that grows from the middle: to the right for more than was expected, to the left for less.
fn balance_bar(balance: i64, scale: i64) -> impl IntoView + use<> {
    // Hundredths of a percent; each side has the half of the width.
    let part = balance.abs().min(scale) * 5_000 / scale.max(1);
    let percent = |hundredths: i64| format!("{}.{:02}%", hundredths / 100, hundredths % 100);
    let (class, x) = match balance {
        ..0 => ("days-less", 5_000 - part),
        _ => ("days-more", 5_000),
    };
    view! {
        <svg class="days-balance" aria-hidden="true">
            <line x1="50%" x2="50%" y1="0" y2="100%"></line>
            <rect class=class x=percent(x) y="25%" width=percent(part) height="50%" rx="1"></rect>
        </svg>
    }
}

/// What else there is to say of a day.
fn badges(day: &MonthDay) -> AnyView {
    let mut badges: Vec<(Tone, String)> = Vec::new();
    badges.extend(day.holiday.clone().map(|name| (Tone::Neutral, name)));
    badges.extend(day.leave.clone().map(|name| (Tone::Leave, name)));
    if day.late_minutes > 0 {
        badges.push((
            Tone::Caution,
            format!("Late {}", duration(day.late_minutes)),
        ));
    }
    if day.requested {
        badges.push((Tone::Info, "Requested".to_owned()));
    }
    if badges.is_empty() {
        return ().into_any();
    }
    let chips = badges
        .into_iter()
        .map(|(tone, label)| view! { <Chip tone label/> " " });
    view! { <span class="days-badges">{chips.collect_view()}</span> }.into_any()
}
