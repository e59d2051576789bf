//! What the pages of meetings read: a person's meetings within a range.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::{MeetingState, Response};
use model::{MeetingId, PersonId};
use sqlx::PgConnection;

/// One time of a meeting that a person takes part in.
#[derive(Clone, Debug)]
pub struct OwnRow {
    pub meeting_id: MeetingId,
    pub original_local: NaiveDateTime,
    pub title: String,
    pub location: String,
    pub from_at: DateTime<Utc>,
    pub to_at: DateTime<Utc>,
    pub state: MeetingState,
    pub organizer_id: PersonId,
    pub response: Option<Response>,
    pub repeats: bool,
}

/// The times of meetings that a person has organized or is asked to come to, within a range, in
/// order. Those that were declined are there too.
pub async fn of_person(
    conn: &mut PgConnection,
    person: PersonId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<OwnRow>, sqlx::Error> {
    sqlx::query_as!(
        OwnRow,
        r#"select o.meeting_id as "meeting_id: MeetingId", o.original_local,
                coalesce(o.title, m.title) as "title!",
                coalesce(o.location, m.location) as "location!", o.from_at, o.to_at,
                o.state as "state: MeetingState", m.organizer_id as "organizer_id: PersonId",
                coalesce(x.response, a.response) as "response?: Response", m.rule is not null as "repeats!"
         from scheduling.occurrence o
         join scheduling.meeting m on m.id = o.meeting_id
         left join scheduling.attendee a
           on a.meeting_id = m.id and a.person_id = $1 and a.removed_at is null
         left join scheduling.occurrence_answer x
           on x.meeting_id = o.meeting_id and x.original_local = o.original_local
          and x.attendee_id = a.id
         where o.from_at < $3 and o.to_at > $2
           and o.from_at > $2::timestamptz - interval '15 days'
           and o.state <> 'cancelled'
           and (m.organizer_id = $1 or a.id is not null)
         order by o.from_at, o.meeting_id
         limit $4"#,
        person.0,
        from,
        to,
        limit
    )
    .fetch_all(conn)
    .await
}
