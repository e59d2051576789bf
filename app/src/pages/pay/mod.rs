//! The customer's page of an order: pay it, or see the receipt. It is a plain form with the
//! gateway's own card fields; the only script of ours mounts them. There is nothing here that a
//! card number could be typed into.

mod form;
mod receipt;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::payments::{CustomerOrderView, OrderStatus, PaymentStatus};

use crate::api::checkout::{Checkout, checkout_page};
use crate::layout::PublicFrame;
use crate::ui::{Amount, AmountSize, ErrorState, Glyph, Icon, Loading, Notice, Tone};

use form::PayForm;
use receipt::Receipt;

/// `/pay/{link}`
#[component]
pub fn Pay() -> impl IntoView {
    let params = use_params_map();
    let order = Resource::new_blocking(
        move || params.with(|p| p.get("link").unwrap_or_default()),
        checkout_page,
    );
    view! {
        <Suspense fallback=|| view! { <Loading label="Loading"/> }>
            {move || Suspend::new(async move {
                match order.await {
                    Ok(found) => view! { <Order found/> }.into_any(),
                    Err(error) if error.0.status == 404 => view! { <BrokenLink/> }.into_any(),
                    Err(error) => {
                        view! {
                            <PublicFrame organisation="Payment">
                                <h1 class="sr-only">"Payment"</h1>
                                <ErrorState problem=error.0/>
                            </PublicFrame>
                        }
                        .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn BrokenLink() -> impl IntoView {
    view! {
        <Title text="This link does not work"/>
        <PublicFrame organisation="Payment">
            <div class="pay pay-state">
                <h1>"This link does not work"</h1>
                <p>"It may have been copied in part. Open it again from the message that you got, or ask whoever sent it."</p>
            </div>
        </PublicFrame>
    }
}

#[component]
fn Order(found: Checkout) -> impl IntoView {
    let order = found.order.clone();
    let title = format!("{} · {}", order.reference, order.organisation);
    let organisation = order.organisation.clone();
    view! {
        <Title text=title/>
        <PublicFrame organisation>
            <div class="pay">{state(found)}</div>
        </PublicFrame>
    }
}

fn state(found: Checkout) -> AnyView {
    let order = &found.order;
    match (order.status, order.payment) {
        (_, Some(PaymentStatus::Captured | PaymentStatus::Settled)) | (OrderStatus::Paid, _) => {
            view! { <Receipt found/> }.into_any()
        }
        (_, Some(PaymentStatus::Authorised)) => waiting(
            order,
            "Reserved",
            "The amount is reserved on your card. It is charged when your order is ready, and you then get a receipt.",
            false,
        ),
        (_, Some(PaymentStatus::RequiresAction)) => {
            view! { <ConfirmAtBank order=order.clone()/> }.into_any()
        }
        (_, Some(PaymentStatus::Created | PaymentStatus::Processing)) => waiting(
            order,
            "Paying",
            "The payment is under way. This page shows the result by itself; you may also close it and come back.",
            true,
        ),
        (_, Some(PaymentStatus::Unknown)) => waiting(
            order,
            "Waiting for your bank",
            "The card company has not answered yet. You are charged once or not at all: there is no need to pay again. This page shows the result by itself.",
            true,
        ),
        (OrderStatus::Expired, _) => closed(
            order,
            "This order has expired",
            "It can no longer be paid. Ask for a new one.",
        ),
        (OrderStatus::Cancelled, _) => closed(
            order,
            "This order was cancelled",
            "There is nothing to pay.",
        ),
        (OrderStatus::Open, _) => view! { <Due found/> }.into_any(),
    }
}

/// What, how much, and the form.
#[component]
fn Due(found: Checkout) -> impl IntoView {
    let order = found.order.clone();
    let query = use_query_map();
    let refused = move || query.with(|q| q.get("problem").is_some());
    let declined = order.decline.map(|code| {
        view! { <Notice title="The payment was declined" tone=Tone::Negative text=code.customer_message()/> }
    });
    let none_declined = order.decline.is_none();
    view! {
        <Head order/>
        <div role="alert" class="stack-tight">
            {declined}
            {move || {
                (none_declined && refused()).then(|| {
                    view! {
                        <Notice
                            title="The payment did not begin"
                            tone=Tone::Negative
                            text="Nothing was charged. Fill in the card fields and try again."
                        />
                    }
                })
            }}
        </div>
        <PayForm found/>
    }
}

/// The amount in large and what it is for.
#[component]
fn Head(order: CustomerOrderView) -> impl IntoView {
    let description = (!order.description.is_empty())
        .then(|| view! { <p class="pay-what">{order.description.clone()}</p> });
    view! {
        <h1 class="pay-amount">
            <span class="sr-only">"Pay "</span>
            <Amount money=order.total size=AmountSize::Huge/>
        </h1>
        {description}
        <p class="muted">"Order " <span class="mono">{order.reference.clone()}</span> " for " {order.customer.name.clone()}</p>
    }
}

/// The payment is under way elsewhere; the page looks again by itself.
fn waiting(
    order: &CustomerOrderView,
    title: &'static str,
    text: &'static str,
    again: bool,
) -> AnyView {
    let order = order.clone();
    view! {
        {again.then(|| view! { <leptos_meta::Meta http_equiv="refresh" content="4"/> })}
        <div class="pay-state" role="status">
            {again.then(|| view! { <Loading label=title/> })}
            <h1>{title}</h1>
            <p>{text}</p>
            <p class="muted">
                <Amount money=order.total/> " · order " <span class="mono">{order.reference}</span>
            </p>
        </div>
    }
    .into_any()
}

fn closed(order: &CustomerOrderView, title: &'static str, text: &'static str) -> AnyView {
    let order = order.clone();
    view! {
        <div class="pay-state">
            <h1>{title}</h1>
            <p>{text}</p>
            <p class="muted">
                <Amount money=order.total/> " · order " <span class="mono">{order.reference}</span>
            </p>
        </div>
    }
    .into_any()
}

/// The bank wants to hear from the customer.
#[component]
fn ConfirmAtBank(order: CustomerOrderView) -> impl IntoView {
    let url = order
        .next_action
        .as_ref()
        .map(|model::payments::NextAction::Redirect { url }| url.clone());
    view! {
        <div class="pay-state">
            <Glyph icon=Icon::Lock large=true/>
            <h1>"Confirm with your bank"</h1>
            <p>"Your bank asks you to confirm this payment on its own page. Nothing is charged before you do."</p>
            {url.map(|url| view! { <a class="button button-primary button-wide" href=url rel="external">"Go to the bank's page"</a> })}
            <p class="muted">
                <Amount money=order.total/> " · order " <span class="mono">{order.reference.clone()}</span>
            </p>
        </div>
    }
}
