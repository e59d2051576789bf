//! The line above the board: the week before, today, the week after, and any day by its date.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::scheduling::views::WeekPage;

use super::desk::{Desk, use_desk};
use super::query;
use super::words;
use crate::paths;
use crate::ui::{Button, Glyph, Icon, Look};

/// The parameters that belong to a week and not to the next.
const OF_THE_WEEK: [&str; 3] = [query::WEEK, query::DAY, query::AT];

/// The line above the board.
#[component]
pub fn Head(
    /// The week.
    page: Arc<WeekPage>,
) -> impl IntoView {
    let desk = use_desk();
    let (Some(first), Some(last)) = (page.days.first(), page.days.last()) else {
        return ().into_any();
    };
    let (first, last) = (first.date, last.date);
    let before = first.checked_sub_days(Days::new(7));
    let after = first.checked_add_days(Days::new(7));
    let in_week = page.days.iter().any(|day| day.today);
    view! {
        <div class="week-top">
            <div class="week-turn" role="group" aria-label="Week">
                {turn(desk, before, "Week before", Icon::ArrowLeft)}
                <a
                    class="button button-secondary button-small"
                    href=move || to_week(desk, None)
                    aria-current=in_week.then_some("true")
                    data-noscroll="true"
                >
                    "Today"
                </a>
                {turn(desk, after, "Week after", Icon::ArrowRight)}
            </div>
            <h2 class="week-name-of">{words::week(first, last)}</h2>
            <DateField first/>
        </div>
    }
    .into_any()
}

fn to_week(desk: Desk, day: Option<&str>) -> String {
    desk.href(&[(query::WEEK, day), (query::DAY, None), (query::AT, None)])
}

fn turn(desk: Desk, day: Option<NaiveDate>, words: &'static str, icon: Icon) -> Option<AnyView> {
    let day = day?.to_string();
    let link = view! {
        <a
            class="button button-secondary button-small button-icon"
            href=move || to_week(desk, Some(&day))
            aria-label=words
            title=words
            data-noscroll="true"
        >
            <Glyph icon/>
        </a>
    };
    Some(link.into_any())
}

/// Goes to the week of a day. A plain form without scripts.
#[component]
fn DateField(first: NaiveDate) -> impl IntoView {
    let desk = use_desk();
    let query = use_query_map();
    let kept = move || {
        query.with(|query| {
            let pairs = query.clone().into_iter();
            pairs
                .filter(|(key, _)| !OF_THE_WEEK.contains(&key.as_ref()))
                .map(|(key, value)| {
                    view! { <input type="hidden" name=key.to_string() value=value/> }
                })
                .collect_view()
        })
    };
    let go = move |event: leptos::ev::Event| {
        let day = event_target_value(&event);
        if day.parse::<NaiveDate>().is_ok() {
            desk.leave(to_week(desk, Some(&day)));
        }
    };
    let first = first.to_string();
    view! {
        <div class="week-date-form">
            <Form method="GET" action=paths::MEETINGS>
                {kept}
                <input
                    class="input"
                    type="date"
                    name=query::WEEK
                    aria-label="Go to the week of"
                    value=first.clone()
                    prop:value=first
                    on:change=go
                />
                <span class="week-plain">
                    <Button small=true submit=true look=Look::Quiet>
                        "Go"
                    </Button>
                </span>
            </Form>
        </div>
    }
}
