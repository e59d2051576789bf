//! Instants as a viewer reads them. The server knows the time-zone database and sends the offset;
//! the browser only adds it, so both print the same text.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

/// An instant together with the viewer's offset at that instant.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Minutes east of UTC in the viewer's zone at that instant.
    pub offset_minutes: i32,
}

impl Stamp {
    /// An instant as read in UTC.
    pub const fn utc(at: DateTime<Utc>) -> Self {
        Self {
            at,
            offset_minutes: 0,
        }
    }

    fn local(&self) -> DateTime<FixedOffset> {
        let zero = FixedOffset::east_opt(0).expect("zero is a legal offset");
        let offset = FixedOffset::east_opt(self.offset_minutes * 60).unwrap_or(zero);
        self.at.with_timezone(&offset)
    }

    /// `23 Nov 2026`.
    pub fn date(&self) -> String {
        self.local().format("%-d %b %Y").to_string()
    }

    /// `17:04`.
    pub fn clock(&self) -> String {
        self.local().format("%H:%M").to_string()
    }

    /// `23 Nov 2026, 17:04`.
    pub fn date_time(&self) -> String {
        self.local().format("%-d %b %Y, %H:%M").to_string()
    }

    /// To the second with offset, for tooltips and exports: `2026-11-23T17:04:05+01:00`.
    pub fn exact(&self) -> String {
        self.local()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }
}
