//! The small platform under every domain: Postgres, time, randomness, HTTP, jobs, events, sagas,
//! secrets and mail. It knows nothing of people, meetings or money.
//!
//! * [`deps::Deps`] is what a service is built from. [`db`] has named transactions and the migrator.
//! * [`clock`]: time and randomness as parameters. [`http`]: the one client for calls out.
//! * [`jobs`]: work that outlives a request. [`outbox`]: events in the transaction that caused them.
//! * [`saga`]: steps that survive a crash. [`idempotency`]: one answer for one key.
//! * [`vault`]: sealed secrets. [`hasher`]: hashes of what people type. [`mail`]: mail as a job. [`postgres`]: a private server of our own.
//! * [`together`]: what many requests ask at once, done in one statement.
//! * [`faults`]: named points at which a test may kill the process.

pub mod clock;
mod cursor;
pub mod db;
pub mod deps;
pub mod faults;
pub mod hasher;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod mail;
pub mod outbox;
pub mod postgres;
pub mod saga;
pub mod telemetry;
pub mod together;
pub mod vault;

pub use clock::{Clock, Entropy, ManualClock, SeededEntropy, SystemClock, SystemEntropy};
pub use db::{Db, MIGRATOR, Tx, on_constraint};
pub use deps::Deps;
pub use hasher::Hasher;
pub use together::Together;
