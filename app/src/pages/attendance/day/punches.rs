//! The punches of a day, also those that do not count: when, where, which way, and what became of them.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::attendance::views::PunchLine;

use super::super::common::dash;
use super::super::words::{direction_word, disposition_words, flag_words, zone_words};
use crate::pages::scheduling::agenda::days::local;
use crate::ui::{
    Chip, Column, DataTable, EmptyState, Icon, Section, TableRow, Time, TimeShow, Tone,
};

/// The table.
#[component]
pub fn Punches(
    /// The date whose day it is.
    date: NaiveDate,
    /// The punches, by time.
    punches: Vec<PunchLine>,
    /// In which zone times are read.
    zone: String,
) -> impl IntoView {
    if punches.is_empty() {
        return view! {
            <Section title="Punches">
                <EmptyState
                    icon=Icon::Clock
                    title="No punches"
                    text="Each time somebody clocks in or out, at a reader, on this page or by hand, it stands here with its source."
                />
            </Section>
        }
        .into_any();
    }
    let caption = format!("Punches by time, in {}", zone_words(&zone));
    let rows = punches
        .into_iter()
        .map(|punch| row(date, punch))
        .collect::<Vec<_>>();
    view! {
        <Section title="Punches">
            <DataTable
                caption
                columns=vec![
                    Column::text("time", "Time"),
                    Column::text("direction", "Direction"),
                    Column::text("source", "Source"),
                    Column::text("fate", "What became of it").lead(),
                    Column::text("decided", "Decided"),
                ]
                rows
            />
        </Section>
    }
    .into_any()
}

fn row(date: NaiveDate, punch: PunchLine) -> TableRow {
    let PunchLine {
        at,
        elsewhere,
        direction,
        source,
        disposition,
        flags,
        notes: how,
        decisions,
        void,
        ..
    } = punch;
    // A punch of a night stands with its own date.
    let show = match local(&at).date() == date {
        true => TimeShow::Clock,
        false => TimeShow::DateTime,
    };
    let time = view! { <Time stamp=at show/> };
    let time = match void {
        true => view! { <s>{time}</s> <span class="sr-only">", taken out"</span> }.into_any(),
        false => time.into_any(),
    };
    let elsewhere = elsewhere.map(|words| {
        view! { " " <span class="muted small">{words}</span> }
    });
    let (label, tone) = match void {
        true => ("Taken out", Tone::Neutral),
        false => disposition_words(disposition),
    };
    let notes = flags
        .iter()
        .map(|flag| {
            let (label, _, tone) = flag_words(*flag);
            view! { <Chip tone label/> }
        })
        .collect_view();
    let how = how
        .into_iter()
        .map(|words| view! { <span class="quiet small">{words}</span> })
        .collect_view();
    let decided = if decisions.is_empty() {
        dash()
    } else {
        let lines = decisions
            .into_iter()
            .map(|words| view! { <li>{words}</li> })
            .collect_view();
        view! { <ul class="punch-decided">{lines}</ul> }.into_any()
    };
    TableRow::plain()
        .cell(view! { <span class="punch-time">{time} {elsewhere}</span> })
        .cell(direction_word(direction))
        .cell(view! {
            <span class="cell-stack">
                <span>{source}</span>
                {how}
            </span>
        })
        .cell(view! {
            <span class="chip-row">
                <Chip tone label/>
                {notes}
            </span>
        })
        .cell(decided)
}
