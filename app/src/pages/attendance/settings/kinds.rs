//! The kinds of leave that can be asked for, and those that no longer can.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::attendance::views::{LeaveKindView, LeaveKindsPage, ToldAs};

use super::kind_form::{FORM, KindForm, Meaning};
use super::{Fresh, NEW, SettingsTabs};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::kind_form::{KeepKind, RetireKind, leave_kinds};
use crate::pages::attendance::common::use_param;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Chip, Column, DataTable, EmptyState, ErrorState, FilterChips, FilterOption, Filters, Icon,
    LinkButton, Page, PageHeader, Skeleton, TableRow, Tone,
};

/// The parameter of the address that names a kind by id.
const KIND: &str = "kind";

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Keeps a kind.
    pub keep: ServerAction<KeepKind>,
    /// Takes one out of use, or brings it back.
    pub retire: ServerAction<RetireKind>,
    /// What the form means, as it is typed.
    pub meaning: Meaning,
    /// Is told that the form was drawn.
    pub fresh: Fresh,
}

/// `/attendance/settings/leave`
#[component]
pub fn Kinds() -> impl IntoView {
    let chosen = use_param(KIND);
    let doings = Doings {
        keep: ServerAction::new(),
        retire: ServerAction::new(),
        meaning: Meaning::new(),
        fresh: Fresh::of(FORM),
    };
    // Only what was kept is read again: a refused form keeps what was typed.
    let kept = RwSignal::new(0_u32);
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    on_done(doings.keep, move |id| {
        toasts.show(Tone::Positive, "Kind of leave kept; balances follow");
        kept.update(|n| *n += 1);
        navigate(&paths::leave_kind(id), NavigateOptions::default());
    });
    on_done(doings.retire, move |retired| {
        let words = match retired {
            true => "Taken out of use; what was taken of it stays",
            false => "It can be asked for again",
        };
        toasts.show(Tone::Positive, words);
        kept.update(|n| *n += 1);
    });
    let list = Resource::new(move || kept.get(), |_| leave_kinds());
    let content = move || {
        let chosen = chosen.get();
        Suspend::new(async move {
            match list.await {
                Ok(page) => view! { <Shown page chosen doings/> }.into_any(),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| list.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"What people can ask for, and what they are granted"</span> };
    view! {
        <Page>
            <PageHeader title="Kinds of leave" facts=facts.into_any()>
                <LinkButton href=paths::leave_kind(NEW) icon=Icon::Plus>
                    "New kind"
                </LinkButton>
            </PageHeader>
            <SettingsTabs/>
            <Transition fallback=|| {
                view! { <Skeleton lines=8 label="Loading kinds of leave"/> }
            }>{content}</Transition>
        </Page>
    }
}

#[component]
fn Shown(page: LeaveKindsPage, chosen: Option<String>, doings: Doings) -> impl IntoView {
    let LeaveKindsPage { kinds, today } = page;
    let mut options = vec![FilterOption::all("All kinds")];
    let known = kinds.iter();
    options.extend(known.map(|one| FilterOption::new(one.id.to_string(), one.rules.name.clone())));
    options.push(FilterOption::new(NEW, "New kind"));
    let content = match chosen.as_deref() {
        None => overview(&kinds, today),
        Some(NEW) => view! { <KindForm known=None today doings/> }.into_any(),
        Some(id) => match kinds.iter().find(|one| one.id.to_string() == id) {
            Some(one) => view! { <KindForm known=Some(one.clone()) today doings/> }.into_any(),
            None => unknown(),
        },
    };
    view! {
        <Filters>
            <FilterChips label="Kind of leave" param=KIND options/>
        </Filters>
        {content}
    }
    .into_any()
}

fn overview(kinds: &[LeaveKindView], today: NaiveDate) -> AnyView {
    let rows = kinds.iter().map(|one| row(one, today)).collect();
    view! {
        <DataTable
            caption="Kinds of leave by name"
            columns=vec![
                Column::text("name", "Kind"),
                Column::text("state", "State").lead(),
                Column::text("granted", "Granted"),
                Column::text("paid", "Pay"),
                Column::text("told", "Meetings are told"),
                Column::text("means", "What somebody gets"),
            ]
            rows
        />
    }
    .into_any()
}

fn row(kind: &LeaveKindView, today: NaiveDate) -> TableRow {
    let state = match kind.retired {
        true => view! { <Chip tone=Tone::Neutral label="Out of use"/> },
        false => view! { <Chip tone=Tone::Positive label="In use"/> },
    };
    let means = kind.rules.told(today).into_iter().next();
    TableRow::link(paths::leave_kind(kind.id))
        .cell(kind.rules.name.clone())
        .cell(state)
        .cell(kind.accrual.clone())
        .cell(if kind.rules.paid { "Paid" } else { "Unpaid" })
        .cell(told_words(kind.told_as))
        .cell(view! { <span class="small">{means}</span> })
}

/// What meetings are told.
pub const fn told_words(told: ToldAs) -> &'static str {
    match told {
        ToldAs::Leave => "On leave",
        ToldAs::Sick => "Ill",
    }
}

fn unknown() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Calendar
            title="No such kind of leave"
            text="The address names a kind that there is not."
        >
            <LinkButton href=paths::LEAVE_KINDS>"All kinds"</LinkButton>
        </EmptyState>
    }
    .into_any()
}
