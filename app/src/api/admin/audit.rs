//! The audit log.

use leptos::prelude::*;
use model::Page;
use model::identity::AuditRow;

use super::super::ApiError;

/// The log, newest first; with `group`, only actions of that group, such as `person`.
///
/// # Errors
/// 401; 403 without `audit:read`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn audit_log(
    group: Option<String>,
    cursor: Option<String>,
) -> Result<Page<AuditRow>, ApiError> {
    let actor = crate::ssr::actor()?;
    let identity = crate::ssr::service::<::identity::Identity>()?;
    let prefix = group.map(|group| format!("{group}."));
    Ok(identity
        .list_audit(&actor, prefix.as_deref(), cursor.as_deref(), super::ROWS)
        .await?)
}
