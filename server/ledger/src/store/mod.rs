//! The SQL of the ledger; every statement names schema `ledger` and no other.

pub(crate) mod balances;
pub(crate) mod entries;
pub(crate) mod entries_list;
pub(crate) mod posting;
pub(crate) mod progress;
pub(crate) mod seals;
