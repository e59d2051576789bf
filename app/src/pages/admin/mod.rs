//! The pages of those who run the installation: people, API tokens, the audit log, jobs, mail and
//! the sandbox. Each is sent whole, with its data, its title and its status.
//!
//! To add one: a file here, a `<Route>` below, and what it asks for in [`crate::api::admin`].

mod audit;
mod jobs;
mod mail;
mod parts;
mod people;
mod person;
mod person_new;
mod sandbox;
mod sandbox_faults;
mod token_new;
mod tokens;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use audit::AuditLog;
use jobs::Jobs;
use mail::{Mail, MailList};
use people::People;
use person::Person;
use person_new::NewPerson;
use sandbox::SandboxPage;
use token_new::NewTokenPage;
use tokens::Tokens;

/// The addresses of administration, to hang under the frame of signed-in people.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin/people") view=People ssr=SsrMode::Async/>
        <Route path=path!("/admin/people/new") view=NewPerson ssr=SsrMode::Async/>
        <Route path=path!("/admin/people/:id") view=Person ssr=SsrMode::Async/>
        <Route path=path!("/admin/tokens") view=Tokens ssr=SsrMode::Async/>
        <Route path=path!("/admin/tokens/new") view=NewTokenPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/audit") view=AuditLog ssr=SsrMode::Async/>
        <Route path=path!("/admin/jobs") view=Jobs ssr=SsrMode::Async/>
        <Route path=path!("/admin/mail") view=MailList ssr=SsrMode::Async/>
        <Route path=path!("/admin/mail/:id") view=Mail ssr=SsrMode::Async/>
        <Route path=path!("/admin/sandbox") view=SandboxPage ssr=SsrMode::Async/>
    }
    .into_inner()
}
