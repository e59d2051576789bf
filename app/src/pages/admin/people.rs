//! Everybody who can sign in.

use leptos::prelude::*;
use model::identity::PersonView;

use super::parts::{role_name, shown, use_param};
use crate::api::ApiError;
use crate::api::admin::{PeoplePage, list_people};
use crate::paths::{self, PEOPLE};
use crate::ui::{
    Chip, Column, DataTable, EmptyState, ErrorState, Filters, Icon, LinkButton, Look, Page,
    PageHeader, Pager, SearchField, TableRow, TableSkeleton, Tone,
};

/// The list of people.
#[component]
pub fn People() -> impl IntoView {
    let (search, cursor) = (use_param("search"), use_param("cursor"));
    let people = Resource::new(
        move || (search.get(), cursor.get()),
        |(search, cursor)| list_people(search, cursor),
    );
    let add = move || {
        Suspend::new(async move {
            people.await.is_ok_and(|page| page.may_add).then(|| {
                view! {
                    <LinkButton href=format!("{PEOPLE}/new") look=Look::Primary icon=Icon::Plus>
                        "Add person"
                    </LinkButton>
                }
            })
        })
    };
    let list = move || {
        Suspend::new(async move {
            match people.await {
                Ok(page) => list_view(page, search.get_untracked()),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader title="People" facts=view! { <span>"Who can sign in, and what they may do"</span> }.into_any()>
                <Transition>{add}</Transition>
            </PageHeader>
            <Filters>
                <SearchField label="Search people" placeholder="Name or e-mail"/>
            </Filters>
            <Transition fallback=|| view! { <TableSkeleton columns=5 label="Loading people"/> }>
                {list}
            </Transition>
        </Page>
    }
}

fn list_view(page: PeoplePage, search: Option<String>) -> AnyView {
    let people = page.people;
    if people.items.is_empty() {
        return match search {
            Some(search) => view! {
                <EmptyState
                    icon=Icon::People
                    title="Nobody found"
                    text=format!("No name and no e-mail has “{search}” in it.")
                >
                    <LinkButton href=paths::PEOPLE>"Show everybody"</LinkButton>
                </EmptyState>
            }
            .into_any(),
            None => view! {
                <EmptyState
                    icon=Icon::People
                    title="Nobody here"
                    text="There are no more people on this page."
                >
                    <LinkButton href=paths::PEOPLE>"Show the first page"</LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let words = shown(
        people.items.len(),
        people.next.is_some(),
        "person",
        "people",
    );
    let rows = people.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="People by name"
            columns=vec![
                Column::text("name", "Name"),
                Column::text("email", "E-mail"),
                Column::text("roles", "Roles"),
                Column::text("zone", "Zone").spare(),
                Column::text("state", "State").lead(),
            ]
            rows
        />
        <Pager shown=words next=people.next/>
    }
    .into_any()
}

fn row(person: PersonView) -> TableRow {
    let chips = person
        .roles
        .iter()
        .map(|role| view! { <Chip label=role_name(*role)/> })
        .collect_view();
    let state = state_chip(&person);
    TableRow::link(format!("{PEOPLE}/{}", person.id))
        .cell(person.name)
        .cell(view! { <span class="break-words">{person.email}</span> })
        .cell(view! { <span class="chip-row">{chips}</span> })
        .cell(person.zone)
        .cell(state)
}

/// Whether the person can sign in, as a chip.
pub(super) fn state_chip(person: &PersonView) -> AnyView {
    let (tone, label) = if person.disabled_at.is_some() {
        (Tone::Neutral, "Disabled")
    } else if person.has_password {
        (Tone::Positive, "Active")
    } else {
        (Tone::Caution, "No password")
    };
    view! { <Chip tone label/> }.into_any()
}
