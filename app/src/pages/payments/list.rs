//! The list of payments with its figures and filters.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::payments::{PaymentFilter, PaymentRow};

use super::figures::PaymentFigureCards;
use super::parts::{FILTERS, shown};
use super::words;
use crate::api::ApiError;
use crate::api::payments::{PaymentList, payment_figures, payments_list};
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    Amount, Column, DataTable, EmptyState, ErrorState, FigureCard, Figures, FiguresSkeleton,
    FilterChips, FilterOption, Filters, Icon, LinkButton, Page, PageHeader, Pager, PaymentChip,
    SearchField, TableRow, TableSkeleton, Time,
};

/// `/payments`
#[component]
pub fn Payments() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(filter_of));
    let changes = use_changes("payment.");
    let figures = Resource::new(move || changes.get(), |_| payment_figures());
    let list = Resource::new(
        move || (filter.get(), changes.get()),
        |(filter, _)| payments_list(filter),
    );
    view! {
        <Page>
            <PageHeader
                title="Payments"
                facts=view! { <span>"Every try to pay an order, newest first"</span> }.into_any()
            />
            <Transition fallback=|| view! { <FiguresSkeleton/> }>
                {move || Suspend::new(async move {
                    match figures.await {
                        Ok(figures) => view! { <PaymentFigureCards figures/> }.into_any(),
                        Err(ApiError(problem)) => view! {
                            <Figures>
                                <FigureCard label="Figures" value="–" comparison=problem.detail/>
                            </Figures>
                        }
                        .into_any(),
                    }
                })}
            </Transition>
            <Filters>
                <SearchField label="Search payments" placeholder="Reference, customer, gateway id"/>
                <FilterChips label="State" param="status" options=filter_options()/>
            </Filters>
            <Transition fallback=|| view! { <TableSkeleton rows=10 columns=6 label="Loading payments"/> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) => {
                            let filter = filter.get_untracked();
                            view! { <Listed list filter/> }.into_any()
                        }
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| list.refetch());
                            view! { <ErrorState problem retry/> }.into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

/// The filter that an address asks for. A state that does not exist narrows nothing.
fn filter_of(query: &ParamsMap) -> PaymentFilter {
    let text = |name: &str| query.get(name).filter(|text| !text.trim().is_empty());
    PaymentFilter {
        status: text("status").and_then(|word| word.parse().ok()),
        search: text("search"),
        cursor: text("cursor"),
        limit: None,
    }
}

fn filter_options() -> Vec<FilterOption> {
    let states = FILTERS
        .iter()
        .map(|status| FilterOption::new(status.as_str(), status.label()));
    std::iter::once(FilterOption::all("All"))
        .chain(states)
        .collect()
}

#[component]
fn Listed(list: PaymentList, filter: PaymentFilter) -> impl IntoView {
    let PaymentList { page, may_create } = list;
    if page.items.is_empty() {
        return view! { <Nothing filter may_create/> }.into_any();
    }
    let all = page.next.is_none() && filter.cursor.is_none();
    let shown = shown(page.items.len(), all, "payment", "payments");
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Payments, newest first"
            columns=vec![
                Column::text("reference", "Order"),
                Column::text("customer", "Customer"),
                Column::text("status", "State"),
                Column::number("amount", "Amount").lead(),
                Column::text("gateway", "Gateway").spare(),
                Column::text("created", "Created"),
            ]
            rows
        />
        <Pager shown next=page.next/>
    }
    .into_any()
}

fn row(payment: PaymentRow) -> TableRow {
    TableRow::link(paths::payment(payment.id))
        .cell(payment.reference)
        .cell(payment.customer)
        .cell(view! { <PaymentChip status=payment.status/> })
        .cell(view! { <Amount money=payment.money/> })
        .cell(words::gateway(&payment.gateway))
        .cell(view! { <Time stamp=payment.created_at/> })
}

#[component]
fn Nothing(filter: PaymentFilter, may_create: bool) -> impl IntoView {
    if filter != PaymentFilter::default() {
        return view! {
            <EmptyState
                icon=Icon::Search
                title="No payment fits"
                text="Nothing matches this state and search together. References and names match in part, gateway ids only as a whole."
            >
                <LinkButton href=paths::PAYMENTS>"Show all payments"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Card
            title="No payments yet"
            text="Each try of a customer to pay an order stands here. Make an order and send its checkout link."
        >
            {if may_create {
                view! { <LinkButton href=paths::NEW_ORDER icon=Icon::Plus>"New order"</LinkButton> }
            } else {
                view! { <LinkButton href=paths::ORDERS icon=Icon::Receipt>"Look at orders"</LinkButton> }
            }}
        </EmptyState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::payments::PaymentStatus;

    use super::*;

    #[test]
    fn the_address_is_the_filter() {
        let mut query = ParamsMap::new();
        query.insert("status", "requires_action".to_owned());
        query.insert("search", " ".to_owned());
        let filter = filter_of(&query);
        assert_eq!(filter.status, Some(PaymentStatus::RequiresAction));
        assert_eq!(filter.search, None);
    }

    #[test]
    fn a_state_that_does_not_exist_narrows_nothing() {
        let mut query = ParamsMap::new();
        query.insert("status", "lost".to_owned());
        assert_eq!(filter_of(&query), PaymentFilter::default());
    }
}
