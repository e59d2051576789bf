//! Everybody who works here, with number and terms, and the way to each.

use leptos::prelude::*;
use model::attendance::views::{EmployeeLine, EmployeesPage};

use super::SettingsTabs;
use crate::api::ApiError;
use crate::api::attendance::employee_form::employees;
use crate::format::counted;
use crate::pages::attendance::common::{number, or_dash, use_param};
use crate::paths;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorState, Filters, Icon, LinkButton, Page, PageHeader, Pager,
    SearchField, TableRow, TableSkeleton,
};

/// `/attendance/settings/people`
#[component]
pub fn Employees() -> impl IntoView {
    let (search, cursor) = (use_param("search"), use_param("cursor"));
    let people = Resource::new(
        move || (search.get(), cursor.get()),
        |(search, cursor)| employees(search, cursor),
    );
    let list = move || {
        Suspend::new(async move {
            match people.await {
                Ok(page) => list_view(page, search.get_untracked()),
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| people.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"Numbers, teams, managers, and under which terms each works"</span> };
    view! {
        <Page>
            <PageHeader title="Employees" facts=facts.into_any()/>
            <SettingsTabs/>
            <Filters>
                <SearchField label="Search employees" placeholder="Name, e-mail or number"/>
            </Filters>
            <Transition fallback=|| {
                view! { <TableSkeleton columns=6 label="Loading employees"/> }
            }>{list}</Transition>
        </Page>
    }
}

fn list_view(page: EmployeesPage, search: Option<String>) -> AnyView {
    if page.people.is_empty() {
        let text = match search {
            Some(search) => format!("No name, e-mail or number has “{search}” in it."),
            None => "Whoever can sign in works here; an administrator adds people.".to_owned(),
        };
        return view! {
            <EmptyState icon=Icon::People title="Nobody found" text>
                <LinkButton href=paths::EMPLOYEES>"Show everybody"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let mut words = counted(number(&page.people), "person", "people");
    if page.next.is_some() {
        words.push_str(" on this page, more on the next");
    }
    let rows = page.people.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Employees by name"
            columns=vec![
                Column::text("name", "Name"),
                Column::text("number", "Number").lead(),
                Column::text("team", "Team"),
                Column::text("manager", "Manager"),
                Column::text("terms", "Terms"),
                Column::text("site", "Site and holidays"),
            ]
            rows
        />
        <Pager shown=words next=page.next/>
    }
    .into_any()
}

fn row(person: EmployeeLine) -> TableRow {
    let terms = person.terms;
    let team = terms.as_ref().map(|terms| terms.team.clone());
    let manager = terms.as_ref().and_then(|terms| terms.manager.clone());
    let place = terms.as_ref().map(|terms| {
        let parts = [terms.site_name.clone(), terms.region.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    TableRow::link(paths::employee(person.id))
        .cell(view! {
            <span class="cell-stack">
                <span>{person.name}</span>
                <span class="quiet small break-words">{person.email}</span>
            </span>
        })
        .cell(or_dash(person.number))
        .cell(or_dash(team))
        .cell(or_dash(manager.map(|manager| manager.name)))
        .cell(or_dash(terms.map(|terms| terms.policy_name)))
        .cell(or_dash(place))
}
