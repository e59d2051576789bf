//! What administrators ask for: people, tokens, the audit log, jobs and mail, the sandbox.

// The macro makes a public struct of each function's arguments, and no words can be put on those.
#![allow(missing_docs)]

mod audit;
mod operations;
mod people;
mod sandbox;
mod tokens;

pub use audit::*;
pub use operations::*;
pub use people::*;
pub use sandbox::*;
pub use tokens::*;

/// How many rows a page of a list has.
#[cfg(feature = "ssr")]
const ROWS: i64 = 50;

/// Writes down why the database did not do what it was asked; the caller learns only that.
#[cfg(feature = "ssr")]
fn broken(cause: impl std::fmt::Display) -> model::Problem {
    leptos::logging::error!("an administration page could not use the database: {cause}");
    model::Problem::internal()
}
