//! The pages of the ledger: accounts, statements, entries and the trial balance. All of them read.
//!
//! Each page is sent whole, with its data and its title, so it prints and works without scripts.

mod accounts;
mod entries;
mod entry;
pub mod parts;
mod statement;
mod trial_balance;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use accounts::Accounts;
use entries::Entries;
use entry::Entry;
use statement::Statement;
use trial_balance::TrialBalancePage;

/// The addresses of the ledger, to hang under the frame of signed-in people.
#[component(transparent)]
pub fn LedgerRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/ledger") view=Accounts ssr=SsrMode::Async/>
        <Route path=path!("/ledger/statement") view=Statement ssr=SsrMode::Async/>
        <Route path=path!("/ledger/entries") view=Entries ssr=SsrMode::Async/>
        <Route path=path!("/ledger/entries/:id") view=Entry ssr=SsrMode::Async/>
        <Route path=path!("/ledger/trial-balance") view=TrialBalancePage ssr=SsrMode::Async/>
    }
    .into_inner()
}
