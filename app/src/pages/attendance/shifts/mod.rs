//! One's own coming shifts: some weeks of days with shifts, leave and holidays, and the swaps with
//! colleagues. What is being written about a swap outlives each reading, since the page stays as it is
//! meanwhile.

mod cards;
mod weeks;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::attendance::swap::SwapState;
use model::attendance::views::ShiftsPage;

use self::cards::Swaps;
use self::weeks::week;
use super::changes::use_calm_changes;
use super::common::focus_on;
use super::words::zone_words;
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::attendance::swaps::{AnswerSwap, WithdrawSwap, own_shifts};
use crate::pages::ledger::parts::day;
use crate::pages::scheduling::meeting::parts::calm;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    EmptyState, ErrorState, ErrorSummary, Icon, LinkButton, Page, PageHeader, Skeleton, Tone,
};

/// The parameter of the address that names a day of the first week.
const FROM: &str = "from";
/// How many days are shown.
const SHOWN: Days = Days::new(28);

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
struct Doings {
    /// Agrees or declines.
    answer: ServerAction<AnswerSwap>,
    /// Takes a request back.
    withdraw: ServerAction<WithdrawSwap>,
    /// Whether a note is being written.
    typing: RwSignal<bool>,
}

/// `/attendance/shifts`
#[component]
pub fn Shifts() -> impl IntoView {
    let query = use_query_map();
    let doings = Doings {
        answer: ServerAction::new(),
        withdraw: ServerAction::new(),
        typing: RwSignal::new(false),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    let from = Memo::new(move |_| query.with(asked_for));
    let requests = calm(use_calm_changes("attendance.request"), doings.typing);
    let roster = calm(use_calm_changes("attendance.roster"), doings.typing);
    let page = Resource::new(
        move || (from.get(), requests.get(), roster.get(), done.get()),
        |(from, ..)| async move { own_shifts(from?).await },
    );
    let content = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => view! { <Shown page doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"When you work, and what you swap"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="My shifts" facts/>
            <ErrorSummary problem=problem_of(doings.answer)/>
            <ErrorSummary problem=problem_of(doings.withdraw)/>
            <Transition fallback=|| {
                view! { <Skeleton lines=14 label="Loading your shifts"/> }
            }>{content}</Transition>
        </Page>
    }
}

fn asked_for(query: &ParamsMap) -> Result<Option<NaiveDate>, ApiError> {
    day(query, FROM)
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    let again = move || {
        doings.typing.set(false);
        done.update(|n| *n += 1);
        // The card that had the focus may be gone.
        focus_on("main h1");
    };
    on_done(doings.answer, move |swap| {
        let name = &swap.asker.name;
        let (tone, text) = match swap.state {
            SwapState::Agreed => (Tone::Positive, format!("You agree to swap with {name}")),
            _ => (Tone::Neutral, format!("You do not swap with {name}")),
        };
        toasts.show(tone, text);
        again();
    });
    on_done(doings.withdraw, move |swap| {
        toasts.show(Tone::Neutral, format!("Taken back: {}", swap.other.name));
        again();
    });
}

#[component]
fn Shown(page: ShiftsPage, doings: Doings) -> impl IntoView {
    let ShiftsPage {
        monday,
        today,
        zone,
        weeks,
        swaps,
        has_team,
        ..
    } = page;
    let is_empty = weeks
        .iter()
        .flat_map(|week| &week.days)
        .all(|day| day.cell.version == 0 && !day.cell.leave && day.cell.holiday.is_none());
    let weeks = match is_empty {
        true => view! {
            <EmptyState
                icon=Icon::Calendar
                title="Nothing planned in these weeks"
                text="Your shifts stand here as soon as the roster has them."
            />
        }
        .into_any(),
        false => weeks
            .into_iter()
            .map(|shown| week(shown, today, &zone))
            .collect_view()
            .into_any(),
    };
    let with_whom = match has_team {
        true => "Pick a shift that has not begun to swap it with somebody of your team.",
        false => "Nobody else is in your team, so there is nobody to swap with.",
    };
    view! {
        <Swaps swaps zone=zone.clone() doings/>
        <div class="spread">
            <p class="muted">
                {with_whom}
                " Times are those of "
                {zone_words(&zone)}
                " unless a shift says otherwise."
            </p>
            <Steps monday today/>
        </div>
        {weeks}
    }
}

/// The ways to other weeks.
#[component]
fn Steps(monday: NaiveDate, today: NaiveDate) -> impl IntoView {
    let href = |monday: NaiveDate| format!("{}?{FROM}={monday}", paths::SHIFTS);
    let is_present = monday <= today && today < monday + Days::new(7);
    let before = monday.checked_sub_days(SHOWN).map(|monday| {
        view! { <LinkButton href=href(monday) icon=Icon::ArrowLeft>"Weeks before"</LinkButton> }
    });
    let present = (!is_present).then(|| {
        view! { <LinkButton href=paths::SHIFTS icon=Icon::Calendar>"From this week"</LinkButton> }
    });
    let after = monday.checked_add_days(SHOWN).map(|monday| {
        view! { <LinkButton href=href(monday) icon=Icon::ArrowRight>"Weeks after"</LinkButton> }
    });
    view! { <nav class="button-row" aria-label="Weeks">{before} {present} {after}</nav> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_may_name_a_day() {
        let mut query = ParamsMap::new();
        assert_eq!(asked_for(&query), Ok(None));
        query.insert(FROM, "2026-11-23".to_owned());
        assert_eq!(asked_for(&query), Ok(NaiveDate::from_ymd_opt(2026, 11, 23)));
    }
}
