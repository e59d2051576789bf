//! The platform on a real Postgres, a fresh database for each test.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on ends where it stands"
)]

mod idempotency;
mod jobs;
mod mail;
mod outbox;
mod saga;
mod traces;
mod workers;
