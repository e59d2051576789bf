//! The payments domain against a real Postgres and the sandbox, one database for each test.
#![allow(clippy::unwrap_used)]

mod live;
mod news;
mod settlement;
mod world;
