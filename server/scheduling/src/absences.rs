//! Leave, holidays and shifts: told by attendance, kept here without a reason.

use std::collections::BTreeSet;

use model::scheduling::interval::Interval;
use model::{AbsenceId, PersonId};
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

use crate::Scheduling;
use crate::store::occupancy::Claim;
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
            && claims.iter().any(|claim| {
                claim.who == row.person_id.0
                    && claim.from_at < row.to_at
                    && row.from_at < claim.to_at
            })
    });
    Ok(rows)
}
