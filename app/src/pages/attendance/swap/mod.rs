//! Offering a day of one's own: what colleagues of the team work, and what a swap with one of them makes
//! of both. Who and which day is chosen stands in the address, so that all of it works without scripts;
//! what is typed outlives what is drawn anew around it.

mod peers;

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use leptos_router::params::ParamsMap;
use model::attendance::views::{SwapPage, SwapPreview};
use model::{PersonId, Problem};

use self::peers::Peers;
use super::changes::use_calm_changes;
use super::swapped;
use super::words::{date_words, short_date};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::swaps::{AskSwap, swap_choices};
use crate::pages::ledger::parts::{day, text};
use crate::pages::scheduling::meeting::parts::calm;
use crate::paths;
use crate::shell::answer_not_found;
use crate::toast::Toasts;
use crate::ui::{
    Button, EmptyState, ErrorState, FormProblems, Icon, LinkButton, Look, Notice, Page, PageHeader,
    Section, Skeleton, TextareaField, Tone,
};

/// The parameters of the address: the week that is shown, who is chosen, and which day of theirs.
const WEEK: &str = "week";
const WITH: &str = "with";
const DAY: &str = "day";
/// The id of the note.
const NOTE: &str = "swap-note";

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    date: NaiveDate,
    week: Option<NaiveDate>,
    colleague: Option<PersonId>,
    day: Option<NaiveDate>,
}

/// `/attendance/shifts/:date`
#[component]
pub fn SwapOf() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| query.with(|query| asked(params, query))));
    if asked.with_untracked(Result::is_err) {
        answer_not_found();
    }
    let ask = ServerAction::<AskSwap>::new();
    let typing = RwSignal::new(false);
    tell(ask);
    let requests = calm(use_calm_changes("attendance.request"), typing);
    let roster = calm(use_calm_changes("attendance.roster"), typing);
    let shown = Resource::new(
        move || (asked.get(), requests.get(), roster.get()),
        |(asked, ..)| async move {
            let Asked {
                date,
                week,
                colleague,
                day,
            } = asked?;
            swap_choices(date, week, colleague, day).await
        },
    );
    view! {
        <Page>
            <Transition fallback=|| {
                view! { <Skeleton lines=12 label="Loading your colleagues"/> }
            }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! { <Shown page ask typing/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Swap" back=back()/>
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

fn back() -> (String, String) {
    (paths::SHIFTS.to_owned(), "My shifts".to_owned())
}

/// What is no date and nobody is nowhere.
fn asked(params: &ParamsMap, query: &ParamsMap) -> Result<Asked, ApiError> {
    let nowhere = |what: &str| ApiError(Problem::not_found(what));
    let date = params.get("date").unwrap_or_default();
    let date = date.parse::<NaiveDate>().map_err(|_| nowhere("day"))?;
    let colleague = match text(query, WITH) {
        Some(person) => Some(person.parse().map_err(|_| nowhere("colleague"))?),
        None => None,
    };
    Ok(Asked {
        date,
        week: day(query, WEEK)?,
        colleague,
        day: day(query, DAY)?,
    })
}

/// Says what was done, and leads back to one's shifts.
fn tell(ask: ServerAction<AskSwap>) {
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(ask, move |swap| {
        toasts.show(Tone::Positive, format!("{} is asked", swap.other.name));
        navigate(paths::SHIFTS, Default::default());
    });
}

#[component]
fn Shown(page: SwapPage, ask: ServerAction<AskSwap>, typing: RwSignal<bool>) -> impl IntoView {
    let date = page.day.cell.date;
    let title = format!("Swap {}", short_date(date));
    let facts = view! {
        <span>{date_words(date)}</span>
        {swapped::shifts(&page.day.cell.shifts, &page.zone)}
    }
    .into_any();
    let blocked = blocked(&page);
    let chosen = page.chosen.clone();
    let chosen = chosen.map(|chosen| {
        let seen = page.newest.map(|id| id.to_string()).unwrap_or_default();
        let zone = page.zone.clone();
        view! { <Chosen date chosen zone seen ask typing/> }
    });
    let peers = match page.peers.is_empty() {
        true => view! {
            <EmptyState
                icon=Icon::People
                title="Nobody to swap with"
                text="The people of your team stand here, once HR has put you into a team."
            />
        }
        .into_any(),
        false => view! { <Peers page/> }.into_any(),
    };
    view! {
        <PageHeader title facts back=back()/>
        {blocked}
        {chosen}
        {peers}
    }
}

/// Why the day itself cannot be offered.
fn blocked(page: &SwapPage) -> AnyView {
    let notice = |title: &'static str, text: &'static str| {
        view! { <Notice tone=Tone::Caution title text/> }.into_any()
    };
    let cell = &page.day.cell;
    if page.day.open.is_some() {
        notice(
            "You have offered this day already",
            "The request stands on My shifts. Take it back there to ask somebody else.",
        )
    } else if cell.shifts.is_empty() {
        notice(
            "You work no shift on this day",
            "Choose a day with a shift on My shifts.",
        )
    } else if cell.leave {
        notice(
            "You are on leave on this day",
            "A shift that leave covers cannot be swapped.",
        )
    } else if !page.day.may_swap {
        notice(
            "This day cannot be swapped any more",
            "It has begun or is over, or its period is locked.",
        )
    } else {
        ().into_any()
    }
}

/// What both would work, and the form.
#[component]
fn Chosen(
    date: NaiveDate,
    chosen: SwapPreview,
    zone: String,
    seen: String,
    ask: ServerAction<AskSwap>,
    typing: RwSignal<bool>,
) -> impl IntoView {
    let problem = problem_of(ask);
    let name = chosen.colleague.name.clone();
    let title = format!("With {name}: {}", swapped::days_words(date, chosen.to_day));
    let is_possible = chosen.obstacles.is_empty();
    let away = paths::swap_of(date);
    let form = is_possible.then(|| {
        let name = name.clone();
        view! {
            <ActionForm action=ask attr:class="form" attr:id="ask-swap">
                <input type="hidden" name="form[from_day]" value=date.to_string()/>
                <input type="hidden" name="form[colleague]" value=chosen.colleague.id.to_string()/>
                <input type="hidden" name="form[to_day]" value=chosen.to_day.to_string()/>
                <input type="hidden" name="form[seen]" value=seen/>
                <FormProblems problem>
                    <TextareaField
                        name="form[note]"
                        id=NOTE
                        label="Note"
                        help=format!("For {name}, and for whoever decides")
                        optional=true
                        maxlength=500
                        on:focusin=move |_| typing.set(true)
                        on:focusout=move |_| typing.set(false)
                    />
                    <div class="form-actions">
                        <Button look=Look::Primary submit=true busy=ask.pending()>
                            {format!("Ask {name}")}
                        </Button>
                        <LinkButton href=away.clone() look=Look::Quiet>
                            "Choose another"
                        </LinkButton>
                    </div>
                </FormProblems>
            </ActionForm>
        }
    });
    view! {
        <Section title>
            <div class="swap-card">
                {swapped::days(&chosen.days, "You", &name, &zone)}
                {swapped::concerns(&chosen.obstacles, &chosen.warnings)}
                {form}
            </div>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_a_day_and_perhaps_whom_to_ask() {
        let mut params = ParamsMap::new();
        params.insert("date", "2026-11-25".to_owned());
        let mut query = ParamsMap::new();
        let date = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a real day");
        let plain = Asked {
            date,
            week: None,
            colleague: None,
            day: None,
        };
        assert_eq!(asked(&params, &query), Ok(plain));
        query.insert(WITH, "019a2b3c-4d5e-7f60-8123-456789abcdef".to_owned());
        query.insert(DAY, "2026-11-27".to_owned());
        let chosen = asked(&params, &query).expect("all of it");
        assert!(chosen.colleague.is_some() && chosen.day.is_some());
        query.insert(WITH, "Tom".to_owned());
        assert!(asked(&params, &query).is_err());
    }
}
