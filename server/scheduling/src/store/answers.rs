//! Rows of `scheduling.occurrence_answer`: what is answered to one time of a series, where that is
//! not the answer to all of it.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::scheduling::meeting::Response;
use model::{AttendeeId, MeetingId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::meetings::OccurrenceRow;

/// An answer to one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    pub original_local: NaiveDateTime,
    pub attendee_id: AttendeeId,
    pub person_id: Option<PersonId>,
    pub name: String,
    pub response: Response,
    pub responded_at: DateTime<Utc>,
}

impl AnswerRow {
    /// Whether it is to a time.
    pub fn is_to(&self, time: &OccurrenceRow) -> bool {
        self.original_local == time.original_local
    }
}

/// The answers to single times of a meeting, of those who are asked to come, by time and name.
pub async fn of_meeting(
    conn: &mut PgConnection,
    meeting: MeetingId,
) -> Result<Vec<AnswerRow>, sqlx::Error> {
    sqlx::query_as!(
        AnswerRow,
        r#"select x.original_local, x.attendee_id as "attendee_id: AttendeeId",
                a.person_id as "person_id: PersonId", a.name, x.response as "response: Response",
                x.responded_at
         from scheduling.occurrence_answer x
         join scheduling.attendee a on a.id = x.attendee_id and a.removed_at is null
         where x.meeting_id = $1
         order by x.original_local, lower(a.name), a.id
         limit 5000"#,
        meeting.0
    )
    .fetch_all(conn)
    .await
}

/// What an attendee has answered to one time alone.
pub async fn find(
    conn: &mut PgConnection,
    meeting: MeetingId,
    original: NaiveDateTime,
    attendee: AttendeeId,
) -> Result<Option<Response>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select response as "response: Response"
         from scheduling.occurrence_answer
         where meeting_id = $1 and original_local = $2 and attendee_id = $3"#,
        meeting.0,
        original,
        attendee.0
    )
    .fetch_optional(conn)
    .await
}

/// Keeps an answer to one time, in place of an earlier one.
pub async fn keep(
    conn: &mut PgConnection,
    meeting: MeetingId,
    original: NaiveDateTime,
    attendee: AttendeeId,
    response: Response,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into scheduling.occurrence_answer
            (meeting_id, original_local, attendee_id, response, responded_at)
         values ($1, $2, $3, $4, $5)
         on conflict (meeting_id, original_local, attendee_id) do update
         set response = excluded.response, responded_at = excluded.responded_at",
        meeting.0,
        original,
        attendee.0,
        response.as_str(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what was answered to one time: by one attendee, or by everybody.
pub async fn forget(
    conn: &mut PgConnection,
    meeting: MeetingId,
    original: NaiveDateTime,
    attendee: Option<AttendeeId>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from scheduling.occurrence_answer
         where meeting_id = $1 and original_local = $2 and ($3::uuid is null or attendee_id = $3)",
        meeting.0,
        original,
        attendee.map(|id| id.0)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what an attendee has answered to single times that are not over, and gives it: the
/// original starts with the answers, in no order.
pub async fn forget_to_come(
    conn: &mut PgConnection,
    attendee: AttendeeId,
    now: DateTime<Utc>,
) -> Result<Vec<(NaiveDateTime, Response)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"delete from scheduling.occurrence_answer x
         using scheduling.occurrence o
         where x.attendee_id = $1 and o.meeting_id = x.meeting_id
           and o.original_local = x.original_local and o.to_at > $2
         returning x.original_local, x.response as "response: Response""#,
        attendee.0,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.original_local, row.response))
        .collect())
}

/// Gives the answers to a series that ended to the one that goes on in its place, as far as it has
/// the times and asks the same addresses.
pub async fn hand_over(
    conn: &mut PgConnection,
    next: MeetingId,
    given: &[AnswerRow],
) -> Result<(), sqlx::Error> {
    let originals: Vec<NaiveDateTime> = given.iter().map(|g| g.original_local).collect();
    let attendees: Vec<Uuid> = given.iter().map(|g| g.attendee_id.0).collect();
    let responses: Vec<String> = given
        .iter()
        .map(|g| g.response.as_str().to_owned())
        .collect();
    let times: Vec<DateTime<Utc>> = given.iter().map(|g| g.responded_at).collect();
    sqlx::query!(
        "insert into scheduling.occurrence_answer
            (meeting_id, original_local, attendee_id, response, responded_at)
         select o.meeting_id, o.original_local, next.id, given.response, given.responded_at
         from unnest($2::timestamp[], $3::uuid[], $4::text[], $5::timestamptz[])
             as given (original_local, attendee_id, response, responded_at)
         join scheduling.attendee before on before.id = given.attendee_id
         join scheduling.attendee next
           on next.meeting_id = $1 and lower(next.email) = lower(before.email)
          and next.removed_at is null
         join scheduling.occurrence o
           on o.meeting_id = $1 and o.original_local = given.original_local",
        next.0,
        &originals,
        &attendees,
        &responses,
        &times,
    )
    .execute(conn)
    .await?;
    Ok(())
}
