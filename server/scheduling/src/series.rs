//! What a series is before it changes, and what of that stays: times that are over, times that are
//! cancelled, and what is different about single ones.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use model::scheduling::meeting::{ChangeMeeting, MeetingState, Scope};
use model::zone::Zone;
use model::{Actor, MeetingId};
use platform::db::Tx;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::absences::on_leave;
use crate::change::{Outcome, ended, words};
use crate::guests::takes_time;
use crate::plan::Plan;
use crate::store::answers::{self, AnswerRow};
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::occupancy::{self, Claim};
use crate::store::upkeep;
use crate::times::{self, Span};
use crate::{Error, Scheduling};

/// A meeting as it was before a change.
pub(crate) struct Before {
    pub row: MeetingRow,
    /// In order of their original start.
    pub times: Vec<OccurrenceRow>,
}

/// Where a series is cut in two.
pub(crate) struct Cut {
    /// The original local start of the first time of the second part.
    pub at: NaiveDateTime,
    /// The local time that a new slot stands instead of.
    pub shown: NaiveDateTime,
}

impl Before {
    pub(crate) async fn read(
        conn: &mut PgConnection,
        row: &MeetingRow,
    ) -> Result<Self, sqlx::Error> {
        Ok(Self {
            row: row.clone(),
            times: meetings::occurrences(conn, row.id).await?,
        })
    }

    /// Whether it repeats and the first of its times has begun.
    pub(crate) fn has_begun(&self, zone: &Zone, now: DateTime<Utc>) -> bool {
        let mut times = self.times.iter();
        self.row.rule.is_some() && times.any(|time| !is_to_come(time, zone, now))
    }

    /// The original start of the first time that is to come.
    ///
    /// # Errors
    /// 422 when there is none.
    pub(crate) fn to_come(&self, zone: &Zone, now: DateTime<Utc>) -> Result<NaiveDateTime, Error> {
        let mut times = self.times.iter();
        let next = times.find(|time| is_to_come(time, zone, now));
        next.map(|time| time.original_local)
            .ok_or_else(|| Error::field("slot", "The series is over. Book a new one."))
    }

    /// The local time that a new slot of the whole meeting stands instead of: of the time that is
    /// named, or else of the next that takes place.
    ///
    /// # Errors
    /// 422 when the series has no time that is named.
    pub(crate) fn shown(
        &self,
        zone: &Zone,
        named: Option<NaiveDateTime>,
        now: DateTime<Utc>,
    ) -> Result<NaiveDateTime, Error> {
        let mut times = self.times.iter();
        let found = match named.filter(|_| self.row.rule.is_some()) {
            Some(named) => {
                let found = times.find(|time| time.original_local == named);
                let none = || Error::field("occurrence", "The series has no such time.");
                Some(found.ok_or_else(none)?)
            }
            None => {
                let active = self.times.iter().filter(|time| time.state.is_active());
                let next = active.clone().find(|time| time.from_at > now);
                next.or(active.clone().next()).or(times.next())
            }
        };
        Ok(found.map_or(self.row.local_start, |time| zone.local_of(time.from_at)))
    }

    /// The time that a change names, if it has words of its own that the change is for: it says what
    /// the series says from now on.
    pub(crate) fn named(&self, zone: &Zone, change: &ChangeMeeting) -> Option<OccurrenceRow> {
        let mut times = self.times.iter();
        let before = times.find(|time| Some(time.original_local) == change.occurrence)?;
        let mut after = before.clone();
        drop_words(&mut after, change);
        after.changed = differs(&after, &self.row, zone);
        (after != *before).then_some(after)
    }
}

/// Whether a time of a series is to come, by what the series says.
fn is_to_come(time: &OccurrenceRow, zone: &Zone, now: DateTime<Utc>) -> bool {
    let regular = zone.instant_of(time.original_local);
    regular.unwrap_or(time.from_at) > now
}

/// Whether a time of a series is not as the series says.
pub(crate) fn differs(time: &OccurrenceRow, row: &MeetingRow, zone: &Zone) -> bool {
    let own = [&time.title, &time.location, &time.description];
    own.iter().any(|words| words.is_some()) || is_moved(time, row, zone)
}

fn is_moved(time: &OccurrenceRow, row: &MeetingRow, zone: &Zone) -> bool {
    zone.instant_of(time.original_local) != Some(time.from_at)
        || time.to_at - time.from_at != TimeDelta::minutes(i64::from(row.duration_minutes))
}

/// What a change says of all times is not one time's own any more.
fn drop_words(time: &mut OccurrenceRow, change: &ChangeMeeting) {
    time.title.take_if(|_| change.title.is_some());
    time.location.take_if(|_| change.location.is_some());
    time.description.take_if(|_| change.description.is_some());
}

/// Carries what is different about single times over to the times of the series that has moved.
/// What was cancelled stays so, and what was moved alone moves by as much as the series.
fn carry(
    before: &Before,
    row: &MeetingRow,
    zone: &Zone,
    times: &mut [OccurrenceRow],
    now: DateTime<Utc>,
) {
    let by = row.local_start - before.row.local_start;
    let gone = |time: &OccurrenceRow| time.state == MeetingState::Cancelled;
    for old in before
        .times
        .iter()
        .filter(|time| time.changed || gone(time))
    {
        let original = old.original_local + by;
        let mut times = times.iter_mut();
        let Some(time) = times.find(|time| time.original_local == original) else {
            continue;
        };
        if gone(old) {
            time.state = MeetingState::Cancelled;
        }
        time.title.clone_from(&old.title);
        time.location.clone_from(&old.location);
        time.description.clone_from(&old.description);
        if is_moved(old, &before.row, zone) {
            let from = match old.to_at <= now {
                true => Some(old.from_at),
                false => zone.instant_of(zone.local_of(old.from_at) + by),
            };
            let length = old.to_at - old.from_at;
            let regular = TimeDelta::minutes(i64::from(before.row.duration_minutes));
            let length = match length == regular {
                true => TimeDelta::minutes(i64::from(row.duration_minutes)),
                false => length,
            };
            if let Some(from) = from {
                (time.from_at, time.to_at) = (from, from + length);
            }
        }
        time.changed = differs(time, row, zone);
    }
}

impl Scheduling {
    /// Makes the times of a meeting that has moved, gives back what it took, and asks for all of the
    /// new ones. Says whether everybody and everything is free; if not, the caller rolls back.
    pub(crate) async fn take_new_times(
        &self,
        tx: &mut Tx,
        before: &Before,
        row: &mut MeetingRow,
        plan: &mut Plan,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let rule = row.rule.as_deref().map(times::rule).transpose()?;
        let from = row.local_start;
        let until = times::horizon(from);
        let span = Span {
            meeting: row.id,
            state: row.state,
            local_start: from,
            zone: &plan.zone,
            minutes: i64::from(row.duration_minutes),
            rule: rule.as_ref(),
        };
        plan.occurrences = span.occurrences(from, until)?;
        match (&rule, plan.occurrences.as_mut_slice(), change.slot) {
            // An hour that the clocks show twice: the instant that was asked for counts.
            (None, [only], Some(slot)) => (only.from_at, only.to_at) = (slot.from, slot.to),
            (None, ..) => {}
            (Some(_), times, _) => {
                carry(before, row, &plan.zone, times, now);
                plan.since = Some(now);
            }
        }
        row.rule = rule.as_ref().map(ToString::to_string);
        row.expanded_until = rule.as_ref().map(|_| until);
        plan.rule = rule;
        plan.ask_again();
        occupancy::release(tx, row.id, None).await?;
        let wanted = plan.claims();
        Ok(on_leave(tx, &wanted).await?.is_empty()
            && occupancy::claim_all(tx, row.id, row.state.as_str(), &wanted).await?)
    }

    /// Gives back the time of those who go from a meeting that does not move, and takes that of those
    /// who are new; what somebody has answered to one time (`given`) goes before. The others keep what
    /// they have, also whoever is missing at some times. Says whether all who are new are free; if
    /// not, the caller rolls back.
    pub(crate) async fn exchange(
        &self,
        tx: &mut Tx,
        takers: &BTreeSet<Uuid>,
        row: &MeetingRow,
        plan: &mut Plan,
        given: &[AnswerRow],
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let wanted = plan.takers();
        for who in takers.symmetric_difference(&wanted) {
            occupancy::release_person(tx, row.id, *who, now).await?;
        }
        occupancy::release_others(tx, row.id, &plan.members(), now).await?;
        plan.since = Some(now);
        plan.newcomers = Some(wanted.difference(takers).copied().collect());
        let mut claims = plan.claims();
        for answer in given {
            self.follow_answer(tx, row, plan, answer, &mut claims)
                .await?;
        }
        Ok(occupancy::claim_all(tx, row.id, row.state.as_str(), &claims).await?)
    }

    /// What an answer to one time asks for, whatever the series asks for: gives that time back, and
    /// claims it if it is to be taken.
    async fn follow_answer(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        plan: &Plan,
        answer: &AnswerRow,
        claims: &mut Vec<Claim>,
    ) -> Result<(), Error> {
        let mut times = plan.occurrences.iter();
        let time = times.find(|time| time.original_local == answer.original_local);
        let to_come = |time: &&OccurrenceRow| {
            time.state.is_active() && plan.since.is_none_or(|since| time.to_at > since)
        };
        let mut guests = plan.guests.iter();
        let guest = guests.find(|guest| {
            let id = guest.person.as_ref().map(|person| person.id);
            id.is_some() && id == answer.person_id
        });
        let (Some(time), Some(guest), Some(person)) =
            (time.filter(to_come), guest, answer.person_id)
        else {
            return Ok(());
        };
        upkeep::release_one(tx, row.id, answer.original_local, person).await?;
        claims
            .retain(|claim| (claim.original_local, claim.who) != (answer.original_local, person.0));
        if takes_time(answer.response, guest.required) {
            claims.push(Claim {
                original_local: answer.original_local,
                who: person.0,
                is_room: false,
                from_at: time.from_at,
                to_at: time.to_at,
            });
        }
        Ok(())
    }

    /// Cuts a series: what comes before ends, and a new one goes on with what is changed.
    pub(crate) async fn split(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        before: Before,
        cut: Cut,
        change: &ChangeMeeting,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let Before { mut row, mut times } = before;
        let zone = times::zone("zone", &row.zone)?;
        let (first, second) = times::split(&row, &zone, cut.at)?;
        let was = MeetingRow {
            local_start: cut.at,
            ..row.clone()
        };
        let id: MeetingId = self.deps.new_id();
        let mut next = MeetingRow {
            id,
            uid: format!("{id}@{}", self.config.host()),
            rule: Some(second),
            split_from: Some(row.id),
            sequence: 0,
            version: 1,
            client_key: format!("split:{}:{}", row.id, cut.at),
            created_by: actor.who.reference(),
            created_at: now,
            updated_at: now,
            ..was.clone()
        };
        words(&mut next, change);
        if let Some(slot) = change.slot {
            times::shift(&mut next, &zone, slot, cut.shown)?;
        }
        times.retain(|time| time.original_local >= cut.at);
        // This one is at the new slot itself, wherever it was moved before.
        let alone = |time: &OccurrenceRow| {
            Some(time.original_local) == change.occurrence && is_moved(time, &was, &zone)
        };
        let afresh = change.scope == Scope::Following && change.slot.is_some();
        let moved = next.moved_from(&was) || (afresh && times.iter().any(alone));
        let named = |time: &&mut OccurrenceRow| Some(time.original_local) == change.occurrence;
        if let Some(time) = times.iter_mut().find(named) {
            drop_words(time, change);
            if afresh {
                time.from_at = zone.instant_of(time.original_local).unwrap_or(time.from_at);
                let minutes = i64::from(was.duration_minutes);
                time.to_at = time.from_at + TimeDelta::minutes(minutes);
            }
            time.changed = differs(time, &was, &zone);
        }
        let takers = self.takers_of(tx, row.id).await?;
        let given = answers::of_meeting(tx, row.id).await?;
        let mut plan = self.plan_of(tx, &row, zone, change).await?;
        if !moved {
            occupancy::hand_over(tx, row.id, id, cut.at).await?;
        }
        self.end_before(tx, &mut row, cut.at, first, now).await?;
        self.tell_in_tx(tx, actor, &row, ended(&plan.zone, cut.at), now)
            .await?;
        crate::invite::enqueue(tx, row.id).await?;
        let free = if moved {
            let before = Before { row: was, times };
            self.take_new_times(tx, &before, &mut next, &mut plan, change, now)
                .await?
        } else {
            let times = times.into_iter().map(|time| OccurrenceRow {
                meeting_id: id,
                ..time
            });
            plan.occurrences = times.collect();
            self.exchange(tx, &takers, &next, &mut plan, &given, now)
                .await?
        };
        if !free {
            return Ok(Outcome::Taken(Box::new(plan)));
        }
        self.write(tx, actor, &next, &plan, now).await?;
        if !moved {
            answers::hand_over(tx, id, &given).await?;
        }
        Ok(Outcome::Done {
            meeting: id,
            only: None,
        })
    }
}
