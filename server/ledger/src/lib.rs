//! The books: an immutable double-entry ledger that knows nothing of payments.
//!
//! # Words
//! * An **account** is a path such as `Assets:PSP:stripe:Pending`. Its first segment says what it
//!   is. It comes into being with its first line and never goes away. It holds any currencies.
//! * An **entry** is one business event in the books: source, kind, text, two instants and two or
//!   more **lines**. A line moves an amount on an account; debit is positive, credit negative.
//! * A **source** names the business event, for example `payment:<id>:captured`. One source, one
//!   entry, however often it is posted.
//! * A **seal** is a link of the chain of hashes behind the entries.
//!
//! # From draft to books
//! [`Draft`] is what a caller words; [`Draft::balance`] proves it and gives [`Balanced`]; only that
//! can be posted. The database proves all of it once more and refuses to change what is written.
//!
//! # Use cases, one a file
//! | file | what |
//! |---|---|
//! | `draft` | word an entry and prove it |
//! | `post` | [`Ledger::post_in_tx`], [`Ledger::post_many_in_tx`]: join the caller's transaction |
//! | `poster` | [`Ledger::post`]: on its own, sharing one commit with whoever posts at the same time |
//! | `reverse` | [`Ledger::reverse_in_tx`]: take an entry back |
//! | `accounts`, `entries`, `statement`, `trial_balance` | read |
//! | `settle`, `roll_up`, `seal` | what workers do behind the postings |
//! | `verify` | prove that nothing was tampered with |
//! | `export` | journal for hledger, table for spreadsheets |
//! | `jobs` | hand `roll_up` and `seal` to the workers |
//!
//! # What is absent on purpose
//! There is no balance column that a posting updates, and no lock on an account: postings only
//! insert, so a thousand of them on one account do not wait for each other. A rule that needs a
//! limit ("never refund more than was captured") locks its own row in its own domain. There is no
//! update and no delete: a correction is a reversal. There is no clock but [`platform::Deps`]'s.
//!
//! # To add a reading
//! Put its view into `model::ledger`, its SQL into `store/`, and a file here whose public function
//! begins with `actor.require(Permission::LedgerRead)?`.

mod accounts;
mod canonical;
mod draft;
mod entries;
mod error;
mod export;
mod jobs;
mod post;
mod poster;
mod reverse;
mod roll_up;
mod seal;
mod settle;
mod statement;
mod store;
mod times;
mod trial_balance;
mod verify;

use std::sync::Arc;

use platform::Deps;

pub use draft::{Balanced, Draft, DraftLine};
pub use error::{DraftError, Error};
pub use export::ExportFormat;
pub use jobs::{ROLL_UP, SEAL};
pub use post::Posted;
pub use reverse::REVERSAL;
pub use verify::{Finding, Verified};

/// The books; cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    deps: Deps,
    poster: Arc<poster::Poster>,
}

impl Ledger {
    /// The books in a database.
    pub fn new(deps: Deps) -> Self {
        Self {
            deps,
            poster: Arc::default(),
        }
    }
}
