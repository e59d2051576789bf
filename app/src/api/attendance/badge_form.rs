//! Badges that are somebody's: handed on, and given back.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::BadgeId;

use crate::api::ApiError;

/// Hands a badge on to somebody else from a day on: whoever has it has it until then.
///
/// # Errors
/// 422 for somebody who is not known, and for a day on which it is not theirs who have it; 404 for one
/// that nobody has so any more.
#[server(prefix = "/fn")]
pub async fn hand_badge(
    /// Which badge of whom.
    id: BadgeId,
    /// Whose it becomes, by id, address or number.
    employee: String,
    /// From which day on.
    from: NaiveDate,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?
        .hand_badge(&actor, id, &employee, from)
        .await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}

/// Takes a badge back from a day on; what was punched with it since is nobody's then.
///
/// # Errors
/// 422 for a day on which it is not theirs; 404 for one that nobody has so any more.
#[server(prefix = "/fn")]
pub async fn end_badge(
    /// Which badge of whom.
    id: BadgeId,
    /// From which day on.
    from: NaiveDate,
) -> Result<(), ApiError> {
    let actor = crate::ssr::actor()?;
    super::service()?.end_badge(&actor, id, from).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::DEVICES);
    Ok(())
}
