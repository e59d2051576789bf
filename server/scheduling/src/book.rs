//! Booking: the database is asked to take everybody's time at once, and takes all of it or nothing.
//!
//! The claims go in first, so that whoever comes too late has cost one statement. A caller who sends
//! the same key again gets the meeting that the first try made.

use chrono::{DateTime, TimeDelta, Utc};
use model::scheduling::meeting::{Alternative, CreateMeeting, MeetingState, MeetingView};
use model::scheduling::views::Booked;
use model::{Actor, MeetingId, Permission};
use platform::db::Tx;
use sqlx::PgConnection;

use crate::guests::Guest;
use crate::news::News;
use crate::plan::Plan;
use crate::store::attendees::{self, AttendeeRow};
use crate::store::history::{self, Try};
use crate::store::meetings::{self, MeetingRow};
use crate::store::occupancy;
use crate::times;
use crate::{Error, Scheduling};

/// How one try ended.
pub enum Attempt {
    /// The meeting is booked.
    Booked {
        /// The meeting.
        meeting: Box<MeetingView>,
        /// Whether an earlier try under the same key has made it.
        replayed: bool,
    },
    /// Somebody or something is taken.
    Lost(Box<Plan>),
}

impl Scheduling {
    /// `POST /meetings`. The same key gives the same meeting again; `true` if it was there before.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each field that is wrong; [`Error::SlotTaken`] with who is taken and
    /// what to take instead; [`Error::KeyReused`].
    pub async fn book(
        &self,
        actor: &Actor,
        request: &CreateMeeting,
        key: &str,
    ) -> Result<(MeetingView, bool), Error> {
        actor.require(Permission::MeetingsWrite)?;
        self.book_as(actor, request, key, None).await
    }

    /// Keeps a time for so many minutes. It is given back then, unless [`Scheduling::confirm`] comes
    /// before.
    ///
    /// # Errors
    /// As [`Scheduling::book`].
    pub async fn hold(
        &self,
        actor: &Actor,
        request: &CreateMeeting,
        key: &str,
        minutes: u16,
    ) -> Result<(MeetingView, bool), Error> {
        actor.require(Permission::MeetingsWrite)?;
        let until = self.deps.now() + TimeDelta::minutes(i64::from(minutes));
        self.book_as(actor, request, key, Some(until)).await
    }

    /// Books from a page, where losing the race is an answer and no error.
    ///
    /// # Errors
    /// As [`Scheduling::book`], but for the lost race.
    pub async fn book_on_page(
        &self,
        actor: &Actor,
        request: &CreateMeeting,
        key: &str,
    ) -> Result<Booked, Error> {
        actor.require(Permission::MeetingsWrite)?;
        match self.book_as(actor, request, key, None).await {
            Ok((meeting, _)) => Ok(Booked::Done { id: meeting.id }),
            Err(Error::SlotTaken(taken)) => Ok(crate::page::taken(actor, *taken)),
            Err(error) => Err(error),
        }
    }

    async fn book_as(
        &self,
        actor: &Actor,
        request: &CreateMeeting,
        key: &str,
        hold_until: Option<DateTime<Utc>>,
    ) -> Result<(MeetingView, bool), Error> {
        let began = self.deps.now();
        let outcome = match self.attempt(actor, request, key, hold_until).await {
            Ok(Attempt::Booked { meeting, replayed }) => Ok((*meeting, replayed)),
            Ok(Attempt::Lost(plan)) => {
                let mut conn = self.deps.db.read().await?;
                Err(self.why_taken(&mut conn, &plan, None, began).await?)
            }
            Err(error) => Err(error),
        };
        let (word, room) = match &outcome {
            // A replay is no try of its own.
            Ok((_, true)) => return outcome,
            Ok(_) => ("booked", false),
            Err(Error::SlotTaken(taken)) => {
                match taken.conflicts.iter().all(|c| c.room.is_some()) {
                    true => ("room_taken", true),
                    false => ("person_taken", false),
                }
            }
            Err(Error::Invalid(_)) => ("invalid", false),
            Err(Error::Forbidden(_) | Error::NotAPerson | Error::NotTheOrganizer) => {
                ("forbidden", false)
            }
            Err(_) => ("failed", false),
        };
        metrics::counter!("meeting_booking_tries_total", "outcome" => word).increment(1);
        let took = (self.deps.now() - began).num_milliseconds();
        let attempt = Try {
            at: began,
            outcome: word,
            people: i32::try_from(request.attendees.len() + 1).unwrap_or(i32::MAX),
            rooms: i32::try_from(request.rooms.len()).unwrap_or(i32::from(room)),
            took_ms: i32::try_from(took.max(0)).unwrap_or(i32::MAX),
        };
        // A figure that is lost must not lose the booking.
        let noted = async {
            let mut conn = self.deps.db.read().await?;
            history::insert_try(&mut conn, &attempt).await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a try to book was not counted");
        }
        outcome
    }

    /// One try to take everybody's time, without a word on why it failed and what to take instead.
    ///
    /// # Errors
    /// As [`Scheduling::book`], but for the lost race.
    pub async fn attempt(
        &self,
        actor: &Actor,
        request: &CreateMeeting,
        key: &str,
        hold_until: Option<DateTime<Utc>>,
    ) -> Result<Attempt, Error> {
        actor.require(Permission::MeetingsWrite)?;
        request.validate().map_err(Error::Invalid)?;
        let now = self.deps.now();
        let id: MeetingId = self.deps.new_id();
        let state = match hold_until {
            Some(_) => MeetingState::Held,
            None => MeetingState::Confirmed,
        };
        let created_by = actor.who.reference();
        let mut tx = self.deps.db.begin("scheduling.book").await?;
        let plan = self.plan(&mut tx, actor, request, id, state).await?;
        let first = plan
            .occurrences
            .first()
            .ok_or_else(|| Error::field("recurrence", "This never takes place."))?;
        let row = MeetingRow {
            id,
            uid: format!("{id}@{}", self.config.host()),
            title: request.title.trim().to_owned(),
            description: request.description.trim().to_owned(),
            location: request.location.trim().to_owned(),
            organizer_id: plan.organizer.id,
            state,
            local_start: first.original_local,
            zone: plan.zone.name().to_owned(),
            duration_minutes: i32::try_from((first.to_at - first.from_at).num_minutes())
                .unwrap_or(i32::MAX),
            rule: plan.rule.as_ref().map(ToString::to_string),
            expanded_until: plan
                .rule
                .as_ref()
                .map(|_| times::horizon(first.original_local)),
            split_from: None,
            sequence: 0,
            version: 1,
            client_key: key.to_owned(),
            hold_until,
            created_by: created_by.clone(),
            created_at: now,
            updated_at: now,
        };
        if !self.take(&mut tx, &plan, id, state).await? {
            // What stands in the way may be the meeting that an earlier try under this key has made.
            let answer = match meetings::find_by_client_key(&mut tx, &created_by, key).await? {
                Some(before) => self.replay(&mut tx, before, &row).await,
                None => Ok(Attempt::Lost(Box::new(plan))),
            };
            tx.rollback().await?;
            return answer;
        }
        let written = self.write(&mut tx, actor, &row, &plan, now).await;
        let invited = match written {
            Ok(invited) => invited,
            // The twin was faster.
            Err(Error::Database(sqlx::Error::Database(error)))
                if error.constraint() == Some("meeting_client_key_unique") =>
            {
                tx.rollback().await?;
                let mut conn = self.deps.db.read().await?;
                let before = meetings::find_by_client_key(&mut conn, &created_by, key).await?;
                let before = before.ok_or(Error::NotFound("meeting"))?;
                return self.replay(&mut conn, before, &row).await;
            }
            Err(error) => return Err(error),
        };
        tx.commit().await?;
        Ok(Attempt::Booked {
            meeting: Box::new(plan.view(row, invited)),
            replayed: false,
        })
    }

    /// Takes everybody's time, and says whether all of it was free.
    async fn take(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        id: MeetingId,
        state: MeetingState,
    ) -> Result<bool, Error> {
        let claims = plan.claims();
        Ok(occupancy::claim_all(tx, id, state.as_str(), &claims).await?
            && crate::absences::on_leave(tx, &claims).await?.is_empty())
    }

    /// Writes a meeting whose time is taken, and gives those who are asked to come.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &MeetingRow,
        plan: &Plan,
        now: DateTime<Utc>,
    ) -> Result<Vec<AttendeeRow>, Error> {
        meetings::insert(tx, row).await?;
        meetings::insert_occurrences(tx, &plan.occurrences).await?;
        let invited: Vec<AttendeeRow> = plan
            .guests
            .iter()
            .map(|guest| self.attendee(row.id, guest))
            .collect();
        attendees::insert_all(tx, &invited).await?;
        if !plan.rooms.is_empty() {
            let rooms: Vec<_> = plan.rooms.iter().map(|r| r.id).collect();
            meetings::insert_rooms(tx, row.id, &rooms).await?;
        }
        let text = match row.state {
            MeetingState::Held => "Held".to_owned(),
            _ => "Booked".to_owned(),
        };
        self.tell_in_tx(tx, actor, row, News::new("booked", text), now)
            .await?;
        if row.state == MeetingState::Confirmed {
            crate::invite::enqueue(tx, row.id).await?;
        }
        Ok(invited)
    }

    /// A row for somebody who is asked to come.
    pub(crate) fn attendee(&self, meeting: MeetingId, guest: &Guest) -> AttendeeRow {
        AttendeeRow {
            id: self.deps.new_id(),
            meeting_id: meeting,
            person_id: guest.person.as_ref().map(|p| p.id),
            email: guest.email.clone(),
            name: guest.name.clone(),
            required: guest.required,
            response: guest.response,
            responded_at: None,
            reply_sequence: -1,
            reply_stamp: None,
            link_token: self.deps.secret_hex::<16>(),
            removed_at: None,
        }
    }

    /// The meeting that an earlier try under the same key has made.
    async fn replay(
        &self,
        conn: &mut PgConnection,
        before: MeetingRow,
        asked: &MeetingRow,
    ) -> Result<Attempt, Error> {
        let same = before.title == asked.title
            && before.organizer_id == asked.organizer_id
            && (before.version > 1
                || (before.local_start == asked.local_start && before.zone == asked.zone));
        if !same {
            return Err(Error::KeyReused);
        }
        Ok(Attempt::Booked {
            meeting: Box::new(crate::one::view(conn, before, self.deps.now()).await?),
            replayed: true,
        })
    }

    /// Confirms a held meeting.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Over`] when it was given back already.
    pub async fn confirm(&self, actor: &Actor, id: MeetingId) -> Result<(), Error> {
        actor.require(Permission::MeetingsWrite)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.confirm").await?;
        let found = meetings::find_locked(&mut tx, id).await?;
        let mut row = found.ok_or(Error::NotFound("meeting"))?;
        match row.state {
            MeetingState::Confirmed => return Ok(()),
            MeetingState::Cancelled => return Err(Error::Over("cancelled")),
            MeetingState::Held | MeetingState::Pending => {}
        }
        row.state = MeetingState::Confirmed;
        row.hold_until = None;
        row.version += 1;
        row.updated_at = now;
        meetings::update(&mut tx, &row).await?;
        meetings::set_occurrence_states(&mut tx, id, row.state).await?;
        occupancy::set_state(&mut tx, id, row.state.as_str()).await?;
        self.tell_in_tx(
            &mut tx,
            actor,
            &row,
            News::new("confirmed", "Confirmed"),
            now,
        )
        .await?;
        crate::invite::enqueue(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Who is taken, and the next best times.
    pub(crate) async fn why_taken(
        &self,
        conn: &mut PgConnection,
        plan: &Plan,
        except: Option<MeetingId>,
        now: DateTime<Utc>,
    ) -> Result<Error, Error> {
        let conflicts = self.conflicts(conn, plan, except).await?;
        let alternatives: Vec<Alternative> = self.alternatives(conn, plan, except, now).await?;
        Ok(Error::SlotTaken(Box::new(
            model::scheduling::views::SlotTaken {
                conflicts,
                alternatives,
            },
        )))
    }
}
