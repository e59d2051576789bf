//! Meetings against a real database.

mod answer;
mod availability;
mod book;
mod change;
mod clockwork;
mod mail;
mod race;
mod reply;
mod series;
mod world;
