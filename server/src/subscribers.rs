//! The list: which event wakes which domain. Domains do not call each other; what one has to do
//! because of another is here, and runs as a job exactly once an event.

use platform::outbox::Subscribers;

/// Every durable subscriber. The way of the money from capture to the bank line is inside one
/// domain, so there is none yet: pages that stay open listen to the broadcast instead.
pub fn all() -> Subscribers {
    Subscribers::new()
}
