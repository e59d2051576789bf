//! The reader's meetings of a month: a grid of days where there is room for it, and on a phone the
//! grid with dots over the list of one day.

mod grid;

use chrono::{Datelike, Days, Months, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::Problem;
use model::scheduling::views::AgendaPage;

use self::grid::Grid;
use super::agenda::days::{Day, days_of};
use super::agenda::list::DayList;
use super::views::Views;
use crate::api::ApiError;
use crate::api::scheduling::agenda;
use crate::live::use_changes;
use crate::pages::ledger::parts::{day, text};
use crate::paths;
use crate::ui::{ErrorState, Icon, LinkButton, Page, PageHeader, Skeleton};

/// `/meetings/month`
#[component]
pub fn Month() -> impl IntoView {
    let query = use_query_map();
    let month = Memo::new(move |_| query.with(month_of));
    let picked = Memo::new(move |_| query.with(|query| day(query, "day")).ok().flatten());
    let changes = use_changes("meeting.");
    let shown = Resource::new(
        move || (month.get(), changes.get()),
        |(month, _)| load(month),
    );
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=12 label="Loading the month"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok((month, page)) => view! { <Shown month page picked/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Month"/>
                                <Views/>
                                <ErrorState problem retry/>
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

/// The first day of the month in the address, if one is named: `?month=2026-11`.
fn month_of(query: &ParamsMap) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = text(query, "month") else {
        return Ok(None);
    };
    let read = format!("{text}-01").parse().map(Some);
    read.map_err(|_| {
        let message = format!("“{text}” is not a month. Write it as 2026-11.");
        ApiError(Problem::invalid_field("month", message))
    })
}

/// The month that is meant, and its days. Without one it is this month; which that is, the server
/// knows.
async fn load(
    month: Result<Option<NaiveDate>, ApiError>,
) -> Result<(NaiveDate, AgendaPage), ApiError> {
    let month = match month? {
        Some(month) => month,
        None => first_of(agenda(None, 1).await?.today),
    };
    let (first, days) = span(month);
    Ok((month, agenda(Some(first), days).await?))
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The Monday on which the grid of a month begins, and how many days it has: whole weeks.
fn span(month: NaiveDate) -> (NaiveDate, u16) {
    let before = u64::from(month.weekday().num_days_from_monday());
    let first = month.checked_sub_days(Days::new(before)).unwrap_or(month);
    let after = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let weeks = ((after - first).num_days() + 6) / 7;
    (first, u16::try_from(weeks * 7).unwrap_or(42))
}

#[component]
fn Shown(month: NaiveDate, page: AgendaPage, picked: Memo<Option<NaiveDate>>) -> impl IntoView {
    let today = page.today;
    let now = page.now.clone();
    let days = days_of(&page);
    let in_month = move |date: NaiveDate| first_of(date) == month;
    // On a phone one day's meetings stand below: the one in the address, today, or the first.
    let start = if in_month(today) { today } else { month };
    let chosen = Signal::derive(move || picked.get().filter(|day| in_month(*day)).unwrap_or(start));
    let kept = StoredValue::new(days.clone());
    let below = move || {
        let date = chosen.get();
        let found = kept.with_value(|days| days.iter().find(|day| day.date == date).cloned());
        let days: Vec<Day> = found.into_iter().collect();
        view! { <DayList days today now=now.clone()/> }
    };
    let away = !in_month(today);
    view! {
        <PageHeader title=month.format("%B %Y").to_string()>
            {month
                .checked_sub_months(Months::new(1))
                .map(|month| view! { <Step month icon=Icon::ArrowLeft/> })}
            {away
                .then(|| {
                    view! { <LinkButton href=paths::MEETINGS_MONTH>"This month"</LinkButton> }
                })}
            {month
                .checked_add_months(Months::new(1))
                .map(|month| view! { <Step month icon=Icon::ArrowRight/> })}
        </PageHeader>
        <Views/>
        <div>
            <Grid days month today chosen/>
            <div class="month-below">{below}</div>
        </div>
    }
}

/// The link to the month before or after.
#[component]
fn Step(month: NaiveDate, icon: Icon) -> impl IntoView {
    let year = month.format(" %Y").to_string();
    view! {
        <LinkButton href=address(month, None) icon>
            {month.format("%B").to_string()} <span class="sr-only">{year}</span>
        </LinkButton>
    }
}

/// Where a month is shown, with one of its days chosen.
fn address(month: NaiveDate, day: Option<NaiveDate>) -> String {
    let month = format!("{}?month={}", paths::MEETINGS_MONTH, month.format("%Y-%m"));
    match day {
        Some(day) => format!("{month}&day={day}"),
        None => month,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a real day")
    }

    #[test]
    fn a_grid_has_whole_weeks_from_monday_on() {
        // November 2026 begins on a Sunday and ends on a Monday.
        assert_eq!(span(day(11, 1)), (day(10, 26), 42));
        assert_eq!(span(day(6, 1)), (day(6, 1), 35));
    }

    #[test]
    fn the_address_names_a_month() {
        let mut query = ParamsMap::new();
        assert_eq!(month_of(&query), Ok(None));
        query.insert("month", "2026-11".to_owned());
        assert_eq!(month_of(&query), Ok(Some(day(11, 1))));
        let mut query = ParamsMap::new();
        query.insert("month", "soon".to_owned());
        assert!(month_of(&query).is_err());
    }
}
