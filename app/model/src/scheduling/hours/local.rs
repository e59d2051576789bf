//! A person's local time over some weeks, as data. The server makes it from the time-zone database;
//! whoever has it can tell local days and clock times without one.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::super::interval::{Interval, IntervalSet};
use crate::time::Stamp;

/// From when on a person has which offset, and where.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalSpan {
    /// The first instant with this offset.
    pub from: DateTime<Utc>,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
    /// The place, as people say it: `New York`.
    pub place: String,
}

/// A person's local time. The first span also holds before it begins, the last one for ever.
/// Without any span it is UTC.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<LocalSpan>")]
pub struct LocalTime(Vec<LocalSpan>);

impl From<Vec<LocalSpan>> for LocalTime {
    /// Puts the spans in order and joins those that do not differ.
    fn from(mut spans: Vec<LocalSpan>) -> Self {
        spans.sort_by_key(|span| span.from);
        spans.dedup_by(|next, span| {
            next.offset_minutes == span.offset_minutes && next.place == span.place
        });
        Self(spans)
    }
}

impl LocalTime {
    /// The same offset at all times.
    pub fn fixed(offset_minutes: i32, place: &str) -> Self {
        Self(vec![LocalSpan {
            from: DateTime::UNIX_EPOCH,
            offset_minutes,
            place: place.to_owned(),
        }])
    }

    /// Its spans, in order.
    pub fn spans(&self) -> &[LocalSpan] {
        &self.0
    }

    fn span(&self, at: DateTime<Utc>) -> Option<&LocalSpan> {
        let after = self.0.partition_point(|span| span.from <= at);
        self.0.get(after.saturating_sub(1))
    }

    /// Minutes east of UTC at an instant.
    pub fn offset_minutes(&self, at: DateTime<Utc>) -> i32 {
        self.span(at).map_or(0, |span| span.offset_minutes)
    }

    /// Where the person is at an instant.
    pub fn place(&self, at: DateTime<Utc>) -> &str {
        self.span(at).map_or("UTC", |span| span.place.as_str())
    }

    /// What the person's clock shows at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        (at + TimeDelta::minutes(i64::from(self.offset_minutes(at)))).naive_utc()
    }

    /// The person's calendar day at an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// Minutes since midnight on the person's clock at an instant.
    pub fn minute_of_day(&self, at: DateTime<Utc>) -> i64 {
        (self.local(at).time() - NaiveTime::MIN).num_minutes()
    }

    /// The instant as the person reads it.
    pub fn stamp(&self, at: DateTime<Utc>) -> Stamp {
        Stamp {
            at,
            offset_minutes: self.offset_minutes(at),
        }
    }

    /// All instants of one of the person's calendar days. Where the clocks are put back over
    /// midnight, or after a journey, they need not be in one piece.
    pub fn hours_of(&self, day: NaiveDate) -> IntervalSet {
        let midnight = day.and_time(NaiveTime::MIN).and_utc();
        let day_at = |offset_minutes: i32| {
            let from = midnight - TimeDelta::minutes(i64::from(offset_minutes));
            Interval::new(from, from + TimeDelta::days(1))
        };
        if self.0.is_empty() {
            return day_at(0).into();
        }
        let ends = self.0.iter().skip(1).map(|span| span.from);
        let ends = ends.chain([DateTime::<Utc>::MAX_UTC]);
        let spans = self.0.iter().zip(ends).enumerate();
        let pieces = spans.filter_map(|(number, (span, end))| {
            let first = number == 0;
            let from = if first {
                DateTime::<Utc>::MIN_UTC
            } else {
                span.from
            };
            day_at(span.offset_minutes).intersection(&Interval::new(from, end))
        });
        pieces.collect()
    }
}
