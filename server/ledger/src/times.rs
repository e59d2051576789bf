//! Days and instants of the ledger. Its days are days of UTC, for everybody, so that two people in
//! two zones get the same trial balance; single instants are shown in the reader's zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::Actor;
use model::time::Stamp;
use model::zone::Zone;

use crate::error::Error;

/// How one reader sees instants.
pub(crate) struct Times(Zone);

impl Times {
    /// By the actor's zone; in UTC if that zone is unknown here.
    pub fn of(actor: &Actor) -> Self {
        Self(Zone::named(&actor.zone).unwrap_or_else(|_| Zone::utc()))
    }

    /// An instant for this reader.
    pub fn stamp(&self, at: DateTime<Utc>) -> Stamp {
        self.0.stamp(at)
    }
}

/// The first instant of a day.
fn start_of(field: &'static str, day: NaiveDate) -> Result<DateTime<Utc>, Error> {
    if !(1900..=9998).contains(&day.year()) {
        let message = "use a year from 1900 to 9998".to_owned();
        return Err(Error::Invalid { field, message });
    }
    Ok(day.and_time(NaiveTime::MIN).and_utc())
}

/// The first instant after a day.
pub(crate) fn end_of(field: &'static str, day: NaiveDate) -> Result<DateTime<Utc>, Error> {
    Ok(start_of(field, day)? + TimeDelta::days(1))
}

/// A span of days as instants: from the first one inclusive to the second one exclusive.
pub(crate) struct Span {
    /// Inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
}

impl Span {
    /// The span from one day to another, both included.
    ///
    /// # Errors
    /// [`Error::Invalid`] for years that no ledger has.
    pub fn of(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, Error> {
        Ok(Self {
            from: from.map(|day| start_of("from", day)).transpose()?,
            until: to.map(|day| end_of("to", day)).transpose()?,
        })
    }
}
