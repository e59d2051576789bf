//! Leave, holidays and shifts: told by attendance, kept here without a reason.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::scheduling::interval::Interval;
use model::scheduling::meeting::Colleague;
use model::{AbsenceId, Actor, PersonId};
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

use crate::Scheduling;
use crate::organizer::Letter;
use crate::store::meetings::{self, OccurrenceRow};
use crate::store::occupancy::{self, Claim};
use crate::store::people;
use crate::store::preferences::{self, AbsenceRow};

/// What keeps a person from meetings.
#[derive(Clone, Debug)]
pub struct Away {
    /// Who.
    pub person: PersonId,
    /// `leave`, `sick`, `holiday`, `day_off`, `shift` or `night_shift`.
    pub kind: String,
    /// From when to when.
    pub during: Interval,
    /// What it comes from, for example `leave:<id>`: a second telling replaces the first.
    pub source_key: String,
}

impl Scheduling {
    /// Keeps an absence or shift, in the caller's transaction. Meetings that are booked already
    /// stay; nothing new is booked over leave.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_absence_in_tx(
        &self,
        conn: &mut PgConnection,
        away: &Away,
    ) -> Result<(), sqlx::Error> {
        let id: AbsenceId = self.deps.new_id();
        let during = PgRange::from(away.during.from..away.during.to);
        preferences::keep_absence(conn, id, away.person, &away.kind, during, &away.source_key).await
    }

    /// Keeps the leave that comes from one request, or that there is none, in the caller's
    /// transaction. Whoever organizes a meeting that lies in it now, and did not before, is told that
    /// the person is away, and not why. Told again, it changes nothing and writes to nobody.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_leave_in_tx(
        &self,
        conn: &mut PgConnection,
        source_key: &str,
        leave: Option<&Away>,
    ) -> Result<(), sqlx::Error> {
        let before = preferences::absence(conn, source_key).await?;
        let Some(leave) = leave else {
            return preferences::drop_absences(conn, &[source_key.to_owned()]).await;
        };
        self.keep_absence_in_tx(conn, leave).await?;
        let now = self.deps.now();
        let from = leave.during.from.max(now);
        if from >= leave.during.to {
            return Ok(());
        }
        let mut taken = occupancy::of_person(conn, leave.person, from, leave.during.to).await?;
        let who = leave.person.0;
        let known = |time: &OccurrenceRow| {
            let before = before.as_ref();
            before.is_some_and(|before| before.is_over(who, time.from_at, time.to_at))
        };
        taken.retain(|time| !known(time));
        let person = people::by_ids(conn, &[leave.person]).await?;
        let Some(person) = person.first() else {
            return Ok(());
        };
        for times in taken.chunk_by(|a, b| a.meeting_id == b.meeting_id) {
            self.tell_away(conn, person, times, now).await?;
        }
        Ok(())
    }

    /// Writes to whoever organizes a meeting that somebody is away at some of its times.
    async fn tell_away(
        &self,
        conn: &mut PgConnection,
        person: &Colleague,
        times: &[OccurrenceRow],
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let Some(first) = times.first() else {
            return Ok(());
        };
        let row = meetings::find(conn, first.meeting_id).await?;
        let Some(row) = row.filter(|row| row.organizer_id != person.id) else {
            return Ok(());
        };
        let name = &person.name;
        let text = match times.len() {
            1 => format!("{name} is away then."),
            many => format!("{name} is away then and at {} more times.", many - 1),
        };
        let letter = Letter::new("Away", text).at(first);
        let machine = Actor::system("scheduling");
        self.write_to_organizer_in_tx(conn, &machine, &row, letter, now)
            .await
    }

    /// Keeps all absences of a kind that somebody has, in the caller's transaction: others of that
    /// kind go. Told again, it changes nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_absences_in_tx(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
        kind: &str,
        all: &[Away],
    ) -> Result<(), sqlx::Error> {
        let keys: Vec<String> = all.iter().map(|away| away.source_key.clone()).collect();
        preferences::drop_other_absences(conn, person, kind, &keys).await?;
        for away in all {
            self.keep_absence_in_tx(conn, away).await?;
        }
        Ok(())
    }

    /// Takes absences or shifts back, in the caller's transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn drop_absences_in_tx(
        &self,
        conn: &mut PgConnection,
        source_keys: &[String],
    ) -> Result<(), sqlx::Error> {
        preferences::drop_absences(conn, source_keys).await
    }
}

/// The leave of people that lies over what is claimed of them.
pub(crate) async fn on_leave(
    conn: &mut PgConnection,
    claims: &[Claim],
) -> Result<Vec<AbsenceRow>, sqlx::Error> {
    let people: BTreeSet<Uuid> = claims
        .iter()
        .filter(|c| !c.is_room)
        .map(|c| c.who)
        .collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let from = claims.iter().map(|c| c.from_at).min();
    let to = claims.iter().map(|c| c.to_at).max();
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(Vec::new());
    };
    let mut rows = preferences::absences(conn, &people, from, to).await?;
    rows.retain(|row| {
        matches!(row.kind.as_str(), "leave" | "sick")
            && claims
                .iter()
                .any(|claim| row.is_over(claim.who, claim.from_at, claim.to_at))
    });
    Ok(rows)
}
