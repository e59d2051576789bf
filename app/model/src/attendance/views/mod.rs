//! What the pages and the REST API of attendance take and give, by area. Times come with the
//! reader's offset, so that the browser draws what the server drew.

mod clock;
mod correction;
mod day;
mod device;
mod employment;
mod figures;
mod import;
mod kiosk;
mod leave;
mod overtime;
mod period;
mod punch;
mod roster;
mod swap;

pub use clock::*;
pub use correction::*;
pub use day::*;
pub use device::*;
pub use employment::*;
pub use figures::*;
pub use import::*;
pub use kiosk::*;
pub use leave::*;
pub use overtime::*;
pub use period::*;
pub use punch::*;
pub use roster::*;
pub use swap::*;

pub use super::severity::Severity;

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// Somebody, by name.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Id.
    pub id: PersonId,
    /// The name.
    pub name: String,
}
