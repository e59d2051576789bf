//! One day that explains itself: its band, its numbers with the rules behind them, its punches, what
//! was asked for, and what it was before. The form in which one asks for it to be put right is open
//! when the address says so, and outlives what is drawn anew around it.

mod ask;
mod numbers;
mod overtime;
mod punches;
mod requests;
mod shown;

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use model::attendance::views::DayPage;
use model::{PersonId, Problem};

use self::ask::Asking;
use self::shown::Shown;
use super::changes::use_calm_changes;
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::day;
use crate::pages::ledger::parts::text;
use crate::pages::scheduling::meeting::parts::calm;
use crate::paths::{self, use_here};
use crate::shell::answer_not_found;
use crate::toast::Toasts;
use crate::ui::{ErrorState, Page, PageHeader, Skeleton, Tone};

/// The parameter that opens the form.
pub const CORRECT: &str = "correct";

/// Whose day, and which: nothing for the reader's own.
type Asked = (Option<PersonId>, NaiveDate);

/// `/attendance/days/:date`, for somebody else's with `?person=`
#[component]
pub fn DayOf() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| query.with(|query| asked(params, query))));
    if asked.with_untracked(Result::is_err) {
        answer_not_found();
    }
    let is_open = Memo::new(move |_| query.with(|query| text(query, CORRECT).is_some()));
    let asking = Asking::new(is_open);
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(is_open.get()));
    // While somebody types, the page stays as it is.
    let changes = calm(use_calm_changes("attendance."), open);
    let shown = Resource::new(
        move || (asked.get(), changes.get(), asking.done.get()),
        |(asked, ..)| load(asked),
    );
    tell(asking);
    open_by_hash(is_open);
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=14 label="Loading the day"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! { <Shown page asking/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            let back = (paths::ATTENDANCE.to_owned(), "My month".to_owned());
                            view! {
                                <PageHeader title="Day" back/>
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

async fn load(asked: Result<Asked, ApiError>) -> Result<DayPage, ApiError> {
    let (person, date) = asked?;
    day(person, date).await
}

/// What the address asks for. What is no date and nobody is nowhere.
fn asked(params: &ParamsMap, query: &ParamsMap) -> Result<Asked, ApiError> {
    let nowhere = |what: &str| ApiError(Problem::not_found(what));
    let date = params.get("date").unwrap_or_default();
    let date = date.parse::<NaiveDate>().map_err(|_| nowhere("day"))?;
    let person = match text(query, "person") {
        Some(person) => {
            let read = person.parse::<PersonId>();
            Some(read.map_err(|_| nowhere("person"))?)
        }
        None => None,
    };
    Ok((person, date))
}

/// Says what was done, and has the day read again.
fn tell(asking: Asking) {
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let stay = NavigateOptions {
        scroll: false,
        ..NavigateOptions::default()
    };
    on_done(asking.ask, move |request| {
        asking.forget();
        let (said, person) = match request.on_behalf {
            true => ("Day corrected", Some(request.employee.id)),
            false => ("Request sent", None),
        };
        toasts.show(Tone::Positive, said);
        asking.done.update(|n| *n += 1);
        let page = paths::attendance_day(request.work_date, person);
        navigate(&page, stay.clone());
    });
    on_done(asking.undo, move |()| {
        toasts.show(Tone::Positive, "Decision taken back");
        asking.done.update(|n| *n += 1);
    });
    on_done(asking.withdraw, move |_| {
        toasts.show(Tone::Positive, "Request taken back");
        asking.done.update(|n| *n += 1);
    });
}

/// A link that ends in `#correct` opens the form too. Only the browser sees that part of an address.
fn open_by_hash(is_open: Memo<bool>) {
    let hash = use_location().hash;
    let here = use_here();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let wanted = hash.with(|hash| hash.trim_start_matches('#') == CORRECT);
        if wanted && !is_open.get_untracked() {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&here.with(&[(CORRECT, Some("1"))]), options);
        }
    });
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
    fn the_address_names_a_date_and_perhaps_a_person() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day");
        let params = map("date", "2026-11-23");
        assert_eq!(asked(&params, &ParamsMap::new()), Ok((None, date)));
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let person = id.parse().ok();
        assert_eq!(asked(&params, &map("person", id)), Ok((person, date)));
        assert!(asked(&map("date", "2026-11-31"), &ParamsMap::new()).is_err());
        assert!(asked(&params, &map("person", "me")).is_err());
    }
}
