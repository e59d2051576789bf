//! Attendance: what is punched, what a day is worth, and why.
//!
//! A punch is never edited, dropped or rounded; a day is derived from punches by pure rules and can
//! always be derived again. Rules stand in files of their own:
//!
//! * [`derive`]: from punches, shifts, leave and holidays to days. [`case`]: its input and output as
//!   JSON. [`day`]: what it gives. [`policy`]: what may be set.
//! * [`overtime`], [`compliance`]: what a week of days adds up to, and what the law says to it;
//!   [`severity`]: how much that weighs.
//! * [`shift`], [`rotation`], [`swap`], [`holidays`]: when somebody is expected. [`accrual`]: leave as a
//!   ledger.
//! * [`payroll`]: what leaves for payroll, traceable to days.
//! * [`views`]: what pages and the REST API take and give.

pub mod accrual;
#[cfg(feature = "zone")]
pub mod case;
pub mod compliance;
pub mod day;
#[cfg(feature = "zone")]
pub mod derive;
pub mod holidays;
pub mod overtime;
pub mod payroll;
pub mod policy;
pub mod rotation;
pub mod severity;
pub mod shift;
pub mod swap;
pub mod views;
