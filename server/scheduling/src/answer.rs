//! Answering an invitation: on the page, by the link of the mail, or by a REPLY mail. A no gives the
//! person's time back; a yes takes it, if it is still free.

use chrono::{DateTime, Utc};
use model::permission::Who;
use model::scheduling::meeting::{MeetingState, Response};
use model::{Actor, Permission};
use platform::db::Tx;

use crate::news::News;
use crate::store::attendees::{self, AttendeeRow};
use crate::store::meetings::{self, MeetingRow};
use crate::store::occupancy::{self, Claim};
use crate::{Error, Scheduling};

impl Scheduling {
    /// A person answers. `id` as it stands in the address.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person is not asked to come; [`Error::SlotTaken`] when a yes
    /// finds the own time taken.
    pub async fn answer(&self, actor: &Actor, id: &str, response: Response) -> Result<(), Error> {
        actor.require(Permission::MeetingsRead)?;
        let id = crate::one::meeting_id(id)?;
        let person = actor.person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.deps.db.begin("scheduling.answer").await?;
        let row = meetings::find_locked(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("meeting"))?;
        let invited = attendees::of_meeting(&mut tx, id).await?;
        let own = invited
            .into_iter()
            .find(|a| a.person_id == Some(person) && row.organizer_id != person)
            .ok_or(Error::NotFound("invitation"))?;
        self.apply_in_tx(&mut tx, actor, &row, &own, response, None, self.deps.now())
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whoever holds the link of an invitation answers.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that leads nowhere; else as [`Scheduling::answer`].
    pub async fn answer_by_link(&self, link: &str, response: Response) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("scheduling.answer_by_link").await?;
        let guest = attendees::find_by_link(&mut tx, link)
            .await?
            .filter(|guest| guest.removed_at.is_none())
            .ok_or(Error::NotFound("invitation"))?;
        let row = meetings::find_locked(&mut tx, guest.meeting_id)
            .await?
            .ok_or(Error::NotFound("invitation"))?;
        let actor = guest_actor(&guest);
        self.apply_in_tx(
            &mut tx,
            &actor,
            &row,
            &guest,
            response,
            None,
            self.deps.now(),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Applies an answer to a meeting that the caller has locked. `reply`: sequence and stamp of the
    /// mail that it came by.
    ///
    /// # Errors
    /// [`Error::Over`] when the meeting is cancelled; [`Error::SlotTaken`] when a yes finds the own
    /// time taken.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another fact of the answer"
    )]
    pub(crate) async fn apply_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &MeetingRow,
        guest: &AttendeeRow,
        response: Response,
        reply: Option<(i32, DateTime<Utc>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if row.state == MeetingState::Cancelled {
            return Err(Error::Over("cancelled"));
        }
        if guest.response == response && reply.is_none() {
            return Ok(());
        }
        if let Some(person) = guest.person_id {
            let mut after = guest.clone();
            after.response = response;
            match (guest.takes_time(), after.takes_time()) {
                (true, false) => {
                    occupancy::release_person(tx, row.id, person.0, now).await?;
                }
                (false, true) => self.take_own(tx, row, person, now).await?,
                _ => {}
            }
        }
        attendees::answer(tx, guest.id, response, reply, now).await?;
        let text = format!("{}: {}", guest.name, response.label().to_lowercase());
        self.tell_in_tx(tx, actor, row, News::new("answered", text), now)
            .await?;
        Ok(())
    }

    /// Takes a person's time for all that is still to come of a meeting.
    async fn take_own(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        person: model::PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let occurrences = meetings::occurrences(tx, row.id).await?;
        let claims: Vec<Claim> = occurrences
            .iter()
            .filter(|o| o.state != MeetingState::Cancelled && o.to_at > now)
            .map(|o| Claim {
                original_local: o.original_local,
                who: person.0,
                is_room: false,
                from_at: o.from_at,
                to_at: o.to_at,
            })
            .collect();
        if occupancy::claim_all(tx, row.id, row.state.as_str(), &claims).await? {
            return Ok(());
        }
        let conflicts = occupancy::conflicts(tx, &claims, Some(row.id)).await?;
        if conflicts.is_empty() {
            // What is missing was there already: this meeting's own.
            return Ok(());
        }
        let conflicts = conflicts
            .into_iter()
            .map(|c| model::scheduling::meeting::Conflict {
                user: Some(person),
                room: None,
                name: "Your calendar".to_owned(),
                from: c.from_at,
                to: c.to_at,
            });
        Err(Error::SlotTaken(Box::new(
            model::scheduling::views::SlotTaken {
                conflicts: conflicts.collect(),
                alternatives: Vec::new(),
            },
        )))
    }
}

/// Who answers by link or mail: the person, if it is one of ours, with no more rights than that.
pub(crate) fn guest_actor(guest: &AttendeeRow) -> Actor {
    let mut actor = Actor::token(model::TokenId(guest.id.0), &guest.name, &[]);
    actor.who = match guest.person_id {
        Some(id) => Who::Person {
            id,
            name: guest.name.clone(),
        },
        None => Who::Customer,
    };
    actor
}
