//! Attendance: from the punch to the payroll export.
//!
//! Words. A *punch* is what a clock tells, kept as it came. A *day* is what punches, shifts, leave and
//! holidays make of a date, by the pure rules of `model::attendance`; it is *stale* once something of
//! that has changed, and derived again. A *correction* is a wish to have a day put right; granted, it
//! becomes *annotations* beside the punches. What a day of a *locked* period comes to later is an
//! *adjustment*.
//!
//! Use cases, one file each: [`clock`] (in and out on our own pages), [`punch`] (punches that programs
//! tell), [`devices`] (wall devices), [`kiosk`] (tablets at the door), [`days`] (months and days),
//! [`correct`], [`leave`], [`roster`], [`shifts`] (one's own), [`swaps`], [`presence`], [`periods`],
//! [`exceptions`], [`overtime`], [`employees`] (numbers and terms), [`payroll`], [`people`] (kept in step with identity).
//! [`derive`]: stale days become days again. [`privacy`]: who may see what of whom.
//!
//! [`shared`]: what many ask for at the same moment, in a few statements for all of them.
//!
//! SQL stands in `store` alone. Deliberately absent: a way to change or delete a punch.

pub mod accrue;
pub mod adjustments;
pub mod assign;
pub mod audited;
pub mod clock;
pub mod config;
pub mod correct;
pub mod days;
pub mod days_off;
pub mod derive;
pub mod devices;
pub mod due;
pub mod duty;
pub mod employees;
pub mod employment;
pub mod error;
pub mod exceptions;
pub mod export;
pub mod figures;
pub mod holidays;
pub mod inbox;
pub mod kiosk;
pub mod leave;
mod load;
pub mod overtime;
pub mod payroll;
pub mod people;
pub mod periods;
mod planned;
pub mod policies;
pub mod presence;
pub mod privacy;
pub mod punch;
mod reach;
pub mod remind;
pub mod retention;
pub mod roster;
pub mod rotations;
mod shared;
pub mod shifts;
mod shown;
pub mod sites;
mod store;
pub mod swaps;
pub mod templates;
mod write;
mod xlsx;

use std::sync::Arc;

use platform::Deps;
use platform::jobs::Registry;
use tokio::sync::Notify;

pub use config::Config;
pub use error::Error;

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Attendance {
    deps: Deps,
    config: Arc<Config>,
    /// Wakes the loop that derives, when something of this process has made a day stale.
    nudge: Arc<Notify>,
    /// Wall devices, so that their polls do not touch the database.
    devices: Arc<devices::known::KnownDevices>,
    /// When kiosks were heard, so that no press waits for it to be written down.
    kiosks: Arc<kiosk::heard::HeardKiosks>,
    /// What many ask for at the same moment.
    shared: Arc<shared::Shared>,
}

impl Attendance {
    /// Builds the service.
    pub fn new(deps: Deps, config: Config) -> Self {
        let devices = devices::known::KnownDevices::new(deps.now());
        Self {
            deps,
            config: Arc::new(config),
            nudge: Arc::new(Notify::new()),
            devices: Arc::new(devices),
            kiosks: Arc::default(),
            shared: Arc::default(),
        }
    }

    /// What the service was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Jobs and timers of this domain.
    pub fn register_jobs(&self, registry: &mut Registry) {
        self.register_due(registry);
        self.register_exceptions(registry);
        self.register_rotations(registry);
        self.register_devices(registry);
        self.register_remind(registry);
        self.register_accrue(registry);
        self.register_retention(registry);
    }
}
