//! Answering an invitation: on the page, by the link of the mail, or by a REPLY mail. A no gives the
//! person's time back; a yes takes it, if it is still free.
//!
//! An answer is to all of a meeting, or to one time of a series. The latter is kept where it differs
//! from the former, and an answer to all of it does away with it.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::permission::Who;
use model::scheduling::meeting::{MeetingState, Response};
use model::{Actor, Permission};
use platform::db::Tx;

use crate::guests::takes_time;
use crate::news::News;
use crate::organizer::Letter;
use crate::store::answers;
use crate::store::attendees::{self, AttendeeRow};
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::occupancy::{self, Claim};
use crate::store::upkeep;
use crate::{Error, Scheduling, times};

impl Scheduling {
    /// A person answers. `id` as it stands in the address; `only` is the original local start of the
    /// one time of a series that is answered to. There, [`Response::NeedsAction`] is “as to all of
    /// it”.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person is not asked to come; [`Error::SlotTaken`] when a yes
    /// finds the own time taken; 422 for a time that the series has not, or that is over.
    pub async fn answer(
        &self,
        actor: &Actor,
        id: &str,
        only: Option<NaiveDateTime>,
        response: Response,
    ) -> Result<(), Error> {
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
        let now = self.deps.now();
        match only.filter(|_| row.rule.is_some()) {
            Some(original) => {
                let time = time_of(&mut tx, &row, original).await?;
                let time = time.filter(|time| time.to_at > now).ok_or_else(|| {
                    Error::field("occurrence", "The series has no such time to come.")
                })?;
                self.apply_once_in_tx(&mut tx, actor, &row, &own, &time, response, now)
                    .await?;
                // A mail that was sent before is older than this.
                upkeep::mark_reply(&mut tx, own.id, (row.sequence, now)).await?;
            }
            None => {
                self.apply_in_tx(&mut tx, actor, &row, &own, response, None, now)
                    .await?;
            }
        }
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
        let alone = answers::forget_to_come(tx, guest.id, now).await?;
        if guest.response == response && reply.is_none() && alone.is_empty() {
            return Ok(());
        }
        let takes = |answer| takes_time(answer, guest.required);
        let times = match alone.is_empty() && (guest.takes_time() || !takes(response)) {
            true => Vec::new(),
            false => meetings::occurrences(tx, row.id).await?,
        };
        let answered = |time: &OccurrenceRow| {
            let mut alone = alone.iter();
            let own = alone.find(|(original, _)| *original == time.original_local);
            own.map(|(_, answer)| *answer)
        };
        if let Some(person) = guest.person_id {
            if takes(response) {
                // Times that another meeting has taken meanwhile stay with that: only what was given
                // back is taken again.
                let free = |time: &&OccurrenceRow| match answered(time) {
                    Some(answer) => !takes(answer),
                    None => !guest.takes_time(),
                };
                let wanted = times.iter().filter(|time| time.to_at > now);
                self.take_own(tx, row, person, wanted.filter(free)).await?;
            } else {
                occupancy::release_person(tx, row.id, person.0, now).await?;
            }
        }
        // A mail that was sent before an answer on the page is older than that.
        let mark = reply.unwrap_or((row.sequence, now));
        attendees::answer(tx, guest.id, response, Some(mark), now).await?;
        let text = format!("{}: {}", guest.name, response.label().to_lowercase());
        self.tell_in_tx(tx, actor, row, News::new("answered", text), now)
            .await?;
        let letter = Letter::answer(guest, guest.response, response, None).or_else(|| {
            let mut times = times.iter();
            times.find_map(|time| Letter::answer(guest, answered(time)?, response, Some(time)))
        });
        self.write_to_organizer_in_tx(tx, actor, row, letter, now)
            .await?;
        Ok(())
    }

    /// Applies an answer to one time of a series that the caller has locked.
    ///
    /// # Errors
    /// As [`Scheduling::apply_in_tx`].
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another fact of the answer"
    )]
    pub(crate) async fn apply_once_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &MeetingRow,
        guest: &AttendeeRow,
        time: &OccurrenceRow,
        response: Response,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if row.state == MeetingState::Cancelled {
            return Err(Error::Over("cancelled"));
        }
        let original = time.original_local;
        let before = answers::find(tx, row.id, original, guest.id).await?;
        let was = before.unwrap_or(guest.response);
        let is = match response {
            Response::NeedsAction => guest.response,
            given => given,
        };
        if let Some(person) = guest.person_id {
            let takes = |answer| takes_time(answer, guest.required);
            if !takes(is) {
                upkeep::release_one(tx, row.id, original, person).await?;
            } else if !takes(was) || response == Response::Accepted {
                // Also of a time that the series did not get when it was made: a yes asks for it.
                self.take_own(tx, row, person, [time]).await?;
            }
        }
        if was == is {
            return Ok(());
        }
        if is == guest.response {
            answers::forget(tx, row.id, original, Some(guest.id)).await?;
        } else {
            answers::keep(tx, row.id, original, guest.id, is, now).await?;
        }
        let zone = times::zone("zone", &row.zone)?;
        let when = zone.stamp(time.from_at).date_time();
        let text = format!("{}: {} on {when}", guest.name, is.label().to_lowercase());
        self.tell_in_tx(tx, actor, row, News::new("answered", text), now)
            .await?;
        let letter = Letter::answer(guest, was, is, Some(time));
        self.write_to_organizer_in_tx(tx, actor, row, letter, now)
            .await?;
        Ok(())
    }

    /// Takes a person's time for some times of a meeting.
    async fn take_own<'a>(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        person: model::PersonId,
        times: impl IntoIterator<Item = &'a OccurrenceRow>,
    ) -> Result<(), Error> {
        let claims: Vec<Claim> = times
            .into_iter()
            .filter(|o| o.state != MeetingState::Cancelled)
            .map(|o| Claim {
                original_local: o.original_local,
                who: person.0,
                is_room: false,
                from_at: o.from_at,
                to_at: o.to_at,
            })
            .collect();
        if claims.is_empty()
            || occupancy::claim_all(tx, row.id, row.state.as_str(), &claims).await?
        {
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

/// One time of a series, if it takes place.
pub(crate) async fn time_of(
    tx: &mut Tx,
    row: &MeetingRow,
    original: NaiveDateTime,
) -> Result<Option<OccurrenceRow>, sqlx::Error> {
    let times = meetings::occurrences(tx, row.id).await?;
    let mut times = times.into_iter();
    Ok(times.find(|time| time.original_local == original && time.state.is_active()))
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
