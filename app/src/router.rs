//! Which address shows which page. A new page is one line here or in its area's routes, under the
//! frame it belongs to.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::api::identity::{frame, frame_at_once};
use crate::journey::JourneyWatch;
use crate::layout::{AppFrame, PublicFrame};
use crate::live::provide_changes;
use crate::pages::admin::AdminRoutes;
use crate::pages::attendance::AttendanceRoutes;
use crate::pages::auth::SignInPage;
use crate::pages::gallery::{self, Gallery, PublicGallery};
use crate::pages::home::Home;
use crate::pages::kiosk::Kiosk;
use crate::pages::ledger::LedgerRoutes;
use crate::pages::not_found::NotFound;
use crate::pages::pay::Pay;
use crate::pages::payments::PaymentsRoutes;
use crate::pages::scheduling::SchedulingRoutes;
use crate::pages::scheduling::invitation::Invitation;
use crate::pages::settlement::SettlementRoutes;
use crate::toast::{ToastRegion, Toasts};
use crate::ui::ErrorState;

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
                    <Route path=path!("/kiosk") view=Kiosk ssr=SsrMode::Async/>
                    <Route path=path!("/invitation/:link") view=Invitation ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/gallery") view=GalleryFrame>
                        <Route path=path!("") view=Gallery/>
                    </ParentRoute>
                    <ParentRoute path=path!("/gallery/public") view=GalleryPublicFrame>
                        <Route path=path!("") view=PublicGallery/>
                    </ParentRoute>
                    <ParentRoute path=path!("") view=SignedInFrame>
                        <Route path=path!("/") view=Home ssr=SsrMode::Async/>
                        <AttendanceRoutes/>
                        <SchedulingRoutes/>
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

/// The frame around every page of a signed-in person. The page is no child of anything that waits:
/// what waits is drawn more than once on the server, and a page must be drawn once, or the browser
/// part reads the data of another drawing than the one that it sees.
#[component]
fn SignedInFrame() -> impl IntoView {
    provide_changes();
    let navigation = RwSignal::new(SharedValue::new(frame_at_once).into_inner());
    let problem = RwSignal::new(None);
    // Who has just signed in comes from a page that had no frame yet.
    Effect::new(move |_| {
        if navigation.with_untracked(Option::is_some) {
            return;
        }
        leptos::task::spawn_local(async move {
            match frame().await {
                Ok(found) => navigation.set(Some(found)),
                Err(error) => problem.set(Some(error.0)),
            }
        });
    });
    view! {
        <AppFrame navigation>
            {move || problem.get().map(|problem| view! { <ErrorState problem/> })}
            <Outlet/>
        </AppFrame>
    }
}

/// The signed-in frame around the gallery, with pages that exist only as examples.
#[component]
fn GalleryFrame() -> impl IntoView {
    view! {
        <AppFrame navigation=Signal::stored(Some(gallery::example_navigation()))>
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
