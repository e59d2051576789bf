//! The roster: people and days, shifts that are dragged or typed onto them, leave and holidays.
//!
//! * [`desk`]: what is chosen, dragged and under way, which outlives each reading.
//! * [`moves`], [`words`]: the rules, pure.
//! * [`grid`] with [`hand`]: what is drawn, and what keyboard and pointer do in it.
//! * [`palette`]: the shifts there are. [`assign`]: the dialog of one day. [`shift_form`]: the dialog
//!   of a shift, with [`shift_more`]. [`copy`]: a week that is written like this one.
//!
//! The roster is read again whenever it changes, and drawn in place. What is drawn holds plain data
//! and signals of the [`desk`], and none of its own.

mod assign;
mod copy;
mod desk;
mod grid;
mod hand;
mod moves;
mod palette;
mod shift_form;
mod shift_more;
mod words;

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::attendance::views::RosterPage;

use self::assign::AssignDialog;
use self::copy::{CopyButton, CopyDialog, Copying};
use self::desk::{Desk, use_desk};
use self::grid::Grid;
use self::palette::Palette;
use self::shift_form::{ShiftDialog, Shifts};
use super::common::{part_of, part_words, use_changes_between_dialogs, use_param};
use crate::api::ApiError;
use crate::api::attendance::roster;
use crate::api::attendance::roster_form::plans_for_all;
use crate::pages::ledger::parts::{day, text};
use crate::paths;
use crate::ui::{
    EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon, LinkButton, PageHeader,
    Pager, TableSkeleton,
};

pub use self::shift_more::pairings;
pub use self::words::rest;

/// The parameter of the address that names a day of the week.
const WEEK: &str = "week";
/// The parameter that names a team.
const TEAM: &str = "team";
/// How many people are drawn at once.
const PEOPLE: usize = 100;

/// What the address asks for: a day, and a team.
type Asked = Result<(Option<NaiveDate>, Option<String>), ApiError>;

/// `/attendance/roster`
#[component]
pub fn Roster() -> impl IntoView {
    let query = use_query_map();
    let desk = Desk::provide();
    let shifts = Shifts::provide(desk);
    let copying = Copying::provide(desk);
    let asked = Memo::new(move |_| query.with(asked_for));
    let cursor = use_param("cursor");
    let changes = use_changes_between_dialogs("attendance.roster");
    let leave = use_changes_between_dialogs("attendance.request");
    let read = Resource::new(
        move || (asked.get(), changes.get(), leave.get(), desk.done.get()),
        |(asked, ..)| async move {
            let (day, team) = asked?;
            roster(day, team).await
        },
    );
    let plans = Resource::new(|| (), |()| plans_for_all());
    let actions = move || {
        Suspend::new(async move {
            let may = plans.await.unwrap_or(false);
            may.then(|| {
                view! {
                    <LinkButton href=paths::ROTATIONS icon=Icon::Refresh>"Rotations"</LinkButton>
                    <CopyButton/>
                    <shift_form::NewShift shifts/>
                }
            })
        })
    };
    let content = move || {
        let cursor = cursor.get();
        Suspend::new(async move {
            let plans = plans.await.unwrap_or(false);
            match read.await {
                Ok(page) => view! { <Planner page plans cursor copying/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| read.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! {
        <span>"Who works when"</span>
        <span><kbd>"?"</kbd> " shows the keys"</span>
    }
    .into_any();
    view! {
        <div class="page roster-page">
            <PageHeader title="Roster" facts>
                <Transition>{actions}</Transition>
            </PageHeader>
            <Transition fallback=|| {
                view! { <TableSkeleton rows=10 columns=8 label="Loading the roster"/> }
            }>{content}</Transition>
            <p class="sr-only" role="status">{move || desk.said.get()}</p>
        </div>
        <AssignDialog/>
        <ShiftDialog shifts/>
    }
    .into_any()
}

fn asked_for(query: &ParamsMap) -> Asked {
    Ok((day(query, WEEK)?, text(query, TEAM)))
}

/// The roster as it was read.
#[component]
fn Planner(
    page: RosterPage,
    plans: bool,
    cursor: Option<String>,
    copying: Copying,
) -> impl IntoView {
    let desk = use_desk();
    let all = page.rows.len();
    let (rows, first, next) = part_of(page.rows, cursor.as_deref(), PEOPLE);
    let page = Arc::new(RosterPage { rows, ..page });
    let seen = page.clone();
    Effect::new(move |_| desk.receive(seen.clone()));
    let dialog = plans.then(|| view! { <CopyDialog page=page.clone() copying/> });
    let grid = if page.rows.is_empty() {
        nobody(page.team.as_deref())
    } else {
        let shown = part_words(first, page.rows.len(), all, "person", "people");
        view! {
            <Grid page=page.clone()/>
            <Pager shown next/>
        }
        .into_any()
    };
    view! {
        <Head page=page.clone()/>
        <Palette page=page plans/>
        {grid}
        {dialog}
    }
    .into_any()
}

/// The week with the ways to others, and the teams.
#[component]
fn Head(page: Arc<RosterPage>) -> impl IntoView {
    let monday = page.monday;
    let is_present = monday <= page.today
        && monday
            .checked_add_days(Days::new(7))
            .is_some_and(|next| page.today < next);
    let mut teams = vec![FilterOption::all("All teams")];
    let known = page.teams.iter();
    teams.extend(known.map(|team| FilterOption::new(team.clone(), team.clone())));
    let chips = (!page.teams.is_empty())
        .then(|| view! { <FilterChips label="Team" param=TEAM options=teams/> });
    view! {
        <div class="spread">
            <h2 class="roster-week num">{words::week(monday)}</h2>
            <nav class="button-row" aria-label="Weeks">
                {monday
                    .checked_sub_days(Days::new(7))
                    .map(|monday| view! { <Step monday name="Week before" icon=Icon::ArrowLeft/> })}
                {(!is_present)
                    .then(|| {
                        view! { <Step monday=page.today name="This week" icon=Icon::Calendar/> }
                    })}
                {monday
                    .checked_add_days(Days::new(7))
                    .map(|monday| view! { <Step monday name="Week after" icon=Icon::ArrowRight/> })}
            </nav>
        </div>
        <Filters>{chips}</Filters>
    }
}

/// A link to another week of the same team.
#[component]
fn Step(monday: NaiveDate, name: &'static str, icon: Icon) -> impl IntoView {
    let href = use_desk().week_href(monday);
    view! { <LinkButton href icon>{name}</LinkButton> }
}

fn nobody(team: Option<&str>) -> AnyView {
    match team {
        Some(team) => view! {
            <EmptyState
                icon=Icon::People
                title="Nobody in this team"
                text=format!("Nobody whom you plan for is in {team} in this week.")
            >
                <LinkButton href=paths::ROSTER>"Show all teams"</LinkButton>
            </EmptyState>
        }
        .into_any(),
        None => view! {
            <EmptyState
                icon=Icon::People
                title="Nobody to plan for"
                text="The people whom you manage stand here, once HR has written down that you do."
            />
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_week_and_team() {
        let mut query = ParamsMap::new();
        assert_eq!(asked_for(&query), Ok((None, None)));
        query.insert(WEEK, "2026-11-23".to_owned());
        query.insert(TEAM, "Assembly".to_owned());
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23);
        assert_eq!(asked_for(&query), Ok((monday, Some("Assembly".to_owned()))));
        let mut query = ParamsMap::new();
        query.insert(WEEK, "next".to_owned());
        assert!(asked_for(&query).is_err());
    }
}
