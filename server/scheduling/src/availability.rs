//! Who is free, when all of them are, and which times suit best.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::availability::{Freshness, Why, common_free};
use model::scheduling::hours::LocalTime;
use model::scheduling::interval::{Interval, IntervalSet};
use model::scheduling::meeting::Alternative;
use model::scheduling::suggest::{Guest, RoomOption, Suggestion, Wish, suggest};
use model::scheduling::views::{
    AvailabilityView, BusyView, RoomAvailability, SourceView, UserAvailability,
};
use model::zone::Zone;
use model::{Actor, Permission, PersonId};

use crate::load::{Loaded, PersonTime, busy};
use crate::store::occupancy::TakenRow;
use crate::{Error, Scheduling, guests};

/// The longest range that may be asked for.
const LONGEST_RANGE: TimeDelta = TimeDelta::days(92);
/// The most people that may be asked for at once.
const MOST_PEOPLE: usize = 500;

/// `GET /availability`.
#[derive(Clone, Debug)]
pub struct AvailabilityRequest {
    /// Ids or addresses of people.
    pub users: Vec<String>,
    /// Ids or names of rooms.
    pub rooms: Vec<String>,
    /// The range.
    pub range: Interval,
    /// How long the meeting takes.
    pub duration_minutes: u16,
    /// The zone in which the reasons tell times; the caller's, if absent.
    pub zone: Option<String>,
}

impl Scheduling {
    /// Busy times of people and rooms, their common free time, and suggestions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`; [`Error::Invalid`] with each field that is
    /// wrong.
    pub async fn availability(
        &self,
        actor: &Actor,
        request: &AvailabilityRequest,
    ) -> Result<AvailabilityView, Error> {
        actor.require(Permission::MeetingsRead)?;
        check(request)?;
        let zone = request.zone.as_deref().unwrap_or(&actor.zone);
        let zone = Zone::named(zone).map_err(|e| Error::field("zone", e.to_string()))?;
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let people = guests::colleagues(&mut conn, "users", &request.users).await?;
        let rooms = guests::named_rooms(&mut conn, &request.rooms).await?;
        let range = request.range;
        let loaded = self
            .load(&mut conn, &people, &rooms, range, now, None)
            .await?;
        drop(conn);

        let minutes = i64::from(request.duration_minutes);
        let wish = Wish {
            reader: local_time(&zone, range),
            ..Wish::new(minutes, range)
        };
        Ok(AvailabilityView {
            range,
            common: common(&loaded, &BTreeSet::new(), range)
                .at_least(minutes)
                .as_slice()
                .to_vec(),
            suggestions: suggestions(&loaded, &BTreeSet::new(), &wish)
                .into_iter()
                .map(alternative)
                .collect(),
            users: loaded
                .people
                .iter()
                .map(|p| user_view(p, range, now))
                .collect(),
            rooms: loaded
                .rooms
                .iter()
                .map(|r| RoomAvailability {
                    id: r.room.id,
                    busy: busy_views(&r.taken, range),
                })
                .collect(),
        })
    }
}

fn check(request: &AvailabilityRequest) -> Result<(), Error> {
    let Interval { from, to } = request.range;
    if request.users.is_empty() && request.rooms.is_empty() {
        return Err(Error::field("users", "Name at least one person."));
    }
    if request.users.len() + request.rooms.len() > MOST_PEOPLE {
        let message = format!("Ask for at most {MOST_PEOPLE} people and rooms at once.");
        return Err(Error::field("users", message));
    }
    if to <= from {
        return Err(Error::field(
            "range",
            "The end must come after the beginning.",
        ));
    }
    if to - from > LONGEST_RANGE {
        return Err(Error::field("range", "Ask for at most 92 days at once."));
    }
    if !(5..=1440).contains(&request.duration_minutes) {
        let message = "A meeting to look for takes 5 minutes to 24 hours.";
        return Err(Error::field("durationMinutes", message));
    }
    Ok(())
}

/// The local time of one zone as data.
pub(crate) fn local_time(zone: &Zone, range: Interval) -> LocalTime {
    model::scheduling::hours::Whereabouts::at_home(zone.clone()).local_time(range)
}

/// When everybody who must come and every room is free.
pub(crate) fn common(
    loaded: &Loaded,
    optional: &BTreeSet<PersonId>,
    range: Interval,
) -> IntervalSet {
    let people = loaded.people.iter();
    let people = people.filter(|p| !optional.contains(&p.person.id));
    let people = people.map(|p| &p.availability);
    let rooms = loaded.rooms.iter().map(|r| &r.availability);
    common_free(people.chain(rooms), range)
}

/// The people that were loaded, as the engine weighs them.
pub(crate) fn guests_of<'a>(loaded: &'a Loaded, optional: &BTreeSet<PersonId>) -> Vec<Guest<'a>> {
    let guest = |p: &'a PersonTime| Guest {
        id: p.person.id,
        name: first_name(&p.person.name),
        required: !optional.contains(&p.person.id),
        availability: &p.availability,
        local: &p.local,
        unsocial_turns: p.turns,
    };
    loaded.people.iter().map(guest).collect()
}

/// The times that suit best. Every room that was loaded must be free: each narrows the range.
pub(crate) fn suggestions(
    loaded: &Loaded,
    optional: &BTreeSet<PersonId>,
    wish: &Wish,
) -> Vec<Suggestion> {
    let guests = guests_of(loaded, optional);
    let [first, others @ ..] = loaded.rooms.as_slice() else {
        return suggest(&guests, &[], wish);
    };
    // The engine chooses one room of several; here all of them are wanted. The first stands for
    // them, free only when all are.
    let mut availability = first.availability.clone();
    for other in others {
        availability.free = availability.free.intersect(&other.availability.free);
    }
    let option = RoomOption {
        room: &first.room,
        availability: &availability,
    };
    let wish = Wish {
        room: Some(wish.room.clone().unwrap_or_default()),
        ..wish.clone()
    };
    suggest(&guests, &[option], &wish)
}

/// How reasons call somebody: by the first name, as colleagues do.
pub(crate) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

pub(crate) fn alternative(suggestion: Suggestion) -> Alternative {
    Alternative {
        from: suggestion.slot.from,
        to: suggestion.slot.to,
        score: suggestion.score,
        reasons: suggestion.reasons,
    }
}

fn user_view(time: &PersonTime, range: Interval, now: DateTime<Utc>) -> UserAvailability {
    let mut busy = busy_views(&time.taken, range);
    // Leave and holidays are busy to others, and nothing more is said of them.
    for absence in &time.absences {
        if let Some(during) = absence.during.intersection(&range) {
            busy.push(BusyView {
                from: during.from,
                to: during.to,
                status: model::scheduling::availability::BusyStatus::Oof,
            });
        }
    }
    busy.sort_by_key(|b| (b.from, b.to));
    UserAvailability {
        id: time.person.id,
        busy,
        sources: vec![SourceView {
            kind: "punctual".to_owned(),
            state: Freshness::Fresh,
            as_of: Some(now),
        }],
    }
}

fn busy_views(taken: &[TakenRow], range: Interval) -> Vec<BusyView> {
    let views = taken.iter().map(busy).filter_map(|busy| {
        let during = busy.during.intersection(&range)?;
        Some(BusyView {
            from: during.from,
            to: during.to,
            status: busy.status,
        })
    });
    views.collect()
}

/// Why somebody cannot come to a slot, the weightiest reason alone.
pub(crate) fn obstacle(time: &PersonTime, slot: &Interval, reader: &LocalTime) -> Option<String> {
    let why: Option<Why> = time.availability.why_not(slot).into_iter().next();
    why.map(|why| why.sentence(first_name(&time.person.name), reader))
}
