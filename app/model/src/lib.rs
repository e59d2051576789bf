//! What the browser and the server both know: ids, money, problems, people, and the views and
//! rules of each domain. Everything here is pure: no I/O, no clock, no randomness, no framework.
//!
//! * [`ids`]: one type for each kind of id. [`money`]: whole minor units of one currency.
//! * [`problem`]: the one error that leaves the house. [`page`]: keyset pages.
//! * [`permission`]: who acts and what they may do. [`time`]: instants with a viewer's offset.
//! * [`identity`], [`payments`], [`ledger`], [`settlement`]: requests, views and rules by domain.
//!
//! To add a status: write it with [`words!`], give its legal moves as a table beside it, and name
//! both in the migration's check constraint; a test holds the two against each other.

#[macro_use]
mod macros;

pub mod attendance;
pub mod identity;
pub mod ids;
pub mod ledger;
pub mod money;
pub mod operations;
pub mod page;
pub mod payments;
pub mod permission;
pub mod problem;
pub mod scheduling;
pub mod settlement;
pub mod time;
#[cfg(feature = "zone")]
pub mod zone;

pub use ids::*;
pub use money::{Currency, Money};
pub use page::Page;
pub use permission::{Actor, Permission, Role};
pub use problem::{FieldError, Problem};
