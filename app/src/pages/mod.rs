//! The pages. Each is a file, or a folder once it is long: resources and actions on top, one
//! `view!`, small components below.

pub mod admin;
pub mod attendance;
pub mod auth;
pub mod gallery;
pub mod home;
pub mod kiosk;
pub mod ledger;
pub mod not_found;
pub mod pay;
pub mod payments;
pub mod scheduling;
pub mod settlement;
