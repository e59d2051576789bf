//! Wall devices: what they say, what is kept of it, and whether they can be believed.
//!
//! * [`adms`]: terminals of ZKTeco, eSSL and their many other names, which push over HTTP; [`csv`]:
//!   punches from a table somebody exported. Both are pure: no clock, no database, no network.
//! * [`call`]: one request of a device and its answer. It goes on to [`receive`] (keep first),
//!   [`work_off`] (read later), [`poll`] (what a device is to do) and [`results`] (how that went).
//! * [`known`]: devices in memory, so that polls do not touch the database.
//! * [`watch`]: clocks, silence, volume and completeness, by the clock. [`alarms`]: what comes of it.
//! * [`page`], [`badges`], [`import`]: what people do with devices, badges and files. [`files`]: files that
//!   are kept while somebody looks at them, and read by a job. [`set_aside`]: what does not count, for
//!   people to look at.
//!
//! `README.md` beside this file tells how a device speaks and how another family is added.

pub mod adms;
mod alarms;
pub mod badges;
pub mod call;
pub mod csv;
pub mod files;
pub mod import;
pub(crate) mod known;
pub mod page;
pub mod poll;
pub(crate) mod receive;
mod results;
pub mod set_aside;
pub(crate) mod watch;
pub(crate) mod work_off;

pub use call::{DeviceAnswer, DeviceCall};

/// Which way a punch says it went: a hint, since people press the wrong key and most readers send the
/// same one all day.
pub use model::attendance::day::Direction;

use platform::jobs::Registry;

use crate::Attendance;

impl Attendance {
    /// Jobs of devices.
    pub(crate) fn register_devices(&self, registry: &mut Registry) {
        self.register_work_off(registry);
        self.register_watch(registry);
        self.register_files(registry);
    }
}
