//! The reader's meetings of the next days, one after the other.

pub mod days;
pub mod list;
pub mod present;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::scheduling::views::AgendaPage;

use self::days::{Day, day_words, days_of};
use self::list::DayList;
use self::present::use_present;
use super::views::Views;
use crate::api::ApiError;
use crate::api::scheduling::agenda;
use crate::live::use_changes;
use crate::pages::ledger::parts::{day, day_words as short_date};
use crate::paths;
use crate::ui::{EmptyState, ErrorState, Icon, LinkButton, Look, Page, PageHeader, Skeleton};

/// How many days it shows.
const DAYS: u16 = 14;

/// `/meetings/agenda`
#[component]
pub fn Agenda() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|query| day(query, "from")));
    let changes = use_changes("meeting.");
    let present = use_present();
    let page = Resource::new(
        move || (from.get(), changes.get(), present.get()),
        |(from, ..)| async move { agenda(from?, DAYS).await },
    );
    let facts = view! { <span>"Your meetings, day by day"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Agenda" facts>
                <LinkButton href=paths::MEETINGS look=Look::Primary icon=Icon::Plus>
                    "Find a time"
                </LinkButton>
            </PageHeader>
            <Views/>
            <Transition fallback=|| view! { <Skeleton lines=10 label="Loading the agenda"/> }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Shown page/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| page.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

#[component]
fn Shown(page: AgendaPage) -> impl IntoView {
    let AgendaPage {
        first, last, today, ..
    } = page;
    let days: Vec<Day> = days_of(&page)
        .into_iter()
        .filter(|day| day.date == today || !day.meetings.is_empty())
        .collect();
    let empty = days.iter().all(|day| day.meetings.is_empty());
    let list = if empty {
        let text = format!(
            "You have no meetings from {} to {}. What you are asked to, and what you book, stands here.",
            day_words(first, today),
            day_words(last, today)
        );
        view! {
            <EmptyState icon=Icon::Calendar title="Nothing in these days" text>
                <LinkButton href=paths::MEETINGS>"Open the week"</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <DayList days today now=page.now/> }.into_any()
    };
    view! {
        <Step first last today/>
        {list}
    }
}

/// The links to the days before and after.
#[component]
fn Step(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> impl IntoView {
    let shown = format!("{} – {}", short_date(first), short_date(last));
    let at = |day: NaiveDate| format!("{}?from={day}", paths::AGENDA);
    let earlier = first.checked_sub_days(Days::new(u64::from(DAYS)));
    let later = last.checked_add_days(Days::new(1));
    let away = first != today;
    view! {
        <nav class="spread" aria-label="Days">
            <span class="num muted">{shown}</span>
            <span class="button-row">
                {earlier
                    .map(|day| {
                        view! {
                            <LinkButton href=at(day) small=true icon=Icon::ArrowLeft>
                                "Earlier"
                            </LinkButton>
                        }
                    })}
                {away
                    .then(|| {
                        view! {
                            <LinkButton href=paths::AGENDA small=true>
                                "From today"
                            </LinkButton>
                        }
                    })}
                {later
                    .map(|day| {
                        view! {
                            <LinkButton href=at(day) small=true icon=Icon::ArrowRight>
                                "Later"
                            </LinkButton>
                        }
                    })}
            </span>
        </nav>
    }
}
