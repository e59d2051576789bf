//! A time that suits every week: the same weekday and hour, free for everybody in all of so many
//! weeks, or in as many as can be had, with those that fail named.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use model::scheduling::interval::Interval;
use model::scheduling::suggest::{RoomNeed, RoomOption};
use model::scheduling::views::{WeeklyPage, WeeklyQuery, WeeklyTime};
use model::scheduling::weekly::{WeeklySlot, WeeklyWish, Weeks, find, series};
use model::zone::Zone;
use model::{Actor, Permission, PersonId};

use crate::availability::{guests_of, local_time};
use crate::store::{people, rooms};
use crate::{Error, Scheduling};

/// The most weeks that are looked at.
const MOST_WEEKS: u16 = 26;
/// The most people and rooms.
const MOST: usize = 50;

impl Scheduling {
    /// Weekly times for the reader and others, the best first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`; [`Error::NotAPerson`]; [`Error::Invalid`] for
    /// more weeks or people than are looked at.
    pub async fn weekly(&self, actor: &Actor, query: &WeeklyQuery) -> Result<WeeklyPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let minutes = query.minutes.unwrap_or(30);
        let count = query.weeks.unwrap_or(8);
        if !(5..=480).contains(&minutes) {
            return Err(Error::field(
                "minutes",
                "A weekly meeting takes 5 minutes to 8 hours.",
            ));
        }
        if !(2..=MOST_WEEKS).contains(&count) {
            let message = format!("Look at 2 to {MOST_WEEKS} weeks.");
            return Err(Error::field("weeks", message));
        }
        if query.people.len() + query.rooms.len() > MOST {
            let message = format!("Look at no more than {MOST} people and rooms at once.");
            return Err(Error::field("people", message));
        }
        let now = self.deps.now();
        let zone = crate::page::zone_of(actor);
        let first_day = zone.day_of(now) + Days::new(1);
        let from = zone.start_of(first_day).unwrap_or(now);
        let range = Interval::new(from, from + TimeDelta::days(7 * i64::from(count) + 8));
        let mut conn = self.deps.db.read().await?;
        let me = self.reader(&mut conn, actor).await?;
        let mut wanted = vec![me.clone()];
        let found = people::by_ids(&mut conn, &query.people).await?;
        wanted.extend(found.into_iter().filter(|person| person.id != me.id));
        let ids: Vec<_> = query.rooms.iter().map(|id| id.0).collect();
        let rooms = rooms::by_ids(&mut conn, &ids).await?;
        let loaded = self
            .load(&mut conn, &wanted, &rooms, range, now, None)
            .await?;
        drop(conn);
        let optional: BTreeSet<PersonId> = query.optional.iter().copied().collect();
        let guests = guests_of(&loaded, &optional);
        let options: Vec<RoomOption<'_>> = loaded
            .rooms
            .iter()
            .map(|r| RoomOption {
                room: &r.room,
                availability: &r.availability,
            })
            .collect();
        let weeks = Weeks {
            first_day,
            count,
            minutes: i64::from(minutes),
        };
        let wish = WeeklyWish {
            room: (!options.is_empty()).then(RoomNeed::default),
            reader: local_time(&zone, range),
            ..WeeklyWish::default()
        };
        let slots = find(&guests, &options, &series(&zone, 15, weeks), &wish);
        Ok(WeeklyPage {
            people: loaded.people.iter().map(|p| p.person.clone()).collect(),
            zone: zone.name().to_owned(),
            minutes,
            weeks: count,
            times: slots
                .into_iter()
                .filter_map(|slot| time(&slot, &zone))
                .collect(),
        })
    }
}

/// A weekly time as the page shows it; its first occurrence is what a booking begins with.
fn time(slot: &WeeklySlot, zone: &Zone) -> Option<WeeklyTime> {
    let first = slot.series.occurrences.first()?;
    Some(WeeklyTime {
        weekday: slot.series.weekday,
        from: zone.stamp(first.from),
        to: zone.stamp(first.to),
        score: slot.score,
        reasons: slot.reasons.clone(),
        failing: slot.failing.len(),
        room: slot.room,
    })
}
