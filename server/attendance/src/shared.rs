//! What many ask for at the same moment, as at nine o'clock, done for all of them in a few statements.

use model::attendance::views::{ClockCard, PunchesTaken};
use platform::Together;
use platform::together::Limits;

use crate::clock::{Pressed, press_all};
use crate::devices::receive::{Kept, keep_all};
use crate::punch::told::{Told, take_told};
use crate::{Attendance, Error};

/// The shared work.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Presses on the clock of our own pages.
    pub presses: Together<Attendance, Pressed, Result<ClockCard, Error>>,
    /// Punches that programs tell, a few at a time.
    pub told: Together<Attendance, Told, Result<PunchesTaken, Error>>,
    /// Batches of devices.
    pub batches: Together<Attendance, Kept, ()>,
}

impl Default for Shared {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            presses: Together::new("attendance.presses", limits, press_all),
            told: Together::new("attendance.told", limits, take_told),
            batches: Together::new("attendance.batches", limits, keep_all),
        }
    }
}
