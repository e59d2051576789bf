//! All SQL of this domain, schema `scheduling`.

pub mod answers;
pub mod attendees;
pub mod calendar;
pub mod history;
pub mod meetings;
pub mod notices;
pub mod occupancy;
pub mod people;
pub mod preferences;
pub mod rooms;
pub mod turns;
pub mod upkeep;
