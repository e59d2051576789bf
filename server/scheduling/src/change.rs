//! Changing a meeting: all of it, one time of a series, or one and all that follow. The old time is
//! given back and the new one taken in one transaction, so nobody ever has neither.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::{ChangeMeeting, MeetingState, MeetingView, Scope, Slot};
use model::scheduling::views::Booked;
use model::zone::Zone;
use model::{Actor, MeetingId, Permission};
use platform::db::Tx;

use crate::absences::on_leave;
use crate::news::News;
use crate::organizer::Letter;
use crate::plan::Plan;
use crate::series::{self, Before, Cut};
use crate::store::answers;
use crate::store::attendees;
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::occupancy;
use crate::{Error, Scheduling, times};

/// What a change came to.
pub(crate) enum Outcome {
    /// It is made.
    Done {
        /// The meeting that it made or changed.
        meeting: MeetingId,
        /// The one time of a series that it changed, as it is now.
        only: Option<Box<OccurrenceRow>>,
    },
    /// Somebody or something is taken.
    Taken(Box<Plan>),
}

impl Scheduling {
    /// `PATCH /meetings/{id}`. A change of “this and following” answers with the new series, and so
    /// does a new time for a series that has begun.
    ///
    /// # Errors
    /// [`Error::VersionMissing`], [`Error::Changed`] when it is no longer at that version;
    /// [`Error::NotTheOrganizer`]; [`Error::SlotTaken`]; [`Error::Invalid`].
    pub async fn change(
        &self,
        actor: &Actor,
        id: MeetingId,
        version: Option<i32>,
        change: &ChangeMeeting,
    ) -> Result<MeetingView, Error> {
        actor.require(Permission::MeetingsWrite)?;
        change.validate().map_err(Error::Invalid)?;
        match self.change_once(actor, id, version, change).await {
            // Two that want each other's time have waited for each other. The other one has it now.
            Err(error) if error.is_deadlock() => self.change_once(actor, id, version, change).await,
            outcome => outcome,
        }
    }

    async fn change_once(
        &self,
        actor: &Actor,
        id: MeetingId,
        version: Option<i32>,
        change: &ChangeMeeting,
    ) -> Result<MeetingView, Error> {
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.change").await?;
        let row = self.changeable(&mut tx, actor, id, version).await?;
        let outcome = match (change.scope, change.occurrence) {
            (Scope::This, Some(original)) if row.rule.is_some() => {
                self.change_one(&mut tx, actor, row, original, change, now)
                    .await?
            }
            (Scope::Following, Some(original))
                if row.rule.is_some() && original > row.local_start =>
            {
                self.change_following(&mut tx, actor, row, original, change, now)
                    .await?
            }
            _ => self.change_all(&mut tx, actor, row, change, now).await?,
        };
        match outcome {
            Outcome::Done { meeting, only } => {
                let row = meetings::find(&mut tx, meeting).await?;
                let row = row.ok_or(Error::NotFound("meeting"))?;
                let letter = Letter::done(actor, "Changed", "has changed this meeting");
                let letter = letter.at(only.as_deref());
                self.write_to_organizer_in_tx(&mut tx, actor, &row, letter, now)
                    .await?;
                let view = crate::one::view(&mut tx, row, now).await?;
                tx.commit().await?;
                Ok(view)
            }
            Outcome::Taken(plan) => {
                tx.rollback().await?;
                let mut conn = self.deps.db.read().await?;
                Err(self.why_taken(&mut conn, &plan, Some(id), now).await?)
            }
        }
    }

    /// A change from the page, where losing the race is an answer and no error.
    ///
    /// # Errors
    /// As [`Scheduling::change`], but for the lost race.
    pub async fn change_on_page(
        &self,
        actor: &Actor,
        id: &str,
        version: i32,
        change: &ChangeMeeting,
    ) -> Result<Booked, Error> {
        actor.require(Permission::MeetingsWrite)?;
        let id = crate::one::meeting_id(id)?;
        match self.change(actor, id, Some(version), change).await {
            Ok(meeting) => Ok(Booked::Done { id: meeting.id }),
            Err(Error::SlotTaken(taken)) => Ok(crate::page::taken(actor, *taken)),
            Err(error) => Err(error),
        }
    }

    /// Locks a meeting that the actor may change and that is still at `version`.
    pub(crate) async fn changeable(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: MeetingId,
        version: Option<i32>,
    ) -> Result<MeetingRow, Error> {
        let found = meetings::find_locked(tx, id).await?;
        let row = found.ok_or(Error::NotFound("meeting"))?;
        self.require_part(tx, actor, &row).await?;
        if !crate::one::may_change(actor, &row) {
            return Err(Error::NotTheOrganizer);
        }
        let version = version.ok_or(Error::VersionMissing)?;
        if version != row.version {
            return Err(Error::Changed);
        }
        if row.state == MeetingState::Cancelled {
            return Err(Error::Over("cancelled"));
        }
        Ok(row)
    }

    /// The whole meeting, or the whole series. Of a series that has begun, what is over stays as it
    /// was: one that moves is cut before the first time that is to come.
    async fn change_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let zone = times::zone("zone", &row.zone)?;
        let before = Before::read(tx, &row).await?;
        words(&mut row, change);
        if let Some(slot) = change.slot {
            let shown = before.shown(&zone, change.occurrence, now)?;
            times::shift(&mut row, &zone, slot, shown)?;
            if before.has_begun(&zone, now) && row.moved_from(&before.row) {
                let at = before.to_come(&zone, now)?;
                let cut = Cut { at, shown };
                return self.split(tx, actor, before, cut, change, now).await;
            }
        }
        let moved = row.moved_from(&before.row);
        let mut plan = self.plan_of(tx, &row, zone, change).await?;
        let free = if moved {
            let free = self.take_new_times(tx, &before, &mut row, &mut plan, change, now);
            free.await?
        } else {
            plan.occurrences = before.times.clone();
            let takers = self.takers_of(tx, row.id).await?;
            let given = answers::of_meeting(tx, row.id).await?;
            self.exchange(tx, &takers, &row, &mut plan, &given, now)
                .await?
        };
        if !free {
            return Ok(Outcome::Taken(Box::new(plan)));
        }
        if moved {
            meetings::delete_occurrences(tx, row.id, None).await?;
            meetings::insert_occurrences(tx, &plan.occurrences).await?;
            attendees::ask_again(tx, row.id, row.organizer_id).await?;
        } else if let Some(named) = before.named(&plan.zone, change) {
            meetings::update_occurrence(tx, &named).await?;
        }
        self.keep_people(tx, &row, &plan, change, now).await?;
        if moved || before.row.location != row.location || change.rooms.is_some() {
            row.revised(now);
        } else {
            row.changed(now);
        }
        meetings::update(tx, &row).await?;
        let news = told(&before.row, &row, &plan.zone, change);
        self.tell_in_tx(tx, actor, &row, news, now).await?;
        crate::invite::enqueue(tx, row.id).await?;
        Ok(Outcome::Done {
            meeting: row.id,
            only: None,
        })
    }

    /// One time of a series.
    async fn change_one(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        original: NaiveDateTime,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        if change.attendees.is_some() || change.rooms.is_some() {
            let message = "People and rooms belong to the whole series. Change all of it, or this and what follows.";
            return Err(Error::field("scope", message));
        }
        let zone = times::zone("zone", &row.zone)?;
        let all = meetings::occurrences(tx, row.id).await?;
        let found = all.into_iter().find(|o| o.original_local == original);
        let before = found
            .filter(|o| o.state != MeetingState::Cancelled)
            .ok_or_else(|| Error::field("occurrence", "The series has no such time."))?;
        let mut one = before.clone();
        if let Some(Slot { from, to }) = change.slot {
            (one.from_at, one.to_at) = (from, to);
        }
        own_words(&mut one, &row, change);
        one.changed = series::differs(&one, &row, &zone);
        let moved = (one.from_at, one.to_at) != (before.from_at, before.to_at);
        if moved {
            let mut plan = self.plan_of(tx, &row, zone.clone(), change).await?;
            plan.occurrences = vec![one.clone()];
            // Whoever has said no to this one may have meant the time.
            answers::forget(tx, row.id, original, None).await?;
            occupancy::release(tx, row.id, Some(&[original])).await?;
            let wanted = plan.claims();
            let away = !on_leave(tx, &wanted).await?.is_empty();
            if away || !occupancy::claim_all(tx, row.id, row.state.as_str(), &wanted).await? {
                return Ok(Outcome::Taken(Box::new(plan)));
            }
        }
        meetings::update_occurrence(tx, &one).await?;
        if moved || one.location != before.location {
            row.revised(now);
        } else {
            row.changed(now);
        }
        meetings::update(tx, &row).await?;
        let news = told_once(&before, &one, &zone);
        self.tell_in_tx(tx, actor, &row, news, now).await?;
        crate::invite::enqueue(tx, row.id).await?;
        Ok(Outcome::Done {
            meeting: row.id,
            only: Some(Box::new(one)),
        })
    }

    /// One time and all that follow it: the series ends before, and a new one begins. What is over
    /// stays as it was.
    async fn change_following(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: MeetingRow,
        original: NaiveDateTime,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let zone = times::zone("zone", &row.zone)?;
        let before = Before::read(tx, &row).await?;
        let mut times = before.times.iter();
        let over = times.any(|o| o.original_local == original && o.to_at <= now);
        let cut = Cut {
            at: match over {
                true => before.to_come(&zone, now)?.max(original),
                false => original,
            },
            shown: original,
        };
        self.split(tx, actor, before, cut, change, now).await
    }
}

/// Title, description and place.
pub(crate) fn words(row: &mut MeetingRow, change: &ChangeMeeting) {
    if let Some(title) = &change.title {
        row.title = title.trim().to_owned();
    }
    if let Some(text) = &change.description {
        row.description = text.trim().to_owned();
    }
    if let Some(place) = &change.location {
        row.location = place.trim().to_owned();
    }
}

/// The same for one time of a series: what is as the series says is not its own.
fn own_words(one: &mut OccurrenceRow, series: &MeetingRow, change: &ChangeMeeting) {
    let own = |asked: &Option<String>, has: &mut Option<String>, says: &str| {
        if let Some(text) = asked.as_deref().map(str::trim) {
            *has = (text != says).then(|| text.to_owned());
        }
    };
    own(&change.title, &mut one.title, &series.title);
    own(
        &change.description,
        &mut one.description,
        &series.description,
    );
    own(&change.location, &mut one.location, &series.location);
}

/// What the history says of a change of one time.
fn told_once(before: &OccurrenceRow, one: &OccurrenceRow, zone: &Zone) -> News {
    let (was, is) = (zone.stamp(before.from_at), zone.stamp(one.from_at));
    if (before.from_at, before.to_at) != (one.from_at, one.to_at) {
        let text = format!("One time: {} is now {}", was.date_time(), is.date_time());
        return News::new("moved", text);
    }
    let parts = [
        ("title", before.title != one.title),
        ("place", before.location != one.location),
        ("description", before.description != one.description),
    ];
    let parts: Vec<&str> = parts
        .iter()
        .filter(|(_, new)| *new)
        .map(|(word, _)| *word)
        .collect();
    let text = match parts.as_slice() {
        [] => "Saved without a change".to_owned(),
        parts => format!("One time, {}: changed {}", is.date_time(), parts.join(", ")),
    };
    News::new("changed", text)
}

/// What the history says of a change.
fn told(before: &MeetingRow, row: &MeetingRow, zone: &Zone, change: &ChangeMeeting) -> News {
    let local = |row: &MeetingRow| {
        zone.instant_of(row.local_start)
            .map(|at| zone.stamp(at).date_time())
            .unwrap_or_default()
    };
    if before.local_start != row.local_start {
        let text = format!("Moved from {} to {}", local(before), local(row));
        return News::new("moved", text);
    }
    if before.duration_minutes != row.duration_minutes {
        let text = format!("Now takes {} minutes", row.duration_minutes);
        return News::new("moved", text);
    }
    let mut parts = Vec::new();
    if before.title != row.title {
        parts.push("title");
    }
    if before.location != row.location || change.rooms.is_some() {
        parts.push("place");
    }
    if before.description != row.description {
        parts.push("description");
    }
    if change.attendees.is_some() {
        parts.push("people");
    }
    let text = match parts.as_slice() {
        [] => "Saved without a change".to_owned(),
        parts => format!("Changed: {}", parts.join(", ")),
    };
    News::new("changed", text)
}

/// What the history of a series says when it ends earlier.
pub(crate) fn ended(zone: &Zone, before: NaiveDateTime) -> News {
    let day = zone.instant_of(before).map(|at| zone.stamp(at).date());
    News::new("ended", format!("Ends before {}", day.unwrap_or_default()))
}
