//! The grid of a month: a table of weeks. Where there is room each day names its first meetings and
//! leads to its week; on a phone it has dots and chooses the day whose meetings stand below.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::super::agenda::days::{Day, Entry, day_words};
use super::super::agenda::list::standing;
use super::address;
use crate::format::counted;
use crate::paths;

/// How many meetings of a day are named.
const NAMED: usize = 3;

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

/// The weeks of a month.
#[component]
pub fn Grid(
    /// Whole weeks, Monday first.
    days: Vec<Day>,
    /// The first day of the month.
    month: NaiveDate,
    /// Today.
    today: NaiveDate,
    /// The day whose meetings stand below, on a phone.
    #[prop(into)]
    chosen: Signal<NaiveDate>,
) -> impl IntoView {
    let heads = WEEKDAYS
        .iter()
        .map(|(short, spoken)| {
            view! {
                <th scope="col">
                    <span aria-hidden="true">{*short}</span>
                    <span class="sr-only">{*spoken}</span>
                </th>
            }
        })
        .collect_view();
    let weeks = days
        .chunks(7)
        .map(|week| {
            let days = week
                .iter()
                .map(|day| cell(day.clone(), month, today, chosen))
                .collect_view();
            view! { <tr>{days}</tr> }
        })
        .collect_view();
    let caption = month.format("Your meetings in %B %Y").to_string();
    view! {
        <table class="month">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{weeks}</tbody>
        </table>
    }
}

fn cell(day: Day, month: NaiveDate, today: NaiveDate, chosen: Signal<NaiveDate>) -> AnyView {
    let Day { date, meetings } = day;
    let other = date.format("%Y-%m").to_string() != month.format("%Y-%m").to_string();
    let mut class = String::from("month-day");
    if other {
        class.push_str(" month-other");
    }
    if date == today {
        class.push_str(" month-today");
    }
    let count = meetings.len();
    let number = date.format("%-d").to_string();
    let spoken = format!(
        "{}, {}",
        day_words(date, today),
        match count {
            0 => "no meetings".to_owned(),
            _ => counted(
                i64::try_from(count).unwrap_or(i64::MAX),
                "meeting",
                "meetings"
            ),
        }
    );
    let week = format!("{}?week={date}&day={date}", paths::MEETINGS);
    let current = (date == today).then_some("date");
    let more = count
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
        .map(|more| {
            let (week, of) = (week.clone(), date.format(" on %-d %B").to_string());
            view! {
                <a class="month-more" href=week>
                    {format!("+{more} more")} <span class="sr-only">{of}</span>
                </a>
            }
        });
    let named = meetings.into_iter().take(NAMED).map(entry).collect_view();
    let dots = (0..count.min(NAMED))
        .map(|_| view! { <span class="month-dot"></span> })
        .collect_view();
    let picked = move || (chosen.get() == date).then_some("true");
    view! {
        <td class=class>
            <a class="month-date month-open" href=week aria-label=spoken.clone() aria-current=current>
                {number.clone()}
            </a>
            <a
                class="month-date month-pick"
                href=address(month, Some(date))
                data-noscroll="true"
                aria-label=spoken
                aria-current=picked
            >
                {number}
                <span class="month-dots" aria-hidden="true">{dots}</span>
            </a>
            <ul class="month-list">{named}</ul>
            {more}
        </td>
    }
    .into_any()
}

fn entry(entry: Entry) -> AnyView {
    let Entry { meeting, times } = entry;
    let standing = standing(&meeting);
    let class = if standing.is_some() {
        "month-meeting month-unsure"
    } else {
        "month-meeting"
    };
    // A day is narrow: the beginning is enough, the rest is in the tooltip.
    let begins = times.split('–').next().unwrap_or_default().to_owned();
    let told = standing.map(|(_, word)| format!(", {}", word.to_lowercase()));
    let tooltip = format!(
        "{times} {}{}",
        meeting.title,
        told.clone().unwrap_or_default()
    );
    view! {
        <li>
            <a class=class href=paths::meeting(meeting.id) title=tooltip>
                <span class="num month-time">{begins}</span>
                " "
                {meeting.title}
                {told.map(|told| view! { <span class="sr-only">{told}</span> })}
            </a>
        </li>
    }
    .into_any()
}
