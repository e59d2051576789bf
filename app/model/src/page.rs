//! Keyset pages: a list in a stable order, and where the next page begins.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// The cursor of the next page, or `null` on the last one. Opaque to callers.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The largest page anyone gets.
    pub const MAX: i64 = 200;

    /// Builds a page from up to `limit + 1` rows: the extra row only tells that there is more.
    pub fn from_overfetch(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }
}
