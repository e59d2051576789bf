//! The platform on a real Postgres, a fresh database for each test.

mod idempotency;
mod jobs;
mod mail;
mod outbox;
mod saga;
mod workers;
