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
use crate::plan::Plan;
use crate::store::attendees;
use crate::store::meetings::{self, MeetingRow};
use crate::store::occupancy;
use crate::times::{self, Span};
use crate::{Error, Scheduling};

/// What a change came to.
enum Outcome {
    /// It is made; the meeting that it made or changed.
    Done(MeetingId),
    /// Somebody or something is taken.
    Taken(Box<Plan>),
}

impl Scheduling {
    /// `PATCH /meetings/{id}`. A change of “this and following” answers with the new series.
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
            Outcome::Done(changed) => {
                let row = meetings::find(&mut tx, changed).await?;
                let row = row.ok_or(Error::NotFound("meeting"))?;
                let view = crate::one::view(&mut tx, row).await?;
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

    /// The whole meeting, or the whole series.
    async fn change_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let zone = times::zone("zone", &row.zone)?;
        let before = row.clone();
        words(&mut row, change);
        if let Some(slot) = change.slot {
            let shown = self.shown(tx, &row, &zone, change.occurrence).await?;
            times::shift(&mut row, &zone, slot, shown)?;
        }
        let moved = (row.local_start, row.duration_minutes)
            != (before.local_start, before.duration_minutes);
        let mut plan = self.plan_of(tx, &row, zone, change).await?;
        let old = meetings::occurrences(tx, row.id).await?;
        if moved {
            let rule = row.rule.as_deref().map(times::rule).transpose()?;
            let from = row.local_start;
            let until = row.expanded_until.unwrap_or(from).max(times::horizon(from));
            let span = Span {
                meeting: row.id,
                state: row.state,
                local_start: from,
                zone: &plan.zone,
                minutes: i64::from(row.duration_minutes),
                rule: rule.as_ref(),
            };
            plan.occurrences = span.occurrences(from, until)?;
            if let (None, [only], Some(slot)) =
                (&rule, plan.occurrences.as_mut_slice(), change.slot)
            {
                (only.from_at, only.to_at) = (slot.from, slot.to);
            }
            // What was cancelled stays so at its new time.
            let by = row.local_start - before.local_start;
            for gone in old.iter().filter(|o| o.state == MeetingState::Cancelled) {
                let shifted = gone.original_local + by;
                if let Some(o) = plan
                    .occurrences
                    .iter_mut()
                    .find(|o| o.original_local == shifted)
                {
                    o.state = MeetingState::Cancelled;
                }
            }
            row.rule = rule.as_ref().map(ToString::to_string);
            row.expanded_until = rule.as_ref().map(|_| until);
            plan.rule = rule;
        } else {
            plan.occurrences = old;
        }
        occupancy::release(tx, row.id, None).await?;
        if moved {
            plan.ask_again();
        }
        let wanted = plan.claims();
        let away = moved && !on_leave(tx, &wanted).await?.is_empty();
        if away || !occupancy::claim_all(tx, row.id, row.state.as_str(), &wanted).await? {
            return Ok(Outcome::Taken(Box::new(plan)));
        }
        if moved {
            meetings::delete_occurrences(tx, row.id, None).await?;
            meetings::insert_occurrences(tx, &plan.occurrences).await?;
            attendees::ask_again(tx, row.id, row.organizer_id).await?;
        }
        self.keep_people(tx, &row, &plan, change, now).await?;
        row.changed(now);
        meetings::update(tx, &row).await?;
        let news = told(&before, &row, &plan.zone, change);
        self.tell_in_tx(tx, actor, &row, news, now).await?;
        crate::invite::enqueue(tx, row.id).await?;
        Ok(Outcome::Done(row.id))
    }

    /// The local time that a new slot of the whole meeting stands instead of: of the time that is
    /// named, or else of the first that takes place.
    async fn shown(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        zone: &Zone,
        named: Option<NaiveDateTime>,
    ) -> Result<NaiveDateTime, Error> {
        if let (Some(named), Some(_)) = (named, &row.rule) {
            return Ok(named);
        }
        let first = meetings::first_occurrence(tx, row.id).await?;
        Ok(first.map_or(row.local_start, |first| zone.local_of(first.from_at)))
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
        let mut one = found
            .filter(|o| o.state != MeetingState::Cancelled)
            .ok_or_else(|| Error::field("occurrence", "The series has no such time."))?;
        let before = one.from_at;
        if let Some(Slot { from, to }) = change.slot {
            (one.from_at, one.to_at) = (from, to);
        }
        if let Some(title) = &change.title {
            one.title = Some(title.trim().to_owned());
        }
        one.changed = true;
        let mut plan = self.plan_of(tx, &row, zone, change).await?;
        plan.occurrences = vec![one.clone()];
        occupancy::release(tx, row.id, Some(&[original])).await?;
        let wanted = plan.claims();
        let away = change.slot.is_some() && !on_leave(tx, &wanted).await?.is_empty();
        if away || !occupancy::claim_all(tx, row.id, row.state.as_str(), &wanted).await? {
            return Ok(Outcome::Taken(Box::new(plan)));
        }
        meetings::update_occurrence(tx, &one).await?;
        row.changed(now);
        meetings::update(tx, &row).await?;
        let (was, is) = (plan.zone.stamp(before), plan.zone.stamp(one.from_at));
        let text = format!("One time: {} is now {}", was.date_time(), is.date_time());
        self.tell_in_tx(tx, actor, &row, News::new("moved", text), now)
            .await?;
        crate::invite::enqueue(tx, row.id).await?;
        Ok(Outcome::Done(row.id))
    }

    /// One time and all that follow it: the series ends before, and a new one begins.
    async fn change_following(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        original: NaiveDateTime,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let zone = times::zone("zone", &row.zone)?;
        let (first, second) = times::split(&row, &zone, original)?;
        let was = row.clone();
        let mut plan = self.plan_of(tx, &row, zone, change).await?;
        self.end_before(tx, &mut row, original, first, now).await?;
        self.tell_in_tx(tx, actor, &row, ended(&plan.zone, original), now)
            .await?;
        crate::invite::enqueue(tx, row.id).await?;

        let id: MeetingId = self.deps.new_id();
        let mut next = MeetingRow {
            id,
            uid: format!("{id}@{}", self.config.host()),
            local_start: original,
            rule: Some(second),
            split_from: Some(row.id),
            sequence: 0,
            version: 1,
            client_key: format!("split:{}:{original}", row.id),
            created_by: actor.who.reference(),
            created_at: now,
            updated_at: now,
            ..was
        };
        words(&mut next, change);
        if let Some(slot) = change.slot {
            times::shift(&mut next, &plan.zone, slot, original)?;
        }
        let rule = next.rule.as_deref().map(times::rule).transpose()?;
        let until = times::horizon(next.local_start);
        next.expanded_until = Some(until);
        let span = Span {
            meeting: id,
            state: next.state,
            local_start: next.local_start,
            zone: &plan.zone,
            minutes: i64::from(next.duration_minutes),
            rule: rule.as_ref(),
        };
        plan.occurrences = span.occurrences(next.local_start, until)?;
        plan.rule = rule;
        if change.slot.is_some() {
            plan.ask_again();
        }
        let wanted = plan.claims();
        let away = change.slot.is_some() && !on_leave(tx, &wanted).await?.is_empty();
        if away || !occupancy::claim_all(tx, id, next.state.as_str(), &wanted).await? {
            return Ok(Outcome::Taken(Box::new(plan)));
        }
        self.write(tx, actor, &next, &plan, now).await?;
        Ok(Outcome::Done(id))
    }
}

/// Title, description and place.
fn words(row: &mut MeetingRow, change: &ChangeMeeting) {
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
