//! The list of orders.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::parts::{OrderChip, shown};
use crate::api::ApiError;
use crate::api::payments::{OrderList, OrderRow, orders_list};
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    Amount, Column, DataTable, EmptyState, ErrorState, Icon, LinkButton, Look, Page, PageHeader,
    Pager, TableRow, TableSkeleton, Time,
};

/// `/orders`
#[component]
pub fn Orders() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| {
        query.with(|query| query.get("cursor").filter(|cursor| !cursor.is_empty()))
    });
    // A payment is what changes the state of an order.
    let changes = use_changes("payment.");
    let list = Resource::new(
        move || (cursor.get(), changes.get()),
        |(cursor, _)| orders_list(cursor),
    );
    view! {
        <Page>
            <PageHeader
                title="Orders"
                facts=view! { <span>"What customers are asked to pay, newest first"</span> }.into_any()
            >
                <Transition>
                    {move || Suspend::new(async move {
                        list.await.is_ok_and(|list| list.may_create).then(new_order)
                    })}
                </Transition>
            </PageHeader>
            <Transition fallback=|| view! { <TableSkeleton rows=10 columns=5 label="Loading orders"/> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) => {
                            let first = cursor.get_untracked().is_none();
                            view! { <Listed list first/> }.into_any()
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

fn new_order() -> impl IntoView {
    view! {
        <LinkButton href=paths::NEW_ORDER look=Look::Primary icon=Icon::Plus>
            "New order"
        </LinkButton>
    }
}

#[component]
fn Listed(list: OrderList, first: bool) -> impl IntoView {
    let OrderList { page, may_create } = list;
    if page.items.is_empty() {
        let text = if may_create {
            "Make the first order: it gets a link on which the customer pays."
        } else {
            "Orders stand here once finance or a program of yours has made one."
        };
        return view! {
            <EmptyState icon=Icon::Receipt title="No orders yet" text>
                {may_create
                    .then(|| {
                        view! { <LinkButton href=paths::NEW_ORDER icon=Icon::Plus>"Make an order"</LinkButton> }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let shown = shown(
        page.items.len(),
        first && page.next.is_none(),
        "order",
        "orders",
    );
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Orders, newest first"
            columns=vec![
                Column::text("reference", "Reference"),
                Column::text("customer", "Customer"),
                Column::text("status", "State"),
                Column::number("amount", "Amount").lead(),
                Column::text("created", "Created"),
            ]
            rows
        />
        <Pager shown next=page.next/>
    }
    .into_any()
}

fn row(row: OrderRow) -> TableRow {
    let OrderRow { order, created, .. } = row;
    TableRow::link(paths::order(order.id))
        .cell(order.reference)
        .cell(order.customer.name)
        .cell(view! { <OrderChip status=order.status/> })
        .cell(view! { <Amount money=order.total/> })
        .cell(view! { <Time stamp=created/> })
}
