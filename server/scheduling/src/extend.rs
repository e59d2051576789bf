//! More times of series: their occurrences exist as rows a year ahead, and this moves the year on.
//!
//! A new time may find somebody or something taken. It is made nevertheless, with everybody and
//! everything that is free, and the meeting's history names the date and who is taken: a time that
//! did not appear would be missed by nobody until it is too late.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use model::{Actor, MeetingId};
use platform::db::Tx;
use platform::jobs::Registry;
use uuid::Uuid;

use crate::news::News;
use crate::organizer::Letter;
use crate::store::attendees;
use crate::store::meetings::{self, MeetingRow, OccurrenceRow};
use crate::store::occupancy::{self, Claim};
use crate::store::upkeep;
use crate::times::{self, Span};
use crate::{Error, Scheduling};

/// The timer.
const JOB: &str = "scheduling.extend";

/// How many series are looked for at once.
const BATCH: i64 = 100;

/// Who or what a series takes at each of its times.
struct Wanted {
    who: Uuid,
    is_room: bool,
    name: String,
}

impl Scheduling {
    pub(crate) fn register_extend(&self, registry: &mut Registry) {
        let this = self.clone();
        registry.register(JOB, move |_| {
            let this = this.clone();
            async move {
                this.extend().await?;
                Ok(())
            }
        });
        registry.cron(JOB, "23 2 * * *");
        registry.at_start(JOB);
    }

    /// Extends every series that ends short of the horizon.
    async fn extend(&self) -> Result<(), Error> {
        let now = self.deps.now();
        // One end for all, whatever their zones: a series that has reached it is not found again.
        let until = times::horizon(now.naive_utc());
        loop {
            let mut conn = self.deps.db.read().await?;
            let short = meetings::to_extend(&mut conn, until, BATCH).await?;
            drop(conn);
            for id in &short {
                self.extend_one(*id, until, now).await?;
            }
            if i64::try_from(short.len()).is_ok_and(|found| found < BATCH) {
                return Ok(());
            }
        }
    }

    async fn extend_one(
        &self,
        id: MeetingId,
        until: NaiveDateTime,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut tx = self.deps.db.begin("scheduling.extend").await?;
        let found = meetings::find_locked(&mut tx, id).await?;
        let Some(mut row) = found.filter(|row| row.state.is_active()) else {
            return Ok(());
        };
        let Some(from) = row.expanded_until.filter(|from| *from < until) else {
            return Ok(());
        };
        match fresh(&row, from, until) {
            Ok(times) => self.add(&mut tx, &row, &times, now).await?,
            // It will be no better tomorrow. The organizer reads it; the others go on.
            Err(Error::Invalid(problem)) => {
                let text = format!("No further times could be made: {}", problem.detail);
                let letter = Letter::new("Ends", text.clone());
                self.tell_of(&mut tx, &row, News::new("not_extended", text), now)
                    .await?;
                let machine = Actor::system("scheduling");
                self.write_to_organizer_in_tx(&mut tx, &machine, &row, letter, now)
                    .await?;
            }
            Err(error) => return Err(error),
        }
        row.expanded_until = Some(until);
        meetings::update(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds times to a series that the caller has locked.
    async fn add(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        times: &[OccurrenceRow],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(first) = times.first() else {
            return Ok(());
        };
        let wanted = wanted(tx, row.id).await?;
        let claims: Vec<Claim> = times
            .iter()
            .flat_map(|time| {
                wanted.iter().map(|one| Claim {
                    original_local: time.original_local,
                    who: one.who,
                    is_room: one.is_room,
                    from_at: time.from_at,
                    to_at: time.to_at,
                })
            })
            .collect();
        let away = crate::absences::on_leave(tx, &claims).await?;
        occupancy::claim(tx, row.id, row.state.as_str(), &claims).await?;
        meetings::insert_occurrences(tx, times).await?;
        let claimed = upkeep::claimed(tx, row.id, first.original_local).await?;
        let claimed: BTreeSet<(NaiveDateTime, Uuid)> = claimed.into_iter().collect();
        let zone = times::zone("zone", &row.zone)?;
        let mut lines = Vec::new();
        for time in times {
            let missing = wanted.iter().filter(|one| {
                let mut away = away.iter();
                let is_away = away.any(|row| row.is_over(one.who, time.from_at, time.to_at));
                is_away || !claimed.contains(&(time.original_local, one.who))
            });
            let missing: Vec<&str> = missing.map(|one| one.name.as_str()).collect();
            if missing.is_empty() {
                continue;
            }
            let when = zone.stamp(time.from_at).date_time();
            let text = format!("Repeats on {when}, but taken then: {}", missing.join(", "));
            lines.push(text.clone());
            self.tell_of(tx, row, News::new("taken", text), now).await?;
        }
        if !lines.is_empty() {
            let letter = Letter::new("Taken", lines.join("\n"));
            let machine = Actor::system("scheduling");
            self.write_to_organizer_in_tx(tx, &machine, row, letter, now)
                .await?;
        }
        Ok(())
    }

    /// A line of history by the machine that is not folded away: somebody has to act on it.
    async fn tell_of(
        &self,
        tx: &mut Tx,
        row: &MeetingRow,
        news: News,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let actor = Actor::system("scheduling");
        self.tell_in_tx(tx, &actor, row, news.for_people(), now)
            .await
    }
}

/// The times of a series from one local time on and before another.
fn fresh(
    row: &MeetingRow,
    from: NaiveDateTime,
    until: NaiveDateTime,
) -> Result<Vec<OccurrenceRow>, Error> {
    let zone = times::zone("zone", &row.zone)?;
    let rule = times::rule(row.rule.as_deref().unwrap_or_default())?;
    let span = Span {
        meeting: row.id,
        state: row.state,
        local_start: row.local_start,
        zone: &zone,
        minutes: i64::from(row.duration_minutes),
        rule: Some(&rule),
    };
    span.occurrences(from, until)
}

/// The people who take their time for a meeting, and its rooms.
async fn wanted(tx: &mut Tx, meeting: MeetingId) -> Result<Vec<Wanted>, sqlx::Error> {
    let invited = attendees::of_meeting(tx, meeting).await?;
    let people = invited.into_iter().filter(|a| a.takes_time());
    let people = people.filter_map(|row| {
        Some(Wanted {
            who: row.person_id?.0,
            is_room: false,
            name: row.name,
        })
    });
    let rooms = meetings::rooms_of(tx, &[meeting.0]).await?;
    let rooms = rooms.into_iter().map(|(_, id, name)| Wanted {
        who: id.0,
        is_room: true,
        name,
    });
    Ok(people.chain(rooms).collect())
}
