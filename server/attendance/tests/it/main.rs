//! Attendance against a real database.

mod badges;
mod books;
mod cases;
mod conversation;
mod correct;
mod days;
mod derive;
mod desk;
mod devices;
mod devices_watch;
mod exceptions;
mod holidays;
mod leave;
mod locked;
mod office;
mod payroll;
mod periods;
mod plans;
mod policies;
mod privacy;
mod punch;
mod remind;
mod retention;
mod roster;
mod terminal;
mod world;
