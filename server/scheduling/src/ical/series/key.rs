//! Which instance of a series a RECURRENCE-ID or EXDATE means.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use model::zone::Zone;

use crate::ical::read::Moment;

/// An instance is known by its original start: the instant of a time, the date of a day. Programs
/// mix the two, so a date also names whatever starts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    At(DateTime<Utc>),
    On(NaiveDate),
}

impl Key {
    /// What a moment in a series with this start means.
    pub(super) fn of(moment: &Moment, start: &Moment, zone: &Arc<Zone>) -> Option<Self> {
        if moment.date_only {
            return Some(Self::On(moment.local.date()));
        }
        if !start.date_only {
            return moment.instant(zone).map(Self::At);
        }
        // A time in a series of days is midnight somewhere. With a zone, the date is as written; in
        // UTC it has to be brought back to where the days are read.
        let local = if moment.clock.is_utc() {
            start.clock.or(zone).local(moment.instant(zone)?)
        } else {
            moment.local
        };
        Some(Self::On(local.date()))
    }
}
