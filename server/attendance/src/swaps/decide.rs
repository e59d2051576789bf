//! What becomes of a swap that was asked for: the colleague's answer, the decision, and the way back.

use chrono::{DateTime, NaiveDate, Utc};
use model::attendance::swap::SwapState;
use model::attendance::views::SwapView;
use model::{Actor, Permission, PersonId, SwapId};
use platform::db::{Tx, on_constraint};
use uuid::Uuid;

use super::ask::conflict;
use super::look::span_of;
use super::may_decide;
use super::view::{Loaded, STALE, is_as_asked};
use crate::inbox::{approve_or_manage, check_note};
use crate::people::zone_of;
use crate::roster::today_of;
use crate::store::leave::lock_ledger;
use crate::store::roster::{self, NewDay, source};
use crate::store::stale;
use crate::store::swaps::{self as store, Decided, SwapRow};
use crate::{Attendance, Error};

impl Attendance {
    /// Agrees to a swap or declines it; the colleague's to say. Whoever has agreed may decline until it
    /// is decided.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request to somebody else; 409 when it was answered or decided already
    /// or changed, or when something stands in its way by now.
    pub async fn answer_swap(
        &self,
        actor: &Actor,
        id: SwapId,
        version: i32,
        agree: bool,
        note: &str,
    ) -> Result<SwapView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        check_note(note)?;
        let today = today_of(actor, self.deps.now());
        let mut tx = self.deps.db.begin("attendance.answer_swap").await?;
        let row = open_swap(&mut tx, id, today).await?;
        let row = row.filter(|row| row.other == own);
        let row = row.ok_or(Error::NotFound("swap"))?;
        let state = match agree {
            true => SwapState::Agreed,
            false => SwapState::Declined,
        };
        check(&row, state, version)?;
        let loaded = self.loaded_swap(&mut tx, actor, &row).await?;
        if agree {
            self.require_possible(&loaded, actor, &row)?;
        }
        let settled = store::settle(&mut tx, &row, state, None).await;
        let twice = || conflict("day_agreed", AGREED_ALREADY);
        if !on_constraint(settled, "swap_one_agreed_per_day", twice)? {
            return Err(Error::Changed);
        }
        self.swap_said_in_tx(&mut tx, actor, &loaded, &row, state, note)
            .await?;
        let view = self.one_swap_view(&mut tx, actor, id, today).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Takes one's own request back, until it is decided.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request of somebody else; 409 when it was decided already or changed.
    pub async fn withdraw_swap(
        &self,
        actor: &Actor,
        id: SwapId,
        version: i32,
    ) -> Result<SwapView, Error> {
        actor.require(Permission::AttendanceSelf)?;
        let own = actor.person_id().ok_or(Error::NotAPerson)?;
        let today = today_of(actor, self.deps.now());
        let mut tx = self.deps.db.begin("attendance.withdraw_swap").await?;
        let row = open_swap(&mut tx, id, today).await?;
        let row = row.filter(|row| row.asker == own);
        let row = row.ok_or(Error::NotFound("swap"))?;
        let state = SwapState::Withdrawn;
        check(&row, state, version)?;
        if !store::settle(&mut tx, &row, state, None).await? {
            return Err(Error::Changed);
        }
        let loaded = self.loaded_swap(&mut tx, actor, &row).await?;
        self.swap_said_in_tx(&mut tx, actor, &loaded, &row, state, "")
            .await?;
        let view = self.one_swap_view(&mut tx, actor, id, today).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Approves or refuses a swap to which the colleague has agreed: the manager of one of the two, or
    /// HR; never one of them. Approved, both rosters say so at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a swap that is not the actor's to decide; 409 when it was decided
    /// already, when the roster has changed since it was asked for, or when something else stands in
    /// its way.
    pub async fn decide_swap(
        &self,
        actor: &Actor,
        id: SwapId,
        version: i32,
        approve: bool,
        note: &str,
    ) -> Result<SwapView, Error> {
        actor.require(approve_or_manage(actor))?;
        check_note(note)?;
        let now = self.deps.now();
        let today = today_of(actor, now);
        let mut tx = self.deps.db.begin("attendance.decide_swap").await?;
        let row = open_swap(&mut tx, id, today).await?;
        // What waits for the colleague is nobody else's to know yet.
        let row = row.filter(|row| may_decide(actor, row) && row.state != SwapState::Asked);
        let row = row.ok_or(Error::NotFound("swap"))?;
        let state = match approve {
            true => SwapState::Approved,
            false => SwapState::Refused,
        };
        check(&row, state, version)?;
        let loaded = match approve {
            true => self.approve_swap_in_tx(&mut tx, actor, &row, now).await?,
            false => self.loaded_swap(&mut tx, actor, &row).await?,
        };
        let by = actor.who.reference();
        let decided = Decided {
            by: &by,
            label: actor.who.label(),
            at: now,
            note: note.trim(),
        };
        if !store::settle(&mut tx, &row, state, Some(&decided)).await? {
            return Err(Error::Changed);
        }
        self.swap_said_in_tx(&mut tx, actor, &loaded, &row, state, note)
            .await?;
        self.tell_swap_decided_in_tx(&mut tx, actor, &row, state)
            .await?;
        let view = self.one_swap_view(&mut tx, actor, id, today).await?;
        tx.commit().await?;
        self.nudge();
        Ok(view)
    }

    /// Writes both rosters, if everything is as it was when it was asked for. Gives what was looked at.
    async fn approve_swap_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &SwapRow,
        now: DateTime<Utc>,
    ) -> Result<Loaded, Error> {
        let mut people = [row.asker, row.other];
        people.sort();
        // Whoever grants them leave, or decides about another swap of theirs, waits; in the order of
        // ids, so that nobody waits in a circle.
        for person in people {
            lock_ledger(tx, person).await?;
        }
        stale::share_periods(tx).await?;
        let loaded = self.loaded_swap(tx, actor, row).await?;
        self.require_possible(&loaded, actor, row)?;
        let look = loaded.look(
            self,
            actor,
            [row.asker, row.other],
            [row.from_day, row.to_day],
        )?;
        let after = look.after(&row.asked_days);
        let mut days: Vec<_> = after
            .iter()
            .flat_map(|day| {
                [
                    (row.asker, day.date, day.asker.as_slice()),
                    (row.other, day.date, day.other.as_slice()),
                ]
            })
            .collect();
        days.sort_by_key(|(person, date, _)| (*person, *date));
        let by = actor.who.reference();
        for (employee, date, shifts) in &days {
            let day = NewDay {
                employee: *employee,
                date: *date,
                source: source::SWAP,
                shifts,
                by: &by,
                now,
            };
            let version = loaded
                .known
                .day(*employee, *date)
                .map_or(0, |day| day.version);
            // The second guard: whoever writes the day at the same time has changed its version.
            if !roster::keep(tx, &day, version).await? {
                return Err(conflict("roster_changed", STALE));
            }
        }
        let changed: Vec<(PersonId, NaiveDate)> = days
            .iter()
            .map(|(person, date, _)| (*person, *date))
            .collect();
        self.roster_changed_in_tx(tx, &changed, now).await?;
        Ok(loaded)
    }

    async fn loaded_swap(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &SwapRow,
    ) -> Result<Loaded, Error> {
        let people = [row.asker, row.other];
        let span = span_of(row.from_day, row.to_day);
        Ok(Loaded::load(tx, zone_of(actor), &people, span).await?)
    }

    /// Refuses a swap whose rosters have changed since, or in whose way something stands by now.
    fn require_possible(&self, loaded: &Loaded, actor: &Actor, row: &SwapRow) -> Result<(), Error> {
        let look = loaded.look(
            self,
            actor,
            [row.asker, row.other],
            [row.from_day, row.to_day],
        )?;
        if !is_as_asked(&look, &row.asked_days) {
            return Err(conflict("roster_changed", STALE));
        }
        for person in [row.asker, row.other] {
            if loaded.address(person).is_none() {
                let name = &loaded.person(person)?.name;
                return Err(conflict(
                    "swap_impossible",
                    format!("{name} no longer works here."),
                ));
            }
        }
        match look.obstacles(&row.asked_days).into_iter().next() {
            Some(obstacle) => Err(conflict("swap_impossible", obstacle.text)),
            None => Ok(()),
        }
    }

    /// Whatever is said of a swap is written into its history, told to pages, and mailed.
    async fn swap_said_in_tx(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        loaded: &Loaded,
        row: &SwapRow,
        state: SwapState,
        note: &str,
    ) -> Result<(), Error> {
        self.say_swap_in_tx(tx, actor, (row.id, row.version + 1), state, note.trim())
            .await?;
        self.tell_request_in_tx(tx, "swap", row.id.0, row.asker)
            .await?;
        let look = loaded.look(
            self,
            actor,
            [row.asker, row.other],
            [row.from_day, row.to_day],
        )?;
        let days = &row.asked_days;
        self.mail_swap_in_tx(tx, loaded, &look, days, state, actor, note.trim())
            .await
    }
}

const AGREED_ALREADY: &str =
    "You have agreed to another swap of this day, and it is not decided yet.";

/// A request that nobody else settles meanwhile.
async fn open_swap(
    tx: &mut Tx,
    id: SwapId,
    today: NaiveDate,
) -> Result<Option<SwapRow>, sqlx::Error> {
    if !store::lock(tx, id).await? {
        return Ok(None);
    }
    let id: Uuid = id.0;
    Ok(store::by_ids(tx, &[id], today).await?.into_iter().next())
}

/// Whether a request may become something, as it was seen.
fn check(row: &SwapRow, to: SwapState, version: i32) -> Result<(), Error> {
    if !row.state.may_become(to) {
        return Err(Error::Decided(row.state.as_str()));
    }
    if row.version != version {
        return Err(Error::Changed);
    }
    Ok(())
}
