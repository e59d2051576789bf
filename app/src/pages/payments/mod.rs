//! Payments and orders: their lists, the page of each, and the form of a new order.

mod entries;
mod figures;
mod flow;
mod list;
mod new_order;
mod one;
mod order;
mod orders;
mod parts;
mod settlement;
mod words;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use list::Payments;
use new_order::NewOrder;
use one::Payment;
use order::Order;
use orders::Orders;

/// The routes of payments and orders, for the frame of the signed-in. Each page waits for its
/// data, so that it is whole without scripts and its title and status are right.
#[component(transparent)]
pub fn PaymentsRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/payments") view=Payments ssr=SsrMode::Async/>
        <Route path=path!("/payments/:id") view=Payment ssr=SsrMode::Async/>
        <Route path=path!("/orders") view=Orders ssr=SsrMode::Async/>
        <Route path=path!("/orders/new") view=NewOrder ssr=SsrMode::Async/>
        <Route path=path!("/orders/:id") view=Order ssr=SsrMode::Async/>
    }
    .into_inner()
}
