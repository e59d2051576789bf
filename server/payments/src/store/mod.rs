//! All SQL of payments: free functions on a connection that give model types. Schema `payments`.

pub mod attempts;
pub mod events;
pub mod items;
pub mod items_list;
pub mod orders;
pub mod payments;
pub mod payments_list;
pub mod settlements;
pub mod webhooks;
