//! What moves in a day without the week being read again: the chosen slot, a slot that was lost with
//! its alternatives, and the line of the present.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use model::scheduling::interval::Interval;
use model::scheduling::views::WeekPage;

use super::announce;
use super::desk::use_desk;
use super::geometry::{Axis, QUARTER, whole};
use super::words;

/// What is chosen, lost and present in one day.
#[component]
pub fn Chosen(
    /// The week.
    page: Arc<WeekPage>,
    /// Its rows.
    axis: Arc<Axis>,
    /// Which day.
    index: usize,
) -> impl IntoView {
    let desk = use_desk();
    let chosen = {
        let (page, axis) = (page.clone(), axis.clone());
        move || {
            let slot = desk.choice.get()?.slot();
            slot_view(&page, &axis, index, &slot)
        }
    };
    let lost = {
        let (page, axis) = (page.clone(), axis.clone());
        move || {
            let blocks = desk.lost.with(|lost| {
                let lost = lost.as_ref()?;
                let mut blocks: Vec<AnyView> = Vec::new();
                blocks.extend(taken_view(&page, &axis, index, &lost.slot));
                let times = lost.alternatives.iter().map(words::suggested).enumerate();
                blocks.extend(
                    times.filter_map(|(rank, slot)| other_view(&page, &axis, index, rank, &slot)),
                );
                Some(blocks)
            });
            blocks.unwrap_or_default()
        }
    };
    let now = move || now_view(&page, &axis, index, desk.now(&page));
    view! {
        <div class="week-lines" aria-hidden="true">
            {lost} {chosen} {now}
        </div>
    }
    .into_any()
}

fn slot_view(page: &WeekPage, axis: &Axis, index: usize, slot: &Interval) -> Option<AnyView> {
    let day = page.days.get(index)?;
    let place = axis.place(day, slot)?;
    let free = announce::verdict(page, slot).free;
    let kind = if free { "is-free" } else { "is-busy" };
    let class = format!("week-chosen {kind} {}", place.classes());
    let from = words::reader_stamp(&page.days, slot.from);
    let to = words::reader_stamp(&page.days, slot.to);
    let clocks = words::clocks(&from, &to);
    Some(view! { <div class=class><span>{clocks}</span></div> }.into_any())
}

fn taken_view(page: &WeekPage, axis: &Axis, index: usize, slot: &Interval) -> Option<AnyView> {
    let place = axis.place(page.days.get(index)?, slot)?;
    let class = format!("week-lost-slot {}", place.classes());
    Some(view! { <div class=class><span>"taken"</span></div> }.into_any())
}

fn other_view(
    page: &WeekPage,
    axis: &Axis,
    index: usize,
    rank: usize,
    slot: &Interval,
) -> Option<AnyView> {
    let place = axis.place(page.days.get(index)?, slot)?;
    let class = format!("week-suggestion week-alternative {}", place.classes());
    let view = view! {
        <div class=class data-alternative=rank.to_string()>
            <span class="week-rank">{rank + 1}</span>
        </div>
    };
    Some(view.into_any())
}

/// The line of the present: within its quarter of an hour to the minute, as an attribute of SVG.
fn now_view(page: &WeekPage, axis: &Axis, index: usize, now: DateTime<Utc>) -> Option<AnyView> {
    let day = page.days.get(index)?;
    if !whole(day).contains(now) {
        return None;
    }
    let moment = Interval::new(now, now + TimeDelta::milliseconds(1));
    let place = axis.place(day, &moment)?;
    let minute = now
        .timestamp()
        .div_euclid(60)
        .rem_euclid(i64::from(QUARTER));
    let class = format!("week-now {}", place.classes());
    let view = view! {
        <svg class=class viewBox="0 0 100 15" preserveAspectRatio="none">
            <line x1="0" x2="100" y1=minute.to_string() y2=minute.to_string()/>
        </svg>
    };
    Some(view.into_any())
}
