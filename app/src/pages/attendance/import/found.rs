//! What was found in a file: counts, the first lines, the lines that cannot be read.

use leptos::prelude::*;
use model::attendance::views::{ImportFault, ImportPreview, ImportRow};

use super::words;
use crate::format::{count, counted};
use crate::pages::attendance::common::{dash, number, range_words};
use crate::pages::attendance::words::{direction_word, zone_words};
use crate::paths;
use crate::ui::{
    Chip, Column, DataTable, Disclosure, FigureCard, Figures, LinkButton, Notice, Section,
    TableRow, Tone,
};

/// The counts.
#[component]
pub fn Found(
    /// What was found.
    preview: ImportPreview,
) -> impl IntoView {
    if preview.refusal.is_some() {
        return ().into_any();
    }
    let days = preview
        .days
        .map(|(from, to)| range_words(from, to))
        .unwrap_or_default();
    let lines = format!(
        "Of {} below the header",
        counted(preview.lines, "line", "lines")
    );
    let left_out = preview.left_out + preview.unreadable;
    let left_tone = if left_out > 0 {
        Tone::Caution
    } else {
        Tone::Neutral
    };
    let unmatched_tone = if preview.unmatched > 0 {
        Tone::Caution
    } else {
        Tone::Neutral
    };
    view! {
        <Figures>
            <FigureCard label="New punches" value=count(preview.new) comparison=days/>
            <FigureCard label="Kept already" value=count(preview.repeated) comparison=lines/>
            <FigureCard
                label="Of badges that are nobody’s"
                value=count(preview.unmatched)
                comparison="Kept, and counted once somebody has the badge"
                tone=unmatched_tone
            />
            <FigureCard
                label="Left out"
                value=count(left_out)
                comparison=format!(
                    "{} unreadable, {} of nobody who is known",
                    count(preview.unreadable),
                    count(preview.left_out),
                )
                tone=left_tone
            />
        </Figures>
        {names("Badges that are nobody’s", &preview.badges)}
        {names("Not known, so left out", &preview.unknown)}
        {(preview.unmatched > 0)
            .then(|| {
                view! {
                    <Notice
                        tone=Tone::Info
                        title="Badges can be given before or after the import"
                        text="Their punches wait for an owner."
                    >
                        <LinkButton href=paths::DEVICES small=true>"Devices and badges"</LinkButton>
                    </Notice>
                }
            })}
    }
    .into_any()
}

fn names(title: &str, names: &[String]) -> AnyView {
    if names.is_empty() {
        return ().into_any();
    }
    let summary = format!("{title}: {}", counted(number(names), "name", "names"));
    let list = names
        .iter()
        .map(|name| view! { <li class="mono break-words">{name.clone()}</li> })
        .collect_view();
    view! {
        <Disclosure summary>
            <ul class="import-names">{list}</ul>
        </Disclosure>
    }
    .into_any()
}

/// The first lines, as they will be kept.
#[component]
pub fn First(
    /// The lines.
    rows: Vec<ImportRow>,
) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let rows = rows.into_iter().map(first_row).collect();
    view! {
        <Section title="The first lines, as they will be kept">
            <DataTable
                caption="The first lines, as they will be kept"
                columns=vec![
                    Column::text("who", "Whose"),
                    Column::text("fate", "Becomes").lead(),
                    Column::text("local", "Date and time"),
                    Column::text("zone", "Zone"),
                    Column::text("direction", "In or out"),
                    Column::text("reader", "Reader").spare(),
                    Column::number("line", "Line"),
                ]
                rows
                compact=true
            />
        </Section>
    }
    .into_any()
}

fn first_row(row: ImportRow) -> TableRow {
    let (tone, label) = words::fate(row.fate);
    let who = match row.name {
        Some(name) => view! {
            <span class="cell-stack">
                <span>{name}</span>
                <span class="quiet small break-words">{row.who}</span>
            </span>
        }
        .into_any(),
        None => view! { <span class="break-words">{row.who}</span> }.into_any(),
    };
    let local = row.local.format("%a %-d %b %Y, %H:%M:%S").to_string();
    TableRow::plain()
        .cell(who)
        .cell(view! { <Chip tone label/> })
        .cell(view! { <span class="num">{local}</span> })
        .cell(zone_words(&row.zone))
        .cell(direction_word(row.direction))
        .cell(row.device.map_or_else(dash, IntoAny::into_any))
        .cell(row.line.to_string())
}

/// The lines that cannot be read, with their reasons.
#[component]
pub fn Faults(
    /// The first of them.
    faults: Vec<ImportFault>,
    /// How many there are.
    all: i64,
) -> impl IntoView {
    if faults.is_empty() {
        return ().into_any();
    }
    let shown = number(&faults);
    let words = match shown == all {
        true => counted(all, "line", "lines"),
        false => format!("The first {shown} of {} lines", count(all)),
    };
    let bar = view! { <span class="num">{words}</span> }.into_any();
    let rows = faults
        .into_iter()
        .map(|fault| {
            TableRow::plain()
                .cell(view! { <span class="num">"Line " {fault.line.to_string()}</span> })
                .cell(view! { <span class="break-words">{fault.column}</span> })
                .cell(fault.reason)
        })
        .collect();
    view! {
        <Section title="Lines that cannot be read">
            <DataTable
                caption="Lines that cannot be read"
                columns=vec![
                    Column::text("line", "Line"),
                    Column::text("column", "Column"),
                    Column::text("reason", "Reason"),
                ]
                rows
                bar
                compact=true
            />
        </Section>
    }
    .into_any()
}
