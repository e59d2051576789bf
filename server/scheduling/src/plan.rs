//! From a request to what is to be taken: whom and what it names, and when.

use model::permission::Who;
use model::scheduling::meeting::{Colleague, CreateMeeting, MeetingState, Response};
use model::scheduling::recurrence::Rule;
use model::zone::Zone;
use model::{Actor, MeetingId};
use sqlx::PgConnection;

use crate::guests::{Guest, guests, named_rooms};
use crate::store::attendees::AttendeeRow;
use crate::store::meetings::OccurrenceRow;
use crate::store::occupancy::Claim;
use crate::store::people;
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
}

impl Plan {
    /// Everything that the meeting takes: those whom it needs, and its rooms, each time.
    pub(crate) fn claims(&self) -> Vec<Claim> {
        claims(&self.occurrences, &self.guests, &self.rooms)
    }
}

/// Everything that occurrences take.
pub(crate) fn claims(
    occurrences: &[OccurrenceRow],
    guests: &[Guest],
    rooms: &[RoomRow],
) -> Vec<Claim> {
    let people = guests.iter().filter(|g| g.required);
    let people = people.filter_map(|g| g.person.as_ref().map(|p| (p.id.0, false)));
    let who: Vec<_> = people.chain(rooms.iter().map(|r| (r.id.0, true))).collect();
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
        let organizer = organizer(conn, actor, request.organizer.as_deref()).await?;
        let mut invited = vec![Guest {
            email: organizer.email.clone(),
            name: organizer.name.clone(),
            person: Some(organizer.clone()),
            required: true,
        }];
        let asked = guests(conn, &request.attendees).await?;
        let others = asked
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
        })
    }
}

/// Whether an attendee takes the own time for a meeting: those it needs until they say no, the others
/// once they say yes.
pub(crate) fn takes_time(row: &AttendeeRow) -> bool {
    match row.response {
        Response::Declined => false,
        Response::Accepted => true,
        Response::NeedsAction | Response::Tentative => row.required,
    }
}

/// Who invites: whom the request names, or the person who asks. A person invites in the own name.
async fn organizer(
    conn: &mut PgConnection,
    actor: &Actor,
    named: Option<&str>,
) -> Result<Colleague, Error> {
    let person = match &actor.who {
        Who::Person { id, .. } => Some(*id),
        _ => None,
    };
    let found = match (named, person) {
        (Some(named), _) => {
            let named = [named.to_owned()];
            crate::guests::colleagues(conn, "organizer", &named).await?
        }
        (None, Some(id)) => people::by_ids(conn, &[id]).await?,
        (None, None) => return Err(Error::field("organizer", "Say who invites.")),
    };
    let organizer = found.into_iter().next().ok_or(Error::NotFound("person"))?;
    if person.is_some_and(|id| id != organizer.id) {
        return Err(Error::NotTheOrganizer);
    }
    Ok(organizer)
}
