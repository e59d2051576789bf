//! How bookings went: tried and booked, why not, and how long it took.

use chrono::{Days, TimeDelta};
use model::scheduling::views::{BookingDay, BookingFigures};
use model::{Actor, Permission};

use crate::store::history;
use crate::{Error, Scheduling};

/// How many days the figures are of.
const DAYS: i64 = 30;

impl Scheduling {
    /// The figures of the last thirty days, and of the thirty before.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`.
    pub async fn booking_figures(&self, actor: &Actor) -> Result<BookingFigures, Error> {
        actor.require(Permission::MeetingsRead)?;
        let now = self.deps.now();
        let from = now - TimeDelta::days(DAYS);
        let before = from - TimeDelta::days(DAYS);
        let mut conn = self.deps.db.read().await?;
        let outcomes = history::outcomes(&mut conn, from, now).await?;
        let outcomes_before = history::outcomes(&mut conn, before, from).await?;
        let took_ms = history::took(&mut conn, from, now).await?;
        let known = history::daily(&mut conn, from, now).await?;
        let sum = |outcomes: &[(String, i64)]| outcomes.iter().map(|(_, count)| count).sum();
        let booked = |outcomes: &[(String, i64)]| {
            let booked = outcomes.iter().find(|(word, _)| word == "booked");
            booked.map_or(0, |(_, count)| *count)
        };
        let first = from.date_naive();
        let days = (0..=DAYS).filter_map(|day| {
            let day = first.checked_add_days(Days::new(u64::try_from(day).ok()?))?;
            let found = known.iter().find(|(known, ..)| *known == day);
            let (tried, booked) = found.map_or((0, 0), |(_, tried, booked)| (*tried, *booked));
            Some(BookingDay { day, tried, booked })
        });
        Ok(BookingFigures {
            tried: sum(&outcomes),
            booked: booked(&outcomes),
            tried_before: sum(&outcomes_before),
            booked_before: booked(&outcomes_before),
            took_ms,
            daily: days.collect(),
            reasons: outcomes
                .into_iter()
                .filter(|(word, _)| word != "booked")
                .collect(),
        })
    }
}
