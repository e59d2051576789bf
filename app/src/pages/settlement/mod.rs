//! The pages of settlement: bringing in files, and holding their lines against what is expected.
//!
//! `imports` and `import` show files; `reconciliation` puts the figures of `summary`, the queue of
//! lines in `queue` and the chosen line in `item` together. `words` says all of it for people.

mod import;
mod imports;
mod item;
mod proof;
mod queue;
mod reconciliation;
mod summary;
pub mod watch;
mod words;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use import::Import;
use imports::Imports;
use reconciliation::Reconciliation;

/// The addresses of settlement, to hang under the frame of signed-in people.
#[component(transparent)]
pub fn SettlementRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/settlement") view=Imports ssr=SsrMode::Async/>
        <Route path=path!("/settlement/:id") view=Import ssr=SsrMode::Async/>
        <Route path=path!("/reconciliation") view=Reconciliation ssr=SsrMode::Async/>
    }
    .into_inner()
}
