//! A month of days: the calendar with what each day came to, and the sums above it. One's own, or that
//! of somebody whose days the reader may see.

mod grid;
mod totals;

use chrono::{Months, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use model::attendance::views::MonthPage;
use model::{PersonId, Problem};

use self::grid::Grid;
use self::totals::Totals;
use super::changes::use_calm_changes;
use super::words::zone_words;
use crate::api::ApiError;
use crate::api::attendance::month;
use crate::pages::ledger::parts::text;
use crate::paths;
use crate::shell::answer_not_found;
use crate::ui::{
    ErrorState, FiguresSkeleton, Icon, LinkButton, Page, PageHeader, Section, TableSkeleton,
};

/// Whose month, and which: nothing for the reader's own and for the present one.
type Asked = (Option<PersonId>, Option<NaiveDate>);

/// `/attendance` and `/attendance/people/:person`
#[component]
pub fn MonthOf() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| query.with(|query| asked(params, query))));
    if is_nowhere(&asked.get_untracked()) {
        answer_not_found();
    }
    let changes = use_calm_changes("attendance.");
    let shown = Resource::new(
        move || (asked.get(), changes.get()),
        |(asked, _)| load(asked),
    );
    view! {
        <Page>
            <Transition fallback=|| {
                view! {
                    <FiguresSkeleton cards=5/>
                    <TableSkeleton rows=5 columns=7 label="Loading the month"/>
                }
            }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! { <Shown page/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Month"/>
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

async fn load(asked: Result<Asked, ApiError>) -> Result<MonthPage, ApiError> {
    let (person, first) = asked?;
    month(person, first).await
}

/// What the address asks for: a person in its path, a month in its query.
fn asked(params: &ParamsMap, query: &ParamsMap) -> Result<Asked, ApiError> {
    let person = match params.get("person") {
        Some(person) => {
            let read = person.parse::<PersonId>();
            Some(read.map_err(|_| ApiError(Problem::not_found("person")))?)
        }
        None => None,
    };
    let Some(text) = text(query, "month") else {
        return Ok((person, None));
    };
    let first = format!("{text}-01").parse::<NaiveDate>().map_err(|_| {
        let message = format!("“{text}” is not a month. Write it as 2026-11.");
        ApiError(Problem::invalid_field("month", message))
    })?;
    Ok((person, Some(first)))
}

fn is_nowhere(asked: &Result<Asked, ApiError>) -> bool {
    matches!(asked, Err(ApiError(problem)) if problem.status == 404)
}

#[component]
fn Shown(page: MonthPage) -> impl IntoView {
    let MonthPage {
        employee,
        own,
        month,
        days,
        totals,
        leave,
        keeps_leave,
        zone,
    } = page;
    let person = (!own).then_some(employee.id);
    let words = month.format("%B %Y").to_string();
    let (title, whose) = match own {
        true => (words.clone(), "My month".to_owned()),
        false => (
            format!("{}, {words}", employee.name),
            "Days, month by month".to_owned(),
        ),
    };
    let facts = view! {
        <span>{whose}</span>
        <span>{format!("Times in {}", zone_words(&zone))}</span>
    }
    .into_any();
    let away = !days.iter().any(|day| day.today && day.in_month);
    let present = match person {
        Some(person) => format!("{}/people/{person}", paths::ATTENDANCE),
        None => paths::ATTENDANCE.to_owned(),
    };
    let earlier = month.checked_sub_months(Months::new(1));
    let later = month.checked_add_months(Months::new(1));
    let caption = match own {
        true => format!("Your days in {words}"),
        false => format!("The days of {} in {words}", employee.name),
    };
    view! {
        <PageHeader title facts>
            {(!own)
                .then(|| {
                    view! {
                        <LinkButton
                            href=paths::leave_days(Some(employee.id))
                            icon=Icon::Calendar
                        >
                            "Leave"
                        </LinkButton>
                    }
                })}
            {keeps_leave
                .then(|| {
                    view! {
                        <LinkButton href=paths::leave_of(employee.id) icon=Icon::Calendar>
                            "Leave ledger"
                        </LinkButton>
                    }
                })}
            {earlier.map(|month| view! { <Step month person icon=Icon::ArrowLeft/> })}
            {away.then(|| view! { <LinkButton href=present>"This month"</LinkButton> })}
            {later.map(|month| view! { <Step month person icon=Icon::ArrowRight/> })}
            {own.then(|| {
                view! { <LinkButton href=paths::KIOSK_ACCESS icon=Icon::Key>"At the kiosk"</LinkButton> }
            })}
        </PageHeader>
        <Totals totals leave/>
        <Grid days person caption/>
        {own.then(|| view! { <Record/> })}
    }
}

/// The file with everything that attendance keeps of the reader.
#[component]
fn Record() -> impl IntoView {
    view! {
        <Section title="Your data">
            <p class="muted">
                "Everything that attendance keeps of you in one file: your terms and badges, punches as they came, days with their explanations, leave, corrections, adjustments and exceptions. It is JSON, which other programs can read."
            </p>
            <p>
                <LinkButton href=paths::OWN_RECORD icon=Icon::Import external=true>
                    "Download my data"
                </LinkButton>
            </p>
        </Section>
    }
}

/// The link to the month before or after.
#[component]
fn Step(month: NaiveDate, person: Option<PersonId>, icon: Icon) -> impl IntoView {
    let year = month.format(" %Y").to_string();
    view! {
        <LinkButton href=paths::attendance_month(month, person) icon>
            {month.format("%B").to_string()} <span class="sr-only">{year}</span>
        </LinkButton>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(key: &'static str, value: &str) -> ParamsMap {
        let mut map = ParamsMap::new();
        map.insert(key, value.to_owned());
        map
    }

    #[test]
    fn the_address_names_a_person_and_a_month() {
        let none = ParamsMap::new();
        assert_eq!(asked(&none, &none), Ok((None, None)));
        let first = NaiveDate::from_ymd_opt(2026, 11, 1);
        assert_eq!(asked(&none, &map("month", "2026-11")), Ok((None, first)));
        assert!(asked(&none, &map("month", "soon")).is_err());
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let person = asked(&map("person", id), &none).map(|(person, _)| person);
        assert_eq!(person, Ok(id.parse().ok()));
    }

    #[test]
    fn somebody_who_cannot_be_is_nowhere() {
        let none = ParamsMap::new();
        assert!(is_nowhere(&asked(&map("person", "me"), &none)));
        assert!(!is_nowhere(&asked(&none, &map("month", "soon"))));
    }
}
