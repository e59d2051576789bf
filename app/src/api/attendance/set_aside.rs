//! What devices sent and does not count, as its page asks for it.

use leptos::prelude::*;
use model::attendance::views::SetAsidePage;

use crate::api::ApiError;

/// What was set aside, the latest to come first.
///
/// # Errors
/// 403 without `attendance:manage`; 422 for a cursor that is none.
#[server(prefix = "/fn")]
pub async fn set_aside(
    /// What of it: `lines`, `seen`; punches, if it is anything else.
    show: Option<String>,
    /// Where the page begins.
    cursor: Option<String>,
) -> Result<SetAsidePage, ApiError> {
    use model::attendance::views::SetAside;

    let actor = crate::ssr::actor()?;
    let shown = show.and_then(|word| word.parse().ok());
    Ok(super::service()?
        .set_aside_page(
            &actor,
            shown.unwrap_or(SetAside::Punches),
            cursor.as_deref(),
        )
        .await?)
}

/// Says that somebody has looked at a line that could not be read.
///
/// # Errors
/// 403 without `attendance:manage`; 404 when there is none.
#[server(prefix = "/fn")]
pub async fn see_line(
    /// Which.
    id: i64,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.see_line(&actor, id).await?)
}
