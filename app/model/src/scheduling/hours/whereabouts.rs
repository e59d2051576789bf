//! In which zone a person is, day by day.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::super::interval::Interval;
use super::{LocalSpan, LocalTime, Travel};
use crate::zone::{UnknownZone, Zone};

/// A person's home zone and the days spent elsewhere, with the zones looked up.
#[derive(Clone, Debug)]
pub struct Whereabouts {
    home: Zone,
    trips: Vec<Trip>,
}

#[derive(Clone, Debug)]
struct Trip {
    first_day: NaiveDate,
    last_day: NaiveDate,
    zone: Zone,
}

impl Trip {
    fn has(&self, day: NaiveDate) -> bool {
        (self.first_day..=self.last_day).contains(&day)
    }
}

impl Whereabouts {
    /// Always in one zone.
    pub const fn at_home(home: Zone) -> Self {
        Self {
            home,
            trips: Vec::new(),
        }
    }

    /// A home, and journeys. Where two journeys overlap, the later one in the list stands.
    ///
    /// # Errors
    /// [`UnknownZone`] when a name is not in the database.
    pub fn new(home: &str, travel: &[Travel]) -> Result<Self, UnknownZone> {
        let trip = |travel: &Travel| {
            Ok(Trip {
                first_day: travel.first_day,
                last_day: travel.last_day,
                zone: Zone::named(&travel.zone)?,
            })
        };
        let trips: Result<_, UnknownZone> = travel.iter().map(trip).collect();
        Ok(Self {
            home: Zone::named(home)?,
            trips: trips?,
        })
    }

    /// Where a calendar day of the person is spent.
    pub fn zone_on(&self, day: NaiveDate) -> &Zone {
        let trip = self.trips.iter().rev().find(|trip| trip.has(day));
        trip.map_or(&self.home, |trip| &trip.zone)
    }

    /// Where the person is at an instant: on the journey as long as it is one of the journey's days
    /// there, else at home.
    pub fn zone_at(&self, at: DateTime<Utc>) -> &Zone {
        let mut trips = self.trips.iter().rev();
        let trip = trips.find(|trip| trip.has(trip.zone.day_of(at)));
        trip.map_or(&self.home, |trip| &trip.zone)
    }

    /// The person's local time over a range, as data.
    pub fn local_time(&self, range: Interval) -> LocalTime {
        let zones = self.trips.iter().map(|trip| &trip.zone).chain([&self.home]);
        let clocks = zones.flat_map(|zone| zone.transitions(range.from, range.to));
        let moves = self.trips.iter().flat_map(|trip| {
            let left = trip.last_day.checked_add_days(Days::new(1));
            let days = [Some(trip.first_day), left];
            days.into_iter()
                .filter_map(|day| trip.zone.start_of(day?))
                .filter(|at| range.contains(*at))
        });
        let changes = clocks.map(|change| change.at).chain(moves);
        let spans = changes.chain([range.from]).map(|from| {
            let zone = self.zone_at(from);
            LocalSpan {
                from,
                offset_minutes: zone.offset_minutes(from),
                place: zone.place(),
            }
        });
        LocalTime::from(spans.collect::<Vec<_>>())
    }
}
