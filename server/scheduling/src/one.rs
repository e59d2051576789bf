//! One meeting, as those who take part see it.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::{
    AttendeeView, Colleague, MeetingRoom, MeetingState, MeetingView, OccurrenceView, Response,
    Slot, TimeAnswer,
};
use model::scheduling::recurrence::{Moment, Rule};
use model::scheduling::views::{InvitationView, MeetingEventView, MeetingPage};
use model::zone::Zone;
use model::{Actor, MeetingId, Permission};
use sqlx::PgConnection;

use crate::store::answers::{self, AnswerRow};
use crate::store::attendees::{self, AttendeeRow};
use crate::store::history::{self, EventRow};
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::people;
use crate::{Error, Scheduling};

/// How many times of a series the page shows.
const SHOWN: usize = 50;

impl Scheduling {
    /// `GET /meetings/{id}`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that the actor takes part in.
    pub async fn meeting(&self, actor: &Actor, id: MeetingId) -> Result<MeetingView, Error> {
        actor.require(Permission::MeetingsRead)?;
        let mut conn = self.deps.db.read().await?;
        let row = self.known(&mut conn, actor, id).await?;
        Ok(view(&mut conn, row, self.deps.now()).await?)
    }

    /// The page of a meeting. `id` as it stands in the address.
    ///
    /// # Errors
    /// As [`Scheduling::meeting`].
    pub async fn meeting_page(&self, actor: &Actor, id: &str) -> Result<MeetingPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let id = meeting_id(id)?;
        let now = self.deps.now();
        let reader = crate::page::zone_of(actor);
        let mut conn = self.deps.db.read().await?;
        let row = self.known(&mut conn, actor, id).await?;
        let occurrences = meetings::occurrences(&mut conn, id).await?;
        let history = history::events(&mut conn, id).await?;
        let own = Zone::named(&row.zone).unwrap_or_else(|_| Zone::utc());
        let repeats = sentence(&row, &own);
        let me = actor.person_id();
        let invited = attendees::of_meeting(&mut conn, id).await?;
        let answers = answers::of_meeting(&mut conn, id).await?;
        let may_change = may_change(actor, &row) && row.state.is_active();
        let my_response = invited
            .iter()
            .find(|a| a.person_id.is_some() && a.person_id == me && me != Some(row.organizer_id))
            .map(|a| a.response);
        let meeting = view(&mut conn, row, now).await?;
        let Slot { from, to } = meeting.slot;
        let same_clock = own.offset_minutes(from) == reader.offset_minutes(from);
        let elsewhere = (!same_clock).then(|| {
            let stamp = own.stamp(from);
            format!("{} in {}", stamp.date_time(), own.place())
        });
        let upcoming = occurrences.iter().filter(|o| o.to_at > now);
        let (own, answers): (Vec<_>, Vec<_>) = answers
            .into_iter()
            .partition(|answer| answer.person_id.is_some() && answer.person_id == me);
        let mine = |time: &OccurrenceRow| {
            let own = own.iter().find(|answer| answer.is_to(time));
            own.map(|answer| answer.response).or(my_response)
        };
        let occurrences = match meeting.recurrence {
            Some(_) => upcoming
                .take(SHOWN)
                .map(|time| {
                    let others = answers.iter().filter(|answer| answer.is_to(time));
                    occurrence(time, &reader, mine(time), others)
                })
                .collect(),
            None => Vec::new(),
        };
        Ok(MeetingPage {
            from: reader.stamp(from),
            to: reader.stamp(to),
            elsewhere,
            repeats,
            occurrences,
            my_response,
            may_change,
            history: history.into_iter().map(|e| event(e, &reader)).collect(),
            meeting,
        })
    }

    /// What the holder of an invitation's link may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that leads nowhere.
    pub async fn invitation(&self, link: &str) -> Result<InvitationView, Error> {
        let now = self.deps.now();
        let mut conn = self.deps.db.read().await?;
        let guest = attendees::find_by_link(&mut conn, link)
            .await?
            .ok_or(Error::NotFound("invitation"))?;
        let row = meetings::find(&mut conn, guest.meeting_id)
            .await?
            .ok_or(Error::NotFound("invitation"))?;
        let zone = Zone::named(&row.zone).unwrap_or_else(|_| Zone::utc());
        let repeats = sentence(&row, &zone);
        let meeting = view(&mut conn, row, now).await?;
        Ok(InvitationView {
            organisation: self.config.organisation.clone(),
            place: place(&meeting),
            title: meeting.title,
            description: meeting.description,
            organizer: meeting.organizer.name,
            name: guest.name,
            from: zone.stamp(meeting.slot.from),
            to: zone.stamp(meeting.slot.to),
            zone: zone.name().to_owned(),
            repeats,
            // Whoever was taken off need not come: to them it is cancelled.
            state: match guest.removed_at {
                Some(_) => MeetingState::Cancelled,
                None => meeting.state,
            },
            response: guest.response,
        })
    }

    /// A meeting that the actor may know of: a person those it takes part in, a program all.
    pub(crate) async fn known(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        id: MeetingId,
    ) -> Result<MeetingRow, Error> {
        let found = meetings::find(conn, id).await?;
        let row = found.ok_or(Error::NotFound("meeting"))?;
        self.require_part(conn, actor, &row).await?;
        Ok(row)
    }

    /// Refuses whoever takes no part in a meeting, as if there were none.
    pub(crate) async fn require_part(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        row: &MeetingRow,
    ) -> Result<(), Error> {
        let Some(person) = actor.person_id() else {
            return Ok(());
        };
        if row.organizer_id == person || attendees::is_asked(conn, row.id, person).await? {
            Ok(())
        } else {
            Err(Error::NotFound("meeting"))
        }
    }
}

/// Whether the actor may change and cancel a meeting: its organizer, or a program.
pub(crate) fn may_change(actor: &Actor, row: &MeetingRow) -> bool {
    let allowed = match actor.person_id() {
        Some(person) => person == row.organizer_id,
        None => true,
    };
    allowed && actor.may(Permission::MeetingsWrite)
}

/// An id of the address.
///
/// # Errors
/// [`Error::NotFound`] when it is none.
pub(crate) fn meeting_id(text: &str) -> Result<MeetingId, Error> {
    text.parse().map_err(|_| Error::NotFound("meeting"))
}

/// A meeting with its people and rooms.
pub(crate) async fn view(
    conn: &mut PgConnection,
    row: MeetingRow,
    now: DateTime<Utc>,
) -> Result<MeetingView, sqlx::Error> {
    let invited = attendees::of_meeting(conn, row.id).await?;
    let rooms = meetings::rooms_of(conn, &[row.id.0]).await?;
    let organizer = people::by_ids(conn, &[row.organizer_id]).await?;
    let organizer = organizer.into_iter().next().unwrap_or_else(|| Colleague {
        id: row.organizer_id,
        name: "Somebody who left".to_owned(),
        email: String::new(),
        zone: row.zone.clone(),
    });
    let rooms = rooms
        .into_iter()
        .map(|(_, id, name)| MeetingRoom { id, name })
        .collect();
    let slot = slot_of(conn, &row, now).await?;
    Ok(put_together(row, organizer, invited, rooms, slot))
}

/// A meeting from its parts. The organizer is not among the attendees that are shown.
pub(crate) fn put_together(
    row: MeetingRow,
    organizer: Colleague,
    invited: Vec<AttendeeRow>,
    rooms: Vec<MeetingRoom>,
    slot: Slot,
) -> MeetingView {
    MeetingView {
        id: row.id,
        uid: row.uid,
        title: row.title,
        description: row.description,
        location: row.location,
        organizer,
        attendees: invited
            .into_iter()
            .filter(|a| a.person_id != Some(row.organizer_id))
            .map(attendee)
            .collect(),
        rooms,
        slot,
        zone: row.zone,
        recurrence: row.rule,
        state: row.state,
        sequence: row.sequence,
        version: row.version,
        hold_until: row.hold_until,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// When a meeting takes place (next).
async fn slot_of(
    conn: &mut PgConnection,
    row: &MeetingRow,
    now: DateTime<Utc>,
) -> Result<Slot, sqlx::Error> {
    let next = meetings::next_occurrence(conn, row.id, now).await?;
    Ok(match next {
        Some(next) => Slot {
            from: next.from_at,
            to: next.to_at,
        },
        None => Slot {
            from: row.created_at,
            to: row.created_at,
        },
    })
}

fn attendee(row: AttendeeRow) -> AttendeeView {
    AttendeeView {
        id: row.id,
        person: row.person_id,
        name: row.name,
        email: row.email,
        required: row.required,
        response: row.response,
    }
}

fn occurrence<'a>(
    row: &OccurrenceRow,
    reader: &Zone,
    my_response: Option<Response>,
    others: impl Iterator<Item = &'a AnswerRow>,
) -> OccurrenceView {
    OccurrenceView {
        original: row.original_local,
        from: reader.stamp(row.from_at),
        to: reader.stamp(row.to_at),
        state: row.state,
        changed: row.changed,
        title: row.title.clone(),
        location: row.location.clone(),
        description: row.description.clone(),
        my_response,
        answers: others.map(time_answer).collect(),
    }
}

fn time_answer(row: &AnswerRow) -> TimeAnswer {
    TimeAnswer {
        name: row.name.clone(),
        response: row.response,
    }
}

fn event(row: EventRow, reader: &Zone) -> MeetingEventView {
    MeetingEventView {
        id: row.id,
        at: reader.stamp(row.at),
        actor: row.actor_label,
        kind: row.kind,
        text: row.text,
        machine: row.machine,
    }
}

/// How a meeting repeats, in words.
pub(crate) fn sentence(row: &MeetingRow, zone: &Zone) -> Option<String> {
    let rule: Rule = row.rule.as_deref()?.parse().ok()?;
    let start: NaiveDateTime = row.local_start;
    Some(rule.sentence(&Moment::zoned(start, zone.clone())))
}

/// Rooms and place in one line.
pub(crate) fn place(meeting: &MeetingView) -> String {
    let rooms = meeting.rooms.iter().map(|r| r.name.clone());
    let words = rooms.chain([meeting.location.clone()]);
    let words: Vec<String> = words.filter(|w| !w.is_empty()).collect();
    words.join(", ")
}
