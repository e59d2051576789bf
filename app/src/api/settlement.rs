//! Imports of settlement files, and reconciliation.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::settlement::{ImportView, ItemFilter, ItemRow, NoteView, ReconciliationSummary};
use model::{ImportId, ItemId, Page};

use super::ApiError;

/// A page of imports, newest first.
///
/// # Errors
/// 401, 403 without `settlement:read`, or 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn settlement_imports(
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
) -> Result<Page<ImportView>, ApiError> {
    let actor = crate::ssr::actor()?;
    let payments = crate::ssr::service::<::payments::Payments>()?;
    Ok(payments
        .list_imports(&actor, cursor.as_deref(), None)
        .await?)
}

/// Whether the person may bring files.
///
/// # Errors
/// 401 when nobody is signed in.
#[server(prefix = "/fn")]
pub async fn settlement_may_import() -> Result<bool, ApiError> {
    Ok(crate::ssr::actor()?.may(model::Permission::SettlementWrite))
}

/// One import and how far it is.
///
/// # Errors
/// 401, 403 without `settlement:read`, or 404.
#[server(prefix = "/fn")]
pub async fn settlement_import(
    /// Which import.
    id: ImportId,
) -> Result<ImportView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::payments::Payments>()?
        .import(&actor, id)
        .await?)
}

/// The figures of reconciliation.
///
/// # Errors
/// 401, or 403 without `settlement:read`.
#[server(prefix = "/fn")]
pub async fn reconciliation_figures() -> Result<ReconciliationSummary, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::payments::Payments>()?
        .reconciliation_summary(&actor)
        .await?)
}

/// A page of lines of statements and reports.
///
/// # Errors
/// 401, 403 without `settlement:read`, or 422 for a filter that makes no sense.
// A filter with nothing in it is lost in a form's encoding, so it travels as JSON.
#[server(prefix = "/fn", input = Json)]
pub async fn reconciliation_items(
    /// Which lines.
    filter: ItemFilter,
) -> Result<Page<ItemRow>, ApiError> {
    let actor = crate::ssr::actor()?;
    let payments = crate::ssr::service::<::payments::Payments>()?;
    Ok(payments.reconciliation_items(&actor, &filter).await?)
}

/// One line with all that is known of it.
///
/// # Errors
/// 401, 403 without `settlement:read`, or 404.
#[server(prefix = "/fn")]
pub async fn reconciliation_item(
    /// Which line.
    id: ItemId,
) -> Result<ItemRow, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::payments::Payments>()?
        .reconciliation_item(&actor, id)
        .await?)
}

/// Puts a note on a line.
///
/// # Errors
/// 401, 403 without `settlement:write`, 404, or 422 for a note that is empty or too long.
#[server(prefix = "/fn")]
pub async fn add_item_note(
    /// Which line.
    item: ItemId,
    /// What to remember, 1 to 2000 characters.
    text: String,
) -> Result<NoteView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(crate::ssr::service::<::payments::Payments>()?
        .item_note(&actor, item, &text)
        .await?)
}
