//! A person's own meetings, day after day: for the month, the agenda and the first page.

use chrono::{Days, NaiveDate};
use model::scheduling::views::{AgendaPage, OwnMeeting};
use model::zone::Zone;
use model::{Actor, Permission, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::calendar::{self, OwnRow};
use crate::store::{attendees, meetings};
use crate::{Error, Scheduling};

/// The most meetings that one page reads.
const MOST: i64 = 2_000;

impl Scheduling {
    /// The reader's meetings of some days, from `first` on (today, if absent).
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `meetings:read`; [`Error::NotAPerson`]; [`Error::Invalid`] for
    /// more than 62 days.
    pub async fn agenda(
        &self,
        actor: &Actor,
        first: Option<NaiveDate>,
        days: u16,
    ) -> Result<AgendaPage, Error> {
        actor.require(Permission::MeetingsRead)?;
        let person = actor.person_id().ok_or(Error::NotAPerson)?;
        if !(1..=62).contains(&days) {
            return Err(Error::field("days", "Ask for 1 to 62 days."));
        }
        let now = self.deps.now();
        let zone = crate::page::zone_of(actor);
        let today = zone.day_of(now);
        let first = first.unwrap_or(today);
        let beyond = || Error::field("first", "There is no such day.");
        let end = first
            .checked_add_days(Days::new(u64::from(days)))
            .ok_or_else(beyond)?;
        let from = zone.start_of(first).ok_or_else(beyond)?;
        let to = zone.start_of(end).ok_or_else(beyond)?;
        let mut conn = self.deps.db.read().await?;
        let rows = calendar::of_person(&mut conn, person, from, to, MOST).await?;
        let own = own_meetings(&mut conn, rows, person, &zone).await?;
        let dated = own
            .into_iter()
            // One that began before the first day is shown on it.
            .map(|meeting| (zone.day_of(meeting.from.at).max(first), meeting));
        Ok(AgendaPage {
            first,
            last: end.pred_opt().unwrap_or(end),
            today,
            zone: zone.name().to_owned(),
            now: zone.stamp(now),
            meetings: dated.collect(),
        })
    }
}

/// Rows with their rooms and numbers, as their reader sees them.
pub(crate) async fn own_meetings(
    conn: &mut PgConnection,
    rows: Vec<OwnRow>,
    reader: PersonId,
    zone: &Zone,
) -> Result<Vec<OwnMeeting>, sqlx::Error> {
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.meeting_id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rooms = meetings::rooms_of(conn, &ids).await?;
    let counts = attendees::counts(conn, &ids).await?;
    let own = rows.into_iter().map(|row| {
        let names = rooms.iter().filter(|(id, ..)| *id == row.meeting_id);
        let names = names.map(|(_, _, name)| name.clone());
        let words: Vec<String> = names
            .chain([row.location.clone()])
            .filter(|word| !word.is_empty())
            .collect();
        let people = counts.iter().find(|(id, _)| *id == row.meeting_id);
        let people = people.and_then(|(_, count)| usize::try_from(*count).ok());
        OwnMeeting {
            id: row.meeting_id,
            original: row.original_local,
            title: row.title,
            from: zone.stamp(row.from_at),
            to: zone.stamp(row.to_at),
            place: words.join(", "),
            state: row.state,
            response: row.response.filter(|_| row.organizer_id != reader),
            people: people.unwrap_or(1),
            repeats: row.repeats,
        }
    });
    Ok(own.collect())
}
