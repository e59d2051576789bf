//! The identity domain against a real Postgres, one database for each test.

mod audit;
mod people;
mod sessions;
mod sign_in;
mod tokens;
mod world;
