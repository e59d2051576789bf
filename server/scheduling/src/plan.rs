//! From a request to what is to be taken: whom and what it names, and when.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::scheduling::meeting::{
    Colleague, CreateMeeting, MeetingRoom, MeetingState, MeetingView, Response, Slot,
};
use model::scheduling::recurrence::Rule;
use model::zone::Zone;
use model::{Actor, MeetingId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::guests::{Guest, among, find, lookup, named_rooms, shorten, users};
use crate::store::attendees::AttendeeRow;
use crate::store::meetings::{MeetingRow, OccurrenceRow};
use crate::store::occupancy::Claim;
use crate::store::rooms::RoomRow;
use crate::times::{self, Span};
use crate::{Error, Scheduling};

/// What is asked for, with everybody and everything found.
pub struct Plan {
    pub(crate) organizer: Colleague,
    /// Everybody who is asked to come, the organizer first.
    pub(crate) guests: Vec<Guest>,
    pub(crate) rooms: Vec<RoomRow>,
    pub(crate) zone: Zone,
    pub(crate) rule: Option<Rule>,
    pub(crate) occurrences: Vec<OccurrenceRow>,
    /// Times that are over by then are left as they are.
    pub(crate) since: Option<DateTime<Utc>>,
    /// Who and what alone is to be taken, since the others have their time already.
    pub(crate) newcomers: Option<BTreeSet<Uuid>>,
}

impl Plan {
    /// Everything that is to be taken.
    pub(crate) fn claims(&self) -> Vec<Claim> {
        let mut claims = self.all_claims();
        if let Some(newcomers) = &self.newcomers {
            claims.retain(|claim| newcomers.contains(&claim.who));
        }
        claims
    }

    /// Everything that the meeting takes: those whom it needs, and its rooms, each time.
    pub(crate) fn all_claims(&self) -> Vec<Claim> {
        let mut claims = claims(&self.occurrences, &self.guests, &self.rooms);
        claims.retain(|claim| self.since.is_none_or(|since| claim.to_at > since));
        claims
    }

    /// Who and what the meeting takes.
    pub(crate) fn takers(&self) -> BTreeSet<Uuid> {
        let takers = takers(&self.guests, &self.rooms);
        takers.into_iter().map(|(who, _)| who).collect()
    }

    /// Everybody of the organisation who is asked to come, and the rooms, whether or not they take time.
    pub(crate) fn members(&self) -> Vec<Uuid> {
        let people = self.guests.iter().filter_map(|g| g.person.as_ref());
        let people = people.map(|person| person.id.0);
        people.chain(self.rooms.iter().map(|r| r.id.0)).collect()
    }

    /// The meeting as it stands once it is written: what [`crate::one::view`] would read again.
    pub(crate) fn view(self, row: MeetingRow, mut invited: Vec<AttendeeRow>) -> MeetingView {
        invited.sort_by_key(|a| (a.name.to_lowercase(), a.id));
        let mut rooms: Vec<_> = self
            .rooms
            .into_iter()
            .map(|r| MeetingRoom {
                id: r.id,
                name: r.name,
            })
            .collect();
        rooms.sort_by_key(|room: &MeetingRoom| room.name.to_lowercase());
        let first = self.occurrences.first();
        let slot = Slot {
            from: first.map_or(row.created_at, |o| o.from_at),
            to: first.map_or(row.created_at, |o| o.to_at),
        };
        crate::one::put_together(row, self.organizer, invited, rooms, slot)
    }

    /// The time is another one: everybody but the organizer is asked again. Whoever has said no may
    /// have meant the time.
    pub(crate) fn ask_again(&mut self) {
        for guest in self.guests.iter_mut().skip(1) {
            guest.response = Response::NeedsAction;
        }
    }
}

/// Who and what a meeting takes, and whether it is a room.
fn takers(guests: &[Guest], rooms: &[RoomRow]) -> Vec<(Uuid, bool)> {
    let people = guests.iter().filter(|g| g.takes_time());
    let people = people.filter_map(|g| g.person.as_ref().map(|p| (p.id.0, false)));
    people.chain(rooms.iter().map(|r| (r.id.0, true))).collect()
}

/// Everything that occurrences take.
pub(crate) fn claims(
    occurrences: &[OccurrenceRow],
    guests: &[Guest],
    rooms: &[RoomRow],
) -> Vec<Claim> {
    let who = takers(guests, rooms);
    let times = occurrences
        .iter()
        .filter(|o| o.state != MeetingState::Cancelled);
    times
        .flat_map(|o| {
            who.iter().map(|(who, is_room)| Claim {
                original_local: o.original_local,
                who: *who,
                is_room: *is_room,
                from_at: o.from_at,
                to_at: o.to_at,
            })
        })
        .collect()
}

impl Scheduling {
    /// Finds everybody and everything that a request names.
    pub(crate) async fn plan(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        request: &CreateMeeting,
        id: MeetingId,
        state: MeetingState,
    ) -> Result<Plan, Error> {
        let known = known(conn, actor, request).await?;
        let organizer = organizer(&known, actor, request.organizer.as_deref())?;
        let mut invited = vec![Guest::organizer(&organizer)];
        let others = among(&known, &request.attendees)?
            .into_iter()
            .filter(|g| g.person.as_ref().map(|p| p.id) != Some(organizer.id));
        invited.extend(others);
        let rooms = named_rooms(conn, &request.rooms).await?;
        let zone = request.zone.as_deref().unwrap_or(&organizer.zone);
        let zone = times::zone("zone", zone)?;
        let rule = request.recurrence.as_deref().map(times::rule).transpose()?;
        let local_start = zone.local_of(request.slot.from);
        let span = Span {
            meeting: id,
            state,
            local_start,
            zone: &zone,
            minutes: (request.slot.to - request.slot.from).num_minutes(),
            rule: rule.as_ref(),
        };
        let mut occurrences = span.occurrences(local_start, times::horizon(local_start))?;
        if let (None, [only]) = (&rule, occurrences.as_mut_slice()) {
            // An hour that the clocks show twice: the instant that was asked for counts.
            only.from_at = request.slot.from;
            only.to_at = request.slot.to;
        }
        Ok(Plan {
            organizer,
            guests: invited,
            rooms,
            zone,
            rule,
            occurrences,
            since: None,
            newcomers: None,
        })
    }
}

/// Everybody of the organisation whom a request names, and the person who asks, in one question.
async fn known(
    conn: &mut PgConnection,
    actor: &Actor,
    request: &CreateMeeting,
) -> Result<Vec<Colleague>, sqlx::Error> {
    let mut named = users(&request.attendees);
    named.extend(request.organizer.clone());
    named.extend(actor.person_id().map(|id| id.to_string()));
    lookup(conn, &named).await
}

/// Who invites: whom the request names, or the person who asks. A person invites in the own name.
fn organizer(known: &[Colleague], actor: &Actor, named: Option<&str>) -> Result<Colleague, Error> {
    let person = actor.person_id();
    let organizer = match (named, person) {
        (Some(named), _) => find(known, named).ok_or_else(|| {
            let message = format!("There is nobody called “{}” here.", shorten(named));
            Error::field("organizer", message)
        })?,
        (None, Some(id)) => {
            let own = known.iter().find(|p| p.id == id);
            own.ok_or(Error::NotFound("person"))?
        }
        (None, None) => return Err(Error::field("organizer", "Say who invites.")),
    };
    if person.is_some_and(|id| id != organizer.id) {
        return Err(Error::NotTheOrganizer);
    }
    Ok(organizer.clone())
}
