//! A week of one's own shifts: a line for each day.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::views::{ShiftDay, ShiftWeek};

use crate::pages::attendance::common::{hours, range_words};
use crate::pages::attendance::roster::rest;
use crate::pages::attendance::swapped;
use crate::pages::attendance::words::{short_date, swap_words};
use crate::paths;
use crate::ui::{Chip, Glyph, Icon, LinkButton, Section, Tone};

/// The week.
pub fn week(week: ShiftWeek, today: NaiveDate, zone: &str) -> AnyView {
    let dates = week.days.first().zip(week.days.last());
    let title = dates.map_or_else(String::new, |(first, last)| {
        range_words(first.cell.date, last.cell.date)
    });
    let sum = view! { <span class="muted num">{hours(week.minutes)}</span> }.into_any();
    let days = week.days.iter().map(|day| line(day, today, zone));
    let days = days.collect_view();
    view! {
        <Section title aside=sum>
            <ul class="shift-days">{days}</ul>
        </Section>
    }
    .into_any()
}

fn line(day: &ShiftDay, today: NaiveDate, zone: &str) -> AnyView {
    let cell = &day.cell;
    let date = short_date(cell.date);
    let is_today = cell.date == today;
    let class = match (is_today, cell.date < today) {
        (true, _) => "shift-day is-today",
        (_, true) => "shift-day is-over",
        _ => "shift-day",
    };
    let planned = match cell.shifts.is_empty() {
        true if cell.version == 0 => {
            view! { <span class="quiet">"Nothing planned"</span> }.into_any()
        }
        _ => swapped::shifts(&cell.shifts, zone),
    };
    let leave = cell
        .leave
        .then(|| view! { <Chip tone=Tone::Leave label="On leave"/> });
    let holiday = cell
        .holiday
        .clone()
        .map(|name| view! { <Chip label=name/> });
    let with = cell.swapped_with.as_ref().map(|with| {
        view! { <span class="quiet small">{format!("Swapped with {with}")}</span> }
    });
    let short = (cell.rest_short_minutes > 0).then(|| {
        view! {
            <span class="shift-rest small">
                <Glyph icon=Icon::Alert/>
                {rest(cell.rest_short_minutes)}
            </span>
        }
    });
    let open = day.open.map(|state| {
        let (label, tone) = swap_words(state);
        view! { <Chip tone label=format!("Swap: {}", lower(label))/> }
    });
    let swap = day.may_swap.then(|| {
        let spoken = format!(" {date}");
        view! {
            <LinkButton href=paths::swap_of(cell.date) small=true>
                "Swap"
                <span class="sr-only">{spoken}</span>
            </LinkButton>
        }
    });
    view! {
        <li class=class>
            <span class="shift-date num">
                {date.clone()}
                {is_today.then(|| view! { <span class="sr-only">", today"</span> })}
            </span>
            <span class="shift-planned">{planned}</span>
            <span class="shift-notes">{leave} {holiday} {short} {with} {open}</span>
            <span class="shift-action">{swap}</span>
        </li>
    }
    .into_any()
}

/// A label within a sentence.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_goes_on_in_a_sentence() {
        assert_eq!(lower("Waits for an answer"), "waits for an answer");
        assert_eq!(lower(""), "");
    }
}
