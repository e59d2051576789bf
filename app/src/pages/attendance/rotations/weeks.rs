//! What a rotation gives in the next weeks, before any of it is decided by hand.

use chrono::{Datelike, Days, NaiveDate};
use leptos::prelude::*;
use model::attendance::rotation::Rotation;
use model::attendance::views::TemplateView;

use super::form::code_of;
use crate::ui::{Column, DataTable, Section, TableRow};

/// The names of the days of a week.
const DAYS: [(&str, &str); 7] = [
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
];
/// How many weeks are shown at least, and at most.
const WEEKS: std::ops::RangeInclusive<usize> = 4..=8;

/// The next weeks.
#[component]
pub fn Weeks(
    /// The rotation as it is kept.
    rotation: Rotation,
    /// The shifts.
    templates: Vec<TemplateView>,
    /// The present day.
    today: NaiveDate,
) -> impl IntoView {
    let since = u64::from(today.weekday().num_days_from_monday());
    let monday = today.checked_sub_days(Days::new(since)).unwrap_or(today);
    let weeks = rotation.days.len().div_ceil(7);
    let weeks = weeks.clamp(*WEEKS.start(), *WEEKS.end());
    let mut columns = vec![Column::text("week", "Week of")];
    columns.extend(DAYS.map(|(key, name)| Column::text(key, name)));
    let rows = (0..weeks)
        .filter_map(|week| {
            let first = monday.checked_add_days(Days::new(u64::try_from(week * 7).ok()?))?;
            let mut row = TableRow::plain().cell(first.format("%-d %b").to_string());
            for day in first.iter_days().take(7) {
                row = row.cell(day_view(&rotation, &templates, day));
            }
            Some(row)
        })
        .collect();
    view! {
        <Section title="The next weeks">
            <DataTable
                caption="What the rotation gives in the next weeks"
                columns
                rows
                compact=true
            />
        </Section>
    }
}

fn day_view(rotation: &Rotation, templates: &[TemplateView], day: NaiveDate) -> AnyView {
    let shifts = rotation.on(day, 0);
    if shifts.is_empty() {
        return view! { <span class="quiet">"Off"</span> }.into_any();
    }
    let codes: Vec<&str> = shifts.iter().map(|id| code_of(templates, *id)).collect();
    let names: Vec<String> = shifts
        .iter()
        .filter_map(|id| {
            let shift = &templates.iter().find(|one| one.id == *id)?.template;
            Some(format!("{} {}–{}", shift.name, shift.start, shift.end))
        })
        .collect();
    view! { <abbr class="rotation-code" title=names.join(", ")>{codes.join(" + ")}</abbr> }
        .into_any()
}
