//! Reading the books.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::EntryId;
use model::Page;
use model::ledger::{
    AccountNode, EntryFilter, EntryView, StatementFilter, StatementPage, TrialBalance,
};

use super::ApiError;

/// The tree of accounts with their balances.
///
/// # Errors
/// 401, or 403 without `ledger:read`.
#[server(prefix = "/fn")]
pub async fn ledger_accounts() -> Result<Vec<AccountNode>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::ledger::Ledger>()?
        .accounts(&actor)
        .await?)
}

/// A page of entries, newest first.
///
/// # Errors
/// 401, 403 without `ledger:read`, or 422 for a filter that makes no sense.
// A filter with nothing in it is lost in a form's encoding, so it travels as JSON.
#[server(prefix = "/fn", input = Json)]
pub async fn ledger_entries(
    /// Which entries.
    filter: EntryFilter,
) -> Result<Page<EntryView>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::ledger::Ledger>()?
        .entries(&actor, &filter)
        .await?)
}

/// One entry with its lines.
///
/// # Errors
/// 401, 403 without `ledger:read`, or 404.
#[server(prefix = "/fn")]
pub async fn ledger_entry(
    /// Which entry.
    id: EntryId,
) -> Result<EntryView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::ledger::Ledger>()?
        .entry(&actor, id)
        .await?)
}

/// A page of an account's statement, newest first.
///
/// # Errors
/// 401, 403 without `ledger:read`, 404, or 422 for a filter that makes no sense.
#[server(prefix = "/fn", input = Json)]
pub async fn ledger_statement(
    /// Which part of which account.
    filter: StatementFilter,
) -> Result<StatementPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::ledger::Ledger>()?
        .statement(&actor, &filter)
        .await?)
}

/// The trial balance at the end of a day, or of everything.
///
/// # Errors
/// 401, 403 without `ledger:read`, or 422 for a year that no ledger has.
#[server(prefix = "/fn", input = Json)]
pub async fn ledger_trial_balance(
    /// The last day that counts, in UTC; everything when left out.
    as_of: Option<NaiveDate>,
) -> Result<TrialBalance, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::ledger::Ledger>()?
        .trial_balance(&actor, as_of)
        .await?)
}
