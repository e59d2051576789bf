//! The page of one order: what is asked for, the link on which it is paid, and who tried to.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::payments::{OrderStatus, PaymentView};

use super::parts::{OrderChip, amount, mail_link};
use super::words;
use crate::api::ApiError;
use crate::api::payments::{OrderPage, OrderRow, order};
use crate::format::shorten_middle;
use crate::live::use_changes;
use crate::paths;
use crate::ui::{
    Amount, AmountSize, CodeBlock, Column, DataTable, EmptyState, ErrorState, Fact, Facts, Icon,
    LinkButton, Page, PageHeader, PaymentChip, Section, ShortId, Skeleton, TableRow, Time,
};

/// `/orders/:id`
#[component]
pub fn Order() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let changes = use_changes("payment.");
    let shown = Resource::new(move || (id.get(), changes.get()), |(id, _)| order(id));
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=10 label="Loading the order"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! { <Shown page/> }.into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            view! {
                                <PageHeader title="Order" back=back()/>
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

/// The page above.
pub fn back() -> (String, String) {
    (paths::ORDERS.to_owned(), "Orders".to_owned())
}

#[component]
fn Shown(page: OrderPage) -> impl IntoView {
    let OrderPage {
        order: seen,
        payments,
    } = page;
    let known = facts_of(&seen);
    let OrderRow { order, created, .. } = seen;
    let open = order.status == OrderStatus::Open;
    let facts = view! {
        <Amount money=order.total/>
        <span>{order.customer.name}</span>
        <Time stamp=created/>
    }
    .into_any();
    view! {
        <PageHeader
            title=format!("Order {}", order.reference)
            chip=view! { <OrderChip status=order.status/> }.into_any()
            facts
            back=back()
        />
        <CheckoutLink url=order.checkout_url status=order.status/>
        <Section title="Facts">
            <Facts facts=known columns=true/>
        </Section>
        <Tries payments open/>
    }
}

#[component]
fn CheckoutLink(url: String, status: OrderStatus) -> impl IntoView {
    let words = match status {
        OrderStatus::Open => {
            "Send this to the customer. Whoever has the link can pay the order, once."
        }
        OrderStatus::Paid => "The order is paid: behind the link the customer finds the receipt.",
        OrderStatus::Expired => "The time to pay has run out: the link only says so.",
        OrderStatus::Cancelled => "The order was taken back: the link only says so.",
    };
    view! {
        <Section title="Checkout link">
            <p class="muted">{words}</p>
            <CodeBlock label="Checkout link" text=url.clone()/>
            <div class="button-row">
                <LinkButton href=url icon=Icon::External external=true>"Open the customer's page"</LinkButton>
            </div>
        </Section>
    }
}

fn facts_of(seen: &OrderRow) -> Vec<Fact> {
    let OrderRow { order, expires, .. } = seen;
    let mut facts = vec![
        Fact::new(
            "Amount",
            view! { <Amount money=order.total size=AmountSize::Text/> },
        ),
        Fact::new("Customer", order.customer.name.clone()),
        Fact::new("E-mail", mail_link(&order.customer.email)),
        Fact::new("Money is taken", words::capture(order.capture)),
    ];
    facts.push(match expires.clone() {
        Some(stamp) => Fact::new("Can be paid until", view! { <Time stamp/> }),
        None => Fact::new("Can be paid until", "No end"),
    });
    facts.push(Fact::new(
        "Order id",
        view! { <ShortId id=order.id.to_string() label="order id"/> },
    ));
    if !order.description.is_empty() {
        let text = order.description.clone();
        facts.push(Fact::new(
            "What is paid for",
            view! { <span class="order-description">{text}</span> },
        ));
    }
    facts
}

#[component]
fn Tries(payments: Vec<PaymentView>, open: bool) -> impl IntoView {
    if payments.is_empty() {
        let text = if open {
            "The customer has not tried to pay. Each try stands here with its outcome."
        } else {
            "Nobody tried to pay this order."
        };
        return view! {
            <Section title="Payments">
                <EmptyState icon=Icon::Card title="No payment yet" text/>
            </Section>
        }
        .into_any();
    }
    let rows = payments.into_iter().map(row).collect();
    view! {
        <Section title="Payments">
            <DataTable
                caption="Payments of this order, newest first"
                columns=vec![
                    Column::text("payment", "Payment"),
                    Column::text("status", "State"),
                    Column::text("reason", "Reason").spare(),
                    Column::number("amount", "Amount").lead(),
                    Column::text("gateway", "Gateway").spare(),
                    Column::text("created", "Created"),
                ]
                rows
            />
        </Section>
    }
    .into_any()
}

fn row(payment: PaymentView) -> TableRow {
    let id = payment.id.to_string();
    let reason = match payment.decline {
        Some(code) => words::decline(code).into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    TableRow::link(paths::payment(&id))
        .cell(view! { <span class="mono">{shorten_middle(&id)}</span> })
        .cell(view! { <PaymentChip status=payment.status/> })
        .cell(reason)
        .cell(amount(&payment.amount, payment.currency))
        .cell(words::gateway(&payment.gateway))
        .cell(view! { <Time stamp=payment.created_at/> })
}
