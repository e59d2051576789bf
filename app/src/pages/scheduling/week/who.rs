//! Whose time lies over the week: a chip for each person and room, with its pattern.

use std::sync::Arc;

use leptos::prelude::*;
use model::PersonId;
use model::scheduling::availability::Freshness;
use model::scheduling::views::{Layer, WeekPage, Whose};

use super::desk::{Desk, use_desk};
use super::layers::pattern;
use super::query::{self, joined, toggled};
use super::words;
use crate::format::initials;
use crate::ui::{Glyph, Icon, Stale};

/// The people and rooms of the week, besides the reader. All are links, so they work without
/// scripts.
#[component]
pub fn Who(
    /// The week.
    page: Arc<WeekPage>,
) -> impl IntoView {
    let desk = use_desk();
    let layers = page.layers.iter().skip(1).enumerate();
    let chips = layers
        .map(|(index, layer)| chip(desk, &page, index, layer))
        .collect_view();
    if page.layers.len() < 2 {
        return ().into_any();
    }
    view! { <ul class="week-who" aria-label="People and rooms in this week">{chips}</ul> }
        .into_any()
}

fn chip(desk: Desk, page: &WeekPage, index: usize, layer: &Layer) -> AnyView {
    let name = layer.name.clone();
    let swatch = format!("week-swatch {}", pattern(index));
    let stale = stale(page, layer);
    let (detail, need, take_away) = match &layer.whose {
        Whose::Person { id, required, zone } => {
            let place = (*zone != page.zone).then(|| words::place_of(zone));
            let need = need_link(desk, *id, *required, &name);
            (place, need, person_away(desk, *id, &name))
        }
        Whose::Room { id, capacity } => {
            let seats = (*capacity > 0).then(|| format!("{capacity} seats"));
            let id = *id;
            let href = move || {
                let rooms = desk.asked.with(|asked| toggled(&asked.rooms, id));
                desk.href(&[(query::ROOMS, rooms.as_deref())])
            };
            (seats, ().into_any(), cross(href, &name))
        }
    };
    view! {
        <li class="week-chip">
            <span class=swatch aria-hidden="true">{initials(&name)}</span>
            <span class="week-chip-name">{name.clone()}</span>
            {detail.map(|detail| view! { <span class="quiet small">{detail}</span> })}
            {need}
            {stale}
            {take_away}
        </li>
    }
    .into_any()
}

/// The switch between needed and optional.
fn need_link(desk: Desk, id: PersonId, required: bool, name: &str) -> AnyView {
    let href = move || {
        let list = desk.asked.with(|asked| toggled(&asked.optional, id));
        desk.href(&[(query::OPTIONAL, list.as_deref())])
    };
    let (word, spoken) = if required {
        ("must come", format!("{name} must come. Make it optional"))
    } else {
        ("optional", format!("{name} is optional. Make it needed"))
    };
    let class = if required {
        "week-need"
    } else {
        "week-need is-optional"
    };
    view! {
        <a class=class href=href data-noscroll="true">
            <span aria-hidden="true">{word}</span>
            <span class="sr-only">{spoken}</span>
        </a>
    }
    .into_any()
}

fn person_away(desk: Desk, id: PersonId, name: &str) -> AnyView {
    let href = move || {
        let (people, optional) = desk.asked.with(|asked| {
            let others = |ids: &[PersonId]| {
                let others = ids.iter().copied().filter(|other| *other != id);
                joined(&others.collect::<Vec<_>>())
            };
            (others(&asked.people), others(&asked.optional))
        });
        desk.href(&[
            (query::WITH, people.as_deref()),
            (query::OPTIONAL, optional.as_deref()),
        ])
    };
    cross(href, name)
}

fn cross(href: impl Fn() -> String + Send + Sync + 'static, name: &str) -> AnyView {
    view! {
        <a
            class="week-chip-cross"
            href=href
            data-noscroll="true"
            aria-label=format!("Take {name} out of the week")
        >
            <Glyph icon=Icon::Cross/>
        </a>
    }
    .into_any()
}

/// How old what is known of a calendar is, when it is not fresh.
fn stale(page: &WeekPage, layer: &Layer) -> Option<AnyView> {
    let as_of = layer.trust.as_of.map(|at| {
        let hours = (page.now.at - at).num_seconds();
        crate::format::duration(hours)
    });
    let text = match (layer.trust.freshness, as_of) {
        (Freshness::Fresh, _) => return None,
        (Freshness::Stale, Some(age)) => format!("read {age} ago"),
        (Freshness::Stale, None) => "not read lately".to_owned(),
        (Freshness::Unknown, Some(age)) => format!("not known; last read {age} ago"),
        (Freshness::Unknown, None) => "not known".to_owned(),
    };
    Some(view! { <Stale text/> }.into_any())
}
