//! The colleagues of the team with what they work: on the day that is offered, and in a week from which a
//! day can be taken for it. Each that can be asked for is a link.

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use model::PersonId;
use model::attendance::views::{Peer, PeerDay, SwapPage};

use super::{DAY, WEEK, WITH};
use crate::pages::attendance::common::range_words;
use crate::pages::attendance::swapped;
use crate::pages::attendance::words::short_date;
use crate::paths;
use crate::ui::{Icon, LinkButton, Section};

/// The section.
#[component]
pub fn Peers(
    /// What the server knows.
    page: SwapPage,
) -> impl IntoView {
    let date = page.day.cell.date;
    let monday = page.monday;
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let chosen = page.chosen.as_ref();
    let chosen = chosen.map(|chosen| (chosen.colleague.id, chosen.to_day));
    let can_choose = page.day.may_swap;
    let people = page.peers.iter().map(|peer| {
        person(Row {
            date,
            monday,
            peer,
            zone: &page.zone,
            chosen,
            can_choose,
        })
    });
    let people = people.collect_view();
    let title = format!("{}, {}", page.team, range_words(monday, sunday));
    let step = |monday: Option<NaiveDate>, name: &'static str, icon: Icon| {
        monday.map(|monday| {
            let href = format!("{}?{WEEK}={monday}", paths::swap_of(date));
            view! { <LinkButton href icon small=true>{name}</LinkButton> }
        })
    };
    let steps = view! {
        <nav class="button-row" aria-label="Weeks of your colleagues">
            {step(monday.checked_sub_days(Days::new(7)), "Week before", Icon::ArrowLeft)}
            {step(monday.checked_add_days(Days::new(7)), "Week after", Icon::ArrowRight)}
        </nav>
    }
    .into_any();
    view! {
        <Section title aside=steps>
            <p class="muted">
                "Choose what you take for it. On the same day the two of you exchange what you have; \
                with somebody who is off, you give the shift away."
            </p>
            <ul class="swap-peers">{people}</ul>
        </Section>
    }
}

/// What a colleague's row is made of.
struct Row<'a> {
    /// The day that is offered.
    date: NaiveDate,
    monday: NaiveDate,
    peer: &'a Peer,
    zone: &'a str,
    chosen: Option<(PersonId, NaiveDate)>,
    can_choose: bool,
}

fn person(row: Row<'_>) -> AnyView {
    let Row { date, peer, .. } = row;
    let name = peer.person.name.clone();
    let same = day(&row, &peer.that_day);
    let others = peer.days.iter().filter(|day| day.date != date);
    let others = others.map(|other| day(&row, other)).collect_view();
    view! {
        <li class="swap-peer">
            <h3>{name}</h3>
            <ul class="swap-choices">
                {same}
                {others}
            </ul>
        </li>
    }
    .into_any()
}

fn day(row: &Row<'_>, day: &PeerDay) -> AnyView {
    let planned = match day.away {
        true => view! { <span class="quiet">"Away"</span> }.into_any(),
        false => swapped::shifts(&day.shifts, row.zone),
    };
    let date = short_date(day.date);
    let is_same = day.date == row.date;
    let same = is_same.then(|| view! { <span class="quiet small">"same day"</span> });
    let words = view! {
        <span class="num">{date}</span>
        " "
        {planned}
        " "
        {same}
    };
    if !(day.may_ask && row.can_choose) {
        return view! { <li class="swap-choice">{words}</li> }.into_any();
    }
    let person = row.peer.person.id;
    let href = format!(
        "{}?{WITH}={person}&{DAY}={}&{WEEK}={}",
        paths::swap_of(row.date),
        day.date,
        row.monday
    );
    let is_chosen = row.chosen == Some((person, day.date));
    let current = is_chosen.then_some("true");
    let what = format!("Ask {} for ", row.peer.person.name);
    view! {
        <li>
            <a class="swap-choice" href=href aria-current=current>
                <span class="sr-only">{what}</span>
                {words}
            </a>
        </li>
    }
    .into_any()
}
