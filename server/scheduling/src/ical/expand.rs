//! Every instance of every event of a file, whether it is busy or not. This is for checking our
//! reading against that of others.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use model::zone::Zone;

use super::series::{Range, instances, series};
use super::{Clock, Error, read};

/// One time at which an event takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The place of its VEVENT among all components of the file, from 0.
    pub component: u32,
    /// Its UID.
    pub uid: Option<String>,
    /// Its start, with the offset of the clock it is written by.
    pub start: DateTime<FixedOffset>,
    /// Its end.
    pub end: DateTime<FixedOffset>,
}

/// All instances of a file's events, sorted by start; at most `limit` of one series. Floating times
/// and whole days are read in `zone`. The sentences beside them say what could not be read.
///
/// # Errors
/// [`Error`] when the file as a whole cannot be read.
pub fn expand(
    text: &str,
    zone: &Zone,
    limit: usize,
) -> Result<(Vec<Occurrence>, Vec<String>), Error> {
    let calendar = read::calendar(text)?;
    let mut warnings = calendar.warnings.clone();
    let zone = Arc::new(zone.clone());
    let range = Range::new(
        DateTime::<Utc>::MIN_UTC,
        DateTime::<Utc>::MAX_UTC,
        zone,
        limit,
        false,
    );
    let mut all = Vec::new();
    for series in series(&calendar.events) {
        for instance in instances(&series, &range, &mut warnings) {
            all.push(Occurrence {
                component: instance.event.number,
                uid: instance.event.uid.clone(),
                start: shown(instance.start, &instance.start_clock),
                end: shown(instance.end, &instance.end_clock),
            });
        }
    }
    all.sort_by_key(|one| (one.start, one.component));
    Ok((all, warnings.sentences()))
}

fn shown(at: DateTime<Utc>, clock: &Clock) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(clock.offset_at(at)) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}
