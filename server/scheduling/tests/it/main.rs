//! Meetings against a real database.

mod answer;
mod availability;
mod book;
mod change;
mod clockwork;
mod mail;
mod once;
mod organizer;
mod race;
mod reply;
mod series;
mod split;
mod world;
