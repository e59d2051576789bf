//! Meetings: when people and rooms are free, and what takes their time.
//!
//! Words. A *meeting* is what somebody invites to; a meeting that repeats is a *series*. It takes
//! place at *occurrences*, each known for ever by its original local start. An occurrence *occupies*
//! its people and rooms: one row each, under the one constraint that nobody can be in two places.
//! An *attendee* is asked to come, by invitation mail, and *answers*.
//!
//! Use cases, one file each: [`availability`] (who is free, and what suits), [`book`], [`change`],
//! [`cancel`], [`answer`], [`week`] (the page of the grid), [`weekly`] (a time free in every week), [`agenda`], [`one`] (the page of one
//! meeting), [`rooms`], [`preferences`], [`people`] (kept in step with identity), [`absences`] (what
//! attendance tells), [`figures`].
//! Work by the clock: [`invite`] (mails), [`remind`], [`extend`] (more occurrences of a series),
//! [`hold`] (held meetings that nobody confirmed). [`reply`]: answers that come as mail.
//! `organizer`: what whoever organizes is told of. `turns`: who had the early or late hour lately.
//!
//! [`ical`] reads and writes calendar text. The rules of free time, suggestions and recurrence are
//! pure and stand in `model::scheduling`. SQL stands in `store` alone.
//!
//! Deliberately absent: a check for overlaps in code. Code asks the database to take the time, and
//! the database says no.

pub mod absences;
pub mod agenda;
pub mod answer;
pub mod availability;
pub mod book;
pub mod cancel;
pub mod change;
pub mod config;
mod conflicts;
pub mod error;
pub mod extend;
pub mod figures;
mod guests;
pub mod hold;
pub mod ical;
pub mod invite;
mod invited;
mod load;
mod news;
pub mod one;
mod organizer;
mod page;
pub mod people;
pub mod plan;
pub mod preferences;
pub mod remind;
pub mod reply;
pub mod rooms;
mod series;
mod store;
mod times;
mod turns;
pub mod week;
pub mod weekly;

use std::sync::Arc;

use platform::Deps;
use platform::jobs::Registry;

pub use config::Config;
pub use error::Error;

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Scheduling {
    deps: Deps,
    config: Arc<Config>,
}

impl Scheduling {
    /// Builds the service.
    pub fn new(deps: Deps, config: Config) -> Self {
        Self {
            deps,
            config: Arc::new(config),
        }
    }

    /// What the service was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Jobs and timers of this domain.
    pub fn register_jobs(&self, registry: &mut Registry) {
        self.register_invite(registry);
        self.register_remind(registry);
        self.register_extend(registry);
        self.register_hold(registry);
    }
}
