//! Meetings: when people and rooms are free, and what a meeting is. Pure; local time becomes
//! instants only with the feature `zone`.

pub mod availability;
pub mod bitmap;
pub mod hours;
pub mod interval;
pub mod meeting;
#[cfg(feature = "zone")]
pub mod recurrence;
pub mod suggest;
pub mod views;
pub mod weekly;
