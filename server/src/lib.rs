//! The `punctual` binary: its commands, its edges, and the one place where everything is wired.
//!
//! * [`config`]: what an operator may set. [`wiring`]: services, gateways, jobs are built there
//!   and nowhere else. [`subscribers`]: which event wakes which domain.
//! * [`http`]: routes, sessions, headers, the REST API, webhooks, health.
//! * [`cli`]: one command a file. [`demo`]: an organisation to look at.

pub mod cli;
pub mod config;
pub mod demo;
pub mod http;
pub mod subscribers;
pub mod wiring;
