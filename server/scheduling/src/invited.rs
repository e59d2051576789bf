//! Who and what a meeting has when it is changed: who comes and who goes, and which rooms.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::MeetingId;
use model::scheduling::meeting::ChangeMeeting;
use model::zone::Zone;
use platform::db::Tx;
use uuid::Uuid;

use crate::guests::{Guest, guests, named_rooms};
use crate::plan::Plan;
use crate::store::attendees::{self, AttendeeRow};
use crate::store::meetings::{self, MeetingRow};
use crate::store::people;
use crate::store::rooms;
use crate::{Error, Scheduling};

impl Scheduling {
    /// Who and what the changed meeting has. Occurrences are the caller's to fill in.
    pub(crate) async fn plan_of(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        zone: Zone,
        change: &ChangeMeeting,
    ) -> Result<Plan, Error> {
        let organizer = people::by_ids(tx, &[row.organizer_id]).await?;
        let organizer = organizer.into_iter().next();
        let organizer = organizer.ok_or(Error::NotFound("person"))?;
        let mut invited = vec![Guest::organizer(&organizer)];
        let rows = attendees::of_meeting(tx, row.id).await?;
        match &change.attendees {
            Some(asked) => {
                let mut asked = guests(tx, asked).await?;
                // Who is named again keeps the answer.
                for guest in &mut asked {
                    if let Some(before) = rows.iter().find(|row| is(row, guest)) {
                        guest.response = before.response;
                    }
                }
                invited.extend(asked);
            }
            None => invited.extend(self.guests_of(tx, &rows).await?),
        }
        let mut seen = BTreeSet::new();
        invited.retain(|guest| seen.insert(guest.email.to_lowercase()));
        let rooms = match &change.rooms {
            Some(names) => named_rooms(tx, names).await?,
            None => {
                let known = meetings::rooms_of(tx, &[row.id.0]).await?;
                let ids: Vec<_> = known.into_iter().map(|(_, id, _)| id.0).collect();
                rooms::by_ids(tx, &ids).await?
            }
        };
        Ok(Plan {
            organizer,
            guests: invited,
            rooms,
            zone,
            rule: None,
            occurrences: Vec::new(),
            since: None,
            newcomers: None,
        })
    }

    /// Who and what a meeting takes as it is stored.
    pub(crate) async fn takers_of(
        &self,
        tx: &mut Tx,
        meeting: MeetingId,
    ) -> Result<BTreeSet<Uuid>, sqlx::Error> {
        let invited = attendees::of_meeting(tx, meeting).await?;
        let people = invited.iter().filter(|row| row.takes_time());
        let people = people.filter_map(|row| row.person_id.map(|id| id.0));
        let rooms = meetings::rooms_of(tx, &[meeting.0]).await?;
        Ok(people.chain(rooms.iter().map(|(_, id, _)| id.0)).collect())
    }

    /// Attendees as guests.
    pub(crate) async fn guests_of(
        &self,
        tx: &mut Tx,
        rows: &[AttendeeRow],
    ) -> Result<Vec<Guest>, sqlx::Error> {
        let ids: Vec<_> = rows.iter().filter_map(|r| r.person_id).collect();
        let known = people::by_ids(tx, &ids).await?;
        let guest = |row: &AttendeeRow| Guest {
            person: known.iter().find(|p| Some(p.id) == row.person_id).cloned(),
            email: row.email.clone(),
            name: row.name.clone(),
            required: row.required,
            response: row.response,
        };
        Ok(rows.iter().map(guest).collect())
    }

    /// Writes who is asked to come now, and which rooms there are.
    pub(crate) async fn keep_people(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        plan: &Plan,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if change.attendees.is_some() {
            let before = attendees::of_meeting(tx, row.id).await?;
            for gone in &before {
                match plan.guests.iter().find(|g| is(gone, g)) {
                    None => attendees::remove(tx, gone.id, now).await?,
                    Some(guest) if guest.required != gone.required => {
                        attendees::set_required(tx, gone.id, guest.required).await?;
                    }
                    Some(_) => {}
                }
            }
            let fresh = plan.guests.iter();
            let fresh = fresh.filter(|g| !before.iter().any(|a| is(a, g)));
            let fresh: Vec<_> = fresh.map(|guest| self.attendee(row.id, guest)).collect();
            attendees::insert_all(tx, &fresh).await?;
        }
        if change.rooms.is_some() {
            meetings::delete_rooms(tx, row.id).await?;
            let ids: Vec<_> = plan.rooms.iter().map(|r| r.id).collect();
            meetings::insert_rooms(tx, row.id, &ids).await?;
        }
        Ok(())
    }
}

/// Whether an attendee is the guest.
fn is(attendee: &AttendeeRow, guest: &Guest) -> bool {
    attendee.email.eq_ignore_ascii_case(&guest.email)
}
