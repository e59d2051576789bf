//! Our reading of calendars against other people's files, our own cases, round trips, and damage.

mod cases;
mod damage;
mod expansion;
mod files;
mod own;
mod roundtrip;
mod samples;
