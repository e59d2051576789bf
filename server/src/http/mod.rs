//! The edges over HTTP. Nothing here knows a rule of a domain: a request becomes an actor and a
//! typed call, an answer becomes JSON or a page, an error becomes a problem.

mod api;
mod attendance_files;
mod auth;
mod clock_form;
mod forms;
mod health;
mod iclock;
mod idempotent;
mod kiosk;
mod pages;
mod problem;
mod punch_upload;
mod refused;
mod router;
mod stream;
mod upload;
mod webhooks;

pub use iclock::router as device_router;
pub use problem::HttpProblem;
pub use router::{AppState, private_router, router};

/// The address of every server function that this program has.
pub fn function_paths() -> Vec<&'static str> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect()
}
