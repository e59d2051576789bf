//! Cancelling a meeting, one time of a series, or one and all that follow. The time is given back
//! at once; the mails say so under the same UID.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::{MeetingState, Scope};
use model::{Actor, MeetingId, Permission};
use platform::db::Tx;

use crate::change::ended;
use crate::news::News;
use crate::organizer::Letter;
use crate::store::meetings::{self, MeetingRow};
use crate::store::{notices, occupancy};
use crate::{Error, Scheduling, times};

impl Scheduling {
    /// `DELETE /meetings/{id}`. A meeting that is cancelled already stays so.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotTheOrganizer`], [`Error::Changed`] when a version is given
    /// and it is another.
    pub async fn cancel(
        &self,
        actor: &Actor,
        id: MeetingId,
        version: Option<i32>,
        scope: Scope,
        occurrence: Option<NaiveDateTime>,
    ) -> Result<(), Error> {
        actor.require(Permission::MeetingsWrite)?;
        let now = self.deps.now();
        let mut tx = self.deps.db.begin("scheduling.cancel").await?;
        let found = meetings::find_locked(&mut tx, id).await?;
        let row = found.ok_or(Error::NotFound("meeting"))?;
        self.require_part(&mut tx, actor, &row).await?;
        if row.state == MeetingState::Cancelled {
            return Ok(());
        }
        let seen = version.unwrap_or(row.version);
        let row = self.changeable(&mut tx, actor, id, Some(seen)).await?;
        match (scope, occurrence) {
            (Scope::This | Scope::Following, None) => {
                let message = "Say which time of the series is meant.";
                return Err(Error::field("occurrence", message));
            }
            (Scope::This, Some(original)) if row.rule.is_some() => {
                self.cancel_one(&mut tx, actor, row, original, now).await?;
            }
            (Scope::Following, Some(original))
                if row.rule.is_some() && original > row.local_start =>
            {
                let zone = times::zone("zone", &row.zone)?;
                let (first, _) = times::split(&row, &zone, original)?;
                let mut row = row;
                self.end_before(&mut tx, &mut row, original, first, now)
                    .await?;
                let news = ended(&zone, original);
                let letter = Letter::done(actor, "Ended", "has ended this series").and(&news.text);
                self.tell_in_tx(&mut tx, actor, &row, news, now).await?;
                self.write_to_organizer_in_tx(&mut tx, actor, &row, letter, now)
                    .await?;
                crate::invite::enqueue(&mut tx, row.id).await?;
            }
            _ => self.cancel_all(&mut tx, actor, row, now).await?,
        }
        tx.commit().await?;
        Ok(())
    }

    /// The same from the page. `id` as it stands in the address.
    ///
    /// # Errors
    /// As [`Scheduling::cancel`].
    pub async fn cancel_on_page(
        &self,
        actor: &Actor,
        id: &str,
        version: i32,
        scope: Scope,
        occurrence: Option<NaiveDateTime>,
    ) -> Result<(), Error> {
        actor.require(Permission::MeetingsWrite)?;
        let id = crate::one::meeting_id(id)?;
        self.cancel(actor, id, Some(version), scope, occurrence)
            .await
    }

    /// Cancels all of a meeting that the caller has locked.
    pub(crate) async fn cancel_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        // Nobody was invited to what was only held.
        let invited = row.state != MeetingState::Held;
        end(tx, &mut row, now).await?;
        self.tell_in_tx(tx, actor, &row, News::new("cancelled", "Cancelled"), now)
            .await?;
        if invited {
            let letter = Letter::done(actor, "Cancelled", "has cancelled this meeting");
            self.write_to_organizer_in_tx(tx, actor, &row, letter, now)
                .await?;
            crate::invite::enqueue(tx, row.id).await?;
        }
        Ok(())
    }

    async fn cancel_one(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut row: MeetingRow,
        original: NaiveDateTime,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let all = meetings::occurrences(tx, row.id).await?;
        let found = all.into_iter().find(|o| o.original_local == original);
        let mut one =
            found.ok_or_else(|| Error::field("occurrence", "The series has no such time."))?;
        if one.state == MeetingState::Cancelled {
            return Ok(());
        }
        one.state = MeetingState::Cancelled;
        occupancy::release(tx, row.id, Some(&[original])).await?;
        meetings::update_occurrence(tx, &one).await?;
        row.revised(now);
        meetings::update(tx, &row).await?;
        let zone = times::zone("zone", &row.zone)?;
        let text = format!("Cancelled on {}", zone.stamp(one.from_at).date_time());
        self.tell_in_tx(tx, actor, &row, News::new("cancelled_once", text), now)
            .await?;
        let letter = Letter::done(actor, "Cancelled", "has cancelled this time").at(&one);
        self.write_to_organizer_in_tx(tx, actor, &row, letter, now)
            .await?;
        crate::invite::enqueue(tx, row.id).await?;
        Ok(())
    }

    /// Has a series end before one of its times: `rule` is what is left of its rule.
    pub(crate) async fn end_before(
        &self,
        tx: &mut Tx,
        row: &mut MeetingRow,
        original: NaiveDateTime,
        rule: String,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let all = meetings::occurrences(tx, row.id).await?;
        let gone = all.iter().filter(|o| o.original_local >= original);
        if gone.clone().any(|o| o.state.is_active() && o.to_at > now) {
            notices::mark_cut(tx, row.id).await?;
        }
        let gone: Vec<NaiveDateTime> = gone.map(|o| o.original_local).collect();
        occupancy::release(tx, row.id, Some(&gone)).await?;
        meetings::delete_occurrences(tx, row.id, Some(original)).await?;
        row.rule = Some(rule);
        row.revised(now);
        meetings::update(tx, row).await?;
        Ok(())
    }
}

/// Has a meeting that the caller has locked not take place, and gives its time back.
pub(crate) async fn end(
    tx: &mut Tx,
    row: &mut MeetingRow,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    row.state = MeetingState::Cancelled;
    row.hold_until = None;
    row.revised(now);
    occupancy::release(tx, row.id, None).await?;
    meetings::set_occurrence_states(tx, row.id, row.state).await?;
    meetings::update(tx, row).await
}
