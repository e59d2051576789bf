//! Which address shows which page. A new page is one line here or in its area's routes, under the
//! frame it belongs to.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::api::identity::frame;
use crate::journey::JourneyWatch;
use crate::layout::{AppFrame, PublicFrame};
use crate::live::provide_changes;
use crate::pages::admin::AdminRoutes;
use crate::pages::auth::SignInPage;
use crate::pages::gallery::{self, Gallery, PublicGallery};
use crate::pages::home::Home;
use crate::pages::ledger::LedgerRoutes;
use crate::pages::not_found::NotFound;
use crate::pages::pay::Pay;
use crate::pages::payments::PaymentsRoutes;
use crate::pages::settlement::SettlementRoutes;
use crate::toast::{ToastRegion, Toasts};
use crate::ui::{ErrorState, Loading};

/// The whole application, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Toasts::provide();
    view! {
        <Title formatter=|text| format!("{text} · Punctual")/>
        <Router>
            <JourneyWatch>
                <Routes fallback=NotFound>
                    <Route path=path!("/sign-in") view=SignInPage/>
                    <Route path=path!("/pay/:link") view=Pay ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/gallery") view=GalleryFrame>
                        <Route path=path!("") view=Gallery/>
                    </ParentRoute>
                    <ParentRoute path=path!("/gallery/public") view=GalleryPublicFrame>
                        <Route path=path!("") view=PublicGallery/>
                    </ParentRoute>
                    <ParentRoute path=path!("") view=SignedInFrame>
                        <Route path=path!("/") view=Home ssr=SsrMode::Async/>
                        <PaymentsRoutes/>
                        <LedgerRoutes/>
                        <SettlementRoutes/>
                        <AdminRoutes/>
                    </ParentRoute>
                </Routes>
            </JourneyWatch>
        </Router>
        <ToastRegion/>
    }
}

/// The frame around every page of a signed-in person.
#[component]
fn SignedInFrame() -> impl IntoView {
    provide_changes();
    let navigation = Resource::new_blocking(|| (), |()| frame());
    view! {
        <Suspense fallback=|| view! { <Loading label="Loading"/> }>
            {move || Suspend::new(async move {
                match navigation.await {
                    Ok(navigation) => {
                        view! {
                            <AppFrame navigation>
                                <Outlet/>
                            </AppFrame>
                        }
                        .into_any()
                    }
                    Err(error) => {
                        view! {
                            <main id="main">
                                <h1 class="sr-only">"Punctual"</h1>
                                <ErrorState problem=error.0/>
                            </main>
                        }
                        .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// The signed-in frame around the gallery, with pages that exist only as examples.
#[component]
fn GalleryFrame() -> impl IntoView {
    view! {
        <AppFrame navigation=gallery::example_navigation()>
            <Outlet/>
        </AppFrame>
    }
}

/// The customers' frame around the gallery's public page.
#[component]
fn GalleryPublicFrame() -> impl IntoView {
    view! {
        <PublicFrame organisation="Aldertree Instruments">
            <Outlet/>
        </PublicFrame>
    }
}
