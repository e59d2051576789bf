//! The sandbox from outside: over HTTP, as its clients see it.
#![allow(clippy::unwrap_used, missing_docs)]

mod cards;
mod cycle;
mod faults;
mod idempotency;
mod life;
mod pages;
mod restart;
mod webhooks;
mod world;
