//! What a series takes of its people and rooms, for the job that extends it; and the attendee whom
//! a mail answers for.

use chrono::{DateTime, NaiveDateTime, Utc};
use model::{AttendeeId, MeetingId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::attendees::AttendeeRow;

/// Who and what a meeting takes at its times from a local time on.
pub async fn claimed(
    conn: &mut PgConnection,
    meeting: MeetingId,
    from: NaiveDateTime,
) -> Result<Vec<(NaiveDateTime, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select original_local, who
         from scheduling.occupancy
         where meeting_id = $1 and original_local >= $2
         order by original_local, who",
        meeting.0,
        from,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.original_local, r.who))
        .collect())
}

/// Gives back what one person takes of one time of a meeting.
pub async fn release_one(
    conn: &mut PgConnection,
    meeting: MeetingId,
    original: NaiveDateTime,
    who: PersonId,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from scheduling.occupancy
         where meeting_id = $1 and original_local = $2 and who = $3",
        meeting.0,
        original,
        who.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Finds who is asked to come to a meeting under an address, and locks the row.
pub async fn find_by_address_locked(
    conn: &mut PgConnection,
    meeting: MeetingId,
    address: &str,
) -> Result<Option<AttendeeRow>, sqlx::Error> {
    sqlx::query_as!(
        AttendeeRow,
        r#"select id, meeting_id, person_id as "person_id: PersonId", email, name, required, response,
                responded_at, reply_sequence, reply_stamp, link_token, removed_at
         from scheduling.attendee
         where meeting_id = $1 and lower(email) = lower($2) and removed_at is null
         for update"#,
        meeting.0,
        address,
    )
    .fetch_optional(conn)
    .await
}

/// Notes sequence and stamp of a REPLY that changes no answer, so that it is known when it comes
/// again.
pub async fn mark_reply(
    conn: &mut PgConnection,
    attendee: AttendeeId,
    (sequence, stamp): (i32, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update scheduling.attendee set reply_sequence = $2, reply_stamp = $3 where id = $1",
        attendee.0,
        sequence,
        stamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
